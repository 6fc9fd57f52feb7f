#pragma once

#include <functional>
#include <optional>
#include <string>

#include "pulse.h"

namespace gemini::bench {

/// When the first sample of an answer passed by, on CLOCK_MONOTONIC.
struct Passed {
  /// A pipeline: the first speech left the source's pad. A player of blocks: the first block was handed to
  /// the device.
  nanoseconds out{0};
  std::optional<nanoseconds> stamp;  ///< what its PTS means, as a moment
  std::optional<nanoseconds> due;    ///< when the sink is to play it, by its own clock: stamp and latency
  std::string error;                 ///< what went wrong, if anything did
};

/// Asks the server at `uri`, and plays the answer to its end.
using Play = std::function<Passed (const std::string &uri)>;

struct Player {
  std::string name;
  bool pipeline;  ///< one of geminisrc's
  Play play;
};

/// A player over nothing but a WebSocket and the speaker. It starts as soon as `chunks` chunks and `frames`
/// samples have come, or the whole answer; from then on it hands over block after block, what is missing as
/// silence, while the rest comes in.
Player bare_player (const std::string &name, Pulse &pulse, size_t chunks, size_t frames);

/// A pipeline as gst-launch makes one. Its source is named `src`.
Player pipeline_player (const std::string &name, const std::string &line);

}  // namespace gemini::bench
