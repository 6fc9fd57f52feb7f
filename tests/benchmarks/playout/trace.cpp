#include "trace.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace gemini::bench {

nanoseconds span (uint64_t frames)
{
  return nanoseconds (static_cast<int64_t> (frames * 1'000'000'000 / kRate));
}

nanoseconds length (const Turn &turn)
{
  uint64_t frames = 0;
  for (const auto &chunk : turn)
    frames += chunk.frames;
  return span (frames);
}

nanoseconds earliest_start (const Turn &turn, nanoseconds patience)
{
  nanoseconds start{0};
  uint64_t before = 0;
  for (const auto &chunk : turn) {
    start = std::max (start, chunk.at - turn.front ().at - span (before) - patience);
    before += chunk.frames;
  }
  return start;
}

namespace {

/// One line without its comment, or what is wrong with it.
std::variant<Chunk, const char *> parse_chunk (const std::string &line)
{
  double at = 0;
  int64_t frames = 0;
  char comma = 0;
  std::istringstream fields (line);
  std::string more;
  if (!(fields >> at >> comma >> frames) || comma != ',' || fields >> more)
    return "a line is 'milliseconds, samples'";
  if (std::abs (at) > 9e12)
    return "that is no time in milliseconds";
  if (frames <= 0 || frames > 1'000'000'000)
    return "a chunk has at least one sample, and no days of them";
  return Chunk{nanoseconds (static_cast<int64_t> (at * 1e6)), static_cast<uint64_t> (frames)};
}

/// Moves turns so far apart that each can be played to its end before the next, however late it starts.
void space_out (std::vector<Turn> &turns)
{
  nanoseconds begin = std::chrono::seconds (1);
  for (auto &turn : turns) {
    const auto shift = begin - turn.front ().at;
    for (auto &chunk : turn)
      chunk.at += shift;
    begin = turn.back ().at + length (turn) + std::chrono::seconds (1);
  }
}

}  // namespace

std::variant<Trace, std::string> read_trace (const std::string &path)
{
  std::ifstream file (path);
  if (!file)
    return path + ": cannot be read";
  std::vector<Turn> turns (1);
  unsigned number = 0;
  for (std::string line; std::getline (file, line);) {
    ++number;
    const auto comment = line.find ('#');
    line.erase (std::min (comment, line.size ()));
    if (line.find_first_not_of (" \t\r") == line.npos) {
      if (comment == line.npos && !turns.back ().empty ())
        turns.emplace_back ();
      continue;
    }
    auto parsed = parse_chunk (line);
    auto *chunk = std::get_if<Chunk> (&parsed);
    const char *wrong = chunk ? nullptr : std::get<const char *> (parsed);
    auto &turn = turns.back ();
    if (chunk && !turn.empty () && chunk->at < turn.back ().at)
      wrong = "it arrives before the chunk above it";
    if (wrong)
      return path + ":" + std::to_string (number) + ": " + wrong;
    turn.push_back (*chunk);
  }
  if (turns.back ().empty ())
    turns.pop_back ();
  if (turns.empty ())
    return path + ": has no chunks";
  space_out (turns);
  return Trace{std::filesystem::path (path).stem ().string (), std::move (turns)};
}

}  // namespace gemini::bench
