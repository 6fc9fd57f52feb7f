#include "columns.h"

#include <glib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

namespace gemini::chat {
namespace {

unsigned width_of (gunichar character)
{
  if (g_unichar_iszerowidth (character))
    return 0;
  return g_unichar_iswide (character) ? 2 : 1;
}

/// Takes the first character off a text; a byte that begins none stands for itself.
gunichar take_character (std::string_view &text)
{
  auto character = g_utf8_get_char_validated (text.data (), static_cast<gssize> (text.size ()));
  size_t size = 1;
  if (character == static_cast<gunichar> (-1) || character == static_cast<gunichar> (-2))
    character = '?';
  else
    size = static_cast<size_t> (g_unichar_to_utf8 (character, nullptr));
  text.remove_prefix (size);
  return character;
}

}  // namespace

unsigned terminal_columns ()
{
  winsize size{};
  if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return 80;
  return std::max<unsigned> (size.ws_col, 20);
}

unsigned columns_of (std::string_view text)
{
  unsigned columns = 0;
  while (!text.empty ())
    columns += width_of (take_character (text));
  return columns;
}

Place place_behind (std::string_view text, unsigned columns)
{
  Place place;
  while (!text.empty ()) {
    const auto character = take_character (text);
    const auto width = character == '\n' ? 0 : width_of (character);
    if (character == '\n' || place.column + width > columns)
      place = {place.row + 1, 0};
    place.column += width;
  }
  if (place.column == columns)  // libedit goes on in the next row at once
    place = {place.row + 1, 0};
  return place;
}

std::string harmless (std::string_view text)
{
  std::string result;
  while (!text.empty ()) {
    const auto character = take_character (text);
    char bytes[6];
    const auto size = g_unichar_to_utf8 (g_unichar_iscntrl (character) ? ' ' : character, bytes);
    result.append (bytes, static_cast<size_t> (size));
  }
  return result;
}

size_t bytes_of_row (std::string_view text, unsigned columns)
{
  unsigned used = 0;
  size_t blank = 0;
  for (std::string_view rest = text; !rest.empty ();) {
    const size_t at = text.size () - rest.size ();
    const auto character = take_character (rest);
    if (character == ' ')
      blank = at;
    used += width_of (character);
    if (used > columns)
      return blank > 0 ? blank : at;
  }
  return text.size ();
}

}  // namespace gemini::chat
