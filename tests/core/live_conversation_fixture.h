#pragma once

#include <memory>
#include <vector>

#include "core/live_conversation.h"
#include "core/live_session_fixture.h"

namespace gemini::test {

inline std::string handle (const std::string &name)
{
  return R"({"sessionResumptionUpdate":{"newHandle":")" + name + R"(","resumable":true}})";
}
inline const std::string kNotResumable = R"({"sessionResumptionUpdate":{}})";
inline const std::string kGoAway = R"({"goAway":{"timeLeft":"40s"}})";

/// A conversation whose server is the test: one FakeTransport for each connection.
struct ConversationFixture {
  /// An alarm that knows whom it wakes.
  struct Clock final : Alarm {
    Clock (std::function<void ()> rings, std::vector<Clock *> &all) : ring (std::move (rings)), clocks (all)
    {
      clocks.push_back (this);
    }
    ~Clock () override { std::erase (clocks, this); }
    void ring_in (std::chrono::milliseconds wait) override { delay = wait; }
    void cancel () override { delay.reset (); }

    std::function<void ()> ring;
    std::vector<Clock *> &clocks;
    std::optional<std::chrono::milliseconds> delay;
  };

  static LiveConversation::Config config ()
  {
    return {.session = {.target = {.uri = "wss://x", .headers = {}}, .setup = R"({"setup":{"model":"m"}})"},
            .random = [] { return 0.0; }};
  }

  explicit ConversationFixture (LiveConversation::Config settings = config ())
      : conversation (
            std::move (settings),
            [this] {
              auto transport = std::make_unique<FakeTransport> (log);
              server = transport.get ();
              connections++;
              return transport;
            },
            [this] (std::function<void ()> ring) {
              return std::make_unique<Clock> (std::move (ring), clocks);
            },
            recorder)
  {
  }

  /// Compares what happened since this was asked last.
  void heard (const std::string &expected, std::source_location at = std::source_location::current ())
  {
    fail_unless (log == expected, "line %u: heard '%s', not '%s'", at.line (), log.c_str (),
                 expected.c_str ());
    log.clear ();
  }

  void say (std::initializer_list<std::string> messages)
  {
    for (const auto &message : messages)
      server->say (message);
  }

  /// The newest connection is set up.
  void accept (const std::string &name = "")
  {
    server->accept ();
    server->say (kReady);
    if (!name.empty ())
      server->say (handle (name));
  }

  void hang_up (unsigned code, const char *reason = "")
  {
    server->hang_up ({.error = {}, .code = code, .reason = reason});
  }

  /// The alarm of the conversation itself.
  Clock &clock () { return *clocks.front (); }
  void ring ()
  {
    fail_unless (clock ().delay.has_value (), "nobody waits");
    clock ().delay.reset ();
    clock ().ring ();
  }

  /// The handle that the newest connection showed; empty: none.
  std::string shown () const
  {
    const auto &setup = server->sent.at (0);
    const std::string before = R"("sessionResumption":{"handle":")";
    const auto at = setup.find (before);
    return at == setup.npos ? ""
                            : setup.substr (at + before.size (),
                                            setup.find ('"', at + before.size ()) - at - before.size ());
  }

  std::string log;
  std::vector<Clock *> clocks;
  FakeTransport *server = nullptr;  ///< of the newest connection
  unsigned connections = 0;
  Recorder recorder{log};
  LiveConversation conversation;
};

/// Set up, with the handle "one".
struct OpenConversation : ConversationFixture {
  explicit OpenConversation (LiveConversation::Config settings = config ())
      : ConversationFixture (std::move (settings))
  {
    conversation.start ();
    accept ("one");
    log.clear ();
  }

  void ask (const char *text)
  {
    conversation.send_text (text);
    log.clear ();
  }
};

}  // namespace gemini::test
