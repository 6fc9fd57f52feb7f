#pragma once

#include <gst/gst.h>

#include <string>

namespace gemini {

// What the queue knows, as plain values. Times are running times, amounts frames.

/// A turn when it starts to be heard, and when its last sample has left.
struct TurnReport {
  guint turn = 0;
  GstClockTime requested = GST_CLOCK_TIME_NONE;            ///< the text was sent
  GstClockTime first_byte = GST_CLOCK_TIME_NONE;           ///< its first audio came
  GstClockTime generation_complete = GST_CLOCK_TIME_NONE;  ///< its last audio had come
  GstClockTime started = GST_CLOCK_TIME_NONE;              ///< PTS of its first frame
  GstClockTime ended = GST_CLOCK_TIME_NONE;                ///< end of its last frame
  guint64 received = 0;
  guint64 pushed = 0;  ///< have left, and were not flushed: what is heard
  guint rate = 24000;
  guint underruns = 0;
  GstClockTime underrun_time = 0;
  bool interrupted = false;
  std::string reason;  ///< the server's, usually empty
};

/// Speech stopped in the middle of a turn.
struct UnderrunReport {
  guint turn;
  GstClockTime stopped;
  GstClockTime duration;
};

/// What an interruption did to the turn that was being heard.
struct CutReport {
  guint turn = 0;
  guint64 pushed = 0;
  guint64 dropped = 0;  ///< of all turns
};

struct StatsReport {
  guint64 chunks = 0;
  guint64 frames_received = 0;
  guint64 frames_pushed = 0;
  guint64 frames_dropped = 0;
  guint turns = 0;  ///< played to their end
  guint underruns = 0;
  GstClockTime underrun_time = 0;
  guint reconnects = 0;
  GstClockTime buffered_time = 0;
  GstClockTime prebuffer = 0;
  GstClockTime latency = 0;  ///< of the whole pipeline, as it was last told
  TurnReport last;           ///< the turn heard last, or being heard
};

}  // namespace gemini
