#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <mutex>
#include <vector>

namespace gemini::test {

/// The device behind a `Speaker`: a buffer that a clock empties, and a record of what came out of it.
///
/// Knows nothing of GStreamer's sinks. Any thread; one at a time writes.
class SoundCard {
 public:
  /// Samples on the record from `first` on came out without a break, the first of them `at`.
  struct Run {
    GstClockTime at;
    size_t first;
    unsigned rate;
  };
  struct Record {
    std::vector<int16_t> samples;
    std::vector<Run> runs;
    unsigned ran_dry;
  };

  SoundCard ();
  ~SoundCard ();
  SoundCard (const SoundCard &) = delete;
  SoundCard &operator= (const SoundCard &) = delete;

  void use_clock (GstClock *clock);
  void open (unsigned rate, size_t frames);
  /// Blocks until there is room, or the device is paused or stopped. Plays when the buffer is full for the
  /// first time.
  void write (const int16_t *samples, size_t frames);
  size_t delay () const;
  void pause ();
  void resume ();
  /// What is in the buffer is never heard.
  void stop ();

  /// Until all has been heard that is in the buffer now.
  void drain () const;
  /// What was heard up to now.
  Record record () const;

 private:
  size_t played () const;
  void start ();
  GstClockTime time_of (size_t frames) const;
  void wake ();

  mutable std::mutex lock_;
  // all below is guarded by lock_
  GstClock *clock_;
  GstClockID id_ = nullptr;  ///< what write () waits on
  unsigned rate_ = 0;
  size_t capacity_ = 0;
  std::vector<int16_t> tape_;  ///< all that was played, then all in the buffer
  std::vector<Run> runs_;      ///< the last one goes on if `running_`
  size_t waiting_ = 0;         ///< if not: where the next one will begin
  bool running_ = false;
  bool paused_ = false;
  unsigned stops_ = 0;
  unsigned ran_dry_ = 0;
};

}  // namespace gemini::test
