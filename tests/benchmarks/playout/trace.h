#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace gemini::bench {

using std::chrono::nanoseconds;

constexpr unsigned kRate = 24000;

/// Length of so many frames.
nanoseconds span (uint64_t frames);

struct Chunk {
  nanoseconds at;
  uint64_t frames;
};

/// What came in for one answer; with the last chunk came the news that it is complete.
using Turn = std::vector<Chunk>;

nanoseconds length (const Turn &turn);

/// A session as it came in: a policy learns from its turns, one after the other.
struct Trace {
  std::string family;
  std::vector<Turn> turns;
};

/// The earliest start, after the first chunk, with which the turn never runs dry; only known afterwards.
/// A frame is in time up to `patience` after its PTS.
nanoseconds earliest_start (const Turn &turn, nanoseconds patience);

/// Reads a trace from a file, or says what is wrong with it. A line is a chunk: its arrival in milliseconds
/// by any clock, a comma, and its samples (24 kHz mono). An empty line ends a turn; `#` begins a comment.
/// How long it is quiet between turns does not matter.
///
///   # two turns
///   0, 4800
///   231.5, 5760
///
///   9000, 4800
std::variant<Trace, std::string> read_trace (const std::string &path);

}  // namespace gemini::bench
