#include <set>

#include "core/playout_driver.h"

using gemini::Playout;
using namespace gemini::test;
using std::chrono::nanoseconds;

using Config = Playout::Config;

static std::string story (const Config &config, std::vector<Arrival> arrivals, nanoseconds until)
{
  PlayoutDriver driver (config, std::move (arrivals));
  driver.run (until);
  fail_unless_right (driver);
  return driver.story ();
}

static void fail_unless_same (const std::string &actual, const char *expected)
{
  fail_unless (actual == expected, "'%s'\nis not '%s'", actual.c_str (), expected);
}

GST_START_TEST (silence_flows_in_real_time_half_a_buffer_late)
{
  PlayoutDriver driver (fixed (), {});
  driver.run (1s);
  fail_unless_story (driver, "|silence 0-1000 ");
  fail_unless (driver.handed ()[0].at == 0ns);
  for (size_t i = 1; i < driver.handed ().size (); ++i)
    fail_unless (driver.handed ()[i].at == driver.handed ()[i].slot.pts + 10ms);
  fail_unless (driver.playout ().latency () == 20ms);
}
GST_END_TEST;

GST_START_TEST (without_silence_nothing_leaves_before_speech)
{
  PlayoutDriver driver (fixed ({.silence = false}), {{500ms, 4800, true}});
  driver.run (499ms);
  fail_unless_equals_int (driver.waits, 1);
  driver.run (1s);
  fail_unless_story (driver, "|speech 500-700 ");
}
GST_END_TEST;

GST_START_TEST (speech_that_is_there_at_once_needs_no_silence_before)
{
  PlayoutDriver driver (fixed (), {{0ms, 4800, true}});
  driver.run (300ms);
  fail_unless_story (driver, "|speech 0-200 silence 200-300 ");
}
GST_END_TEST;

GST_START_TEST (speech_starts_when_the_prebuffer_is_full)
{
  // 170 ms are four chunks and a bit
  fail_unless_same (
      story (fixed (), {{100ms, 960}, {130ms, 960}, {160ms, 960}, {190ms, 960}, {220ms, 960}}, 300ms),
      "|silence 0-220 speech 220-320 ");
  fail_unless_same (story (fixed (), {{100ms, 4079}, {187ms, 1}}, 300ms), "|silence 0-180 speech 180-320 ");
  fail_unless_same (story (fixed (), {{100ms, 4080}}, 200ms), "|silence 0-100 speech 100-220 ");
}
GST_END_TEST;

GST_START_TEST (speech_begins_where_the_silence_ended)
{
  const struct {
    nanoseconds arrival;
    nanoseconds pts;
  } cases[] = {{100ms, 100ms}, {109ms, 100ms}, {110ms, 120ms},
               {111ms, 120ms}, {120ms, 120ms}, {125ms, 120ms}};
  for (const auto &[arrival, pts] : cases) {
    PlayoutDriver driver (fixed (), {{arrival, 4800, true}});
    driver.run (1s);
    fail_unless_right (driver);
    const auto &handed = driver.handed ();
    const auto first = std::find_if (handed.begin (), handed.end (), [] (const auto &h) { return h.speech; });
    fail_unless (first->slot.pts == pts && first->at == arrival);  // at once, whatever its PTS
  }
}
GST_END_TEST;

GST_START_TEST (a_short_answer_starts_when_it_has_ended)
{
  fail_unless_same (story (fixed (), {{100ms, 480, true}}, 150ms),
                    "|silence 0-100 speech 100-120 silence 120-160 ");
  fail_unless_same (story (fixed (), {{100ms, 480}, {147ms, 0, true}}, 200ms),
                    "|silence 0-140 speech 140-160 silence 160-200 ");
  fail_unless_same (story (fixed ({.silence = false}), {{100ms, 1, true}}, 1s), "|speech 100-100.042 ");
}
GST_END_TEST;

GST_START_TEST (an_answer_that_dribbles_starts_after_the_longest_wait)
{
  fail_unless_same (story (fixed (), {{100ms, 960}, {600ms, 960}}, 1190ms),
                    "|silence 0-1100 speech 1100-1180 ");
  fail_unless_same (story (fixed ({.silence = false, .start = {.max_wait = 250ms}}), {{100ms, 960}}, 1s),
                    "|speech 350-390 ");
}
GST_END_TEST;

GST_START_TEST (an_answer_starts_when_there_is_no_room_for_more_of_it)
{
  Playout playout (fixed ({.silence = false}));
  fail_unless (std::holds_alternative<Playout::WaitUntil> (
      playout.next (0ms, {.frames = 480, .head_chunk = 480, .chunks = 1})));
  fail_unless (std::holds_alternative<Playout::Speech> (
      playout.next (1ms, {.frames = 480, .head_chunk = 480, .chunks = 1, .full = true})));
}
GST_END_TEST;

GST_START_TEST (a_turn_without_audio_is_over_at_once)
{
  for (const bool live : {true, false}) {
    PlayoutDriver driver (fixed ({.live = live, .silence = false}), {{100ms, 0, true}, {100ms, 0, true}});
    driver.run (100ms);
    fail_unless_story (driver, "");
    fail_unless_equals_int (driver.turns_over, 2);
  }
}
GST_END_TEST;

