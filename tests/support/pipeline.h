#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "stand-in/server.h"
#include "support/pad_recorder.h"
#include "support/source.h"

namespace gemini::test {

/// A pipeline as an application makes one: a launch line with real elements, on the system clock.
///
/// Every geminisrc in it talks to `server` and says "Hello", unless the line says something else. The one
/// named `src` is at hand, and so is all that leaves its pad.
class Pipeline {
 public:
  Pipeline (const stand_in::Server &server, const std::string &line);
  ~Pipeline ();
  Pipeline (const Pipeline &) = delete;
  Pipeline &operator= (const Pipeline &) = delete;

  GstStateChangeReturn set_state (GstState state) { return gst_element_set_state (pipeline, state); }
  void play () { fail_if (set_state (GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE); }
  /// Waits until every element is in PLAYING: each sink has something to show.
  void wait_for_playing ();
  /// Plays until all sinks are done.
  void run ();
  /// As Ctrl-C with `gst-launch-1.0 -e` does.
  void send_eos () { fail_unless (gst_element_send_event (pipeline, gst_event_new_eos ())); }
  bool send_text (const char *text);

  // The next message of a kind; those before it are dropped. An ERROR nobody waits for fails the test.
  void wait_for_eos () { wait_for_message (GST_MESSAGE_EOS); }
  MessagePtr wait_for_message (GstMessageType type, const char *name = nullptr);
  MessagePtr wait_for_message (const char *name) { return wait_for_message (GST_MESSAGE_ELEMENT, name); }
  /// Until the `state` of `src` is this one. "draining": all of the answer has arrived.
  void wait_for_source (const char *state);

  /// Records another pad of the pipeline.
  std::unique_ptr<PadRecorder> record (const char *element, const char *pad) const;

  GstElement *pipeline;
  GstElement *src;
  std::unique_ptr<PadRecorder> recorder;

 private:
  GstBus *bus_;
};

/// A folder that is gone at the end, with all that is in it.
class TemporaryFolder {
 public:
  TemporaryFolder ();
  ~TemporaryFolder ();
  TemporaryFolder (const TemporaryFolder &) = delete;
  TemporaryFolder &operator= (const TemporaryFolder &) = delete;

  std::string operator/ (const std::string &name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// The samples of a WAV file, 16 bits, mono, 24 kHz, whose header must say exactly what the file holds. Only
/// that of an empty one need not: wavenc leaves it as it was written first.
std::vector<int16_t> read_wav (const std::string &path);

/// What a recording sounds like, whatever its format: samples at 24 kHz.
std::vector<int16_t> decode (const std::string &path);

}  // namespace gemini::test
