// The form and the samples of audio: media types, WAV files in pieces, base64 beside GLib's.
//
// The first line is a media type; the first byte behind it seeds the cuts, the rest is base64 and a file.

#include <glib.h>

#include <cstring>
#include <vector>

#include "core/base64.h"
#include "core/media_type.h"
#include "core/wav.h"
#include "fuzz/fuzz.h"

using namespace gemini;
using fuzz::expect;

namespace {

void check_type (std::string_view type)
{
  const auto parsed = parse_audio_format (type);
  if (auto *error = std::get_if<Error> (&parsed)) {
    expect (error->kind == Error::Kind::Format && fuzz::is_utf8 (error->message), "a refusal can be read");
    return;
  }
  auto &format = std::get<AudioFormat> (parsed);
  expect (is_audio (type), "what can be played is audio");
  expect (format.rate >= 1 && format.rate <= 768000 && format.channels == 1, "a format can be played");
}

/// GLib skips what is no base64, so it is asked only when we say that all of it is.
void check_base64 (std::string_view text)
{
  std::vector<uint8_t> out (base64_decoded_bound (text.size ()));
  const auto size = base64_decode (text, out);
  bool legal = true;
  std::string standard;
  for (char c : text.substr (0, text.find ('='))) {
    legal = legal && (g_ascii_isalnum (c) || (c && std::strchr ("+/-_", c)));
    standard += c == '-' ? '+' : c == '_' ? '/' : c;
  }
  const auto padding = text.size () - std::min (text.find ('='), text.size ());
  legal = legal && text.substr (text.size () - padding).find_first_not_of ('=') == text.npos;
  legal = legal && standard.size () % 4 != 1 && padding <= 2 && (padding == 0 || text.size () % 4 == 0);
  expect (size.has_value () == legal, "what RFC 4648 allows is decoded, and nothing else");
  if (!size)
    return;
  expect (*size <= out.size (), "the bound holds");
  standard.append ((4 - standard.size () % 4) % 4, '=');
  gsize length = 0;
  guchar *expected = g_base64_decode (standard.c_str (), &length);
  expect (*size == length && (length == 0 || std::memcmp (out.data (), expected, length) == 0),
          "base64 means what it means to GLib");
  g_free (expected);
}

struct Read {
  std::string samples;
  std::optional<unsigned> rate;
  bool refused = false;
};

/// In pieces of up to `most` bytes; the header of the file has to be in the first of them.
Read read (std::string_view file, size_t first, uint32_t random, size_t most)
{
  Read read;
  WavReader reader;
  for (size_t at = 0, size = first; at < file.size (); at += size) {
    size = at == 0 ? first : 1 + (random >> 16) % most;
    random = random * 1664525 + 1013904223;
    const auto piece = file.substr (at, size);
    const auto found = reader.feed ({reinterpret_cast<const uint8_t *> (piece.data ()), piece.size ()});
    if (std::holds_alternative<Error> (found)) {
      read.refused = true;
      return read;
    }
    auto &samples = std::get<WavReader::Samples> (found);
    expect (samples.begin <= piece.size () && samples.size <= piece.size () - samples.begin,
            "samples are inside of the piece");
    read.samples += piece.substr (samples.begin, samples.size);
    read.rate = reader.rate ();
    expect (!read.rate || (*read.rate >= 1 && *read.rate <= 768000), "a rate can be played");
  }
  return read;
}

void check_wav (std::string_view file, uint32_t random)
{
  constexpr size_t kHeader = 12;
  const auto whole = read (file, std::max<size_t> (file.size (), 1), random, 1);
  const auto cut = read (file, kHeader, random, 7);
  expect (cut.refused == whole.refused, "a file is refused however it is cut");
  if (!whole.refused)
    expect (cut.samples == whole.samples && cut.rate == whole.rate,
            "a file sounds the same however it is cut");
  if (!file.starts_with ("RIFF") && !whole.refused)
    expect (whole.samples == file, "raw samples go through");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  fuzz::Input input (bytes, size);
  check_type (input.line ());
  const auto seed = input.byte ();
  const auto rest = input.rest ();
  check_base64 (rest);
  check_wav (rest, seed);
  std::vector<uint8_t> decoded (base64_decoded_bound (rest.size ()));
  if (const auto length = base64_decode (rest, decoded))
    check_wav ({reinterpret_cast<const char *> (decoded.data ()), *length}, seed);
  return 0;
}
