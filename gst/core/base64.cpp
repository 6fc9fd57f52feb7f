#include "core/base64.h"

#include <array>
#include <cassert>
#include <string_view>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define GEMINI_AVX2
#endif

namespace gemini {

namespace {

constexpr uint32_t kIllegal = 1u << 24;  // above the 24 bits that four characters make

constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What a character adds to the 24 bits of its group, for each of the four places it can have in it. A group
/// is then four look-ups and three ORs, and one comparison tells whether all four were legal.
using Places = std::array<std::array<uint32_t, 256>, 4>;

constexpr Places kPlaces = [] {
  Places places{};
  for (auto &place : places)
    place.fill (kIllegal);
  for (std::string_view alphabet : {kStandard, kUrlSafe})
    for (uint32_t value = 0; value < alphabet.size (); ++value)
      for (unsigned place = 0; place < 4; ++place)
        places[place][static_cast<uint8_t> (alphabet[value])] = value << (18 - 6 * place);
  return places;
}();

/// The bits of a group. Spelled out, because at -O2 a loop over the places is left a loop.
uint32_t group_bits (const uint8_t *in)
{
  return kPlaces[0][in[0]] | kPlaces[1][in[1]] | kPlaces[2][in[2]] | kPlaces[3][in[3]];
}

#ifdef GEMINI_AVX2

/// Eight groups at a time, as Wojciech Muła and Daniel Lemire describe in "Faster Base64 Encoding and
/// Decoding Using AVX2 Instructions" (2018): a character's two nibbles tell by two look-ups whether it is
/// legal, and by a third how far it is from its value. Stops where something else stands than the standard
/// alphabet. Returns how many characters were taken.
[[gnu::target ("avx2")]] size_t decode_avx2 (const uint8_t *in, size_t left, uint8_t *to, size_t room)
{
  constexpr size_t kTaken = 32, kGiven = 24;
  const __m256i low_table = _mm256_broadcastsi128_si256 (_mm_setr_epi8 (
      0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a));
  const __m256i high_table = _mm256_broadcastsi128_si256 (_mm_setr_epi8 (
      0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10));
  const __m256i distances =
      _mm256_broadcastsi128_si256 (_mm_setr_epi8 (0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0));
  const __m256i order =
      _mm256_broadcastsi128_si256 (_mm_setr_epi8 (2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
  const __m256i together = _mm256_setr_epi32 (0, 1, 2, 4, 5, 6, -1, -1);
  const __m256i slash = _mm256_set1_epi8 ('/');

  size_t taken = 0;
  for (; left - taken >= kTaken && room >= sizeof (__m256i); taken += kTaken, to += kGiven, room -= kGiven) {
    __m256i text = _mm256_loadu_si256 (reinterpret_cast<const __m256i *> (in + taken));
    const __m256i high = _mm256_and_si256 (_mm256_srli_epi32 (text, 4), slash);
    const __m256i low = _mm256_and_si256 (text, slash);
    if (!_mm256_testz_si256 (_mm256_shuffle_epi8 (low_table, low), _mm256_shuffle_epi8 (high_table, high)))
      break;
    const __m256i is_slash = _mm256_cmpeq_epi8 (text, slash);
    text = _mm256_add_epi8 (text, _mm256_shuffle_epi8 (distances, _mm256_add_epi8 (is_slash, high)));
    const __m256i pairs = _mm256_maddubs_epi16 (text, _mm256_set1_epi32 (0x01400140));
    const __m256i groups = _mm256_madd_epi16 (pairs, _mm256_set1_epi32 (0x00011000));
    const __m256i bytes = _mm256_permutevar8x32_epi32 (_mm256_shuffle_epi8 (groups, order), together);
    _mm256_storeu_si256 (reinterpret_cast<__m256i *> (to), bytes);
  }
  return taken;
}

#endif

/// What this machine can do many groups at a time of. Returns how many characters were taken, whole groups.
size_t decode_at_once ([[maybe_unused]] const uint8_t *in, [[maybe_unused]] size_t left,
                       [[maybe_unused]] uint8_t *to, [[maybe_unused]] size_t room)
{
#ifdef GEMINI_AVX2
  static const bool can = __builtin_cpu_supports ("avx2") != 0;
  if (can)
    return decode_avx2 (in, left, to, room);
#endif
  return 0;
}

}  // namespace

std::optional<size_t> base64_decode (std::string_view text, std::span<uint8_t> out)
{
  assert (out.size () >= base64_decoded_bound (text.size ()));

  auto *in = reinterpret_cast<const uint8_t *> (text.data ());
  size_t left = text.size ();
  uint8_t *to = out.data ();

  const size_t taken = decode_at_once (in, left, to, out.size ());
  in += taken;
  left -= taken;
  to += taken / 4 * 3;
  for (; left >= 4; left -= 4, in += 4, to += 3) {
    const uint32_t bits = group_bits (in);
    if (bits >= kIllegal)
      break;
    to[0] = static_cast<uint8_t> (bits >> 16);
    to[1] = static_cast<uint8_t> (bits >> 8);
    to[2] = static_cast<uint8_t> (bits);
  }

  // Only a whole group is padded, so "QQ=" is refused: its '=' is taken for a character below.
  if (left == 4)
    for (int padding = 0; padding < 2 && in[left - 1] == '='; ++padding)
      --left;

  // One character is less than a byte; four or more stopped the loop by an illegal one.
  if (left == 1 || left > 3)
    return std::nullopt;
  if (left > 0) {
    const uint32_t bits = kPlaces[0][in[0]] | kPlaces[1][in[1]] | (left == 3 ? kPlaces[2][in[2]] : 0);
    if (bits >= kIllegal)
      return std::nullopt;
    *to++ = static_cast<uint8_t> (bits >> 16);
    if (left == 3)
      *to++ = static_cast<uint8_t> (bits >> 8);
  }
  return static_cast<size_t> (to - out.data ());
}

}  // namespace gemini
