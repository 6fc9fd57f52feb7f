#include "core/live_session_fixture.h"

using gemini::Error;
using gemini::LiveSession;
using namespace gemini::test;

GST_START_TEST (a_message_that_cannot_be_read_ends_the_session_with_one_error)
{
  for (const std::string text : {"{\"serverContent\":", "hello", R"({"serverContent":{"turnComplete":1}})"}) {
    SpeakingSession f;
    f.server.say (text);
    f.heard ("closed close(1007) error ");
    fail_unless (f.recorder.error->kind == Error::Kind::Decode);
    f.say ({text, audio ("BBB="), kTurnComplete, kToolCall});
    f.server.hang_up ({.code = 1007});
    f.session.send_text ("B");
    f.session.on_alarm ();
    f.session.stop ();
    f.heard ("");
    fail_if (f.alarm.delay ().has_value ());
  }
}
GST_END_TEST;

GST_START_TEST (audio_that_cannot_be_played_ends_the_session)
{
  AskedSession f;
  f.recorder.refusal = Error{.kind = Error::Kind::Format, .message = "no"};
  f.server.say (R"({"serverContent":{)" + turn (part ("AAA=") + "," + part ("BBB=") + R"(,{"text":"x"})") +
                "," + heard_as ("x") + R"(,"interrupted":true,"turnComplete":true},
                "toolCall":{"functionCalls":[{}]},"usageMetadata":{}})");
  f.heard ("audio(AAA=) closed close(1000) error ");
  fail_unless (f.recorder.error->message == "no");

  SpeakingSession g;
  g.recorder.refusal = Error{.kind = Error::Kind::Decode, .message = "no"};
  g.server.say (audio ("?"));
  g.heard ("audio(?) closed close(1007) error ");
}
GST_END_TEST;

GST_START_TEST (an_error_of_the_server_ends_the_session)
{
  SpeakingSession f;
  f.server.say (R"({"error":{"code":503,"message":"Overloaded."},"serverContent":{"turnComplete":true}})");
  f.heard ("turn-end() closed close(1000) error ");
  fail_unless (f.recorder.error->kind == Error::Kind::Busy);
}
GST_END_TEST;

static void fail_unless_error (Fixture &f, Error::Kind kind, const char *words)
{
  fail_unless (f.recorder.error.has_value ());
  fail_unless (f.recorder.error->kind == kind, "%s", f.recorder.error->message.c_str ());
  fail_unless (f.recorder.error->message.find (words) != std::string::npos, "'%s' lacks '%s'",
               f.recorder.error->message.c_str (), words);
}

GST_START_TEST (the_end_of_a_connection_is_told_with_its_moment)
{
  Fixture connecting;
  connecting.session.start ();
  connecting.log.clear ();
  connecting.server.hang_up ({});
  connecting.heard ("closed error ");
  fail_unless_error (connecting, Error::Kind::Read, "before the session was ready");

  Fixture setting_up;
  setting_up.session.start ();
  setting_up.server.accept ();
  setting_up.log.clear ();
  setting_up.server.hang_up ({.code = 1007, .reason = "API key not valid. Please pass a valid API key."});
  setting_up.heard ("closed error ");
  fail_unless_error (setting_up, Error::Kind::Unauthorized, "key");
  fail_unless_equals_int (setting_up.recorder.error->close_code.value_or (0), 1007);

  ReadySession idle;
  idle.server.hang_up ({.code = 1000});
  idle.heard ("closed error ");
  fail_unless_error (idle, Error::Kind::Read, "between two turns");

  AskedSession asked;
  asked.server.hang_up ({.code = 1011, .reason = "Internal error encountered."});
  fail_unless_error (asked, Error::Kind::Read, "in the middle of a turn");

  SpeakingSession speaking;
  speaking.server.hang_up ({});
  fail_unless_error (speaking, Error::Kind::Read, "in the middle of a turn");

  SpeakingSession spoken;
  spoken.say ({kGenerationComplete});
  spoken.server.hang_up ({.code = 1001});
  fail_unless_error (spoken, Error::Kind::Read, "between two turns");

  SpeakingSession cut;
  cut.say ({kInterrupted});
  cut.server.hang_up ({.code = 1001});
  fail_unless_error (cut, Error::Kind::Read, "between two turns");
}
GST_END_TEST;

