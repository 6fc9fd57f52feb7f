#include "columns.h"

#include "support/check.h"

using namespace gemini::chat;

namespace {

void fail_unless_at (std::string_view text, unsigned columns, unsigned row, unsigned column)
{
  const auto place = place_behind (text, columns);
  fail_unless (place.row == row && place.column == column, "'%s': row %u, column %u",
               std::string (text).c_str (), place.row, place.column);
}

}  // namespace

GST_START_TEST (a_character_is_as_wide_as_a_terminal_draws_it)
{
  fail_unless_equals_int (columns_of (""), 0);
  fail_unless_equals_int (columns_of ("Wörter"), 6);
  fail_unless_equals_int (columns_of ("語"), 2);
  fail_unless_equals_int (columns_of ("e\u0301"), 1);
  fail_unless_equals_int (columns_of ("\xff\xfe"), 2);  // no UTF-8
}
GST_END_TEST;

GST_START_TEST (the_cursor_is_found_behind_rows_that_are_full_and_lines_that_end)
{
  fail_unless_at ("", 20, 0, 0);
  fail_unless_at ("0123456789", 20, 0, 10);
  fail_unless_at ("0123456789", 10, 1, 0);
  fail_unless_at ("01234567890", 10, 1, 1);
  fail_unless_at ("01\n0123", 10, 1, 4);
  fail_unless_at ("012345678語", 10, 1, 2);  // half of it would not fit
}
GST_END_TEST;

GST_START_TEST (a_row_ends_at_a_blank_if_there_is_one)
{
  fail_unless_equals_int (bytes_of_row ("One, two", 10), 8);
  fail_unless_equals_int (bytes_of_row ("One, two, three", 10), 9);
  fail_unless_equals_int (bytes_of_row ("Onetwothree", 10), 10);
  fail_unless_equals_int (bytes_of_row ("ÄÖÜ", 2), 4);
}
GST_END_TEST;

GST_START_TEST (words_of_a_server_command_no_terminal)
{
  fail_unless_equals_text (harmless ("a\033]0;title\007b\x7f"), "a ]0;title b ");
  fail_unless_equals_text (harmless ("\u009b2J"), " 2J");
  fail_unless_equals_text (harmless ("Grüße, 語"), "Grüße, 語");
  fail_unless_equals_text (harmless ("\xff"), "?");
}
GST_END_TEST;

GEMINI_CHECK_MAIN (columns, a_character_is_as_wide_as_a_terminal_draws_it,
                   the_cursor_is_found_behind_rows_that_are_full_and_lines_that_end,
                   a_row_ends_at_a_blank_if_there_is_one, words_of_a_server_command_no_terminal)
