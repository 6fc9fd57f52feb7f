#pragma once

#include <glib.h>

#include <functional>
#include <memory>
#include <thread>

#include "core/glib_ptr.h"

namespace gemini::stand_in {

using Task = std::function<void ()>;
using MainContextPtr = std::unique_ptr<GMainContext, Freer<g_main_context_unref>>;
using MainLoopPtr = std::unique_ptr<GMainLoop, Freer<g_main_loop_unref>>;

/// A thread with a main context of its own.
///
/// `post ()` and `run ()` are for other threads. Destroying the loop runs what was posted before, then ends
/// the thread.
class Loop {
 public:
  Loop ();
  ~Loop ();
  Loop (const Loop &) = delete;
  Loop &operator= (const Loop &) = delete;

  /// Runs the task on the loop some time soon, after those posted before.
  void post (Task task);
  /// Runs the task on the loop and waits for its end.
  void run (const Task &task);

  GMainContext *context () const { return context_.get (); }

 private:
  MainContextPtr context_;
  MainLoopPtr loop_;
  std::thread thread_;
};

/// Calls back once at a moment of the monotonic clock. Lives on the loop it was made on, and is not destroyed
/// by its own callback.
class Timer {
 public:
  explicit Timer (Task expired);
  ~Timer ();
  Timer (const Timer &) = delete;
  Timer &operator= (const Timer &) = delete;

  void start_at (gint64 monotonic_us) { g_source_set_ready_time (source_, monotonic_us); }
  void start_in (gint64 us) { start_at (g_get_monotonic_time () + us); }
  void stop () { g_source_set_ready_time (source_, -1); }

 private:
  Task expired_;
  GSource *source_;
};

}  // namespace gemini::stand_in
