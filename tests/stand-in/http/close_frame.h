#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gemini::stand_in {

/// What the end of a WebSocket says when it says goodbye.
struct CloseFrame {
  uint16_t code = 1005;  ///< 1005: a close frame without a code
  std::string reason;
};

/// The reason as a close frame can carry it: cut at 123 bytes, at the border of a character.
std::string cut_reason (std::string_view reason);

}  // namespace gemini::stand_in
