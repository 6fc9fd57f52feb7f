// The start rule when speech runs dry, alone and within a playout.

#include "core/playout_driver.h"
#include "core/start_rule_fixture.h"

using namespace gemini::test;
using std::chrono::nanoseconds;

GST_START_TEST (each_time_speech_runs_dry_more_is_asked_for)
{
  for (const bool is_fresh : {true, false}) {
    Session session;
    if (!is_fresh)
      session.turn (50, 40ms);
    session.speak (2, 240ms);
    session.rule.ran_dry ();
    fail_unless (!session.rule.wait (339ms, 2));
    fail_unless_now (session.rule.wait (340ms, 2));
    session.rule.ran_dry ();
    fail_unless (!session.rule.wait (679ms, 9));
    fail_unless_now (session.rule.wait (680ms, 9));
  }
}
GST_END_TEST;

GST_START_TEST (a_turn_that_ran_dry_leaves_the_next_one_free)
{
  Session session;
  session.speak (50, 40ms);
  session.rule.ran_dry ();
  session.rule.turn_ended ();
  session.speak (1, 40ms);
  fail_unless_now (session.rule.wait (40ms, 1));
}
GST_END_TEST;

GST_START_TEST (delivery_slower_than_speech_makes_few_long_pauses)
{
  Session session;
  session.speak (3, 240ms, 0.8);
  session.rule.ran_dry ();
  const auto stall = session.rule.target ();
  session.speak (3, 240ms, 0.8);
  fail_unless (session.rule.target () > 2 * stall);
  fail_unless (session.rule.target () <= 1s);
}
GST_END_TEST;

GST_START_TEST (a_stall_that_is_over_is_not_slow_delivery)
{
  Session session;
  session.speak (10, 100ms, 1);
  session.rule.ran_dry ();
  session.speak (10, 100ms, 1, {2s, 1900ms, 1800ms, 1700ms, 1600ms, 1500ms});  // all at once
  fail_unless (session.rule.target () == 340ms);
}
GST_END_TEST;

/// A session of equal turns through a playout: when each turn starts after its first chunk has come.
static std::vector<nanoseconds> start_delays (unsigned turns, size_t chunks, double pace,
                                              const std::vector<nanoseconds> &late, unsigned *underruns)
{
  constexpr uint64_t kFrames = 960;
  std::vector<Arrival> arrivals;
  std::vector<nanoseconds> first;
  auto begin = 1000ms;
  for (unsigned turn = 0; turn < turns; ++turn, begin += 20s) {
    first.push_back (begin);
    nanoseconds last = begin;
    for (size_t j = 0; j < chunks; ++j) {
      auto sent = std::chrono::duration_cast<nanoseconds> (static_cast<double> (j) * 40ms / pace);
      last = std::max (last, begin + sent + (j < late.size () ? late[j] : 0ns));
      arrivals.push_back ({last, kFrames, j + 1 == chunks});
    }
  }
  PlayoutDriver driver ({}, arrivals);
  driver.finish ();
  fail_unless_right (driver);
  std::vector<nanoseconds> delays;
  auto turn = first.begin ();
  for (const auto &handed : driver.handed ())
    if (handed.speech && handed.starts && turn != first.end () && handed.at >= *turn)
      delays.push_back (handed.at - *turn++);
  *underruns = driver.playout ().underruns ();
  return delays;
}

GST_START_TEST (after_one_turn_in_time_the_next_starts_in_the_same_instant)
{
  unsigned underruns = 0;
  const auto delays = start_delays (3, 50, 1, {}, &underruns);
  fail_unless_equals_int (delays.size (), 3);
  fail_unless (delays[0] == 160ms, "170 ms are in the fifth chunk");
  fail_unless (delays[1] == 0ms && delays[2] == 0ms);
  fail_unless_equals_int (underruns, 0);
}
GST_END_TEST;

GST_START_TEST (what_tore_the_first_turn_does_not_tear_the_next)
{
  unsigned underruns = 0;
  const auto delays = start_delays (6, 50, 1, one_late (30, 400ms), &underruns);
  fail_unless_equals_int (underruns, 1);
  fail_unless_equals_int (delays.size (), 6);
  for (size_t i = 1; i < delays.size (); ++i)
    fail_unless (delays[i] >= 380ms && delays[i] <= 460ms);
}
GST_END_TEST;

GST_START_TEST (slow_delivery_pauses_seldom)
{
  unsigned underruns = 0;
  start_delays (1, 300, 0.8, {}, &underruns);  // 12 s that take 15
  fail_unless (underruns >= 1 && underruns <= 4, "%u pauses", underruns);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (start_rule_underrun, each_time_speech_runs_dry_more_is_asked_for,
                   a_turn_that_ran_dry_leaves_the_next_one_free,
                   delivery_slower_than_speech_makes_few_long_pauses,
                   a_stall_that_is_over_is_not_slow_delivery,
                   after_one_turn_in_time_the_next_starts_in_the_same_instant,
                   what_tore_the_first_turn_does_not_tear_the_next, slow_delivery_pauses_seldom)