GST_START_TEST (an_error_of_the_transport_is_passed_on_unchanged)
{
  Fixture f;
  f.session.start ();
  f.log.clear ();
  f.server.hang_up (
      {.error = Error{.kind = Error::Kind::NotFound, .message = "No such host", .detail = "dns"}});
  f.heard ("closed error ");
  fail_unless_error (f, Error::Kind::NotFound, "No such host");
  fail_unless (f.recorder.error->detail == "dns");
  fail_if (f.alarm.delay ().has_value ());
}
GST_END_TEST;

/// Armed for the whole time since something has just happened.
static void fail_unless_waiting (Fixture &f, std::source_location at = std::source_location::current ())
{
  fail_unless (f.alarm.delay () == 15000ms && f.alarm.moved (), "line %u: does not wait", at.line ());
}

static void fail_if_waiting (Fixture &f, std::source_location at = std::source_location::current ())
{
  f.alarm.moved ();
  fail_if (f.alarm.delay ().has_value (), "line %u: waits", at.line ());
}

GST_START_TEST (every_wait_on_the_server_has_an_end)
{
  Fixture f;
  fail_if_waiting (f);
  f.session.start ();
  fail_unless_waiting (f);
  f.server.accept ();
  fail_unless_waiting (f);
  f.server.say (kReady);
  fail_if_waiting (f);
  f.ask ("A");
  fail_unless_waiting (f);
  f.server.say (R"({"usageMetadata":{}})");
  fail_unless_waiting (f);
  f.server.say (audio ("AAA="));
  fail_unless_waiting (f);
  f.server.say (kGenerationComplete);  // turnComplete comes when the answer was heard: minutes, maybe
  fail_if_waiting (f);
  f.server.say (kTurnComplete);
  fail_if_waiting (f);
  f.server.say (audio ("BBB="));
  fail_unless_waiting (f);
  f.server.say (kInterrupted);
  fail_unless_waiting (f);
  f.server.say (kTurnComplete);
  fail_if_waiting (f);
}
GST_END_TEST;

GST_START_TEST (a_text_sent_while_turn_complete_is_due_is_waited_for)
{
  SpeakingSession f;
  f.server.say (kGenerationComplete);
  fail_if_waiting (f);
  f.session.send_text ("B");
  fail_unless_waiting (f);
  f.log.clear ();
  f.ring ();  // the missing turnComplete first
  f.heard (kMissingEnd + "awaited ");
  fail_unless_waiting (f);
  f.ring ();
  f.heard ("closed close(1000) error ");
}
GST_END_TEST;

GST_START_TEST (further_texts_do_not_put_off_the_end_of_a_wait)
{
  AskedSession f;
  f.alarm.moved ();
  f.ask ("B");
  fail_if (f.alarm.moved ());
  f.say ({audio ("AAA=")});
  f.alarm.moved ();
  f.ask ("C");
  fail_if (f.alarm.moved ());
  f.say ({kGenerationComplete});
  f.alarm.moved ();
  f.ask ("D");
  fail_if (f.alarm.moved ());
  fail_unless (f.alarm.delay ().has_value ());
}
GST_END_TEST;

