#pragma once

#include <memory>
#include <source_location>
#include <vector>

#include "core/live_session_fixture.h"
#include "core/tts_session.h"

namespace gemini::test {

/// A server of texts that is the test: it answers each request when it likes. What is asked goes into the
/// log.
class FakeHttp final : public HttpClient {
 public:
  explicit FakeHttp (std::string &log) : log_ (log) {}

  struct Request {
    std::string text;
    HttpStream::Listener *listener;
    bool given_up = false;
    bool paused = false;
  };

  void prepare (const Target &) override { prepared++; }
  std::unique_ptr<HttpStream> post (const Target &, const std::string &json,
                                    HttpStream::Listener &listener) override
  {
    constexpr std::string_view kText = R"("text":")";
    auto text = json.substr (json.find (kText) + kText.size ());
    text.erase (text.find ('"'));
    requests.push_back (std::make_unique<Request> (Request{text, &listener}));
    log_ += "ask(" + text + ") ";
    return std::make_unique<Stream> (*requests.back ());
  }

  // the server's part; `i` counts all requests ever made
  void head (size_t i, unsigned status = 200, const std::string &type = "text/event-stream")
  {
    requests.at (i)->listener->on_head ({.status = status, .reason_phrase = "", .content_type = type});
  }
  void body (size_t i, const std::string &bytes) { requests.at (i)->listener->on_body (bytes); }
  void end (size_t i) { requests.at (i)->listener->on_finished (); }
  void fail (size_t i, const HttpStream::Failure &failure) { requests.at (i)->listener->on_failed (failure); }

  void say (size_t i, const std::string &base64)
  {
    body (i, "data: " + answer (R"("content":{"parts":[{"inlineData":{"mimeType":"audio/pcm","data":")" +
                                base64 + R"("}}]})"));
  }
  void stop (size_t i, const std::string &reason = "STOP")
  {
    body (i, "data: " + answer (R"("finishReason":")" + reason + "\""));
    end (i);
  }
  /// All of a usual answer.
  void speak (size_t i, const std::string &base64)
  {
    head (i);
    say (i, base64);
    stop (i);
  }
  void refuse (size_t i, unsigned status, const std::string &json)
  {
    head (i, status);
    body (i, json);
    end (i);
  }

  static std::string answer (const std::string &candidate)
  {
    return R"({"candidates":[{)" + candidate + "}]}\n\n";
  }

  std::vector<std::unique_ptr<Request>> requests;
  unsigned prepared = 0;

 private:
  class Stream final : public HttpStream {
   public:
    explicit Stream (Request &request) : request_ (request) {}
    ~Stream () override { request_.given_up = true; }
    void pause (bool paused) override { request_.paused = paused; }

   private:
    Request &request_;
  };

  std::string &log_;
};

/// A session whose alarms ring when the test says so.
struct TtsFixture {
  explicit TtsFixture (const std::string &model = "gemini-2.5-x", RetryPolicy retry = {})
      : server (log),
        recorder (log),
        session (
            {.exchange = {.target = {}, .retry = retry, .random = [] { return 0.0; }},
             .speech = {.model = model}},
            server, [this] (std::function<void ()> ring) { return make_alarm (std::move (ring)); }, recorder)
  {
    session.start ();
    log.clear ();
  }

  /// Compares what happened since this was asked last.
  void heard (const std::string &expected, std::source_location at = std::source_location::current ())
  {
    fail_unless (log == expected, "line %u: heard '%s', not '%s'", at.line (), log.c_str (),
                 expected.c_str ());
    log.clear ();
  }

  /// The one alarm that is set rings.
  void ring ()
  {
    auto *next = only_alarm ();
    next->delay.reset ();
    next->ring ();
  }
  std::chrono::milliseconds delay () { return *only_alarm ()->delay; }
  size_t alarms_set () const
  {
    return static_cast<size_t> (
        std::count_if (alarms.begin (), alarms.end (), [] (auto *a) { return a->delay.has_value (); }));
  }

  struct TestAlarm final : Alarm {
    TestAlarm (TtsFixture &owner, std::function<void ()> action) : fixture (owner), ring (std::move (action))
    {
      fixture.alarms.push_back (this);
    }
    ~TestAlarm () override { std::erase (fixture.alarms, this); }
    void ring_in (std::chrono::milliseconds wait) override { delay = wait; }
    void cancel () override { delay.reset (); }

    TtsFixture &fixture;
    std::function<void ()> ring;
    std::optional<std::chrono::milliseconds> delay;
  };

  std::unique_ptr<Alarm> make_alarm (std::function<void ()> ring)
  {
    return std::make_unique<TestAlarm> (*this, std::move (ring));
  }
  TestAlarm *only_alarm ()
  {
    fail_unless_equals_int (alarms_set (), 1);
    return *std::find_if (alarms.begin (), alarms.end (), [] (auto *a) { return a->delay.has_value (); });
  }

  std::vector<TestAlarm *> alarms;
  std::string log;
  FakeHttp server;
  Recorder recorder;
  TtsSession session;
};

/// The session has ended with this.
inline void check_error (const TtsFixture &f, Error::Kind kind, const char *says)
{
  fail_unless (f.recorder.error.has_value (), "no error: %s", f.log.c_str ());
  fail_unless (f.recorder.error->kind == kind, "%s", f.recorder.error->message.c_str ());
  fail_unless (f.recorder.error->message.find (says) != std::string::npos, "'%s' does not say '%s'",
               f.recorder.error->message.c_str (), says);
}

}  // namespace gemini::test
