#include "transcript.h"

#include "support/check.h"

using gemini::chat::Transcript;

GST_START_TEST (words_are_held_back_until_they_are_heard)
{
  Transcript transcript;
  transcript.add ("One,", 100);
  transcript.add (" two,", 200);
  transcript.add (" three.", 300);
  fail_unless_equals_text (transcript.due (99), "");
  fail_unless_equals_text (transcript.due (200), "One, two,");
  fail_unless_equals_text (transcript.due (200), "");
  fail_if (transcript.empty ());
  fail_unless_equals_text (transcript.due (GST_SECOND), " three.");
  fail_unless (transcript.empty ());
}
GST_END_TEST;

GST_START_TEST (words_of_an_unknown_time_come_with_those_before_them)
{
  Transcript transcript;
  transcript.add ("One,", GST_CLOCK_TIME_NONE);
  transcript.add (" two,", 200);
  transcript.add (" three.", GST_CLOCK_TIME_NONE);
  fail_unless_equals_text (transcript.due (0), "One,");
  fail_unless_equals_text (transcript.due (200), " two, three.");
}
GST_END_TEST;

GST_START_TEST (what_is_left_when_an_answer_is_over_is_shown_or_dropped)
{
  Transcript transcript;
  transcript.add ("One", GST_SECOND);
  fail_unless_equals_text (transcript.rest (), "One");
  transcript.add ("Two", GST_SECOND);
  transcript.drop ();
  fail_unless_equals_text (transcript.rest (), "");
}
GST_END_TEST;

GEMINI_CHECK_MAIN (transcript, words_are_held_back_until_they_are_heard,
                   words_of_an_unknown_time_come_with_those_before_them,
                   what_is_left_when_an_answer_is_over_is_shown_or_dropped)
