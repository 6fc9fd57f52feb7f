#include "core/start_rule.h"

#include <utility>

#include "core/start_rule_fixture.h"

using gemini::StartRule;
using namespace gemini::test;
using std::chrono::nanoseconds;

using Mode = StartRule::Mode;

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

GST_START_TEST (old_speech_counts_less)
{
  Session session;
  const auto late = one_late (45, 300ms);
  const auto very_late = one_late (45, 800ms);
  const auto speak = [&] (int turns, const std::vector<nanoseconds> &how) {
    for (int i = 0; i < turns; ++i)
      session.turn (50, 40ms, 1, how);
  };
  speak (30, late);
  speak (5, {});
  fail_unless (session.rule.target () >= 300ms);
  speak (95, {});  // as long as three minutes
  fail_unless (session.rule.target () == 0ns);
  speak (10, very_late);
  fail_unless (session.rule.target () >= 800ms);
}
GST_END_TEST;

GST_START_TEST (the_last_chunk_of_a_turn_teaches_too)
{
  Session session;
  for (int i = 0; i < 3; ++i)
    session.turn (2, 1s, 1, one_late (1, 100ms));
  fail_unless (session.rule.target () >= 100ms);
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
  for (const auto &[longest, late] : {std::pair (500ms, 800ms), std::pair (5000ms, 9000ms)}) {
    Session session ({.max_wait = longest});
    for (int i = 0; i < 10; ++i)
      session.turn (50, 40ms, 1, one_late (40, late));
    fail_unless (session.rule.target () == 0ns);
  }
}
GST_END_TEST;

GEMINI_CHECK_MAIN (start_rule, fixed_is_so_many_chunks_and_so_much_audio, fixed_with_zero_switches_either_off,
                   fixed_stays_as_it_is_whatever_comes, a_fresh_session_asks_for_the_prebuffer,
                   speech_that_came_in_time_starts_with_its_first_chunk_from_then_on,
                   what_always_comes_late_is_waited_for, what_came_late_once_is_forgotten,
                   old_speech_counts_less, the_last_chunk_of_a_turn_teaches_too,
                   a_turn_that_is_arriving_teaches_when_it_has_ended, turns_of_one_chunk_teach_nothing,
                   what_is_rare_is_waited_for_if_it_is_short,
                   what_is_frequent_is_waited_for_even_if_it_is_long,
                   no_more_is_asked_for_than_the_longest_wait, what_no_wait_outlasts_is_not_waited_for)
