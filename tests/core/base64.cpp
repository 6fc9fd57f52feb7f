#include "core/base64.h"

#include <glib.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "core/glib_ptr.h"
#include "support/check.h"

using Bytes = std::vector<uint8_t>;

/// Decodes into memory of exactly the size that the contract asks for.
static std::optional<Bytes> decode (std::string_view text)
{
  Bytes out (gemini::base64_decoded_bound (text.size ()));
  const auto size = gemini::base64_decode (text, out);
  if (!size)
    return std::nullopt;
  out.resize (*size);
  return out;
}

static std::optional<std::string> decode_text (std::string_view text)
{
  const auto bytes = decode (text);
  return bytes ? std::optional (std::string (bytes->begin (), bytes->end ())) : std::nullopt;
}

static std::string encode (const Bytes &bytes)
{
  return gemini::CharPtr (g_base64_encode (bytes.data (), bytes.size ())).get ();
}

static std::string url_safe (std::string text)
{
  std::replace (text.begin (), text.end (), '+', '-');
  std::replace (text.begin (), text.end (), '/', '_');
  return text;
}

static std::string unpadded (std::string text)
{
  text.erase (text.find_last_not_of ('=') + 1);
  return text;
}

static Bytes random_bytes (GRand *random, size_t size)
{
  Bytes bytes (size);
  std::generate (bytes.begin (), bytes.end (),
                 [random] { return static_cast<uint8_t> (g_rand_int_range (random, 0, 256)); });
  return bytes;
}

using RandomPtr = std::unique_ptr<GRand, gemini::Freer<g_rand_free>>;

GST_START_TEST (both_alphabets_padded_or_not_give_back_what_was_encoded)
{
  const RandomPtr random (g_rand_new_with_seed (1));
  for (size_t size = 0; size <= 70; ++size)
    for (int round = 0; round < 50; ++round) {
      const Bytes bytes = random_bytes (random.get (), size);
      const std::string text = encode (bytes);
      for (const auto &form : {text, url_safe (text), unpadded (text), unpadded (url_safe (text))})
        fail_unless (decode (form) == bytes, "%s", form.c_str ());
    }
}
GST_END_TEST;

GST_START_TEST (a_whole_chunk_of_audio_is_decoded)
{
  const RandomPtr random (g_rand_new_with_seed (2));
  for (size_t size : {1920u, 9600u, 11520u, 11521u, 960000u}) {
    const Bytes bytes = random_bytes (random.get (), size);
    fail_unless (decode (encode (bytes)) == bytes);
  }
}
GST_END_TEST;

GST_START_TEST (all_values_of_a_character_are_known_at_all_places)
{
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  for (unsigned value = 0; value < 64; ++value)
    for (const char *last : {"+/", "-_"}) {
      const char c = value < 62 ? kAlphabet[value] : last[value - 62];
      for (unsigned place = 0; place < 4; ++place) {
        std::string text = "AAAA";
        text[place] = c;
        const unsigned bits = value << (18 - 6 * place);
        const Bytes bytes = {static_cast<uint8_t> (bits >> 16), static_cast<uint8_t> (bits >> 8),
                             static_cast<uint8_t> (bits)};
        fail_unless (decode (text) == bytes, "%s", text.c_str ());
      }
    }
}
GST_END_TEST;

GST_START_TEST (the_alphabets_may_be_mixed)
{
  fail_unless (decode ("+/-_") == decode ("+/+/"));
  fail_unless (decode ("+/-_").has_value ());
}
GST_END_TEST;

GST_START_TEST (nothing_is_decoded_to_nothing)
{
  fail_unless (decode (std::string_view ()) == Bytes ());
  fail_unless (decode ("") == Bytes ());
}
GST_END_TEST;

GST_START_TEST (every_other_character_is_refused_wherever_it_stands)
{
  int refused = 0;
  for (int c = 0; c < 256; ++c) {
    if (g_ascii_isalnum (c) || (c != 0 && strchr ("+/-_=", c)))
      continue;
    ++refused;
    for (size_t size : {2u, 3u, 4u, 6u, 7u, 8u, 12u, 41u, 42u, 43u, 44u})
      for (size_t place = 0; place < size; ++place) {
        std::string text (size, 'A');
        text[place] = static_cast<char> (c);
        fail_if (decode (text), "character %d at %zu of %zu", c, place, size);
      }
  }
  fail_unless_equals_int (refused, 256 - 62 - 5);
}
GST_END_TEST;