GST_START_TEST (a_wait_that_was_too_long_says_what_for)
{
  Fixture f;
  f.session.start ();
  f.log.clear ();
  f.ring ();
  f.heard ("closed close(1000) error ");
  fail_unless_error (f, Error::Kind::Connect, "Could not connect to Gemini within 15 s");

  Fixture setting_up ({.target = {}, .setup = "SETUP", .timeout = 1500ms});
  setting_up.session.start ();
  setting_up.server.accept ();
  fail_unless (setting_up.alarm.delay () == 1500ms);
  setting_up.ring ();
  fail_unless_error (setting_up, Error::Kind::Read, "did not answer the setup within 2 s");

  AskedSession asked;
  asked.ring ();
  asked.heard ("closed close(1000) error ");
  fail_unless_error (asked, Error::Kind::Read, "has sent nothing for 15 s");
  fail_unless (asked.recorder.error->detail == "no answer to the text");

  SpeakingSession speaking;
  speaking.ring ();
  fail_unless_error (speaking, Error::Kind::Read, "has sent nothing for 15 s");
  fail_unless (speaking.recorder.error->detail == "the answer stopped in the middle");
  fail_if_waiting (speaking);
}
GST_END_TEST;

GST_START_TEST (a_cut_turn_without_turn_complete_is_over_after_a_while)
{
  SpeakingSession f;
  f.server.say (kInterrupted);
  f.log.clear ();
  f.ring ();
  f.heard (kMissingEnd);
  fail_unless (f.session.turn () == Turn::None);
  f.session.send_text ("B");
  f.say ({audio ("BBB="), kTurnComplete});
  f.heard ("sent(B) awaited audio(BBB=) turn-end() ");
}
GST_END_TEST;

GST_START_TEST (a_missing_turn_complete_is_told_once)
{
  SpeakingSession f;
  f.server.say (kInterrupted);
  f.ring ();
  f.ask ("B");
  f.say ({audio ("BBB="), kGenerationComplete});
  f.ask ("C");
  f.say ({audio ("CCC=")});
  f.heard ("awaited audio(CCC=) ");
}
GST_END_TEST;

GST_START_TEST (a_pause_in_the_middle_of_an_answer_is_told_before_it_is_given_up)
{
  Fixture f ({.target = {}, .setup = "SETUP", .stall = 3s});
  f.get_ready ();
  f.ask ("A");
  fail_unless (f.alarm.delay () == 15s);  // it may think
  f.server.say (audio ("AAA="));
  fail_unless (f.alarm.delay () == 3s);
  f.log.clear ();
  f.ring ();
  f.heard ("stall(3000) ");
  fail_unless (f.alarm.delay () == 12s);
  f.server.say (audio ("BBB="));  // it goes on, and pauses again
  f.ring ();
  f.heard ("audio(BBB=) stall(3000) ");
  f.ring ();
  f.heard ("closed close(1000) error ");

  Fixture patient ({.target = {}, .setup = "SETUP", .timeout = 0ms, .stall = 3s});
  patient.get_ready ();
  patient.server.say (audio ("AAA="));
  patient.ring ();
  fail_if (patient.alarm.delay ().has_value ());

  Fixture hasty ({.target = {}, .setup = "SETUP", .timeout = 2s, .stall = 3s});
  hasty.get_ready ();
  hasty.server.say (audio ("AAA="));
  fail_unless (hasty.alarm.delay () == 2s);
}
GST_END_TEST;

GST_START_TEST (a_timeout_of_zero_waits_for_ever)
{
  Fixture f ({.target = {}, .setup = "SETUP", .timeout = 0ms});
  f.session.start ();
  f.server.accept ();
  f.server.say (kReady);
  f.ask ("A");
  f.server.say (audio ("AAA="));
  fail_if (f.alarm.moved ());
}
GST_END_TEST;

