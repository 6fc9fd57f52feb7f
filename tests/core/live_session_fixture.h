#pragma once

#include <functional>
#include <source_location>

#include "core/fakes.h"
#include "core/live_session.h"

namespace gemini::test {

using Turn = LiveSession::Turn;
using namespace std::chrono_literals;

// What the server says.
inline const std::string kReady = R"({"setupComplete":{}})";
inline std::string content (const std::string &fields) { return R"({"serverContent":{)" + fields + "}}"; }
inline std::string part (const std::string &data, const std::string &type = "audio/pcm;rate=24000")
{
  return R"({"inlineData":{"mimeType":")" + type + R"(","data":")" + data + R"("}})";
}
inline std::string turn (const std::string &parts) { return R"("modelTurn":{"parts":[)" + parts + "]}"; }
inline std::string audio (const std::string &data) { return content (turn (part (data))); }
inline std::string heard_as (const std::string &text)
{
  return R"("outputTranscription":{"text":")" + text + R"("})";
}
inline const std::string kGenerationComplete = content (R"("generationComplete":true)");
inline const std::string kTurnComplete = content (R"("turnComplete":true)");
inline const std::string kInterrupted = content (R"("interrupted":true)");
inline const std::string kInProgress = content (R"("turnComplete":true,"interactionStatus":"IN_PROGRESS")");
inline const std::string kIdle = content (R"("turnComplete":true,"interactionStatus":"IDLE")");
inline const std::string kToolCall =
    R"({"toolCall":{"functionCalls":[{"id":"1","name":"tide","args":{"x":1}}]}})";

/// What is said of it.
inline const std::string kMissingEnd =
    "warning(Gemini did not say that its answer was over: the next one may come late, try another model if "
    "it "
    "does) ";

/// Writes down what a session tells, and does what the test wants done at that moment.
class Recorder final : public Session::Listener {
 public:
  explicit Recorder (std::string &log) : log_ (log) {}

  std::function<void (const std::string &)> meanwhile;
  std::optional<Error> refusal;  ///< of any audio
  std::optional<Error> error;
  bool go_on = true;  ///< after a loss

  void on_state (Session::State state) override
  {
    static constexpr const char *names[] = {"disconnected", "connecting",   "setting-up",
                                            "ready",        "reconnecting", "closed"};
    note (names[static_cast<int> (state)]);
  }
  void on_turn_awaited () override { note ("awaited"); }
  std::optional<Error> on_audio (const ServerMessage::InlineData &audio) override
  {
    note ("audio(" + std::string (audio.data) + ")");
    return refusal;
  }
  void on_text (std::string_view text) override { note ("text(" + std::string (text) + ")"); }
  void on_transcript (Session::Speaker speaker, const ServerMessage::Transcription &said) override
  {
    note ((speaker == Session::Speaker::User ? "user(" : "model(") + std::string (said.text) +
          (said.finished ? ".)" : ")"));
  }
  void on_tool_call (const ServerMessage::FunctionCall &call) override
  {
    note ("call(" + std::string (call.id) + " " + std::string (call.name) + " " + call.args + ")");
  }
  void on_tool_calls_cancelled (const std::vector<std::string> &ids) override
  {
    std::string list;
    for (auto &id : ids)
      list += (list.empty () ? "" : " ") + id;
    note ("cancelled(" + list + ")");
  }
  void on_usage (const ServerMessage::Usage &usage) override
  {
    note ("usage(" + std::to_string (usage.total_tokens) + ")");
  }
  void on_stall (std::chrono::milliseconds silence) override
  {
    note ("stall(" + std::to_string (silence.count ()) + ")");
  }
  void on_interrupted (bool) override { note ("interrupted"); }
  void on_turn_end (std::string_view reason) override { note ("turn-end(" + std::string (reason) + ")"); }
  void on_warning (const Error &what) override { note ("warning(" + what.message + ")"); }
  void on_retry (const Error &, std::chrono::milliseconds delay) override
  {
    note ("retry(" + std::to_string (delay.count ()) + ")");
  }
  void on_event (const Session::Event &event) override
  {
    static constexpr const char *names[] = {"READY", "GO-AWAY", "RESUMED", "FRESH"};
    note (names[static_cast<int> (event.kind)]);
  }
  bool on_lost (const Error &, bool in_turn) override
  {
    note (in_turn ? "lost-in-turn" : "lost");
    return go_on;
  }
  void on_error (const Error &what) override
  {
    error = what;
    note ("error");
  }

 private:
  void note (const std::string &event)
  {
    log_ += event + " ";
    if (meanwhile)
      meanwhile (event);
  }

  std::string &log_;
};

struct Fixture {
  explicit Fixture (LiveSession::Config config = {.target = {.uri = "wss://x", .headers = {}},
                                                  .setup = "SETUP"})
      : session (std::move (config), server, alarm, recorder)
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
      server.say (message);
  }

  void ring ()
  {
    alarm.expire ();
    session.on_alarm ();
  }

  void get_ready ()
  {
    session.start ();
    server.accept ();
    server.say (kReady);
    log.clear ();
    alarm.moved ();
  }

  void ask (const char *text)
  {
    session.send_text (text);
    log.clear ();
  }

  std::string log;
  FakeTransport server{log};
  FakeAlarm alarm;
  Recorder recorder{log};
  LiveSession session;
};

struct ReadySession : Fixture {
  using Fixture::Fixture;
  ReadySession () { get_ready (); }
};

/// One text was sent.
struct AskedSession : ReadySession {
  AskedSession () { ask ("A"); }
};

/// The first audio of its answer has come.
struct SpeakingSession : AskedSession {
  SpeakingSession ()
  {
    server.say (audio ("AAA="));
    log.clear ();
  }
};

inline LiveSession::Config segmented () { return {.target = {}, .setup = "SETUP", .segmented = true}; }

}  // namespace gemini::test
