#include "core/wav.h"

#include <algorithm>
#include <string_view>

namespace gemini {

namespace {

constexpr size_t kFileHeader = 12;
constexpr size_t kChunkHeader = 8;
constexpr size_t kFormatChunk = 16;
constexpr unsigned kMaxRate = 768000;
constexpr unsigned kPcm = 1;
constexpr unsigned kExtensible = 0xfffe;  // PCM with more said about it
/// A length that was not known when the header was written.
constexpr uint64_t kUnknownLength = UINT64_MAX;

unsigned number (std::string_view bytes, size_t at, size_t size)
{
  unsigned value = 0;
  for (size_t i = size; i-- > 0;)
    value = value << 8 | static_cast<uint8_t> (bytes[at + i]);
  return value;
}

bool is_wav (std::string_view bytes)
{
  return bytes.size () >= kFileHeader && bytes.starts_with ("RIFF") && bytes.substr (8, 4) == "WAVE";
}

}  // namespace

Result<WavReader::Samples> WavReader::feed (std::span<const uint8_t> bytes)
{
  const std::string_view text (reinterpret_cast<const char *> (bytes.data ()), bytes.size ());
  size_t at = 0;
  if (at_ == At::Beginning && !text.empty ()) {
    at_ = is_wav (text) ? At::ChunkHeader : At::Raw;
    wanted_ = kChunkHeader;
    at = at_ == At::ChunkHeader ? kFileHeader : 0;
  }

  while (at < text.size ()) {
    switch (at_) {
      case At::Beginning:
      case At::Raw:
        return Samples{at, text.size () - at};
      case At::Samples: {
        const auto size = static_cast<size_t> (std::min<uint64_t> (left_, text.size () - at));
        if (left_ != kUnknownLength)
          left_ -= size;
        if (left_ == 0) {
          // What follows the samples is no sound, whatever it is.
          left_ = kUnknownLength;
          at_ = At::SkippedChunk;
        }
        return Samples{at, size};
      }
      case At::SkippedChunk: {
        const auto size = static_cast<size_t> (std::min<uint64_t> (left_, text.size () - at));
        at += size;
        if (left_ != kUnknownLength && (left_ -= size) == 0)
          at_ = At::ChunkHeader;
        break;
      }
      case At::ChunkHeader:
      case At::Format: {
        const auto size = std::min (wanted_ - header_.size (), text.size () - at);
        header_ += text.substr (at, size);
        at += size;
        if (header_.size () == wanted_)
          if (auto error = header_done ())
            return *error;
        break;
      }
    }
  }
  return Samples{};
}

std::optional<Error> WavReader::header_done ()
{
  std::optional<Error> error;
  if (at_ == At::Format)
    error = format_done ();
  else
    chunk_begins ();
  header_.clear ();
  return error;
}

void WavReader::chunk_begins ()
{
  const auto length = number (header_, 4, 4);
  left_ = uint64_t{length} + length % 2;
  wanted_ = kChunkHeader;
  if (header_.starts_with ("data")) {
    at_ = At::Samples;
    left_ = length == 0 || length == UINT32_MAX ? kUnknownLength : length;
  } else if (header_.starts_with ("fmt ") && length >= kFormatChunk) {
    at_ = At::Format;
    wanted_ = kFormatChunk;
    left_ -= kFormatChunk;
  } else if (left_ > 0) {
    at_ = At::SkippedChunk;
  }
}

std::optional<Error> WavReader::format_done ()
{
  const auto encoding = number (header_, 0, 2);
  const auto channels = number (header_, 2, 2);
  const auto rate = number (header_, 4, 4);
  const auto bits = number (header_, 14, 2);
  if ((encoding != kPcm && encoding != kExtensible) || channels != 1 || bits != 16 || rate == 0 ||
      rate > kMaxRate)
    return Error{.kind = Error::Kind::Format,
                 .message =
                     "Gemini sent a WAV file that cannot be played: only 16-bit PCM of one channel can, "
                     "check the setup property",
                 .detail = "encoding " + std::to_string (encoding) + ", channels " +
                           std::to_string (channels) + ", bits " + std::to_string (bits) + ", rate " +
                           std::to_string (rate)};
  rate_ = rate;
  wanted_ = kChunkHeader;
  at_ = left_ > 0 ? At::SkippedChunk : At::ChunkHeader;
  return std::nullopt;
}

}  // namespace gemini
