#pragma once

#include <gst/base/gstbasesrc.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "elements/audio_queue.h"
#include "elements/conversation.h"
#include "elements/flush.h"
#include "elements/settings.h"
#include "elements/state_tracker.h"
#include "elements/tags.h"

namespace gemini {

/// What geminisrc does; its methods answer the virtual functions of the same name in gstgeminisrc.cpp.
///
/// Owns the two sides of a running element: the conversation on the network thread, and the queue that the
/// streaming thread empties in `create ()`.
class GeminiSrc {
 public:
  explicit GeminiSrc (GstBaseSrc *base);

  // any thread
  void set_property (guint id, const GValue *value);
  void get_property (guint id, GValue *value);
  bool set_uri (const char *uri, GError **error);
  std::string uri () const;
  StateTracker::State state () const { return state_.state (); }
  GstStructure *stats () const;
  bool send_text (const char *text);
  void interrupt ();
  bool send_tool_response (const char *id, const char *name, const char *json);
  bool send_message (const char *json);
  bool send_event (GstEvent *event);  ///< takes the event if TRUE
  bool query (GstQuery *query);       ///< TRUE: answered

  void event (GstEvent *event);  ///< from downstream

  // state changes
  /// FALSE: the error has been posted. Before start (), for GstBaseSrc adds an error of its own to one there.
  bool prepare ();
  bool start ();
  void stop ();
  void set_playing (bool playing) { queue_.set_paused (!playing); }
  void unlock () { queue_.set_flushing (true); }
  void unlock_stop () { queue_.set_flushing (false); }

  // streaming thread
  GstFlowReturn create (GstBuffer **buffer);

 private:
  Settings settings ();
  bool with_conversation (const char *signal, const std::function<std::string (Conversation &)> &act);
  void renew_credentials ();
  void set_rate (guint rate);
  void send_tags ();
  void end_conversation ();
  void ensure_preamble ();

  GstBaseSrc *const base_;
  GstElement *const element_;

  Settings settings_;  // object lock
  std::string uri_;    // object lock; as it was set
  AudioQueue queue_;
  Flush flush_{element_};
  StateTracker state_;
  std::atomic<GstClockTime> pipeline_latency_ = 0;
  std::optional<Conversation::Config> prepared_;  ///< between prepare () and start ()

  std::mutex conversation_lock_;  ///< the application against stop ()
  std::unique_ptr<Conversation> conversation_;

  // streaming thread
  guint rate_ = 0;   ///< of the caps; 0: none yet
  TagListPtr tags_;  ///< until they are on their way
};

}  // namespace gemini
