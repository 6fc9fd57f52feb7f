// Base64 to whole frames: what is left over, what is refused.

#include "elements/audio_decoder.h"

#include <cstring>

#include "stand-in/live/message.h"
#include "support/check.h"

using namespace gemini;
using stand_in::to_base64;

namespace {

constexpr const char *kPcm = "audio/pcm;rate=24000";

/// One part; "-" if nothing whole came of it, else its bytes.
std::string decode (AudioDecoder &decoder, const std::string &base64, const char *mime_type = kPcm)
{
  auto result = decoder.decode ({mime_type, base64});
  fail_unless (std::holds_alternative<AudioDecoder::Chunk> (result), "%s was refused", base64.c_str ());
  auto &chunk = std::get<AudioDecoder::Chunk> (result);
  if (!chunk.buffer)
    return "-";
  BufferMap map (chunk.buffer.get (), GST_MAP_READ);
  fail_unless (map.size () > 0 && map.size () % 2 == 0);
  return {reinterpret_cast<const char *> (map.data ()), map.size ()};
}

Error refused (AudioDecoder &decoder, const char *base64, const char *mime_type = kPcm)
{
  auto result = decoder.decode ({mime_type, base64});
  fail_unless (std::holds_alternative<Error> (result), "%s was taken", base64);
  return std::get<Error> (result);
}

}  // namespace

GST_START_TEST (a_part_of_whole_frames_is_one_buffer)
{
  AudioDecoder decoder;
  fail_unless_equals_text (decode (decoder, to_base64 ("abcd", {})), "abcd");
  fail_unless_equals_text (decode (decoder, to_base64 ("ef", {})), "ef");
}
GST_END_TEST;

GST_START_TEST (half_a_frame_waits_for_the_next_part)
{
  AudioDecoder decoder;
  fail_unless_equals_text (decode (decoder, to_base64 ("abc", {})), "ab");
  fail_unless_equals_text (decode (decoder, to_base64 ("d", {})), "cd");
  fail_unless_equals_text (decode (decoder, to_base64 ("e", {})), "-");
  fail_unless_equals_text (decode (decoder, to_base64 ("fgh", {})), "efgh");
}
GST_END_TEST;

GST_START_TEST (every_way_to_cut_bytes_gives_the_same_bytes)
{
  const std::string all = "The quick brown fox jumps!";
  for (size_t first = 0; first <= all.size (); first++)
    for (size_t second = first; second <= all.size (); second++) {
      AudioDecoder decoder;
      std::string heard;
      for (auto part : {all.substr (0, first), all.substr (first, second - first), all.substr (second)})
        if (auto bytes = decode (decoder, to_base64 (part, {.padding = second % 2 == 0})); bytes != "-")
          heard += bytes;
      fail_unless_equals_text (heard, all);
    }
}
GST_END_TEST;

GST_START_TEST (an_empty_part_gives_nothing_and_loses_nothing)
{
  AudioDecoder decoder;
  fail_unless_equals_text (decode (decoder, ""), "-");
  fail_unless_equals_text (decode (decoder, to_base64 ("a", {})), "-");
  fail_unless_equals_text (decode (decoder, ""), "-");
  fail_unless_equals_text (decode (decoder, to_base64 ("b", {})), "ab");
}
GST_END_TEST;

GST_START_TEST (half_a_frame_does_not_pass_into_another_turn)
{
  AudioDecoder decoder;
  fail_unless_equals_text (decode (decoder, to_base64 ("abc", {})), "ab");
  decoder.reset ();
  fail_unless_equals_text (decode (decoder, to_base64 ("de", {})), "de");
}
GST_END_TEST;

GST_START_TEST (both_alphabets_are_read)
{
  const std::string bytes = "\xfb\xff\xbf\xfe";
  for (auto alphabet : {stand_in::Alphabet::Standard, stand_in::Alphabet::UrlSafe}) {
    AudioDecoder decoder;
    fail_unless_equals_text (decode (decoder, to_base64 (bytes, {.alphabet = alphabet})), bytes);
  }
}
GST_END_TEST;

