// Samples out of WAV files and out of nothing but samples.

#include "core/wav.h"

#include <string>

#include "support/check.h"

using namespace gemini;

namespace {

std::string number (unsigned value, size_t size)
{
  std::string bytes;
  for (size_t i = 0; i < size; i++, value >>= 8)
    bytes += static_cast<char> (value & 0xff);
  return bytes;
}

std::string chunk (const std::string &name, const std::string &content)
{
  return name + number (static_cast<unsigned> (content.size ()), 4) + content +
         std::string (content.size () % 2, '\0');
}

std::string format (unsigned encoding, unsigned channels, unsigned rate, unsigned bits,
                    const std::string &more = "")
{
  return chunk ("fmt ", number (encoding, 2) + number (channels, 2) + number (rate, 4) +
                            number (rate * channels * bits / 8, 4) + number (channels * bits / 8, 2) +
                            number (bits, 2) + more);
}

const std::string kFormat = format (1, 1, 24000, 16);

std::string file (const std::string &chunks)
{
  return "RIFF" + number (static_cast<unsigned> (chunks.size () + 4), 4) + "WAVE" + chunks;
}

/// What is sound in it, if it comes in these two pieces.
std::string samples (WavReader &reader, const std::string &bytes, size_t cut)
{
  std::string out;
  for (auto piece : {bytes.substr (0, cut), bytes.substr (cut)}) {
    auto found = reader.feed ({reinterpret_cast<const uint8_t *> (piece.data ()), piece.size ()});
    if (auto *error = std::get_if<Error> (&found)) {
      fail_unless (error->kind == Error::Kind::Format);
      return "error: " + error->detail;
    }
    auto &kept = std::get<WavReader::Samples> (found);
    out += piece.substr (kept.begin, kept.size);
  }
  return out;
}

struct Case {
  std::string bytes;
  std::string samples;
};

const std::string kSound = "abcdefgh";

const Case kCases[] = {
    {kSound, kSound},
    {"RIFFabcdWAVX and so on", "RIFFabcdWAVX and so on"},
    {file (kFormat + chunk ("data", kSound)), kSound},
    {file (format (0xfffe, 1, 24000, 16, std::string (24, 'x')) + chunk ("data", kSound)), kSound},
    {file (chunk ("LIST", "odd") + kFormat + chunk ("fact", "1234") + chunk ("data", kSound)), kSound},
    {file (kFormat + chunk ("data", kSound) + chunk ("LIST", "no sound")), kSound},
    {file (kFormat + chunk ("junk", "") + chunk ("data", kSound)), kSound},
    // a length that was not known when it was written
    {file (kFormat + "data" + number (0xffffffff, 4) + kSound), kSound},
    {file (kFormat + "data" + number (0, 4) + kSound), kSound},
    {file (format (1, 2, 24000, 16)), "error: encoding 1, channels 2, bits 16, rate 24000"},
    {file (format (3, 1, 24000, 32)), "error: encoding 3, channels 1, bits 32, rate 24000"},
    {file (format (1, 1, 0, 16)), "error: encoding 1, channels 1, bits 16, rate 0"},
    {file (format (1, 1, 800000, 16)), "error: encoding 1, channels 1, bits 16, rate 800000"},
};

}  // namespace

GST_START_TEST (only_sound_is_left)
{
  for (auto &[bytes, expected] : kCases) {
    WavReader reader;
    fail_unless_equals_text (samples (reader, bytes, bytes.size ()), expected);
  }
}
GST_END_TEST;

GST_START_TEST (behind_its_first_bytes_a_file_may_be_cut_anywhere)
{
  for (auto &[bytes, expected] : kCases)
    for (size_t cut = 12; cut < bytes.size (); cut++) {
      WavReader reader;
      fail_unless_equals_text (samples (reader, bytes, cut), expected);
    }
}
GST_END_TEST;

GST_START_TEST (the_header_has_the_rate_and_samples_alone_have_none)
{
  WavReader reader;
  samples (reader, file (format (1, 1, 16000, 16) + chunk ("data", kSound)), 20);
  fail_unless_equals_int (reader.rate ().value_or (0), 16000);
  reader.begin ();
  samples (reader, kSound, 4);
  fail_if (reader.rate ().has_value ());
}
GST_END_TEST;

GST_START_TEST (each_part_may_be_a_file)
{
  WavReader reader;
  const auto wav = file (kFormat + chunk ("data", kSound));
  for (int i = 0; i < 3; i++) {
    reader.begin ();
    fail_unless_equals_text (samples (reader, wav, wav.size ()), kSound);
  }
}
GST_END_TEST;

GEMINI_CHECK_MAIN (wav, only_sound_is_left, behind_its_first_bytes_a_file_may_be_cut_anywhere,
                   the_header_has_the_rate_and_samples_alone_have_none, each_part_may_be_a_file)
