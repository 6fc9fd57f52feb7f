// Texts become turns, in the order they were given, whatever order the answers come in.

#include "core/tts_session.h"

#include "core/tts_session_fixture.h"

using namespace gemini;
using namespace gemini::test;

GST_START_TEST (a_text_is_asked_for_at_once_and_heard_as_it_comes)
{
  TtsFixture f;
  f.session.send_text ("Aa.");
  f.heard ("ask(Aa.) awaited ");
  f.server.head (0);
  f.server.say (0, "AAAA");
  f.heard ("audio(AAAA) ");
  f.server.say (0, "BBBB");
  f.heard ("audio(BBBB) ");
  f.server.stop (0);
  f.heard ("turn-end() ");
}
GST_END_TEST;

GST_START_TEST (what_is_given_before_the_start_is_asked_when_it_starts)
{
  TtsFixture f;
  std::string log;
  FakeHttp server (log);
  Recorder recorder (log);
  TtsSession session (
      {.exchange = {.random = [] { return 0.0; }}, .speech = {.model = "x"}}, server,
      [&] (std::function<void ()> ring) { return f.make_alarm (std::move (ring)); }, recorder);
  session.send_text ("Aa.");
  fail_unless_equals_text (log, "");
  session.start ();
  fail_unless_equals_text (log, "ready ask(Aa.) awaited ");
  fail_unless_equals_int (server.prepared, 0);
}
GST_END_TEST;

GST_START_TEST (a_text_that_is_given_later_finds_a_connection)
{
  TtsFixture f;
  fail_unless_equals_int (f.server.prepared, 1);
  fail_unless (f.server.requests.empty ());
}
GST_END_TEST;

GST_START_TEST (the_next_requests_run_ahead_and_their_audio_waits)
{
  TtsFixture f;
  f.session.send_text ("Aa. Bb. Cc. Dd. Ee.");
  f.heard ("ask(Aa.) ask(Bb.) ask(Cc.) awaited ");
  f.server.speak (1, "BBBB");
  f.heard ("");
  f.server.speak (2, "CCCC");
  f.heard ("");
  f.server.head (0);
  f.server.say (0, "AAAA");
  f.heard ("audio(AAAA) ");
  f.server.stop (0);
  f.heard ("ask(Dd.) audio(BBBB) ask(Ee.) audio(CCCC) ");
  f.server.speak (3, "DDDD");
  f.heard ("audio(DDDD) ");
  f.server.speak (4, "EEEE");
  f.heard ("audio(EEEE) turn-end() ");
}
GST_END_TEST;

GST_START_TEST (turns_follow_each_other_like_sentences_but_end_one_by_one)
{
  TtsFixture f ("gemini-3.8-x");
  f.session.send_text ("Aa.");
  f.session.send_text ("Bb.");
  f.heard ("ask(Aa.) awaited ask(Bb.) ");
  f.server.speak (1, "BBBB");
  f.heard ("");
  f.server.speak (0, "AAAA");
  f.heard ("audio(AAAA) turn-end() awaited audio(BBBB) turn-end() ");
}
GST_END_TEST;

GST_START_TEST (a_blank_text_is_a_turn_without_speech)
{
  TtsFixture f;
  f.session.send_text (" ");
  f.heard ("awaited warning(The text is blank: there is nothing to read aloud) turn-end() ");
}
GST_END_TEST;

GST_START_TEST (a_first_piece_is_marked_for_each_request)
{
  struct Marks final : Session::Listener {
    void on_state (Session::State) override {}
    void on_turn_awaited () override {}
    std::optional<Error> on_audio (const ServerMessage::InlineData &audio) override
    {
      log += std::string (audio.fresh ? "fresh " : "") + (audio.continues ? "continues " : "") +
             std::string (1, audio.data[0]) + ";";
      return std::nullopt;
    }
    void on_text (std::string_view) override {}
    void on_transcript (Session::Speaker, const ServerMessage::Transcription &) override {}
    void on_tool_call (const ServerMessage::FunctionCall &) override {}
    void on_tool_calls_cancelled (const std::vector<std::string> &) override {}
    void on_usage (const ServerMessage::Usage &) override {}
    void on_event (const Session::Event &) override {}
    void on_stall (std::chrono::milliseconds) override {}
    void on_interrupted (bool) override {}
    void on_turn_end (std::string_view) override {}
    void on_warning (const Error &) override {}
    void on_retry (const Error &, std::chrono::milliseconds) override {}
    void on_error (const Error &) override {}
    std::string log;
  } marks;
  TtsFixture f;
  TtsSession session (
      {.exchange = {.random = [] { return 0.0; }}, .speech = {.model = "gemini-2.5-x"}}, f.server,
      [&] (std::function<void ()> ring) { return f.make_alarm (std::move (ring)); }, marks);
  session.start ();
  session.send_text ("Aa. Bb.");
  f.server.head (0);
  f.server.body (
      0, R"(data: {"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"audio/pcm","data":")");
  f.server.body (0, std::string (16, 'A'));
  f.server.body (0, std::string (16, 'B'));
  f.server.body (0, "\"}}]}}]}\n\n");
  f.server.stop (0);
  f.server.speak (1, "CCCC");
  fail_unless_equals_text (marks.log, "fresh A;continues B;fresh C;");
}
GST_END_TEST;

