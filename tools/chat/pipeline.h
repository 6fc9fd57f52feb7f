#pragma once

#include <gst/gst.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "elements/gst_ptr.h"
#include "options.h"
#include "recorder.h"

namespace gemini::chat {

/// geminisrc, what plays it, and what records it. Knows nothing of people and terminals.
///
/// Lives on the main thread; its messages are told there.
class Pipeline {
 public:
  /// As the element tells it, in ns and running time.
  struct Stats {
    GstClockTime buffered = 0;
    GstClockTime first_sound = GST_CLOCK_TIME_NONE;  ///< from the question to the ear, of the last turn
    guint64 underruns = 0;                           ///< of all turns
    GstClockTime latency = 0;                        ///< from a timestamp to the ear
  };

  Pipeline ();
  ~Pipeline ();

  /// A sentence that says what is wrong, empty: nothing.
  std::string build (const Options &options, const std::string &endpoint,
                     const std::optional<std::string> &key);
  bool start (std::function<void (GstMessage *)> on_message);

  bool ask (const std::string &text);
  void interrupt () { g_signal_emit_by_name (source_, "interrupt"); }
  /// Ends after the last sample, with EOS on the bus.
  void end () { gst_element_send_event (pipeline_.get (), gst_event_new_eos ()); }
  void recalculate_latency () { gst_bin_recalculate_latency (GST_BIN (pipeline_.get ())); }

  bool is_source (GstObject *object) const { return object == GST_OBJECT (source_); }
  /// Whether it plays, or is a part of what does.
  bool is_speaker (GstObject *object) const
  {
    return gst_object_has_as_ancestor (object, GST_OBJECT (speaker_)) != FALSE;
  }

  Stats stats () const;
  std::unique_ptr<GstStructure, Freer<gst_structure_free>> raw_stats () const;
  GstClockTime running_time () const;

 private:
  std::string configure (const Options &options);
  GstBusSyncReply mark (GstMessage *message);

  std::function<void (GstMessage *)> on_message_;
  std::unique_ptr<Recorder> recorder_;  // outlives the pipeline
  GstObjectPtr<GstElement> pipeline_;
  GstElement *source_ = nullptr;
  GstElement *speaker_ = nullptr;
};

}  // namespace gemini::chat
