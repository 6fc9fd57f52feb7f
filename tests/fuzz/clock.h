#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "core/alarm.h"
#include "fuzz/fuzz.h"

namespace gemini::fuzz {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

/// Time that stands still until a step moves it, and the alarms that are set in it.
class Clock {
 public:
  nanoseconds now () const { return now_; }

  std::unique_ptr<Alarm> make_alarm (std::function<void ()> ring)
  {
    return std::make_unique<ClockAlarm> (*this, std::move (ring));
  }

  /// When the next one rings.
  std::optional<nanoseconds> next () const
  {
    auto *first = soonest ();
    return first ? std::optional (first->due) : std::nullopt;
  }

  void move_to (nanoseconds time)
  {
    expect (time >= now_, "time goes on");
    rings_ = time > now_ ? 0 : rings_;
    now_ = time;
  }

  /// FALSE: none is due.
  bool ring ()
  {
    auto *first = soonest ();
    if (first == nullptr || first->due > now_)
      return false;
    expect (++rings_ < 50, "alarms come to rest at one instant");
    first->set = false;
    const auto action = first->action;  // it may not outlive its own ring
    action ();
    return true;
  }

 private:
  struct ClockAlarm final : Alarm {
    ClockAlarm (Clock &owner, std::function<void ()> ring) : clock (owner), action (std::move (ring))
    {
      clock.alarms_.push_back (this);
    }
    ~ClockAlarm () override { std::erase (clock.alarms_, this); }
    void ring_in (milliseconds delay) override
    {
      expect (delay.count () >= 0, "an alarm is not set in the past");
      due = clock.now_ + delay;
      set = true;
    }
    void cancel () override { set = false; }

    Clock &clock;
    const std::function<void ()> action;
    nanoseconds due{0};
    bool set = false;
  };

  ClockAlarm *soonest () const
  {
    ClockAlarm *first = nullptr;
    for (auto *alarm : alarms_)
      if (alarm->set && (first == nullptr || alarm->due < first->due))
        first = alarm;
    return first;
  }

  nanoseconds now_{0};
  unsigned rings_ = 0;
  std::vector<ClockAlarm *> alarms_;
};

}  // namespace gemini::fuzz
