#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/error.h"

namespace gemini {

/// Finds the samples in a WAV file that comes in pieces, and lets raw samples through.
///
/// A file is known by its first twelve bytes, which must be in the first piece. Only what can be played
/// without a conversion is taken: 16-bit PCM of one channel. Pure.
class WavReader {
 public:
  struct Samples {
    size_t begin = 0;
    size_t size = 0;
  };

  /// The next piece is the beginning of another file, or of raw samples.
  void begin () { *this = {}; }

  /// Which bytes of this piece are samples.
  Result<Samples> feed (std::span<const uint8_t> bytes);

  /// Of a file.
  std::optional<unsigned> rate () const { return rate_; }

 private:
  enum class At { Beginning, ChunkHeader, Format, SkippedChunk, Samples, Raw };

  std::optional<Error> header_done ();
  void chunk_begins ();
  std::optional<Error> format_done ();

  At at_ = At::Beginning;
  std::string header_;  ///< what there is of a header
  size_t wanted_ = 0;   ///< of it
  uint64_t left_ = 0;   ///< of a chunk
  std::optional<unsigned> rate_;
};

}  // namespace gemini