GST_START_TEST (speech_leaves_at_its_time_or_so_much_ahead)
{
  for (const auto lead : {0ms, 100ms, 5000ms}) {
    PlayoutDriver driver (fixed ({.lead = lead}), {{100ms, 24000, true}});
    driver.run (2s);
    fail_unless_right (driver);
    for (const auto &handed : driver.handed ())
      if (handed.speech)
        fail_unless (
            handed.at == std::max<nanoseconds> (100ms, handed.slot.pts - lead) ||
            (lead > 0ms && handed.at == std::max<nanoseconds> (100ms, handed.slot.pts - lead + 20ms)));
  }
}
GST_END_TEST;

GST_START_TEST (with_a_lead_of_two_buffers_speech_leaves_two_at_a_time)
{
  for (const auto lead : {39ms, 40ms, 200ms}) {
    PlayoutDriver driver (fixed ({.lead = lead}), {{100ms, 24000, true}});
    driver.run (2s);
    fail_unless_right (driver);
    std::set<nanoseconds> times;
    size_t buffers = 0;
    for (const auto &handed : driver.handed ())
      if (handed.speech && handed.slot.pts > 100ms + lead + 20ms) {
        times.insert (handed.at);
        buffers++;
      }
    fail_unless (buffers > 30);
    const size_t most = lead < 40ms ? buffers : buffers / 2 + 1;
    fail_unless (times.size () <= most && times.size () >= most - 1);
  }
}
GST_END_TEST;

GST_START_TEST (without_a_limit_to_its_lead_everything_leaves_at_once)
{
  PlayoutDriver driver (fixed ({.lead = -1ns}), {{100ms, 24000, true}, {300ms, 24000, true}});
  driver.run (300ms);
  fail_unless_story (driver, "|silence 0-100 speech 100-1100 speech 1100-2100 ");
  driver.run (2200ms);
  fail_unless_story (driver, "|silence 0-100 speech 100-1100 speech 1100-2100 silence 2100-2200 ");
}
GST_END_TEST;

GST_START_TEST (after_a_cut_silence_goes_on_where_speech_stopped)
{
  PlayoutDriver driver (fixed (), {{100ms, 48000}, {700ms, 960}, {800ms, 960, true}});
  driver.run (505ms);
  driver.cut ();
  driver.run (799ms);  // 40 ms are no prebuffer
  fail_unless_story (driver, "|silence 0-100 speech 100-520 silence 520-800 ");
  driver.run (1s);
  fail_unless_story (driver,
                     "|silence 0-100 speech 100-520 silence 520-800 speech 800-880 silence 880-1000 ");
  fail_unless_equals_int (driver.playout ().underruns (), 0);

  PlayoutDriver quiet (fixed ({.silence = false}), {{100ms, 48000}, {700ms, 4800, true}});
  quiet.run (500ms);
  quiet.cut ();
  quiet.run (1s);
  fail_unless_story (quiet, "|speech 100-520 |speech 700-900 ");
}
GST_END_TEST;

GST_START_TEST (a_turn_cut_before_it_was_heard_does_not_hurry_the_next)
{
  PlayoutDriver driver (fixed (), {{100ms, 960}, {500ms, 960}});
  driver.run (400ms);
  driver.cut ();
  driver.run (1580ms);
  fail_unless_story (driver, "|silence 0-1500 speech 1500-1540 silence 1540-1580 ");
}
GST_END_TEST;

GST_START_TEST (the_pause_after_a_cut_is_no_late_audio)
{
  const auto learnt = [] (bool cut) {
    std::vector<Arrival> arrivals (10, {100ms, 480});
    arrivals.push_back (cut ? Arrival{100ms, 480} : Arrival{200ms, 0, true});
    arrivals.insert (arrivals.end (), 10, {600ms, 4800});
    arrivals.push_back ({600ms, 4800, true});
    PlayoutDriver driver ({}, arrivals);
    driver.run (200ms);
    if (cut)
      driver.cut ();
    driver.finish ();
    fail_unless_right (driver);
    return driver.playout ().prebuffer ();
  };
  fail_unless (learnt (true) == learnt (false));
}
GST_END_TEST;

GST_START_TEST (an_underrun_is_one_pause_after_which_the_prebuffer_is_filled_again)
{
  const std::vector<Arrival> arrivals{{100ms, 4800}, {400ms, 960}, {447ms, 4800}, {460ms, 960, true}};
  PlayoutDriver driver (fixed (), arrivals);
  driver.run (800ms);
  fail_unless_story (driver, "|silence 0-100 speech 100-300 silence 300-440 speech 440-720 silence 720-800 ");
  fail_unless_equals_int (driver.playout ().underruns (), 1);

  PlayoutDriver quiet (fixed ({.silence = false}), arrivals);
  quiet.run (800ms);
  fail_unless_story (quiet, "|speech 100-300 |speech 447-727 ");
  fail_unless_equals_int (quiet.playout ().underruns (), 1);
}
GST_END_TEST;

