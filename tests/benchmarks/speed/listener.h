#pragma once

#include <cstdint>
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
class Listener {
 public:
  Listener (Counts &counts, const std::string &uri, unsigned number)
      : counts_ (counts), offset_ (number * kStride % kBuffer - kBuffer / 2), socket_ (uri)
  {
    socket_.open ();
    thread_ = std::thread ([this] { listen (); });
  }
  ~Listener ()
  {
    socket_.hang_up ();
    thread_.join ();
  }
  Listener (const Listener &) = delete;
  Listener &operator= (const Listener &) = delete;

  void ask (const std::string &text) { socket_.ask (text); }

 private:
  static constexpr int64_t kBuffer = 20'000'000, kStride = 7'654'321;
  static constexpr int64_t kBytesPerMs = 48, kMs = 1'000'000;

  void listen ()
  {
    while (const auto message = socket_.message ()) {
      const Undecoded audio (*message);
      if (audio.whole == 0 && message->find ("setupComplete") != message->npos)
        counts_.ready++;
      if (const auto stamp = Stamp::read (audio.bytes.data (), audio.whole))
        hear (*stamp, static_cast<int64_t> (audio.whole) / kBytesPerMs * kMs);
    }
  }

  void hear (const Stamp &stamp, int64_t length)
  {
    const int64_t now = monotonic_ns (), slip = stamp.sent - stamp.due;
    if (stamp.number == 0) {
      counts_.speaking++;
      ends_ = now + offset_;
      dry_ = false;
    }
    if (counts_.measuring)
      counts_.server_sent (slip);
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
  std::thread thread_;
  int64_t ends_ = 0;  ///< when all that has come will have been heard
  bool dry_ = false;
};

}  // namespace gemini::bench
