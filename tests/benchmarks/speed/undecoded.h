#pragma once

#include <array>
#include <string_view>

#include "core/base64.h"
#include "course.h"
#include "stamp.h"

namespace gemini::bench {

/// A message of the load server, of which nothing is decoded but the stamp. TRUE: it wants the next question.
inline bool look (Course &course, std::string_view message)
{
  constexpr std::string_view kData = "\"data\": \"";
  constexpr size_t kShortest = 300;  // of one with audio
  if (message.size () < kShortest)
    return message.find ("setupComplete") != message.npos || message.find ("turnComplete") != message.npos;
  const auto at = message.find (kData) + kData.size ();
  std::array<uint8_t, sizeof (Stamp) + 3> bytes;  // base64_decode () wants some room
  base64_decode (message.substr (at, sizeof (Stamp) / 3 * 4), bytes);
  course.audio (bytes.data (), sizeof (Stamp), (message.rfind ('"') - at) / 4 * 3);
  return false;
}

}  // namespace gemini::bench
