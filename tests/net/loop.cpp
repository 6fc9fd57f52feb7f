// The thread that everything of the network lives on, and its alarms.

#include "net/loop.h"

#include <algorithm>
#include <future>
#include <memory>
#include <vector>

#include "support/check.h"

using namespace gemini;
using namespace std::chrono_literals;

namespace {

/// Runs a task on the loop and waits for its end.
void run (Loop &loop, const Loop::Task &task)
{
  std::promise<void> done;
  loop.post ([&] {
    task ();
    done.set_value ();
  });
  done.get_future ().wait ();
}

}  // namespace

GST_START_TEST (tasks_run_in_order_on_one_thread_with_its_own_context)
{
  std::vector<int> order;
  {
    Loop loop;
    auto here = std::this_thread::get_id ();
    for (int i = 0; i < 1000; i++)
      loop.post ([&, i] {
        order.push_back (i);
        fail_if (std::this_thread::get_id () == here);
        fail_unless (g_main_context_get_thread_default () == loop.context ());
      });
  }
  fail_unless_equals_int (order.size (), 1000);
  for (int i = 0; i < 1000; i++)
    fail_unless_equals_int (order[static_cast<size_t> (i)], i);
}
GST_END_TEST;

GST_START_TEST (each_of_many_threads_finds_its_tasks_run_in_its_order)
{
  constexpr int kThreads = 8, kTasks = 500;
  std::vector<std::vector<int>> order (kThreads);
  {
    Loop loop;
    std::vector<std::thread> threads;
    for (size_t t = 0; t < kThreads; t++)
      threads.emplace_back ([&, t] {
        for (int i = 0; i < kTasks; i++)
          loop.post ([&, t, i] { order[t].push_back (i); });  // one thread runs them: no lock
      });
    for (auto &thread : threads)
      thread.join ();
  }
  for (auto &tasks : order) {
    fail_unless_equals_int (tasks.size (), kTasks);
    fail_unless (std::is_sorted (tasks.begin (), tasks.end ()));
  }
}
GST_END_TEST;

GST_START_TEST (a_task_may_post_another_that_runs_after_those_posted_before)
{
  std::string order;
  Loop loop;
  std::promise<void> all_posted, done;
  loop.post ([&] {
    all_posted.get_future ().wait ();
    order += "first ";
    loop.post ([&] {
      order += "third ";
      done.set_value ();
    });
  });
  loop.post ([&] { order += "second "; });
  all_posted.set_value ();
  done.get_future ().wait ();
  fail_unless_equals_text (order, "first second third ");
}
GST_END_TEST;

GST_START_TEST (the_destructor_runs_what_was_posted_and_what_that_posts)
{
  int ran = 0;
  {
    Loop loop;
    std::promise<void> gate;
    auto closed = gate.get_future ().share ();
    loop.post ([closed] { closed.wait (); });
    for (int i = 0; i < 10; i++)
      loop.post ([&] {
        ran++;
        loop.post ([&] { ran++; });
      });
    gate.set_value ();
  }
  fail_unless_equals_int (ran, 20);
}
GST_END_TEST;

GST_START_TEST (a_task_is_destroyed_once_it_has_run_and_on_the_loop)
{
  Loop loop;
  auto kept = std::make_shared<int> (1);
  run (loop, [kept] {});
  run (loop, [] {});
  fail_unless_equals_int (kept.use_count (), 1);
}
GST_END_TEST;

GST_START_TEST (the_destructor_waits_until_nothing_is_held)
{
  bool released = false;
  std::unique_ptr<LoopAlarm> alarm;
  {
    Loop loop;
    loop.post ([&] {
      loop.hold ();
      alarm = std::make_unique<LoopAlarm> (loop.context (), [&] {
        released = true;
        loop.release ();
      });
      alarm->ring_in (30ms);
    });
  }
  fail_unless (released);
}
GST_END_TEST;

