#include "core/base64.h"

#include <array>
#include <cassert>
#include <string_view>

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

}  // namespace

std::optional<size_t> base64_decode (std::string_view text, std::span<uint8_t> out)
{
  assert (out.size () >= base64_decoded_bound (text.size ()));

  auto *in = reinterpret_cast<const uint8_t *> (text.data ());
  size_t left = text.size ();
  uint8_t *to = out.data ();

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
