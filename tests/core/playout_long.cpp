// What takes minutes, and pauses by the application.

#include "core/playout_driver.h"

using gemini::Backlog;
using gemini::Playout;
using namespace gemini::test;
using std::chrono::nanoseconds;

namespace {

constexpr uint64_t kMinute = 60 * 24000;
constexpr uint64_t kChunk = 5760;  // 240 ms

std::vector<Arrival> minute (double pace)
{
  std::vector<Arrival> arrivals;
  for (uint64_t sent = 0; sent < kMinute; sent += kChunk) {
    auto at = std::chrono::duration<double> (static_cast<double> (sent) / 24000 / pace);
    arrivals.push_back ({1s + std::chrono::duration_cast<nanoseconds> (at), kChunk});
  }
  arrivals.back ().ends = true;
  return arrivals;
}

constexpr Backlog kSpeech{.frames = 24000, .head_chunk = 24000, .chunks = 1};

/// Speech from 0 on, until it has been handed out up to 100 ms.
Playout speaking (const Playout::Config &config)
{
  Playout playout (config);
  for (auto now = 0ms; now < 100ms; now += 20ms) {
    auto step = playout.next (now, kSpeech);
    fail_unless (std::holds_alternative<Playout::Speech> (step));
  }
  fail_unless (playout.position () == 100ms);
  return playout;
}

}  // namespace

GST_START_TEST (a_minute_that_comes_in_one_second_is_played_without_a_pause)
{
  PlayoutDriver driver ({}, minute (60));
  driver.run (62s);
  fail_unless_story (driver, "|silence 0-1000 speech 1000-61000 silence 61000-62000 ");
}
GST_END_TEST;

GST_START_TEST (a_minute_that_comes_too_slowly_has_few_long_pauses)
{
  auto arrivals = minute (0.8);
  PlayoutDriver driver ({}, arrivals);
  driver.finish ();
  fail_unless_right (driver);
  auto pauses = driver.playout ().underruns ();
  fail_unless (pauses >= 1 && pauses < arrivals.size () / 10, "%u pauses in %zu chunks", pauses,
               arrivals.size ());
}
GST_END_TEST;

GST_START_TEST (a_turn_after_five_idle_minutes_is_played_like_the_first)
{
  PlayoutDriver driver (fixed (), {{100ms, 4800, true}, {5min, 4800, true}});
  driver.run (5min + 300ms);
  fail_unless_story (
      driver, "|silence 0-100 speech 100-300 silence 300-300000 speech 300000-300200 silence 300200-300300 ");
}
GST_END_TEST;

GST_START_TEST (a_stall_of_30_s_is_one_pause)
{
  PlayoutDriver driver (fixed (), {{100ms, 4800}, {30s, 4800, true}});
  driver.run (31s);
  fail_unless_story (
      driver, "|silence 0-100 speech 100-300 silence 300-30000 speech 30000-30200 silence 30200-31000 ");
  fail_unless_equals_int (driver.playout ().underruns (), 1);
}
GST_END_TEST;

GST_START_TEST (after_a_pause_speech_goes_on_at_once_behind_a_gap)
{
  auto playout = speaking (fixed ());
  playout.resumed ();
  auto step = playout.next (90ms, kSpeech);  // before its time
  auto *speech = std::get_if<Playout::Speech> (&step);
  fail_unless (speech != nullptr && speech->discont && !speech->starts);
  fail_unless (speech->pts == 140ms);
  fail_unless_equals_int (playout.underruns (), 0);
  fail_unless (std::holds_alternative<Playout::WaitUntil> (playout.next (90ms, kSpeech)));
}
GST_END_TEST;

GST_START_TEST (after_a_pause_with_nothing_to_say_silence_leaves_at_once)
{
  auto playout = speaking (fixed ());
  playout.resumed ();
  auto step = playout.next (90ms, {});
  auto *silence = std::get_if<Playout::Silence> (&step);
  fail_unless (silence != nullptr && silence->discont);
  fail_unless (silence->pts == 140ms && silence->frames == 480);
}
GST_END_TEST;

GST_START_TEST (a_pause_before_anything_has_left_changes_nothing)
{
  Playout playout (fixed ());
  playout.resumed ();
  auto step = playout.next (5ms, kSpeech);
  auto *speech = std::get_if<Playout::Speech> (&step);
  fail_unless (speech != nullptr && speech->pts == 5ms);
}
GST_END_TEST;

GST_START_TEST (a_sink_that_has_all_of_a_long_buffer_to_play_needs_no_gap_after_a_pause)
{
  Playout playout (fixed ({.frames_per_buffer = 0}));
  fail_unless (std::holds_alternative<Playout::Speech> (playout.next (0ms, kSpeech)));
  playout.resumed ();
  fail_unless (std::holds_alternative<Playout::WaitUntil> (playout.next (500ms, kSpeech)));
  fail_unless (playout.position () == 1s);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (playout_long, a_minute_that_comes_in_one_second_is_played_without_a_pause,
                   a_minute_that_comes_too_slowly_has_few_long_pauses,
                   a_turn_after_five_idle_minutes_is_played_like_the_first, a_stall_of_30_s_is_one_pause,
                   after_a_pause_speech_goes_on_at_once_behind_a_gap,
                   after_a_pause_with_nothing_to_say_silence_leaves_at_once,
                   a_pause_before_anything_has_left_changes_nothing,
                   a_sink_that_has_all_of_a_long_buffer_to_play_needs_no_gap_after_a_pause)
