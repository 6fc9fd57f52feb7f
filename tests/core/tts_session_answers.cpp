// Answers that look right and are not, and those that never come.

#include "core/tts_session_fixture.h"

using namespace gemini;
using namespace gemini::test;
using enum Error::Kind;

GST_START_TEST (silence_is_asked_again_and_then_told)
{
  for (const char *candidate : {R"("content":{},"finishReason":"OTHER")", R"("finishReason":"STOP")",
                                R"("content":{"parts":[{"text":"No"}]},"finishReason":"STOP")"}) {
    TtsFixture f ("x", {.retries = 1});
    f.session.send_text ("Aa.");
    for (size_t i = 0; i < 2; i++) {
      f.server.head (i);
      f.server.body (i, "data: " + FakeHttp::answer (candidate));
      f.server.end (i);
      if (i == 0)
        f.ring ();
    }
    check_error (f, Failed, strstr (candidate, "text") ? "text instead" : "no speech");
  }
}
GST_END_TEST;

GST_START_TEST (a_refusal_is_told_at_once)
{
  TtsFixture f;
  f.session.send_text ("Aa.");
  f.server.head (0);
  f.server.body (0, "data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}\n\n");
  f.server.end (0);
  check_error (f, Failed, "refused to read");
}
GST_END_TEST;

GST_START_TEST (speech_that_was_cut_off_is_kept_and_the_next_sentence_follows)
{
  TtsFixture f;
  f.session.send_text ("Aa. Bb.");
  f.server.head (0);
  f.server.say (0, "AAAA");
  f.log.clear ();
  f.server.stop (0, "OTHER");
  fail_unless (f.log.starts_with ("warning(Gemini stopped in the middle"), "%s", f.log.c_str ());
  f.log.clear ();
  f.server.speak (1, "BBBB");
  f.heard ("audio(BBBB) turn-end(OTHER) ");
}
GST_END_TEST;

GST_START_TEST (half_an_event_is_heard_and_then_told)
{
  TtsFixture f;
  f.session.send_text ("Aa.");
  f.log.clear ();
  f.server.head (0);
  f.server.body (
      0,
      R"(data: {"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"audio/pcm","data":"AAAABBBBCCCCDDDD)");
  f.server.end (0);
  f.heard ("audio(AAAABBBBCCCCDDDD) closed error ");
  check_error (f, Read, "ended in the middle");
}
GST_END_TEST;

GST_START_TEST (a_refusal_without_end_is_read_only_so_far)
{
  TtsFixture f;
  f.session.send_text ("Aa.");
  f.server.head (0, 404);
  for (int i = 0; i < 1000 && !f.server.requests[0]->given_up; i++)
    f.server.body (0, std::string (1000, 'x'));
  check_error (f, NotFound, "");
}
GST_END_TEST;

GST_START_TEST (what_is_no_answer_of_gemini_is_an_endpoint_to_check)
{
  TtsFixture f;
  f.session.send_text ("Aa.");
  f.server.head (0, 200, "text/html");
  f.server.body (0, "<html>\nHello\n");
  f.server.end (0);
  check_error (f, Connect, "does not speak the protocol");
  fail_unless (f.recorder.error->detail.find ("text/html") != std::string::npos);
}
GST_END_TEST;

GST_START_TEST (every_byte_resets_the_wait_and_silence_ends_it)
{
  TtsFixture f;
  f.session.send_text ("Aa.");
  fail_unless (f.delay () == 15s);
  f.ring ();
  check_error (f, Read, "nothing for 15 s: check the network, or raise timeout");
  fail_unless_equals_text (f.recorder.error->detail, "no answer to the request");

  TtsFixture g;
  g.session.send_text ("Aa.");
  for (int i = 0; i < 3; i++) {
    g.only_alarm ()->delay = 1ms;
    i == 0 ? g.server.head (0) : g.server.say (0, "AAAA");
    fail_unless (g.delay () == 15s);
  }
  g.ring ();
  check_error (g, Read, "raise timeout");
  fail_unless (g.log.ends_with ("audio(AAAA) audio(AAAA) closed error "));
}
GST_END_TEST;

GST_START_TEST (time_that_the_listener_takes_is_not_the_servers)
{
  TtsFixture f;
  f.session.send_text ("Aa. Bb.");
  f.server.head (0);
  f.recorder.meanwhile = [&] (const std::string &event) {
    if (event.starts_with ("audio"))
      for (auto *alarm : f.alarms)
        alarm->delay = 0ms;  // the queue was full, and all this time has passed
  };
  f.server.say (0, "AAAA");
  fail_unless_equals_int (f.alarms_set (), 2);
  for (auto *alarm : f.alarms)
    fail_unless (*alarm->delay == 15s);
}
GST_END_TEST;

GST_START_TEST (audio_that_cannot_be_played_ends_the_session)
{
  TtsFixture f;
  f.recorder.refusal = Error{.kind = Format, .message = "opus"};
  f.session.send_text ("Aa. Bb.");
  f.log.clear ();
  f.server.speak (1, "BBBB");
  f.server.head (0);
  f.server.say (0, "AAAA");
  f.heard ("audio(AAAA) closed error ");
  check_error (f, Format, "opus");
}
GST_END_TEST;

GEMINI_CHECK_MAIN (tts_session_answers, silence_is_asked_again_and_then_told, a_refusal_is_told_at_once,
                   speech_that_was_cut_off_is_kept_and_the_next_sentence_follows,
                   half_an_event_is_heard_and_then_told, a_refusal_without_end_is_read_only_so_far,
                   what_is_no_answer_of_gemini_is_an_endpoint_to_check,
                   every_byte_resets_the_wait_and_silence_ends_it,
                   time_that_the_listener_takes_is_not_the_servers,
                   audio_that_cannot_be_played_ends_the_session)