GST_START_TEST (nothing_is_heard_of_a_session_that_was_stopped)
{
  const std::function<void (Fixture &)> moments[] = {
      [] (Fixture &) {},
      [] (Fixture &f) { f.session.start (); },
      [] (Fixture &f) { f.session.start (), f.server.accept (); },
      [] (Fixture &f) { f.get_ready (); },
      [] (Fixture &f) { f.get_ready (), f.ask ("A"); },
      [] (Fixture &f) { f.get_ready (), f.ask ("A"), f.server.say (audio ("AAA=")); },
  };
  for (const auto &moment : moments) {
    Fixture f;
    moment (f);
    const bool opened = &moment != &moments[0];
    f.log.clear ();
    f.session.stop ();
    f.session.stop ();
    f.heard ("close(1000) ");
    fail_unless (f.session.state () == LiveSession::State::Closed);
    fail_if_waiting (f);

    f.session.send_text ("B");
    f.session.on_alarm ();
    if (opened) {
      f.server.accept ();
      f.say ({kReady, "no JSON", kToolCall, R"({"error":{"code":500}})",
              R"({"serverContent":{)" + turn (part ("AAA=") + R"(,{"text":"x"})") + "," + heard_as ("x") +
                  R"(,"inputTranscription":{"text":"x"},"interrupted":true,"generationComplete":true,
                  "turnComplete":true},"usageMetadata":{}})"});
      f.server.hang_up ({.code = 1000});
    }
    f.heard ("");
    fail_if_waiting (f);
  }
}
GST_END_TEST;

GST_START_TEST (a_session_can_be_stopped_in_every_callback)
{
  const std::string everything =
      R"({"serverContent":{)" + turn (part ("AAA=") + "," + part ("BBB=") + R"(,{"text":"x"})") + "," +
      heard_as ("x") +
      R"(,"inputTranscription":{"text":"x"},"generationComplete":true,"turnComplete":true},
      "toolCall":{"functionCalls":[{"id":"1"},{"id":"2"}]},"usageMetadata":{},"error":{"code":500}})";
  const std::pair<const char *, const char *> cases[] = {
      {"connecting", "connecting close(1000) "},
      {"setting-up", "connecting open() setting-up close(1000) "},
      {"ready", "connecting open() setting-up sent(SETUP) ready close(1000) "},
      {"awaited", "ready sent(A) awaited close(1000) "},
      {"audio(AAA=)", "sent(B) audio(AAA=) close(1000) "},
      {"text(x)", "audio(AAA=) audio(BBB=) text(x) close(1000) "},
      {"user(x)", "text(x) user(x) close(1000) "},
      {"model(x)", "user(x) model(x) close(1000) "},
      {"turn-end()", "model(x) turn-end() close(1000) "},
      {"call(1  {})", "awaited call(1  {}) close(1000) "},
      {"call(2  {})", "call(1  {}) call(2  {}) close(1000) "},
      {"usage(0)", "call(2  {}) usage(0) close(1000) "},
      {"interrupted", "interrupted close(1000) "},
  };
  for (const auto &[where, expected] : cases) {
    Fixture f ({.target = {}, .setup = "SETUP"});
    f.recorder.meanwhile = [&, at = std::string (where)] (const std::string &event) {
      if (event == at)
        f.session.stop ();
    };
    f.session.send_text ("A");
    f.session.send_text ("B");
    f.session.start ();
    if (f.session.state () != LiveSession::State::Closed) {
      f.server.accept ();
      f.say ({kReady, std::string (where) == "interrupted" ? kInterrupted : everything, kTurnComplete});
    }
    fail_unless (f.log.ends_with (expected), "%s: '%s'", where, f.log.c_str ());
    fail_if_waiting (f);
  }
}
GST_END_TEST;

GEMINI_CHECK_MAIN (live_session_end, a_message_that_cannot_be_read_ends_the_session_with_one_error,
                   audio_that_cannot_be_played_ends_the_session, an_error_of_the_server_ends_the_session,
                   the_end_of_a_connection_is_told_with_its_moment,
                   an_error_of_the_transport_is_passed_on_unchanged, every_wait_on_the_server_has_an_end,
                   a_text_sent_while_turn_complete_is_due_is_waited_for,
                   further_texts_do_not_put_off_the_end_of_a_wait, a_wait_that_was_too_long_says_what_for,
                   a_cut_turn_without_turn_complete_is_over_after_a_while,
                   a_missing_turn_complete_is_told_once,
                   a_pause_in_the_middle_of_an_answer_is_told_before_it_is_given_up,
                   a_timeout_of_zero_waits_for_ever, nothing_is_heard_of_a_session_that_was_stopped,
                   a_session_can_be_stopped_in_every_callback)
