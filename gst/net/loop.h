#pragma once

#include <gio/gio.h>

#include <functional>
#include <memory>
#include <thread>

#include "core/alarm.h"

namespace gemini {

/// A thread with a main context of its own, on which everything of the network lives.
///
/// `post ()` may be called from any thread; tasks run one after the other, in order. The destructor runs what
/// was posted, waits until nothing is held any more, and joins.
class Loop {
 public:
  using Task = std::function<void ()>;

  Loop ();
  ~Loop ();
  Loop (const Loop &) = delete;
  Loop &operator= (const Loop &) = delete;

  void post (Task task);
  /// What comes without a pause keeps the loop from everything else: from now on it is not read on.
  void end () { g_cancellable_cancel (ending_); }
  GCancellable *ending () const { return ending_; }

  // loop thread: what was cancelled or closed still has to report back here, or it would leak
  void hold () { held_++; }
  void release () { held_--; }

  GMainContext *context () const { return context_; }

 private:
  void run ();

  GCancellable *ending_;
  GMainContext *context_;
  GMainLoop *loop_;
  unsigned held_ = 0;  // loop thread
  std::thread thread_;
};

/// An alarm on a loop. Made, used and destroyed on its thread.
class LoopAlarm final : public Alarm {
 public:
  LoopAlarm (GMainContext *context, std::function<void ()> ring);
  ~LoopAlarm () override;

  void ring_in (std::chrono::milliseconds delay) override;
  void cancel () override;

 private:
  void on_ready ();
  void set (gint64 time);

  GSource *source_;
  std::function<void ()> ring_;
  gint64 due_;      ///< when to ring
  gint64 set_for_;  ///< when the loop wakes up for it: not later
};

}  // namespace gemini
