#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace gemini {

/// Room that `base64_decode ()` needs for so many characters.
constexpr size_t base64_decoded_bound (size_t characters) { return characters / 4 * 3 + 3; }

/// Decodes the standard and the URL-safe alphabet, with or without padding (RFC 4648, sections 4 and 5).
///
/// Returns the bytes written, or nothing if the text is no base64: any other character (blanks included),
/// padding in the middle or of the wrong length, or a length that no input has.
/// `out` holds at least `base64_decoded_bound (text.size ())` bytes.
std::optional<size_t> base64_decode (std::string_view text, std::span<uint8_t> out);

}  // namespace gemini
