#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gemini::stand_in {

enum class Opcode : uint8_t { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };

/// One frame of RFC 6455, section 5.2. The flags a well-behaved server never sets are here to be set.
struct Frame {
  uint8_t opcode = static_cast<uint8_t> (Opcode::Binary);
  std::string payload;
  bool final = true;
  uint8_t reserved = 0;  ///< RSV1 to RSV3
  bool masked = false;
};

std::string encode_frame (const Frame &frame);

/// Takes frames out of a stream of bytes, unmasked. Knows no messages and no order of frames.
class FrameReader {
 public:
  void feed (std::string_view bytes) { bytes_ += bytes; }
  /// The next whole frame, if it is there.
  std::optional<Frame> next ();

 private:
  std::string bytes_;
};

}  // namespace gemini::stand_in
