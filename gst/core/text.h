#pragma once

#include <glib.h>

#include <algorithm>
#include <string_view>

namespace gemini {

// Small questions about text, ASCII only: any other byte is neither a blank nor a letter.

inline std::string_view trim (std::string_view text)
{
  while (!text.empty () && g_ascii_isspace (text.front ()))
    text.remove_prefix (1);
  while (!text.empty () && g_ascii_isspace (text.back ()))
    text.remove_suffix (1);
  return text;
}

inline constexpr auto kSameLetter = [] (char a, char b) {
  return g_ascii_tolower (a) == g_ascii_tolower (b);
};

inline bool equal_ignoring_case (std::string_view a, std::string_view b)
{
  return std::equal (a.begin (), a.end (), b.begin (), b.end (), kSameLetter);
}

inline bool contains_ignoring_case (std::string_view text, std::string_view words)
{
  return words.empty () ||
         std::search (text.begin (), text.end (), words.begin (), words.end (), kSameLetter) != text.end ();
}

/// Where the first of two characters stands, or the length of the text. At the speed of memory, and linear
/// also where one of the two is rare: `find_first_of ()` is not the one, two searches to the end not the
/// other.
inline size_t find_either (std::string_view text, char a, char b)
{
  constexpr size_t kWindow = 1024;
  for (size_t at = 0; at < text.size (); at += kWindow) {
    const auto window = text.substr (at, kWindow);
    if (const size_t found = std::min (window.find (a), window.find (b)); found != window.npos)
      return at + found;
  }
  return text.size ();
}

}  // namespace gemini
