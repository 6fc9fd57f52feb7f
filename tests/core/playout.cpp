#include "core/playout.h"

#include <random>
#include <source_location>

#include "core/playout_driver.h"
#include "support/check.h"

using gemini::Playout;
using gemini::test::Arrival;
using gemini::test::PlayoutDriver;
using std::chrono::nanoseconds;
using namespace std::chrono_literals;

using Config = Playout::Config;
using At = std::source_location;

static void fail_unless_right (const PlayoutDriver &driver, At at = At::current ())
{
  fail_unless (driver.wrong ().empty (), "line %u: %s\n%s", at.line (), driver.wrong ().c_str (),
               driver.story ().substr (0, 2000).c_str ());
}

static void fail_unless_story (const PlayoutDriver &driver, const char *expected, At at = At::current ())
{
  fail_unless_right (driver, at);
  const std::string story = driver.story ();
  fail_unless (story == expected, "line %u: '%s'\nis not '%s'", at.line (), story.c_str (), expected);
}

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

/// How chunks of 24 kHz come in: `pace` times as fast as they are played; 0: all at once.
static std::vector<Arrival> paced (const std::vector<uint64_t> &chunks, double pace, nanoseconds begin)
{
  std::vector<Arrival> arrivals;
  uint64_t before = 0;
  for (const uint64_t frames : chunks) {
    const double seconds = pace > 0 ? static_cast<double> (before) / 24000 / pace : 0;
    arrivals.push_back ({begin + nanoseconds (static_cast<int64_t> (seconds * 1e9)), frames});
    before += frames;
  }
  arrivals.back ().ends = true;
  return arrivals;
}

static std::vector<uint64_t> recorded ()
{
  std::vector<uint64_t> chunks{4800};
  const auto add = [&] (size_t count, uint64_t frames) { chunks.insert (chunks.end (), count, frames); };
  add (8, 5760), add (1, 960), add (2, 4800), add (3, 5760), add (3, 4800), add (4, 5760), add (1, 960),
      add (1, 4800);
  return chunks;
}

GST_START_TEST (every_pattern_at_every_pace_keeps_the_timeline)
{
  const std::vector<uint64_t> patterns[] = {
      recorded (), std::vector<uint64_t> (60, 960), {72000}, std::vector<uint64_t> (2000, 37)};
  for (const auto &chunks : patterns)
    for (const uint64_t frames_per_buffer : {480, 1024, 0, 1})
      for (const double pace : {0.0, 20.0, 1.0, 0.8})
        for (const bool silence : {true, false})
          for (const bool live : {true, false}) {
            PlayoutDriver driver ({.live = live, .silence = silence, .frames_per_buffer = frames_per_buffer},
                                  paced (chunks, pace, 137ms));
            driver.finish ();
            fail_unless_right (driver);
            fail_unless_equals_int (driver.turns_over, 1);
            const unsigned underruns = driver.playout ().underruns ();
            fail_unless_equals_int (driver.starts, 1 + underruns);
            const bool starves = live && pace > 0 && pace < 1 && chunks.size () > 1;
            fail_unless ((underruns > 0) == starves, "%u underruns at pace %g", underruns, pace);
            if (!live)
              continue;
            driver.run (driver.handed ().back ().at + 200ms);
            fail_unless_right (driver);
          }
}
GST_END_TEST;

GST_START_TEST (whatever_happens_the_timeline_is_kept)
{
  for (unsigned seed = 1; seed <= 400; ++seed) {
    std::minstd_rand dice (seed);
    const auto roll = [&] (unsigned from, unsigned to) {
      return from + static_cast<unsigned> (dice ()) % (to - from + 1);
    };
    const uint64_t sizes[] = {0, 100, 480, 1024, 240000};
    Config config{.live = roll (0, 5) > 0, .silence = roll (0, 2) > 0, .rate = roll (0, 1) ? 24000u : 22051u};
    config.frames_per_buffer = sizes[roll (0, 4)];
    config.lead = roll (0, 3) ? 0ns : nanoseconds (roll (0, 2) * 100'000'000) - 1ns;

    std::vector<Arrival> arrivals;
    nanoseconds time = 0ns;
    for (unsigned i = 0; i < 120; ++i) {
      time += nanoseconds (roll (0, 3) ? roll (0, 60'000'000) : roll (0, 700'000'000));
      arrivals.push_back ({time, roll (0, 8) ? roll (1, 9000) : 0, roll (0, 9) == 0});
    }
    arrivals.back ().ends = true;

    PlayoutDriver driver (config, arrivals);
    for (unsigned i = 1; i <= 10; ++i) {
      driver.run (time * i / 20);
      if (roll (0, 2) == 0)
        driver.cut ();
      if (config.live && seed % 3 == 0 && i == 5)
        driver.nap (nanoseconds (roll (0, 5) * 400'000'000));
    }
    driver.run (time);
    fail_unless (driver.wrong ().empty (), "seed %u: %s", seed, driver.wrong ().c_str ());
    driver.finish ();
    fail_unless (driver.wrong ().empty (), "seed %u: %s", seed, driver.wrong ().c_str ());
  }
}
GST_END_TEST;

