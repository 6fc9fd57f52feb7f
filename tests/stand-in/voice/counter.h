#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gemini::stand_in {

/// The numbered voice: sample `k` of turn `turn` (both from 0) has the value k + 1 + 4099 * turn, cut to 16
/// bits.
///
/// Neighbours differ by exactly one, so a lost, doubled or moved sample is seen wherever it is; turns start
/// at different values, so audio of another turn is seen too. The first sample is never 0, so the silence in
/// front of it is not taken for audio. Turns are counted per session; a resumed session counts on. Answers
/// over HTTP are counted over all connections of a server.
constexpr int16_t counter_sample (size_t k, size_t turn = 0)
{
  return static_cast<int16_t> (static_cast<uint16_t> (k + 1 + 4099 * turn));
}

inline std::vector<int16_t> counter_samples (size_t frames, size_t turn = 0)
{
  std::vector<int16_t> samples (frames);
  for (size_t k = 0; k < frames; k++)
    samples[k] = counter_sample (k, turn);
  return samples;
}

}  // namespace gemini::stand_in