GST_START_TEST (the_format_is_told_with_each_part)
{
  AudioDecoder decoder;
  auto rate = [&] (const char *mime_type) {
    return std::get<AudioDecoder::Chunk> (decoder.decode ({mime_type, "AAA="})).format.rate;
  };
  fail_unless_equals_int (rate ("audio/pcm"), 24000);
  fail_unless_equals_int (rate ("audio/L16; rate=16000"), 16000);
}
GST_END_TEST;

GST_START_TEST (what_is_no_base64_or_no_pcm_is_refused_with_a_reason)
{
  AudioDecoder decoder;
  for (const char *base64 : {"AAAA!AAA", "A", "AA=A", "AAA=AAA=", "AAAA\nAAAA", "====", "\xc3\xa4"})
    fail_unless (refused (decoder, base64).kind == Error::Kind::Decode);
  for (const char *mime_type : {"audio/opus", "audio/pcm;channels=2", "audio/pcm;rate=0", "audio/pcm;rate=x"})
    fail_unless (refused (decoder, "AAA=", mime_type).kind == Error::Kind::Format);
}
GST_END_TEST;

GST_START_TEST (a_refused_part_does_not_spoil_what_is_left_over)
{
  AudioDecoder decoder;
  fail_unless_equals_text (decode (decoder, to_base64 ("a", {})), "-");
  refused (decoder, "AAAA!");
  fail_unless_equals_text (decode (decoder, to_base64 ("b", {})), "ab");
}
GST_END_TEST;

GST_START_TEST (the_header_of_a_wav_file_is_no_sound)
{
  const std::string header (
      "RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\x3e\0\0\0\x7d\0\0\x02\0\x10\0data\x08\0\0\0", 44);
  const std::string file = header + "abcdefgh";
  for (const char *type : {"audio/wav", kPcm})
    for (size_t cut = 12; cut <= file.size (); cut++) {
      AudioDecoder decoder;
      std::string sound;
      for (size_t i = 0; i < 2; i++) {
        const auto piece = to_base64 (i == 0 ? file.substr (0, cut) : file.substr (cut), {});
        auto result = decoder.decode ({.mime_type = type, .data = piece, .continues = i > 0});
        auto &chunk = std::get<AudioDecoder::Chunk> (result);
        if (!chunk.buffer)
          continue;
        fail_unless_equals_int (chunk.format.rate, 16000);
        BufferMap map (chunk.buffer.get (), GST_MAP_READ);
        sound.append (reinterpret_cast<const char *> (map.data ()), map.size ());
      }
      fail_unless_equals_text (sound, "abcdefgh");
    }
  AudioDecoder decoder;
  fail_unless_equals_text (decode (decoder, to_base64 (file, {})), "abcdefgh");
  fail_unless_equals_text (decode (decoder, to_base64 ("ij", {})), "ij");
  auto stereo = file;
  stereo[22] = 2;
  const auto data = to_base64 (stereo, {});
  fail_unless (refused (decoder, data.c_str ()).kind == Error::Kind::Format);
}
GST_END_TEST;

GST_START_TEST (half_a_frame_does_not_wait_for_another_answer)
{
  AudioDecoder decoder;
  fail_unless_equals_text (decode (decoder, to_base64 ("abc", {})), "ab");
  const auto data = to_base64 ("de", {});
  auto result = decoder.decode ({.mime_type = kPcm, .data = data, .fresh = true});
  auto &chunk = std::get<AudioDecoder::Chunk> (result);
  BufferMap map (chunk.buffer.get (), GST_MAP_READ);
  fail_unless_equals_text (std::string (reinterpret_cast<const char *> (map.data ()), map.size ()), "de");
}
GST_END_TEST;

GEMINI_CHECK_MAIN (audio_decoder, the_header_of_a_wav_file_is_no_sound,
                   half_a_frame_does_not_wait_for_another_answer, a_part_of_whole_frames_is_one_buffer,
                   half_a_frame_waits_for_the_next_part, every_way_to_cut_bytes_gives_the_same_bytes,
                   an_empty_part_gives_nothing_and_loses_nothing,
                   half_a_frame_does_not_pass_into_another_turn, both_alphabets_are_read,
                   the_format_is_told_with_each_part, what_is_no_base64_or_no_pcm_is_refused_with_a_reason,
                   a_refused_part_does_not_spoil_what_is_left_over)
