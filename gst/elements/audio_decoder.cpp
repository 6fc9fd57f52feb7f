#include "elements/audio_decoder.h"

#include <cstdlib>
#include <cstring>

#include "core/base64.h"

namespace gemini {

Result<AudioDecoder::Chunk> AudioDecoder::decode (const ServerMessage::InlineData &data)
{
  auto format = parse_audio_format (data.mime_type);
  if (auto *error = std::get_if<Error> (&format))
    return *error;
  Chunk chunk{nullptr, std::get<AudioFormat> (format)};
  if (data.fresh)
    left_over_.reset ();
  if (!data.continues)
    wav_.begin ();

  gsize before = left_over_ ? 1 : 0;
  BufferPtr buffer (
      gst_buffer_new_allocate (nullptr, before + base64_decoded_bound (data.data.size ()), nullptr));
  gsize bytes = before;
  {
    BufferMap map (buffer.get (), GST_MAP_WRITE);
    if (left_over_)
      map.data ()[0] = *left_over_;
    auto decoded = base64_decode (data.data, {map.data () + before, map.size () - before});
    if (!decoded)
      return Error{.kind = Error::Kind::Decode,
                   .message = "Gemini sent audio that cannot be decoded: try again",
                   .detail = "invalid base64 in inlineData"};
    gsize samples = *decoded;
    if (auto error = keep_samples (map.data () + before, samples))
      return *error;
    bytes += samples;
    left_over_.reset ();
    if (bytes % 2 != 0)
      left_over_ = map.data ()[--bytes];
  }
  chunk.format.rate = wav_.rate ().value_or (chunk.format.rate);
  if (bytes > 0) {
    gst_buffer_set_size (buffer.get (), static_cast<gssize> (bytes));
    chunk.buffer = std::move (buffer);
    audible_ = audible_ || is_audible (chunk.buffer.get ());
    if (skip_ && silent_)
      trim (chunk);
  }
  return chunk;
}

/// Looks no further than the first sample that is loud enough.
bool AudioDecoder::is_audible (GstBuffer *buffer) const
{
  constexpr int kQuiet = 32;  // -60 dBFS
  BufferMap map (buffer, GST_MAP_READ);
  for (gsize at = 0; at + 1 < map.size (); at += 2)
    if (std::abs (static_cast<gint16> (GST_READ_UINT16_LE (map.data () + at))) > kQuiet)
      return true;
  return false;
}

/// Of a piece of a file, moves what is sound to its front; raw samples stay where they are.
std::optional<Error> AudioDecoder::keep_samples (guint8 *bytes, gsize &size)
{
  auto found = wav_.feed ({bytes, size});
  if (auto *error = std::get_if<Error> (&found))
    return *error;
  auto &samples = std::get<WavReader::Samples> (found);
  if (samples.begin > 0)
    std::memmove (bytes, bytes + samples.begin, samples.size);
  size = samples.size;
  return std::nullopt;
}

void AudioDecoder::trim (Chunk &chunk)
{
  gsize quiet = 0;
  {
    BufferMap map (chunk.buffer.get (), GST_MAP_READ);
    while (quiet < map.size () &&
           std::abs (static_cast<gint16> (GST_READ_UINT16_LE (map.data () + quiet))) <= 1)
      quiet += 2;
    silent_ = quiet == map.size ();
  }
  if (silent_)
    chunk.buffer.reset ();
  else
    gst_buffer_resize (chunk.buffer.get (), static_cast<gssize> (quiet), -1);
}

}  // namespace gemini
