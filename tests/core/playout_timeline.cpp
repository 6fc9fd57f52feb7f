#include <random>

#include "core/playout_driver.h"

using gemini::Playout;
using namespace gemini::test;
using std::chrono::nanoseconds;

using Config = Playout::Config;

/// The chunks of one recorded answer.
static std::vector<uint64_t> recorded ()
{
  std::vector<uint64_t> chunks{4800};
  const auto add = [&] (size_t count, uint64_t frames) { chunks.insert (chunks.end (), count, frames); };
  add (8, 5760), add (1, 960), add (2, 4800), add (3, 5760), add (3, 4800), add (4, 5760), add (1, 960),
      add (1, 4800);
  return chunks;
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

/// One answer from its first chunk to the silence after it.
static void fail_unless_kept (const Config &config, const std::vector<uint64_t> &chunks, double pace)
{
  PlayoutDriver driver (config, paced (chunks, pace, 137ms));
  driver.finish ();
  fail_unless_right (driver);
  fail_unless_equals_int (driver.turns_over, 1);

  const unsigned underruns = driver.playout ().underruns ();
  fail_unless_equals_int (driver.starts, 1 + underruns);
  const bool starves = config.live && pace > 0 && pace < 1 && chunks.size () > 1;
  fail_unless ((underruns > 0) == starves, "%u underruns at pace %g", underruns, pace);

  if (config.live)
    driver.run (driver.handed ().back ().at + 200ms);
  fail_unless_right (driver);
}

GST_START_TEST (every_pattern_at_every_pace_keeps_the_timeline)
{
  const std::vector<uint64_t> patterns[] = {
      recorded (), std::vector<uint64_t> (60, 960), {36000}, std::vector<uint64_t> (2000, 37)};
  for (const auto &chunks : patterns)
    for (const uint64_t frames_per_buffer : {480, 1024, 0, 1})
      for (const double pace : {0.0, 20.0, 1.0, 0.8})
        for (const bool silence : {true, false})
          for (const bool live : {true, false}) {
            if (!live && silence)
              continue;  // the same as without
            const Config config{.live = live, .silence = silence, .frames_per_buffer = frames_per_buffer};
            if (frames_per_buffer == 1) {  // a million steps: once, and not to the end
              fail_unless_kept (config, {chunks.begin (), chunks.begin () + (chunks.size () + 1) / 2}, pace);
              continue;
            }
            fail_unless_kept (config, chunks, pace);
            fail_unless_kept (fixed (config), chunks, pace);
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

    PlayoutDriver driver (roll (0, 1) ? config : fixed (config), arrivals);
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

GST_START_TEST (another_rate_changes_neither_time_nor_the_length_of_buffers)
{
  for (const uint64_t frames_per_buffer : {480, 1024, 1000, 1}) {
    PlayoutDriver driver (fixed ({.frames_per_buffer = frames_per_buffer}), {{50ms, 240000}});
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
      PlayoutDriver driver (fixed ({.live = live, .rate = rate, .frames_per_buffer = 0}),
                            {{1s, kDays * rate + 1}, {2s, 441}, {3s, rate, true}});
      driver.finish ();
      fail_unless_right (driver);
    }
    // silence
    PlayoutDriver driver (fixed ({.rate = rate, .frames_per_buffer = 240000}), {});
    driver.run (std::chrono::seconds (kDays));
    fail_unless_right (driver);
  }
}
GST_END_TEST;

GST_START_TEST (a_machine_that_slept_goes_on_now)
{
  PlayoutDriver idle (fixed (), {});
  idle.run (1s);
  idle.nap (10s);
  idle.run (12s);
  fail_unless_story (idle, "|silence 0-1000 |silence 10990-12010 ");

  PlayoutDriver speaking (fixed (), {{100ms, 48000, true}});
  speaking.run (1s);
  speaking.nap (10s);
  speaking.finish ();
  fail_unless_story (speaking, "|silence 0-100 speech 100-1020 |silence 10990-11010 speech 11010-12090 ");

  PlayoutDriver quiet (fixed ({.silence = false}), {{100ms, 48000, true}});
  quiet.run (1s);
  quiet.nap (10s);
  quiet.finish ();
  fail_unless_story (quiet, "|speech 100-1020 |speech 11000-12080 ");
}
GST_END_TEST;

GST_START_TEST (a_short_nap_is_filled_with_silence)
{
  PlayoutDriver idle (fixed (), {});
  idle.run (1s);
  idle.nap (300ms);
  idle.run (2s);
  fail_unless_story (idle, "|silence 0-2000 ");
  const auto filled = [] (const auto &handed) { return handed.slot.duration == 300ms; };  // in one piece
  fail_unless (std::count_if (idle.handed ().begin (), idle.handed ().end (), filled) == 1);

  PlayoutDriver speaking (fixed (), {{100ms, 48000, true}});
  speaking.run (1s);
  speaking.nap (300ms);
  speaking.finish ();
  fail_unless_story (speaking, "|silence 0-100 speech 100-1020 silence 1020-1300 speech 1300-2380 ");
}
GST_END_TEST;

GST_START_TEST (timers_that_ring_late_do_no_harm)
{
  PlayoutDriver driver (fixed (), paced (recorded (), 1, 137ms));
  driver.oversleep (3ms);
  driver.finish ();
  fail_unless_right (driver);
  fail_unless_equals_int (driver.playout ().underruns (), 0);
}
GST_END_TEST;

GST_START_TEST (speech_that_leaves_ahead_of_its_time_has_no_pause_where_a_thread_is_late)
{
  PlayoutDriver driver (fixed ({.lead = 60ms}), {{100ms, 48000, true}});
  driver.run (200ms);
  driver.oversleep (50ms);
  driver.finish ();
  fail_unless_right (driver);
  fail_unless_equals_int (driver.playout ().underruns (), 0);
}
GST_END_TEST;

GST_START_TEST (very_long_buffers_of_silence_never_go_back)
{
  PlayoutDriver driver (fixed ({.frames_per_buffer = 240000}),
                        {{12s, 960}, {12900ms, 960}, {14s, 4800, true}});
  driver.run (60s);
  fail_unless_right (driver);
  fail_unless_equals_int (driver.turns_over, 1);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (playout_timeline, every_pattern_at_every_pace_keeps_the_timeline,
                   whatever_happens_the_timeline_is_kept,
                   another_rate_changes_neither_time_nor_the_length_of_buffers, nothing_drifts_in_24_days,
                   a_machine_that_slept_goes_on_now, a_short_nap_is_filled_with_silence,
                   timers_that_ring_late_do_no_harm,
                   speech_that_leaves_ahead_of_its_time_has_no_pause_where_a_thread_is_late,
                   very_long_buffers_of_silence_never_go_back)
