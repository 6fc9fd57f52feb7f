#pragma once

#include <gst/gst.h>

#include <vector>

#include "elements/gst_ptr.h"

namespace gemini {

/// Flushes of the pipeline: ours, when an answer is interrupted, and the application's, which must not meet.
class Flush {
 public:
  explicit Flush (GstElement *element) : element_ (element) {}

  // network thread, for the streaming thread may be the one that is blocked
  /// FALSE: none can begin now. Otherwise the states of all that we are in are locked until `end ()`.
  bool begin ();
  void end ();

  // with the state locked
  /// Of an event of the application. FALSE: it must go nowhere.
  ///
  /// The end of a flush that has not begun goes nowhere: GstBaseSrc would wait for its thread, which may
  /// itself wait for PLAYING, with the state locked. So it is when a pipeline is stopped and started during a
  /// flush.
  bool passes (const GstEvent *event);
  /// A pad that is activated again is not flushing.
  void reset () { by_application_ = false; }

 private:
  void send (GstEvent *event);
  void unlock_states ();

  GstElement *const element_;
  std::vector<GstObjectPtr<GstElement>> locked_;  ///< network thread
  bool by_application_ = false;                   ///< changed and read with the state locked
};

}  // namespace gemini
