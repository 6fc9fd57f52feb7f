#pragma once

#include <pulse/pulseaudio.h>

#include <chrono>
#include <functional>
#include <span>
#include <string>

namespace gemini::bench {

using std::chrono::nanoseconds;

constexpr unsigned kRate = 24000;
inline constexpr pa_sample_spec kFormat{.format = PA_SAMPLE_S16LE, .rate = kRate, .channels = 1};

/// CLOCK_MONOTONIC, the clock of every moment here.
nanoseconds now ();

/// A connection to PulseAudio with a thread of its own, on which all callbacks of its streams run.
class Pulse {
 public:
  Pulse ();
  ~Pulse ();
  Pulse (const Pulse &) = delete;
  Pulse &operator= (const Pulse &) = delete;

  /// Why there is no sound; empty if all is well.
  const std::string &error () const { return error_; }

  pa_context *context () { return context_; }
  /// Waits, with the lock held, until something calls `signal ()`.
  void wait () { pa_threaded_mainloop_wait (loop_); }
  void signal () { pa_threaded_mainloop_signal (loop_, 0); }

  /// Its scope is the time in which streams may be touched from another thread.
  class Lock {
   public:
    explicit Lock (Pulse &pulse) : loop_ (pulse.loop_) { pa_threaded_mainloop_lock (loop_); }
    ~Lock () { pa_threaded_mainloop_unlock (loop_); }
    Lock (const Lock &) = delete;
    Lock &operator= (const Lock &) = delete;

   private:
    pa_threaded_mainloop *loop_;
  };

 private:
  pa_threaded_mainloop *loop_;
  pa_context *context_ = nullptr;
  std::string error_;
};

/// Plays block after block, as a blocking call of a sound library does.
///
/// The device holds two blocks. It stands still until it has one, and when it has run dry.
class Speaker {
 public:
  static constexpr size_t kBlock = 1024;

  explicit Speaker (Pulse &pulse);
  ~Speaker ();
  Speaker (const Speaker &) = delete;
  Speaker &operator= (const Speaker &) = delete;

  /// Waits for room.
  void write (std::span<const int16_t> block);
  /// Waits until all is played.
  void drain ();

 private:
  Pulse &pulse_;
  pa_stream *stream_;
};

}  // namespace gemini::bench
