#pragma once

#include <gst/gst.h>

#include <memory>
#include <string>

#include "wav_file.h"

namespace gemini::chat {

/// The branch of a pipeline that writes down what is said, and no silence: into one file, or into a folder
/// with a file for each turn. Tells of each file on the bus, as application message `recorded`: file
/// (string), turn (uint, 0: all of them), frames (uint64).
///
/// Made and destroyed on the main thread, destroyed after the pipeline has stopped. Files are written by
/// the thread of the branch's queue, which holds without a limit: a slow disk never stops the voice.
class Recorder {
 public:
  /// What is wrong with this place, empty: nothing.
  static std::string complain (const std::string &place);

  explicit Recorder (std::string place);

  /// The pad to link, and the elements in the bin.
  GstElement *add_to (GstBin *bin);

  // streaming thread of the source: its next buffers belong to this turn
  static void mark_turn (GstPad *source, unsigned turn);

 private:
  // thread of the queue
  GstPadProbeReturn on_data (GstPadProbeInfo *info);
  void on_event (GstEvent *event);
  void write (GstBuffer *buffer);
  void open ();
  void close ();
  void post (GstMessage *message) { gst_element_post_message (sink_, message); }

  const std::string place_;
  const bool folder_;
  const unsigned before_;  ///< files of turns that the folder had already
  GstElement *sink_ = nullptr;
  unsigned rate_ = 0;
  unsigned turn_ = 0;
  bool broken_ = false;
  std::string path_;
  std::unique_ptr<WavFile> file_;
};

}  // namespace gemini::chat