GST_START_TEST (each_underrun_is_counted_once)
{
  PlayoutDriver driver (fixed (),
                        {{100ms, 4800}, {400ms, 4800}, {900ms, 4800, true}, {2s, 4800, true}, {3s, 48000}});
  driver.run (1s);
  fail_unless_equals_int (driver.playout ().underruns (), 2);
  driver.run (4s);
  fail_unless_right (driver);
  fail_unless_equals_int (driver.playout ().underruns (), 2);
}
GST_END_TEST;

GST_START_TEST (what_can_still_be_played_at_its_time_is_not_late)
{
  PlayoutDriver driver (fixed (), {{100ms, 4800}, {320ms, 4800, true}});
  driver.run (600ms);
  fail_unless_story (driver, "|silence 0-100 speech 100-500 silence 500-600 ");
  fail_unless_equals_int (driver.playout ().underruns (), 0);
}
GST_END_TEST;

GST_START_TEST (a_turn_whose_end_is_told_late_had_no_underrun)
{
  PlayoutDriver driver (fixed (), {{100ms, 4800}, {2s, 0, true}, {3s, 4800, true}});
  driver.run (4s);
  fail_unless_story (driver,
                     "|silence 0-100 speech 100-300 silence 300-3000 speech 3000-3200 silence 3200-4000 ");
  fail_unless_equals_int (driver.turns_over, 2);
  fail_unless_equals_int (driver.playout ().underruns (), 0);
}
GST_END_TEST;

GST_START_TEST (the_next_turn_follows_without_a_gap)
{
  for (const bool silence : {true, false}) {
    PlayoutDriver driver (fixed ({.silence = silence}),
                          {{0ms, 4800, true}, {110ms, 4800, true}, {110ms, 100, true}});
    driver.finish ();
    fail_unless_story (driver, "|speech 0-200 speech 200-400 speech 400-404.167 ");
    fail_unless_equals_int (driver.turns_over, 3);
  }
}
GST_END_TEST;

GST_START_TEST (the_next_turn_leaves_at_its_time_behind_a_long_buffer)
{
  PlayoutDriver driver (fixed ({.frames_per_buffer = 0}), {{0ms, 240000, true}, {200ms, 4800, true}});
  driver.run (5s);
  fail_unless_story (driver, "|speech 0-10000 ");
  driver.cut ();  // so it can still be dropped
  driver.run (10020ms);
  fail_unless_story (driver, "|speech 0-10000 silence 10000-10020 ");
}
GST_END_TEST;

GST_START_TEST (not_live_everything_leaves_when_it_comes_and_begins_at_0)
{
  PlayoutDriver driver (fixed ({.live = false}),
                        {{100ms, 4800}, {5s, 1}, {9s, 479, true}, {10s, 4800, true}});
  driver.finish ();
  fail_unless_story (driver, "|speech 0-220 speech 220-420 ");
  fail_unless (driver.playout ().latency () == 0ns);
  for (const auto &handed : driver.handed ())
    fail_unless (handed.at == 100ms || handed.at == 5s || handed.at == 9s || handed.at == 10s);
  fail_unless_equals_int (driver.handed ().size (), 10 + 1 + 1 + 10);
  fail_unless_equals_int (driver.starts, 2);
}
GST_END_TEST;

GST_START_TEST (not_live_a_cut_keeps_the_timeline)
{
  PlayoutDriver driver (fixed ({.live = false}), {{100ms, 4800}, {200ms, 4800, true}});
  driver.run (150ms);
  driver.cut ();
  driver.run (1s);
  fail_unless_story (driver, "|speech 0-200 speech 200-400 ");
  fail_unless_equals_int (driver.turns_over, 2);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (
    playout, silence_flows_in_real_time_half_a_buffer_late, without_silence_nothing_leaves_before_speech,
    speech_that_is_there_at_once_needs_no_silence_before, speech_starts_when_the_prebuffer_is_full,
    speech_begins_where_the_silence_ended, a_short_answer_starts_when_it_has_ended,
    an_answer_that_dribbles_starts_after_the_longest_wait,
    an_answer_starts_when_there_is_no_room_for_more_of_it, a_turn_without_audio_is_over_at_once,
    speech_leaves_at_its_time_or_so_much_ahead, with_a_lead_of_two_buffers_speech_leaves_two_at_a_time,
    without_a_limit_to_its_lead_everything_leaves_at_once, after_a_cut_silence_goes_on_where_speech_stopped,
    a_turn_cut_before_it_was_heard_does_not_hurry_the_next, the_pause_after_a_cut_is_no_late_audio,
    an_underrun_is_one_pause_after_which_the_prebuffer_is_filled_again, each_underrun_is_counted_once,
    what_can_still_be_played_at_its_time_is_not_late, a_turn_whose_end_is_told_late_had_no_underrun,
    the_next_turn_follows_without_a_gap, the_next_turn_leaves_at_its_time_behind_a_long_buffer,
    not_live_everything_leaves_when_it_comes_and_begins_at_0, not_live_a_cut_keeps_the_timeline)