GST_START_TEST (an_answer_whose_turn_has_not_come_is_read_only_so_far)
{
  TtsFixture f;
  const std::string much (1024 * 1024, 'A');
  f.session.send_text ("Aa. Bb.");
  f.server.head (1);
  // What a piece takes besides its audio counts as well, so the last one is too much.
  for (size_t held = 0; held < TtsExchange::kMostHeld; held += much.size ()) {
    fail_if (f.server.requests[1]->paused);
    f.server.say (1, much);
  }
  fail_unless (f.server.requests[1]->paused);
  fail_unless_equals_int (f.alarms_set (), 1);  // it is not the server who is late

  f.server.speak (0, "AAAA");
  fail_if (f.server.requests[1]->paused);
  fail_unless_equals_int (f.alarms_set (), 1);
  f.server.stop (1);
  fail_unless (f.log.ends_with ("turn-end() "));
  fail_unless_equals_int (f.alarms_set (), 0);
}
GST_END_TEST;

GST_START_TEST (usage_is_told_once_for_each_request)
{
  TtsFixture f;
  f.session.send_text ("Aa.");
  f.log.clear ();
  f.server.head (0);
  for (int total : {7, 12})
    f.server.body (0, R"(data: {"usageMetadata":{"totalTokenCount":)" + std::to_string (total) + "}}\n\n");
  f.server.say (0, "AAAA");
  f.server.stop (0);
  f.heard ("audio(AAAA) usage(12) turn-end() ");
}
GST_END_TEST;

GST_START_TEST (interrupted_everything_is_dropped_and_the_turn_is_over)
{
  TtsFixture f;
  f.session.send_text ("Aa. Bb.");
  f.session.send_text ("Cc.");
  f.server.head (0);
  f.server.say (0, "AAAA");
  f.log.clear ();
  f.session.interrupt ();
  f.heard ("interrupted ");
  for (auto &request : f.server.requests)
    fail_unless (request->given_up);
  fail_unless_equals_int (f.alarms_set (), 0);
  f.session.send_text ("Dd.");
  f.heard ("ask(Dd.) awaited ");
  f.server.speak (3, "DDDD");
  f.heard ("audio(DDDD) turn-end() ");
}
GST_END_TEST;

GST_START_TEST (every_callback_may_interrupt_or_stop)
{
  for (const char *when : {"awaited", "audio(AAAA)", "usage(7)",
                           "warning(Gemini stopped in the middle of the speech: "
                           "try again, or set split to sentence)",
                           "turn-end(OTHER)"})
    for (bool stop : {false, true}) {
      TtsFixture f;
      f.recorder.meanwhile = [&] (const std::string &event) {
        if (event == when)
          stop ? f.session.stop () : f.session.interrupt ();
      };
      f.session.send_text ("Aa. Bb.");
      if (!f.server.requests[0]->given_up) {
        f.server.head (0);
        f.server.body (0, "data: {\"usageMetadata\":{\"totalTokenCount\":7}}\n\n");
        f.server.say (0, "AAAA");
      }
      if (!f.server.requests[0]->given_up)
        f.server.stop (0, "OTHER");
      if (!f.server.requests[1]->given_up) {
        f.server.head (1);
        f.server.say (1, "BBBB");
        f.server.stop (1, "OTHER");
      }
      fail_unless (f.log.find (when) != std::string::npos, "%s: %s", when, f.log.c_str ());
      fail_unless_equals_int (f.alarms_set (), 0);
      f.log.clear ();
      f.recorder.meanwhile = nullptr;
      f.session.send_text ("Cc.");
      f.heard (stop ? "" : "ask(Cc.) awaited ");
    }
}
GST_END_TEST;

GST_START_TEST (a_text_given_in_a_callback_is_behind_the_others)
{
  TtsFixture f ("gemini-3.8-x");
  f.recorder.meanwhile = [&] (const std::string &event) {
    if (event == "audio(AAAA)")
      f.session.send_text ("Cc.");
  };
  f.session.send_text ("Aa.");
  f.session.send_text ("Bb.");
  f.server.speak (0, "AAAA");
  f.server.speak (2, "CCCC");
  f.server.speak (1, "BBBB");
  fail_unless (f.log.ends_with ("audio(BBBB) turn-end() awaited audio(CCCC) turn-end() "), "%s",
               f.log.c_str ());
}
GST_END_TEST;

GST_START_TEST (nothing_stays_of_a_thousand_turns)
{
  TtsFixture f ("gemini-3.8-x");
  for (size_t i = 0; i < 1000; i++) {
    f.session.send_text ("Aa.");
    f.server.speak (i, "AAAA");
    fail_unless (f.alarms.size () <= 2, "%zu alarms", f.alarms.size ());
  }
}
GST_END_TEST;

GEMINI_CHECK_MAIN (tts_session, a_text_is_asked_for_at_once_and_heard_as_it_comes,
                   what_is_given_before_the_start_is_asked_when_it_starts,
                   a_text_that_is_given_later_finds_a_connection,
                   the_next_requests_run_ahead_and_their_audio_waits,
                   turns_follow_each_other_like_sentences_but_end_one_by_one,
                   a_blank_text_is_a_turn_without_speech, a_first_piece_is_marked_for_each_request,
                   an_answer_whose_turn_has_not_come_is_read_only_so_far, usage_is_told_once_for_each_request,
                   interrupted_everything_is_dropped_and_the_turn_is_over,
                   every_callback_may_interrupt_or_stop, a_text_given_in_a_callback_is_behind_the_others,
                   nothing_stays_of_a_thousand_turns)
