#pragma once

#include <gst/check/gsttestclock.h>

#include "support/speaker.h"

namespace gemini::test {

/// A pipeline and its speaker on a clock that only the test moves: hours pass in seconds, and a busy machine
/// makes nothing late.
///
/// Time goes from wait to wait when both the source and the device wait, so there must be nothing between the
/// source and the sink that holds buffers: no queue.
class SlowMotion {
 public:
  /// Before the pipeline runs.
  SlowMotion (const Pipeline &pipeline, Speaker &speaker);
  ~SlowMotion ();
  SlowMotion (const SlowMotion &) = delete;
  SlowMotion &operator= (const SlowMotion &) = delete;

  void run_for (std::chrono::nanoseconds length);

 private:
  GList *wait_for_waits () const;

  GstTestClock *clock_;
};

}  // namespace gemini::test
