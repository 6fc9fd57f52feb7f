#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>

namespace gemini {

/// How many begin and end in a time. 128 bits: days of frames times 1e9 need more than 64.
inline uint64_t frames_in (std::chrono::nanoseconds time, unsigned rate)
{
  __extension__ using uint128 = unsigned __int128;
  return static_cast<uint64_t> (static_cast<uint128> (time.count ()) * rate / 1'000'000'000);
}

/// The speech that has left and may not have been heard: runs without a gap, oldest first.
class Spoken {
 public:
  using nanoseconds = std::chrono::nanoseconds;

  void add (nanoseconds begin, nanoseconds end, uint64_t frames, unsigned rate)
  {
    if (runs_.empty () || runs_.back ().end != begin || runs_.back ().rate != rate)
      runs_.push_back ({begin, begin, 0, rate});
    runs_.back ().end = end;
    runs_.back ().frames += frames;
  }

  /// What was heard by then.
  void forget (nanoseconds time)
  {
    while (!runs_.empty () && runs_.front ().end <= time)
      runs_.pop_front ();
  }

  /// Frames from then on; of a run that has begun, those that have begun are heard.
  uint64_t after (nanoseconds time) const
  {
    uint64_t frames = 0;
    for (const auto &run : runs_)
      frames += run.begin >= time ? run.frames : run.part_after (time);
    return frames;
  }

  void clear () { runs_.clear (); }

 private:
  struct Run {
    nanoseconds begin;
    nanoseconds end;
    uint64_t frames;
    unsigned rate;

    uint64_t part_after (nanoseconds time) const
    {
      return std::min (frames, frames_in (std::max (end - time, nanoseconds (0)), rate));
    }
  };

  std::deque<Run> runs_;
};

}  // namespace gemini