GST_START_TEST (silence_flows_in_real_time_half_a_buffer_late)
{
  PlayoutDriver driver ({}, {});
  driver.run (1s);
  fail_unless_story (driver, "|silence 0-1000 ");
  fail_unless (driver.handed ()[0].at == 0ns && driver.handed ()[0].starts);
  for (size_t i = 1; i < driver.handed ().size (); ++i)
    fail_unless (driver.handed ()[i].at == driver.handed ()[i].slot.pts + 10ms);
  fail_unless (driver.playout ().latency () == 20ms);
}
GST_END_TEST;

GST_START_TEST (without_silence_nothing_leaves_before_speech)
{
  PlayoutDriver driver ({.silence = false}, {{500ms, 4800, true}});
  driver.run (499ms);
  fail_unless_equals_int (driver.waits, 1);
  driver.run (1s);
  fail_unless_story (driver, "|speech 500-700 ");
}
GST_END_TEST;

GST_START_TEST (speech_that_is_there_at_once_needs_no_silence_before)
{
  PlayoutDriver driver ({}, {{0ms, 4800, true}});
  driver.run (300ms);
  fail_unless_story (driver, "|speech 0-200 silence 200-300 ");
}
GST_END_TEST;

GST_START_TEST (speech_starts_when_the_prebuffer_is_full)
{
  // 170 ms are four chunks and a bit
  fail_unless_same (story ({}, {{100ms, 960}, {130ms, 960}, {160ms, 960}, {190ms, 960}, {220ms, 960}}, 300ms),
                    "|silence 0-220 speech 220-320 ");
  fail_unless_same (story ({}, {{100ms, 4079}, {187ms, 1}}, 300ms), "|silence 0-180 speech 180-320 ");
  fail_unless_same (story ({}, {{100ms, 4080}}, 200ms), "|silence 0-100 speech 100-220 ");
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
    PlayoutDriver driver ({}, {{arrival, 4800, true}});
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
  fail_unless_same (story ({}, {{100ms, 480, true}}, 150ms),
                    "|silence 0-100 speech 100-120 silence 120-160 ");
  fail_unless_same (story ({}, {{100ms, 480}, {147ms, 0, true}}, 200ms),
                    "|silence 0-140 speech 140-160 silence 160-200 ");
  fail_unless_same (story ({.silence = false}, {{100ms, 1, true}}, 1s), "|speech 100-100.042 ");
}
GST_END_TEST;

GST_START_TEST (an_answer_that_dribbles_starts_after_the_longest_wait)
{
  fail_unless_same (story ({}, {{100ms, 960}, {600ms, 960}}, 1190ms), "|silence 0-1100 speech 1100-1180 ");
  fail_unless_same (story ({.silence = false, .max_prebuffer_wait = 250ms}, {{100ms, 960}}, 1s),
                    "|speech 350-390 ");
}
GST_END_TEST;

GST_START_TEST (a_turn_without_audio_is_over_at_once)
{
  for (const bool live : {true, false}) {
    PlayoutDriver driver ({.live = live, .silence = false}, {{100ms, 0, true}, {100ms, 0, true}});
    driver.run (100ms);
    fail_unless_story (driver, "");
    fail_unless_equals_int (driver.turns_over, 2);
  }
}
GST_END_TEST;

GST_START_TEST (speech_leaves_at_its_time_or_so_much_ahead)
{
  for (const auto lead : {0ms, 100ms, 5000ms}) {
    PlayoutDriver driver ({.lead = lead}, {{100ms, 24000, true}});
    driver.run (2s);
    fail_unless_right (driver);
    for (const auto &handed : driver.handed ())
      if (handed.speech)
        fail_unless (handed.at == std::max<nanoseconds> (100ms, handed.slot.pts - lead));
  }
}
GST_END_TEST;

GST_START_TEST (without_a_limit_to_its_lead_everything_leaves_at_once)
{
  PlayoutDriver driver ({.lead = -1ns}, {{100ms, 24000, true}, {300ms, 24000, true}});
  driver.run (300ms);
  fail_unless_story (driver, "|silence 0-100 speech 100-1100 speech 1100-2100 ");
  driver.run (2200ms);
  fail_unless_story (driver, "|silence 0-100 speech 100-1100 speech 1100-2100 silence 2100-2200 ");
}
GST_END_TEST;

