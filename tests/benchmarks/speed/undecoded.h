#pragma once

#include <array>
#include <string_view>

#include "core/base64.h"
#include "course.h"
#include "stamp.h"

namespace gemini::bench {

/// The audio of a message of the load server, of which nothing is decoded but the stamp.
struct Undecoded {
  std::array<uint8_t, sizeof (Stamp) + 3> bytes;  // base64_decode () wants some room
  size_t whole = 0;                               ///< 0: there is none

  explicit Undecoded (std::string_view message)
  {
    constexpr std::string_view kData = "\"data\": \"";
    constexpr size_t kShortest = 300;  // of one with audio
    if (message.size () < kShortest)
      return;
    const auto at = message.find (kData) + kData.size ();
    base64_decode (message.substr (at, sizeof (Stamp) / 3 * 4), bytes);
    whole = (message.rfind ('"') - at) / 4 * 3;
  }
};

/// TRUE: it wants the next question.
inline bool look (Course &course, std::string_view message)
{
  const Undecoded audio (message);
  if (audio.whole == 0)
    return message.find ("setupComplete") != message.npos || message.find ("turnComplete") != message.npos;
  course.audio (audio.bytes.data (), sizeof (Stamp), audio.whole);
  return false;
}

}  // namespace gemini::bench
