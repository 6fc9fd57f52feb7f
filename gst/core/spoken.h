#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>

namespace gemini {

/// The speech that has left and may not have been heard: runs without a gap, oldest first.
class Spoken {
 public:
  using nanoseconds = std::chrono::nanoseconds;

  void add (nanoseconds begin, nanoseconds end, uint64_t frames)
  {
    if (runs_.empty () || runs_.back ().end != begin)
      runs_.push_back ({begin, begin, 0});
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

    uint64_t part_after (nanoseconds time) const
    {
      auto left = std::chrono::duration<double> (std::max (end - time, nanoseconds (0)));
      return static_cast<uint64_t> (static_cast<double> (frames) * (left / (end - begin)));
    }
  };

  std::deque<Run> runs_;
};

}  // namespace gemini
