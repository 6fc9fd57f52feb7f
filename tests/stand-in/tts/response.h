#pragma once

#include <chrono>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "stand-in/live/message.h"
#include "stand-in/options.h"
#include "stand-in/tts/request.h"

namespace gemini::stand_in {

/// What one response object says: the whole answer, or one server-sent event.
struct TtsEvent {
  std::optional<std::vector<Part>> content;
  std::string finish_reason;
  std::string block_reason;
  std::optional<Usage> usage;
};

/// One event of an answer and when it is due, counted from the request.
struct TtsStep {
  std::chrono::microseconds at{0};
  TtsEvent event;
  size_t chunks = 0;  ///< chunks of audio in it
  size_t frames = 0;  ///< frames of audio up to its end
};

/// Cuts the answer to a request into events and times them. Takes no time itself and knows no clock.
std::vector<TtsStep> plan_tts (const TtsRequest &request, const std::vector<int16_t> &samples,
                               const Options &options, std::minstd_rand &random);

/// Whether the model sends a WAV file.
bool is_wav (const TtsRequest &request, const Tts &tts);

/// The event as JSON: compact in a stream, pretty-printed if it is the whole answer.
std::string to_json (const TtsEvent &event, const TtsRequest &request, const std::string &response_id,
                     const Options &options);

}  // namespace gemini::stand_in
