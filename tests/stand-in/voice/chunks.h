#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "stand-in/options.h"

namespace gemini::stand_in {

/// A piece of audio as it travels, and when it is due, counted from the beginning of the answer.
struct Chunk {
  std::string bytes;
  std::chrono::microseconds at{0};
};

/// Cuts audio and times the pieces. Takes no time itself and knows no clock.
std::vector<Chunk> plan_chunks (std::span<const int16_t> samples, const Shape &shape, const Pace &pace,
                                unsigned rate, std::minstd_rand &random);

/// Frames per chunk of an answer of so many frames.
std::vector<size_t> chunk_frames (size_t frames, const std::vector<size_t> &pattern);

/// How long so many frames are heard.
std::chrono::microseconds duration_of (size_t frames, unsigned rate);

}  // namespace gemini::stand_in
