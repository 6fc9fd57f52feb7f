#include "stand-in/http/frame.h"

namespace gemini::stand_in {
namespace {

constexpr uint8_t kFinal = 0x80, kMasked = 0x80;
constexpr uint8_t kMask[4] = {0x12, 0x34, 0x56, 0x78};

void append_big_endian (std::string &out, uint64_t value, unsigned bytes)
{
  while (bytes-- > 0)
    out += static_cast<char> (value >> (8 * bytes));
}

uint64_t read_big_endian (std::string_view bytes)
{
  uint64_t value = 0;
  for (const char byte : bytes)
    value = value << 8 | static_cast<uint8_t> (byte);
  return value;
}

}  // namespace

std::string encode_frame (const Frame &frame)
{
  const uint8_t mask_bit = frame.masked ? kMasked : 0;
  const size_t size = frame.payload.size ();
  std::string out;
  out.reserve (size + 14);
  out += static_cast<char> ((frame.final ? kFinal : 0) | frame.reserved << 4 | frame.opcode);
  if (size < 126) {
    out += static_cast<char> (mask_bit | size);
  } else if (size <= UINT16_MAX) {
    out += static_cast<char> (mask_bit | 126);
    append_big_endian (out, size, 2);
  } else {
    out += static_cast<char> (mask_bit | 127);
    append_big_endian (out, size, 8);
  }
  if (!frame.masked)
    return out += frame.payload;

  for (const uint8_t byte : kMask)
    out += static_cast<char> (byte);
  for (size_t i = 0; i < size; i++)
    out += static_cast<char> (frame.payload[i] ^ kMask[i % 4]);
  return out;
}

std::optional<Frame> FrameReader::next ()
{
  const std::string_view all (bytes_);
  if (all.size () < 2)
    return {};
  const auto first = static_cast<uint8_t> (all[0]), second = static_cast<uint8_t> (all[1]);
  const unsigned short_length = second & 0x7f;
  const size_t length_bytes = short_length < 126 ? 0 : short_length == 126 ? 2 : 8;
  const bool masked = second & kMasked;
  const size_t header = 2 + length_bytes + (masked ? 4 : 0);
  if (all.size () < header)
    return {};
  const uint64_t length = length_bytes > 0 ? read_big_endian (all.substr (2, length_bytes)) : short_length;
  if (all.size () - header < length)
    return {};

  Frame frame{.opcode = static_cast<uint8_t> (first & 0x0f),
              .payload = std::string (all.substr (header, length)),
              .final = (first & kFinal) != 0,
              .reserved = static_cast<uint8_t> (first >> 4 & 7),
              .masked = masked};
  if (masked) {
    const std::string_view mask = all.substr (header - 4, 4);
    for (size_t i = 0; i < length; i++)
      frame.payload[i] = static_cast<char> (frame.payload[i] ^ mask[i % 4]);
  }
  bytes_.erase (0, header + length);
  return frame;
}

}  // namespace gemini::stand_in
