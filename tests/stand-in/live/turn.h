#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "stand-in/live/message.h"

namespace gemini::stand_in {

/// What is to be said in one turn.
struct Answer {
  std::string text;
  std::vector<int16_t> samples;
  bool transcribe = false;
  unsigned prompt_tokens = 0;
};

/// One message of a turn and when it is due, counted from the beginning of the turn.
struct Step {
  std::chrono::microseconds at{0};
  ServerMessage message;
  size_t chunks = 0;  ///< chunks of audio in it
  size_t bytes = 0;   ///< bytes of audio in it
};

/// A turn from its first message to `turnComplete`, worked out in advance.
struct Turn {
  std::vector<Step> steps;
  std::chrono::microseconds end{0};  ///< when the server takes it for played
};

/// Cuts an answer into messages and times them. Takes no time itself and knows no clock.
Turn plan_turn (const Answer &answer, const Shape &shape, const Pace &pace, const Dialect &dialect,
                std::minstd_rand &random);

/// "One, two." as it is transcribed: "One,", " two."
std::vector<std::string> transcript_fragments (std::string_view text);

/// Tokens as the service counts them: 32 for a second of audio.
unsigned audio_tokens (size_t frames, unsigned rate);

/// The usage of a turn of which so many frames were sent.
Usage usage_of (const Answer &answer, size_t frames, unsigned rate);

}  // namespace gemini::stand_in