GST_START_TEST (after_a_cut_silence_goes_on_where_speech_stopped)
{
  PlayoutDriver driver ({}, {{100ms, 48000}, {700ms, 960}, {800ms, 960, true}});
  driver.run (505ms);
  driver.cut ();
  driver.run (799ms);  // 40 ms are no prebuffer
  fail_unless_story (driver, "|silence 0-100 speech 100-520 silence 520-800 ");
  driver.run (1s);
  fail_unless_story (driver,
                     "|silence 0-100 speech 100-520 silence 520-800 speech 800-880 silence 880-1000 ");
  fail_unless_equals_int (driver.playout ().underruns (), 0);

  PlayoutDriver quiet ({.silence = false}, {{100ms, 48000}, {700ms, 4800, true}});
  quiet.run (500ms);
  quiet.cut ();
  quiet.run (1s);
  fail_unless_story (quiet, "|speech 100-520 |speech 700-900 ");
}
GST_END_TEST;

GST_START_TEST (a_turn_cut_before_it_was_heard_does_not_hurry_the_next)
{
  PlayoutDriver driver ({}, {{100ms, 960}, {500ms, 960}});
  driver.run (400ms);
  driver.cut ();
  driver.run (1580ms);
  fail_unless_story (driver, "|silence 0-1500 speech 1500-1540 silence 1540-1580 ");
}
GST_END_TEST;

GST_START_TEST (an_underrun_is_one_pause_after_which_the_prebuffer_is_filled_again)
{
  const std::vector<Arrival> arrivals{{100ms, 4800}, {400ms, 960}, {447ms, 4800}, {460ms, 960, true}};
  PlayoutDriver driver ({}, arrivals);
  driver.run (800ms);
  fail_unless_story (driver, "|silence 0-100 speech 100-300 silence 300-440 speech 440-720 silence 720-800 ");
  fail_unless_equals_int (driver.playout ().underruns (), 1);

  PlayoutDriver quiet ({.silence = false}, arrivals);
  quiet.run (800ms);
  fail_unless_story (quiet, "|speech 100-300 |speech 447-727 ");
  fail_unless_equals_int (quiet.playout ().underruns (), 1);
}
GST_END_TEST;

GST_START_TEST (what_can_still_be_played_at_its_time_is_not_late)
{
  PlayoutDriver driver ({}, {{100ms, 4800}, {320ms, 4800, true}});
  driver.run (600ms);
  fail_unless_story (driver, "|silence 0-100 speech 100-500 silence 500-600 ");
  fail_unless_equals_int (driver.playout ().underruns (), 0);
}
GST_END_TEST;

GST_START_TEST (a_turn_whose_end_is_told_late_had_no_underrun)
{
  PlayoutDriver driver ({}, {{100ms, 4800}, {2s, 0, true}, {3s, 4800, true}});
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
    PlayoutDriver driver ({.silence = silence}, {{0ms, 4800, true}, {110ms, 4800, true}, {110ms, 100, true}});
    driver.finish ();
    fail_unless_story (driver, "|speech 0-200 speech 200-400 speech 400-404.167 ");
    fail_unless_equals_int (driver.turns_over, 3);
  }
}
GST_END_TEST;

GST_START_TEST (the_next_turn_leaves_at_its_time_behind_a_long_buffer)
{
  PlayoutDriver driver ({.frames_per_buffer = 0}, {{0ms, 240000, true}, {200ms, 4800, true}});
  driver.run (5s);
  fail_unless_story (driver, "|speech 0-10000 ");
  driver.cut ();  // so it can still be dropped
  driver.run (10020ms);
  fail_unless_story (driver, "|speech 0-10000 silence 10000-10020 ");
}
GST_END_TEST;

GST_START_TEST (another_rate_changes_neither_time_nor_the_length_of_buffers)
{
  for (const uint64_t frames_per_buffer : {480, 1024, 1000, 1}) {
    PlayoutDriver driver ({.frames_per_buffer = frames_per_buffer}, {{50ms, 240000}});
    driver.run (200ms);
    for (const unsigned rate : {48000, 44100, 8000, 48000, 24000}) {
      driver.set_rate (rate);
      driver.run (driver.playout ().position () + 100ms);
      fail_unless_right (driver);
      if (frames_per_buffer > 1)
        fail_unless (abs (driver.handed ().back ().slot.duration - driver.playout ().latency ()) <=
                     nanoseconds (1s) / rate);
    }
    fail_unless (driver.handed ().back ().slot.frames == frames_per_buffer);
    driver.set_rate (24000);
    fail_unless (driver.playout ().position () ==
                 driver.handed ().back ().slot.pts + driver.handed ().back ().slot.duration);
  }
}
GST_END_TEST;

