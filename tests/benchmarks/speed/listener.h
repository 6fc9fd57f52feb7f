#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "counts.h"
#include "raw_socket.h"
#include "undecoded.h"

namespace gemini::bench {

/// What hears an answer with nothing in between: a thread that waits for a socket. It counts what would have
/// come too late for geminisrc, by the same rule: speech begins with the first chunk, where silence ends,
/// which is up to half a buffer off either way; who has nothing a buffer after it was due pauses; and then
/// holds so much that it is the only time in a turn.
///
/// With two threads, one waits for the socket and hands over to one that wakes up as often as speech leaves:
/// the least that a live source is made of.
class Listener {
 public:
  Listener (Counts &counts, const std::string &uri, unsigned number, bool two_threads)
      : counts_ (counts), offset_ (number * kStride % kBuffer - kBuffer / 2), socket_ (uri)
  {
    socket_.open ();
    if (two_threads)
      second_ = std::thread ([this] { hand_out (); });
    first_ = std::thread ([this] { listen (); });
  }
  ~Listener ()
  {
    socket_.hang_up ();
    first_.join ();
    if (!second_.joinable ())
      return;
    {
      const std::lock_guard guard (lock_);
      over_ = true;
    }
    changed_.notify_one ();
    second_.join ();
  }
  Listener (const Listener &) = delete;
  Listener &operator= (const Listener &) = delete;

  void ask (const std::string &text) { socket_.ask (text); }

 private:
  static constexpr int64_t kBuffer = 20'000'000, kStride = 7'654'321;
  static constexpr int64_t kBytesPerMs = 48, kMs = 1'000'000;
  static constexpr std::chrono::milliseconds kNap{40};
  struct Chunk {
    Stamp stamp;
    int64_t length;
  };

  void listen ()
  {
    while (const auto message = socket_.message ()) {
      const Undecoded audio (*message);
      if (audio.whole == 0 && message->find ("setupComplete") != message->npos)
        counts_.ready++;
      if (const auto stamp = Stamp::read (audio.bytes.data (), audio.whole))
        pass_on ({*stamp, static_cast<int64_t> (audio.whole) / kBytesPerMs * kMs});
    }
  }

  void pass_on (const Chunk &chunk)
  {
    if (!second_.joinable ())
      return hear (chunk);
    {
      const std::lock_guard guard (lock_);
      chunks_.push_back (chunk);
    }
    changed_.notify_one ();
  }

  void hand_out ()
  {
    auto next = std::chrono::steady_clock::now ();
    for (std::unique_lock lock (lock_); !over_;) {
      for (; !chunks_.empty (); chunks_.pop_front ())
        hear (chunks_.front ());
      if (changed_.wait_until (lock, next) == std::cv_status::timeout)
        next += kNap;
    }
  }

  void hear (const Chunk &chunk)
  {
    const auto &[stamp, length] = chunk;
    const int64_t now = monotonic_ns (), slip = stamp.sent - stamp.due;
    if (stamp.number == 0) {
      counts_.speaking++;
      ends_ = now + offset_;
      dry_ = false;
    }
    if (counts_.measuring) {
      counts_.server_sent (slip);
      counts_.chunk.add (now - stamp.sent);
    }
    if (!dry_ && now > ends_ + kBuffer) {
      dry_ = true;
      if (counts_.measuring)
        counts_.ran_dry (slip);
    }
    ends_ += length;
  }

  Counts &counts_;
  const int64_t offset_;
  Socket socket_;
  std::thread first_, second_;
  std::mutex lock_;
  std::condition_variable changed_;
  std::deque<Chunk> chunks_;  ///< guarded by lock_, as
  bool over_ = false;
  // the thread that hears
  int64_t ends_ = 0;  ///< when all that has come will have been heard
  bool dry_ = false;
};

}  // namespace gemini::bench
