#pragma once

#include <cstdint>
#include <cstring>
#include <ctime>
#include <optional>

namespace gemini::bench {

/// CLOCK_MONOTONIC, which server and clients share.
inline int64_t monotonic_ns ()
{
  timespec time;
  clock_gettime (CLOCK_MONOTONIC, &time);
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/// What the load server writes in place of the first samples of a chunk. 60 bytes are 80 characters of
/// base64.
struct [[gnu::packed]] Stamp {
  static constexpr uint32_t kMagic = 0x7357a391;

  uint32_t magic = kMagic;
  uint32_t number = 0;  ///< of the chunk in its turn
  int64_t due = 0;      ///< when it was to be sent
  int64_t sent = 0;
  int64_t asked = 0;  ///< when the question was read, and the turn before cut
  // when the connection
  int64_t accepted = 0;
  int64_t secured = 0;  ///< the handshake of TLS was over; without it: accepted
  int64_t setup = 0;    ///< its setup was read
  uint32_t unused = 0;

  static std::optional<Stamp> read (const void *audio, size_t bytes)
  {
    Stamp stamp;
    if (bytes < sizeof stamp)
      return std::nullopt;
    std::memcpy (&stamp, audio, sizeof stamp);
    return stamp.magic == kMagic ? std::optional (stamp) : std::nullopt;
  }
  void write (void *audio) const { std::memcpy (audio, this, sizeof *this); }
};
static_assert (sizeof (Stamp) == 60);

}  // namespace gemini::bench
