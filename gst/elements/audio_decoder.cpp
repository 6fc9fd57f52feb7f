#include "elements/audio_decoder.h"

#include "core/base64.h"

namespace gemini {

Result<AudioDecoder::Chunk> AudioDecoder::decode (const ServerMessage::InlineData &data)
{
  auto format = parse_audio_format (data.mime_type);
  if (auto *error = std::get_if<Error> (&format))
    return *error;
  Chunk chunk{nullptr, std::get<AudioFormat> (format)};

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
    bytes += *decoded;
    left_over_.reset ();
    if (bytes % 2 != 0)
      left_over_ = map.data ()[--bytes];
  }
  if (bytes > 0) {
    gst_buffer_set_size (buffer.get (), static_cast<gssize> (bytes));
    chunk.buffer = std::move (buffer);
  }
  return chunk;
}

}  // namespace gemini
