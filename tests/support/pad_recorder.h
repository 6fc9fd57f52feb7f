#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "elements/gst_ptr.h"
#include "support/check.h"

namespace gemini::test {

/// Keeps all that passes a pad: buffers with their samples, and the events in between.
class PadRecorder {
 public:
  struct Buffer {
    GstClockTime pts;
    GstClockTime duration;
    guint flags;
    guint rate;
    std::vector<int16_t> samples;

    bool silence () const { return (flags & GST_BUFFER_FLAG_DROPPABLE) != 0; }
    bool gap () const { return (flags & GST_BUFFER_FLAG_GAP) != 0; }
    bool discont () const { return (flags & GST_BUFFER_FLAG_DISCONT) != 0; }
  };

  /// Takes a reference to the pad and gives it back at the end.
  explicit PadRecorder (GstPad *pad);
  ~PadRecorder ();
  PadRecorder (const PadRecorder &) = delete;
  PadRecorder &operator= (const PadRecorder &) = delete;

  std::vector<Buffer> buffers () const;
  /// Samples of all buffers that are no silence.
  std::vector<int16_t> speech () const;
  /// Everything in order of passing: "stream-start caps segment silence speech eos ", runs of buffers as one
  /// word.
  std::string order () const;
  /// Of all TAG events, which do not count into the order; "late: " in front of those after a buffer.
  std::string tags () const;
  size_t flushes () const;
  /// The thread that streams has begun.
  bool wait_for_start () const;
  bool wait_for_speech (size_t frames) const;
  bool wait_for_buffers (size_t count) const;
  bool wait_for_eos () const;
  bool eos () const;

  /// Stamps and durations join up to the nanosecond wherever there is no DISCONT, and silence is zero.
  void check_timeline () const;

 private:
  static GstPadProbeReturn on_data (GstPad *pad, GstPadProbeInfo *info, gpointer self);
  void add_event (GstEvent *event);
  void add_buffer (GstBuffer *buffer);
  void add_word (const std::string &word);

  GstPad *pad_;
  gulong probe_;

  mutable std::mutex lock_;
  mutable std::condition_variable changed_;
  // all below is guarded by lock_
  std::vector<Buffer> buffers_;
  std::string order_;
  std::string last_word_;
  size_t speech_frames_ = 0;
  std::string tags_;
  size_t flushes_ = 0;
  guint rate_ = 0;
  bool eos_ = false;
  bool removed_ = false;  ///< nobody calls us any more
};

}  // namespace gemini::test
