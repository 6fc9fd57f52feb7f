#include "stand-in/voice/chunks.h"

#include <algorithm>

#include "stand-in/live/message.h"

namespace gemini::stand_in {

using std::chrono::microseconds;

namespace {

std::vector<Chunk> cut (std::span<const int16_t> samples, const Shape &shape)
{
  std::string bytes = to_bytes (samples);
  if (shape.odd_tail)
    bytes += '\x7f';

  std::vector<Chunk> chunks;
  size_t begin = 0, end = 0;
  const auto frames = chunk_frames (samples.size (), shape.chunks);
  for (size_t i = 0; i < frames.size (); i++) {
    end += 2 * frames[i];
    const bool last = i + 1 == frames.size ();
    const size_t border = last ? bytes.size () : end + (shape.odd_bytes && i % 2 == 0 ? 1 : 0);
    chunks.push_back ({.bytes = bytes.substr (begin, border - begin)});
    begin = border;
  }
  return chunks;
}

void time (std::vector<Chunk> &chunks, const Pace &pace, unsigned rate, std::minstd_rand &random)
{
  std::uniform_int_distribution<int64_t> gap (0, microseconds (pace.random_gap).count ());
  microseconds shift = pace.first_chunk_delay, before{0};
  size_t bytes = 0;
  for (size_t i = 0; i < chunks.size (); i++) {
    for (const Pace::Stall &stall : pace.stalls)
      if (i > 0 && stall.after_chunk == i)
        shift += stall.pause;
    // The first chunk is there when it is there; each later one takes the time of its own audio.
    bytes += i > 0 ? chunks[i].bytes.size () : 0;
    microseconds at = shift;
    if (pace.speed > 0)
      at += microseconds (
          static_cast<int64_t> (static_cast<double> (duration_of (bytes / 2, rate).count ()) / pace.speed));
    at += microseconds (gap (random));
    before = chunks[i].at = std::max (before, at);
  }
}

}  // namespace

microseconds duration_of (size_t frames, unsigned rate)
{
  return microseconds (static_cast<int64_t> (frames) * 1'000'000 / rate);
}

std::vector<Chunk> plan_chunks (std::span<const int16_t> samples, const Shape &shape, const Pace &pace,
                                unsigned rate, std::minstd_rand &random)
{
  auto chunks = cut (samples, shape);
  time (chunks, pace, rate, random);
  return chunks;
}

std::vector<size_t> chunk_frames (size_t frames, const std::vector<size_t> &pattern)
{
  std::vector<size_t> chunks;
  for (size_t i = 0; frames > 0; i++) {
    const size_t wanted = pattern.empty () ? 0 : pattern[i % pattern.size ()];
    chunks.push_back (wanted == 0 ? frames : std::min (wanted, frames));
    frames -= chunks.back ();
  }
  return chunks;
}

}  // namespace gemini::stand_in
