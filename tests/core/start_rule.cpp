#include "core/start_rule.h"

#include <utility>
#include <vector>

#include "core/playout_driver.h"

using gemini::Playout;
using gemini::StartRule;
using namespace gemini::test;
using std::chrono::nanoseconds;

using Mode = StartRule::Mode;

/// A session as the rule hears of it: turns of equal chunks that come in at a pace, some of them late.
class Session {
 public:
  explicit Session (const StartRule::Config &config = {}) : rule (config) {}

  /// `count` chunks, `pace` times as fast as they are played; `late[j]` is how late chunk j is, and later
  /// ones do not overtake it.
  void speak (size_t count, nanoseconds length, double pace = 1, const std::vector<nanoseconds> &late = {})
  {
    auto last = now_;
    for (size_t j = 0; j < count; ++j) {
      auto sent = std::chrono::duration_cast<nanoseconds> (static_cast<double> (j) * length / pace);
      last = std::max (last, now_ + sent + (j < late.size () ? late[j] : 0ns));
      rule.chunk (last, length);
    }
    now_ = last;
  }

  void turn (size_t count, nanoseconds length, double pace = 1, const std::vector<nanoseconds> &late = {})
  {
    speak (count, length, pace, late);
    rule.turn_ended ();
    now_ += 5s;
  }

  StartRule rule;

 private:
  nanoseconds now_ = 1000s;
};

/// A turn whose chunk `at` comes so late.
static std::vector<nanoseconds> one_late (size_t at, nanoseconds by)
{
  std::vector<nanoseconds> late (at + 1);
  late[at] = by;
  return late;
}

static void fail_unless_now (const std::optional<nanoseconds> &wait)
{
  fail_unless (wait.has_value (), "speech may not start before more comes");
  fail_unless (*wait == 0ns, "speech has to wait for %g ms", static_cast<double> (wait->count ()) / 1e6);
}