GST_START_TEST (nothing_drifts_in_24_days)
{
  constexpr uint64_t kDays = 24 * 24 * 3600;
  for (const unsigned rate : {24000, 44100, 22051}) {
    // speech in one chunk, then by buffer
    for (const bool live : {true, false}) {
      PlayoutDriver driver ({.live = live, .rate = rate, .frames_per_buffer = 0},
                            {{1s, kDays * rate + 1}, {2s, 441}, {3s, rate, true}});
      driver.finish ();
      fail_unless_right (driver);
    }
    // silence
    PlayoutDriver driver ({.rate = rate, .frames_per_buffer = 240000}, {});
    driver.run (std::chrono::seconds (kDays));
    fail_unless_right (driver);
  }
}
GST_END_TEST;

GST_START_TEST (a_machine_that_slept_goes_on_now)
{
  PlayoutDriver idle ({}, {});
  idle.run (1s);
  idle.nap (10s);
  idle.run (12s);
  fail_unless_story (idle, "|silence 0-1000 |silence 10990-12010 ");

  PlayoutDriver speaking ({}, {{100ms, 48000, true}});
  speaking.run (1s);
  speaking.nap (10s);
  speaking.finish ();
  fail_unless_story (speaking, "|silence 0-100 speech 100-1020 |silence 10990-11010 speech 11010-12090 ");

  PlayoutDriver quiet ({.silence = false}, {{100ms, 48000, true}});
  quiet.run (1s);
  quiet.nap (10s);
  quiet.finish ();
  fail_unless_story (quiet, "|speech 100-1020 |speech 11000-12080 ");
}
GST_END_TEST;

GST_START_TEST (a_short_nap_is_filled_with_silence)
{
  PlayoutDriver idle ({}, {});
  idle.run (1s);
  idle.nap (300ms);
  idle.run (2s);
  fail_unless_story (idle, "|silence 0-2000 ");

  PlayoutDriver speaking ({}, {{100ms, 48000, true}});
  speaking.run (1s);
  speaking.nap (300ms);
  speaking.finish ();
  fail_unless_story (speaking, "|silence 0-100 speech 100-1020 silence 1020-1300 speech 1300-2380 ");
}
GST_END_TEST;

GST_START_TEST (timers_that_ring_late_do_no_harm)
{
  PlayoutDriver driver ({}, paced (recorded (), 1, 137ms));
  driver.oversleep (3ms);
  driver.finish ();
  fail_unless_right (driver);
  fail_unless_equals_int (driver.playout ().underruns (), 0);
}
GST_END_TEST;

GST_START_TEST (very_long_buffers_of_silence_never_go_back)
{
  PlayoutDriver driver ({.frames_per_buffer = 240000}, {{12s, 960}, {12900ms, 960}, {14s, 4800, true}});
  driver.run (60s);
  fail_unless_right (driver);
  fail_unless_equals_int (driver.turns_over, 1);
}
GST_END_TEST;

GST_START_TEST (not_live_everything_leaves_when_it_comes_and_begins_at_0)
{
  PlayoutDriver driver ({.live = false}, {{100ms, 4800}, {5s, 1}, {9s, 479, true}, {10s, 4800, true}});
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
  PlayoutDriver driver ({.live = false}, {{100ms, 4800}, {200ms, 4800, true}});
  driver.run (150ms);
  driver.cut ();
  driver.run (1s);
  fail_unless_story (driver, "|speech 0-200 speech 200-400 ");
  fail_unless_equals_int (driver.turns_over, 2);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (
    playout, every_pattern_at_every_pace_keeps_the_timeline, whatever_happens_the_timeline_is_kept,
    silence_flows_in_real_time_half_a_buffer_late, without_silence_nothing_leaves_before_speech,
    speech_that_is_there_at_once_needs_no_silence_before, speech_starts_when_the_prebuffer_is_full,
    speech_begins_where_the_silence_ended, a_short_answer_starts_when_it_has_ended,
    an_answer_that_dribbles_starts_after_the_longest_wait, a_turn_without_audio_is_over_at_once,
    speech_leaves_at_its_time_or_so_much_ahead, without_a_limit_to_its_lead_everything_leaves_at_once,
    after_a_cut_silence_goes_on_where_speech_stopped, a_turn_cut_before_it_was_heard_does_not_hurry_the_next,
    an_underrun_is_one_pause_after_which_the_prebuffer_is_filled_again,
    what_can_still_be_played_at_its_time_is_not_late, a_turn_whose_end_is_told_late_had_no_underrun,
    the_next_turn_follows_without_a_gap, the_next_turn_leaves_at_its_time_behind_a_long_buffer,
    another_rate_changes_neither_time_nor_the_length_of_buffers, nothing_drifts_in_24_days,
    a_machine_that_slept_goes_on_now, a_short_nap_is_filled_with_silence, timers_that_ring_late_do_no_harm,
    very_long_buffers_of_silence_never_go_back, not_live_everything_leaves_when_it_comes_and_begins_at_0,
    not_live_a_cut_keeps_the_timeline)