/// Long texts are decoded many characters at a time, as far as there is room for that.
GST_START_TEST (in_a_long_text_each_character_counts_wherever_it_stands)
{
  const RandomPtr random (g_rand_new_with_seed (7));
  for (size_t length : {24, 48, 69, 72, 96, 144}) {
    const Bytes bytes = random_bytes (random.get (), length);
    const std::string text = encode (bytes);
    for (size_t at = 0; at < text.size (); ++at)
      for (unsigned c = 0; c < 256; ++c) {
        std::string changed = text;
        changed[at] = static_cast<char> (c);
        const bool legal =
            c < 128 && (g_ascii_isalnum (static_cast<char> (c)) ||
                        std::string_view ("+/-_").find (static_cast<char> (c)) != std::string_view::npos);
        const auto decoded = decode (changed);
        fail_unless (decoded.has_value () == legal || c == '=', "%u at %zu of %zu", c, at, text.size ());
        if (legal) {
          std::replace (changed.begin (), changed.end (), '-', '+');
          std::replace (changed.begin (), changed.end (), '_', '/');
          fail_unless_equals_text (encode (*decoded), changed);
        }
      }
  }
}
GST_END_TEST;

GST_START_TEST (blanks_and_line_breaks_around_the_text_are_refused)
{
  for (const char *text : {" QUJD", "QUJD ", "QUJD\n", "QUJD\r\nQUJD", "QQ== ", "\tQQ=="})
    fail_if (decode (text), "'%s'", text);
}
GST_END_TEST;

GST_START_TEST (padding_only_completes_the_last_group)
{
  fail_unless (decode_text ("QQ==") == "A");
  fail_unless (decode_text ("QUI=") == "AB");
  fail_unless (decode_text ("QUJDQQ==") == "ABCA");

  for (const char *text :
       {"=",     "==",    "===",    "====",    "Q=",       "Q==",      "Q===",     "QQ=",  "QQ===",
        "QUI==", "QUJD=", "QUJD==", "QUJD===", "QUJD====", "QQ==QQ==", "QUI=QUJD", "=QUJ", "Q=UJ",
        "QU=J",  "Q=Q=",  "QQ==QQ", "QQ==A",   "QUJDQ===", "QUJDQQ=",  "QUJDQUI=="})
    fail_if (decode (text), "'%s'", text);
}
GST_END_TEST;

GST_START_TEST (a_single_character_left_over_is_refused)
{
  const std::string more (64, 'A');  // what follows the text in memory is none of its business
  for (size_t size = 1; size <= 41; size += 4)
    fail_if (decode (std::string_view (more).substr (0, size)), "%zu characters", size);
}
GST_END_TEST;

GST_START_TEST (bits_beyond_the_last_byte_do_not_matter)
{
  for (const char *text : {"QQ==", "QR==", "QW==", "Qf==", "QQ", "Qf"})
    fail_unless (decode_text (text) == "A", "'%s'", text);
  for (const char *text : {"QUI=", "QUJ=", "QUK=", "QUL=", "QUI", "QUL"})
    fail_unless (decode_text (text) == "AB", "'%s'", text);
}
GST_END_TEST;

GST_START_TEST (nothing_is_written_beyond_the_bound)
{
  constexpr uint8_t kCanary = 0xa5;
  for (size_t size = 0; size <= 70; ++size) {
    const std::string text (size, '_');
    const size_t bound = gemini::base64_decoded_bound (size);
    Bytes out (bound + 8, kCanary);
    const auto written = gemini::base64_decode (text, std::span (out).first (bound));
    fail_unless (!written || *written <= bound);
    fail_unless (std::all_of (out.begin () + static_cast<ptrdiff_t> (bound), out.end (),
                              [] (uint8_t byte) { return byte == kCanary; }));
  }
}
GST_END_TEST;

GEMINI_CHECK_MAIN (base64, both_alphabets_padded_or_not_give_back_what_was_encoded,
                   a_whole_chunk_of_audio_is_decoded, all_values_of_a_character_are_known_at_all_places,
                   the_alphabets_may_be_mixed, nothing_is_decoded_to_nothing,
                   every_other_character_is_refused_wherever_it_stands,
                   in_a_long_text_each_character_counts_wherever_it_stands,
                   blanks_and_line_breaks_around_the_text_are_refused, padding_only_completes_the_last_group,
                   a_single_character_left_over_is_refused, bits_beyond_the_last_byte_do_not_matter,
                   nothing_is_written_beyond_the_bound)
