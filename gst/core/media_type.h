#pragma once

#include <string_view>

#include "core/error.h"

namespace gemini {

/// The form of the samples in an `inlineData` part: signed 16-bit, little-endian, interleaved.
struct AudioFormat {
  unsigned rate = 24000;
  unsigned channels = 1;

  bool operator== (const AudioFormat &) const = default;
};

/// Whether an `inlineData` part is meant for the ear at all; avatar and code output is not.
bool is_audio (std::string_view media_type);

/// Reads `audio/pcm`, `audio/pcm;rate=24000`, `audio/L16;codec=pcm;rate=24000`, `audio/l16; rate=24000;
/// channels=1`, and every name of WAV, whose header then has the last word.
///
/// Type and parameters in any case, blanks around `;` and `=` allowed, unknown parameters skipped. Without a
/// rate 24000, without channels 1. Despite its registration `audio/L16` is little-endian here, as every
/// client treats it. Anything we cannot play (another type, more than one channel, a rate of 0 or above
/// 768000) is a Format error whose sentence names it.
Result<AudioFormat> parse_audio_format (std::string_view media_type);

}  // namespace gemini