GST_START_TEST (fixed_is_so_many_chunks_and_so_much_audio)
{
  constexpr nanoseconds kSamples{4000 * 1'000'000'000LL / 24000};
  const StartRule rule ({.mode = Mode::Fixed, .prebuffer = kSamples, .chunks = 3});
  fail_unless (!rule.wait (10s, 2));
  fail_unless (!rule.wait (kSamples - 1ns, 3));
  fail_unless_now (rule.wait (kSamples, 3));
  fail_unless (rule.target () == kSamples);
}
GST_END_TEST;

GST_START_TEST (fixed_with_zero_switches_either_off)
{
  const StartRule by_time ({.mode = Mode::Fixed, .prebuffer = 100ms, .chunks = 0});
  fail_unless (!by_time.wait (99ms, 50));
  fail_unless_now (by_time.wait (100ms, 1));
  const StartRule by_chunks ({.mode = Mode::Fixed, .prebuffer = 0ns, .chunks = 2});
  fail_unless (!by_chunks.wait (10s, 1));
  fail_unless_now (by_chunks.wait (1ms, 2));
  const StartRule neither ({.mode = Mode::Fixed, .prebuffer = 0ns, .chunks = 0});
  fail_unless_now (neither.wait (1ns, 1));
}
GST_END_TEST;

GST_START_TEST (fixed_stays_as_it_is_whatever_comes)
{
  Session session ({.mode = Mode::Fixed, .prebuffer = 100ms, .chunks = 1});
  for (int i = 0; i < 5; ++i)
    session.turn (20, 100ms, 1, one_late (10, 700ms));
  session.speak (3, 100ms);
  session.rule.ran_dry ();
  fail_unless (!session.rule.wait (99ms, 1));
  fail_unless_now (session.rule.wait (100ms, 1));
}
GST_END_TEST;

GST_START_TEST (a_fresh_session_asks_for_the_prebuffer)
{
  for (const double pace : {0.8, 1.0, 4.0, 20.0}) {
    Session session;
    session.speak (1, 170ms, pace);
    fail_unless_now (session.rule.wait (170ms, 1));
    fail_unless (!session.rule.wait (169ms, 9));
    fail_unless (session.rule.target () == 170ms);
  }
}
GST_END_TEST;

GST_START_TEST (speech_that_came_in_time_starts_with_its_first_chunk_from_then_on)
{
  for (const auto length : {10ms, 40ms, 240ms})
    for (const double pace : {1.0, 1.5, 20.0}) {
      Session session;
      session.turn (300, length, pace);
      session.speak (1, length);
      fail_unless_now (session.rule.wait (length, 1));
    }
}
GST_END_TEST;

GST_START_TEST (what_always_comes_late_is_waited_for)
{
  Session session;
  for (int i = 0; i < 4; ++i)
    session.turn (50, 40ms, 1, one_late (45, 100ms));
  session.speak (1, 40ms);
  fail_unless (session.rule.target () >= 100ms && session.rule.target () <= 140ms);
  // Time is as good as audio: a chunk that comes alone is followed by the next one, and starts speech later.
  const auto wait = session.rule.wait (40ms, 1);
  fail_unless (wait && *wait >= 100ms && *wait <= 140ms);
  // What is held besides the last chunk is time that has been waited.
  session.speak (3, 40ms);
  fail_unless_now (session.rule.wait (160ms + 40ms, 5));
}
GST_END_TEST;

GST_START_TEST (what_came_late_once_is_forgotten)
{
  Session session;
  session.turn (50, 40ms, 1, one_late (45, 300ms));
  session.speak (1, 40ms);
  fail_unless (session.rule.target () >= 300ms);
  session.rule.turn_ended ();
  int turns = 0;
  for (; session.rule.target () > 0ns && turns < 200; ++turns)
    session.turn (50, 40ms);
  fail_unless (turns > 1 && turns < 100, "it takes %d turns", turns);
}
GST_END_TEST;

GST_START_TEST (a_turn_that_is_arriving_teaches_when_it_has_ended)
{
  Session session;
  session.speak (50, 40ms, 1, one_late (20, 300ms));
  fail_unless (session.rule.target () == 170ms);
  session.rule.turn_ended ();
  fail_unless (session.rule.target () >= 300ms);
}
GST_END_TEST;

GST_START_TEST (turns_of_one_chunk_teach_nothing)
{
  Session session;
  for (int i = 0; i < 50; ++i)
    session.turn (1, 2s);
  session.rule.turn_ended ();  // and one without any
  fail_unless (session.rule.target () == 170ms);
  fail_unless (!session.rule.wait (169ms, 1));
}
GST_END_TEST;

GST_START_TEST (what_is_rare_is_waited_for_if_it_is_short)
{
  for (const auto &[late, waited] : {std::pair (100ms, true), std::pair (900ms, false)}) {
    Session session;
    for (int i = 0; i < 10; ++i)
      session.turn (50, 40ms);
    session.turn (50, 40ms, 1, one_late (20, late));
    for (int i = 0; i < 10; ++i)
      session.turn (50, 40ms);
    fail_unless ((session.rule.target () >= late) == waited);
    fail_unless (waited || session.rule.target () == 0ns);
  }
}
GST_END_TEST;

GST_START_TEST (what_is_frequent_is_waited_for_even_if_it_is_long)
{
  Session session;
  for (int i = 0; i < 5; ++i)
    session.turn (50, 40ms, 1, one_late (40, 900ms));
  fail_unless (session.rule.target () >= 900ms && session.rule.target () <= 1s);
}
GST_END_TEST;

GST_START_TEST (no_more_is_asked_for_than_the_longest_wait)
{
  Session session ({.max_wait = 500ms});
  for (int i = 0; i < 10; ++i)
    session.turn (50, 40ms, 1, one_late (40, 499ms));
  fail_unless (session.rule.target () == 500ms);
  session.speak (10, 40ms, 0.1);
  for (int i = 0; i < 50; ++i)
    session.rule.ran_dry ();
  fail_unless (session.rule.target () == 500ms);
}
GST_END_TEST;

GST_START_TEST (what_no_wait_outlasts_is_not_waited_for)
{
  for (const auto longest : {500ms, 5000ms}) {
    Session session ({.max_wait = longest});
    for (int i = 0; i < 10; ++i)
      session.turn (50, 40ms, 1, one_late (40, 9s));
    fail_unless (session.rule.target () == 0ns);
  }
}
GST_END_TEST;

GST_START_TEST (each_time_speech_runs_dry_more_is_asked_for)
{
  Session session;
  session.speak (2, 240ms);
  session.rule.ran_dry ();
  fail_unless (!session.rule.wait (339ms, 2));
  fail_unless_now (session.rule.wait (340ms, 2));
  session.rule.ran_dry ();
  fail_unless (!session.rule.wait (679ms, 9));
  fail_unless_now (session.rule.wait (680ms, 9));
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

GEMINI_CHECK_MAIN (start_rule, fixed_is_so_many_chunks_and_so_much_audio, fixed_with_zero_switches_either_off,
                   fixed_stays_as_it_is_whatever_comes, a_fresh_session_asks_for_the_prebuffer,
                   speech_that_came_in_time_starts_with_its_first_chunk_from_then_on,
                   what_always_comes_late_is_waited_for, what_came_late_once_is_forgotten,
                   a_turn_that_is_arriving_teaches_when_it_has_ended, turns_of_one_chunk_teach_nothing,
                   what_is_rare_is_waited_for_if_it_is_short,
                   what_is_frequent_is_waited_for_even_if_it_is_long, what_no_wait_outlasts_is_not_waited_for,
                   no_more_is_asked_for_than_the_longest_wait, each_time_speech_runs_dry_more_is_asked_for,
                   a_turn_that_ran_dry_leaves_the_next_one_free,
                   delivery_slower_than_speech_makes_few_long_pauses,
                   a_stall_that_is_over_is_not_slow_delivery,
                   after_one_turn_in_time_the_next_starts_in_the_same_instant,
                   what_tore_the_first_turn_does_not_tear_the_next, slow_delivery_pauses_seldom)
