// How a stream begins and how it ends.
#include "core/playout_driver.h"

using namespace gemini::test;
using Config = gemini::Playout::Config;
using gemini::StartRule;

GST_START_TEST (nothing_leaves_before_the_device_may_open)
{
  PlayoutDriver quiet (fixed ({.opens_at = 50ms}), {});
  quiet.run (200ms);
  fail_unless_story (quiet, "|silence 50-210 ");

  for (const bool silence : {true, false}) {
    PlayoutDriver early (fixed ({.silence = silence, .opens_at = 50ms}), {{10ms, 4800, true}});
    early.finish ();
    fail_unless_story (early, "|speech 50-250 ");
  }
  PlayoutDriver late (fixed ({.silence = false, .opens_at = 50ms}), {{60ms, 4800, true}});
  late.finish ();
  fail_unless_story (late, "|speech 60-260 ");
}
GST_END_TEST;

GST_START_TEST (not_live_nothing_waits_for_a_device)
{
  PlayoutDriver driver (fixed ({.live = false, .opens_at = 50ms}), {{10ms, 4800, true}});
  driver.finish ();
  fail_unless_story (driver, "|speech 0-200 ");
  fail_unless (driver.close (true) == 10ms);
}
GST_END_TEST;

GST_START_TEST (silence_follows_the_last_word_before_the_stream_ends)
{
  PlayoutDriver driver (fixed (), {{100ms, 4800, true}});
  driver.finish ();
  fail_unless (driver.close (false) == 400ms);
  fail_unless_story (driver, "|silence 0-100 speech 100-300 silence 300-400 ");
}
GST_END_TEST;

GST_START_TEST (what_left_ahead_of_its_time_is_over_before_the_stream_ends)
{
  PlayoutDriver driver (fixed ({.lead = -1ns}), {{100ms, 48000, true}});
  driver.finish ();
  fail_unless (driver.close (false) == 2200ms);
}
GST_END_TEST;

GST_START_TEST (a_stream_without_silence_ends_at_once_and_one_without_speech)
{
  PlayoutDriver driver (fixed ({.silence = false}), {{100ms, 4800, true}});
  driver.finish ();
  fail_unless (driver.close (false) == 280ms);  // when the last buffer has left
  PlayoutDriver mute (fixed (), {{100ms, 0, true}});
  mute.finish ();
  fail_unless (mute.close (true) == 100ms);
}
GST_END_TEST;

GST_START_TEST (before_an_error_the_pipeline_plays_what_it_holds)
{
  for (const bool silence : {true, false}) {
    PlayoutDriver driver (fixed ({.silence = silence}), {{100ms, 4800, true}});
    driver.playout ().set_pipeline_latency (250ms);
    driver.finish ();
    fail_unless (driver.close (true) == 650ms);
  }
}
GST_END_TEST;

GST_START_TEST (what_is_still_to_be_heard_is_speech_alone)
{
  // 100 ms, a pause of 100 ms, and 200 ms more.
  PlayoutDriver driver (fixed ({.start = {.prebuffer = 0ns}}), {{0ms, 2400}, {200ms, 4800, true}});
  driver.playout ().set_pipeline_latency (500ms);
  driver.finish ();
  fail_unless_story (driver, "|speech 0-100 silence 100-200 speech 200-400 ");
  const auto &playout = driver.playout ();
  fail_unless_equals_uint64 (playout.unheard (500ms), 7200);
  fail_unless_equals_uint64 (playout.unheard (550ms), 6000);
  fail_unless_equals_uint64 (playout.unheard (600ms), 4800);
  fail_unless_equals_uint64 (playout.unheard (699ms), 4800);
  fail_unless_equals_uint64 (playout.unheard (850ms), 1200);
  fail_unless_equals_uint64 (playout.unheard (900ms), 0);
  driver.playout ().restart ();
  fail_unless_equals_uint64 (playout.unheard (500ms), 0);
}
GST_END_TEST;

GST_START_TEST (of_what_was_heard_and_of_another_rate_the_frames_are_right)
{
  // Nine seconds of pauses, each of which begins a run: those that were heard are forgotten.
  std::vector<Arrival> arrivals;
  for (int i = 0; i < 30; ++i)
    arrivals.push_back ({i * 300ms, 2400, i == 29});
  PlayoutDriver driver (fixed ({.start = {.prebuffer = 0ns}}), arrivals);
  driver.playout ().set_pipeline_latency (100ms);
  driver.finish ();
  fail_unless_equals_uint64 (driver.playout ().unheard (0ms), 2400);
  fail_unless_equals_uint64 (driver.playout ().unheard (8871ms), 29 * 24);

  gemini::Spoken spoken;
  spoken.add (0ms, 100ms, 2400, 24000);
  spoken.add (100ms, 200ms, 4800, 48000);
  fail_unless_equals_uint64 (spoken.after (0ms), 7200);
  fail_unless_equals_uint64 (spoken.after (71ms), 29 * 24 + 4800);
  fail_unless_equals_uint64 (spoken.after (150ms), 2400);
}
GST_END_TEST;

GST_START_TEST (who_holds_chunks_untold_is_told_for_and_a_late_chunk_is_no_underrun)
{
  Config config{.frames_per_buffer = 0, .lead = -1ns, .downstream = 750ms};
  config.start = {.mode = StartRule::Mode::Fixed, .prebuffer = 0ns, .chunks = 3};
  PlayoutDriver told (config, {});
  fail_unless (told.playout ().latency () == 770ms);

  config.start.mode = StartRule::Mode::Adaptive;
  PlayoutDriver driver (config, {{100ms, 4800}, {520ms, 4800}, {800ms, 0, true}});
  driver.run (1000ms);
  fail_unless_story (driver, "|silence 0-100 speech 100-500 silence 500-1010 ");
  fail_unless_equals_int (driver.playout ().underruns (), 0);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (playout_ends, nothing_leaves_before_the_device_may_open,
                   not_live_nothing_waits_for_a_device, silence_follows_the_last_word_before_the_stream_ends,
                   what_left_ahead_of_its_time_is_over_before_the_stream_ends,
                   a_stream_without_silence_ends_at_once_and_one_without_speech,
                   before_an_error_the_pipeline_plays_what_it_holds,
                   what_is_still_to_be_heard_is_speech_alone,
                   of_what_was_heard_and_of_another_rate_the_frames_are_right,
                   who_holds_chunks_untold_is_told_for_and_a_late_chunk_is_no_underrun)