GST_START_TEST (alarms_ring_once_each_in_the_order_of_their_times)
{
  Loop loop;
  std::string order;
  std::promise<void> done;
  std::vector<std::unique_ptr<LoopAlarm>> alarms;
  run (loop, [&] {
    // Made in the order they will ring in, so that it holds on a machine too slow to tell the times apart.
    for (const char *name : {"now ", "soon ", "late "})
      alarms.push_back (std::make_unique<LoopAlarm> (loop.context (), [&order, name] { order += name; }));
    alarms.push_back (std::make_unique<LoopAlarm> (loop.context (), [&] { done.set_value (); }));
    alarms[3]->ring_in (40ms);
    alarms[2]->ring_in (20ms);
    alarms[1]->ring_in (5ms);
    alarms[0]->ring_in (0ms);
  });
  done.get_future ().wait ();
  run (loop, [&] { alarms.clear (); });
  fail_unless_equals_text (order, "now soon late ");
}
GST_END_TEST;

/// What rings of an alarm that was treated so, until one set later has rung.
static int rings_after (const std::function<void (std::unique_ptr<LoopAlarm> &alarm)> &treat)
{
  Loop loop;
  int rings = 0;
  std::promise<void> done;
  std::unique_ptr<LoopAlarm> alarm, end;
  run (loop, [&] {
    alarm = std::make_unique<LoopAlarm> (loop.context (), [&] { rings++; });
    end = std::make_unique<LoopAlarm> (loop.context (), [&] { done.set_value (); });
    treat (alarm);
    end->ring_in (20ms);
  });
  done.get_future ().wait ();
  run (loop, [&] {
    alarm.reset ();
    end.reset ();
  });
  return rings;
}

GST_START_TEST (an_alarm_can_be_moved_cancelled_and_destroyed)
{
  fail_unless_equals_int (rings_after ([] (auto &) {}), 0);
  fail_unless_equals_int (rings_after ([] (auto &alarm) { alarm->ring_in (1ms); }), 1);
  fail_unless_equals_int (rings_after ([] (auto &alarm) {
                            alarm->ring_in (1ms);
                            alarm->ring_in (1h);
                          }),
                          0);
  fail_unless_equals_int (rings_after ([] (auto &alarm) {
                            alarm->ring_in (1h);
                            alarm->ring_in (1ms);
                          }),
                          1);
  fail_unless_equals_int (rings_after ([] (auto &alarm) {
                            alarm->ring_in (1ms);
                            alarm->cancel ();
                          }),
                          0);
  fail_unless_equals_int (rings_after ([] (auto &alarm) {
                            alarm->ring_in (1ms);
                            alarm->ring_in (5ms);
                          }),
                          1);
  fail_unless_equals_int (rings_after ([] (auto &alarm) {
                            alarm->ring_in (1ms);
                            alarm->cancel ();
                            alarm->ring_in (5ms);
                          }),
                          1);
  fail_unless_equals_int (rings_after ([] (auto &alarm) {
                            alarm->cancel ();
                            alarm->ring_in (1ms);
                          }),
                          1);
  fail_unless_equals_int (rings_after ([] (auto &alarm) {
                            alarm->ring_in (1ms);
                            alarm.reset ();
                          }),
                          0);
}
GST_END_TEST;

GST_START_TEST (an_alarm_may_set_itself_again_when_it_rings)
{
  Loop loop;
  int rings = 0;
  std::promise<void> done;
  std::unique_ptr<LoopAlarm> alarm;
  run (loop, [&] {
    alarm = std::make_unique<LoopAlarm> (loop.context (), [&] {
      if (++rings < 3)
        alarm->ring_in (1ms);
      else
        done.set_value ();
    });
    alarm->ring_in (0ms);
  });
  done.get_future ().wait ();
  run (loop, [&] { alarm.reset (); });
  fail_unless_equals_int (rings, 3);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (loop, tasks_run_in_order_on_one_thread_with_its_own_context,
                   each_of_many_threads_finds_its_tasks_run_in_its_order,
                   a_task_may_post_another_that_runs_after_those_posted_before,
                   the_destructor_runs_what_was_posted_and_what_that_posts,
                   a_task_is_destroyed_once_it_has_run_and_on_the_loop,
                   the_destructor_waits_until_nothing_is_held,
                   alarms_ring_once_each_in_the_order_of_their_times,
                   an_alarm_can_be_moved_cancelled_and_destroyed, an_alarm_may_set_itself_again_when_it_rings)
