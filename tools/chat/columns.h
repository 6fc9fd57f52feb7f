#pragma once

#include <string>
#include <string_view>

namespace gemini::chat {

/// How many columns the terminal has.
unsigned terminal_columns ();

/// Columns that a text of one line takes.
unsigned columns_of (std::string_view text);

/// In which row below its first the cursor stands behind this text, and in which column.
struct Place {
  unsigned row = 0;
  unsigned column = 0;
};
Place place_behind (std::string_view text, unsigned columns);

/// Without what a terminal could take for a command: a server's words are only words.
std::string harmless (std::string_view text);

/// How many bytes of a text go into a row of so many columns: up to a blank if there is one, all if it fits.
size_t bytes_of_row (std::string_view text, unsigned columns);

}  // namespace gemini::chat
