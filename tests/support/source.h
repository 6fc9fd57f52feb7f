#pragma once

#include <gst/check/gstharness.h>
#include <gst/check/gsttestclock.h>

#include <functional>
#include <memory>
#include <string>

#include "stand-in/server.h"
#include "support/pad_recorder.h"

namespace gemini::test {

struct MessageUnref {
  void operator() (GstMessage *message) const { gst_message_unref (message); }
};
using MessagePtr = std::unique_ptr<GstMessage, MessageUnref>;

/// A geminisrc of its own in a GstHarness, with everything it does on record. The test moves the clock.
class Source {
 public:
  /// Talks to `endpoint`; prompt "Hello", one turn.
  explicit Source (const std::string &endpoint);
  explicit Source (const stand_in::Server &server) : Source (server.uri ()) {}
  ~Source ();
  Source (const Source &) = delete;
  Source &operator= (const Source &) = delete;

  template <typename T>
  Source &set (const char *name, T value)
  {
    g_object_set (element, name, value, nullptr);
    return *this;
  }

  GstStateChangeReturn set_state (GstState state);
  void play () { fail_if (set_state (GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE); }

  /// What the `state` property went through: "connecting ready thinking ".
  std::string states () const;
  /// Waits until this is the state. "draining": all of the answer has arrived.
  void wait_for_state (const std::string &nick) const;
  /// The next message of a type, or the next element message of a name; those before it are dropped.
  MessagePtr wait_for_message (GstMessageType type, const char *name = nullptr);
  MessagePtr wait_for_message (const char *name) { return wait_for_message (GST_MESSAGE_ELEMENT, name); }
  bool has_message (GstMessageType type);

  /// Lets time pass to the next moment the element waits for.
  void crank ();
  /// Lets time pass from wait to wait until the condition holds.
  void crank_until (const std::function<bool ()> &condition);
  void crank_to_eos ()
  {
    crank_until ([this] { return recorder->eos (); });
  }
  void advance_to (GstClockTime time) { gst_test_clock_set_time (clock, time); }

  GstHarness *harness;
  GstElement *element;
  GstTestClock *clock;
  std::unique_ptr<PadRecorder> recorder;

 private:
  void on_state ();

  GstBus *bus_;
  mutable std::mutex lock_;
  mutable std::condition_variable changed_;
  std::string states_;  // guarded by lock_
};

/// One ERROR, and what it says.
struct ErrorText {
  GQuark domain;
  gint code;
  std::string message;
  std::string debug;
};
ErrorText error_text (GstMessage *message);

}  // namespace gemini::test
