#include "key_file.h"

#include "support/check.h"

using gemini::chat::key_in;

namespace {

std::string key (std::string_view settings) { return key_in (settings).value_or ("none"); }

}  // namespace

GST_START_TEST (a_key_is_found_however_it_is_written)
{
  fail_unless_equals_text (key ("GEMINI_API_KEY=a"), "a");
  fail_unless_equals_text (key ("# a comment\r\n\r\n  export GEMINI_API_KEY = a \r\n"), "a");
  fail_unless_equals_text (key ("GEMINI_API_KEY=\"a b\" # mine"), "a b");
  fail_unless_equals_text (key ("GEMINI_API_KEY='a'"), "a");
  fail_unless_equals_text (key ("GEMINI_API_KEY=a#b # mine"), "a#b");
  fail_unless_equals_text (key ("GEMINI_API_KEY=\"a"), "\"a");
}
GST_END_TEST;

GST_START_TEST (the_names_rank_as_in_the_environment_and_the_last_line_counts)
{
  fail_unless_equals_text (key ("GEMINI_API_KEY=a\nGOOGLE_API_KEY=b\nGEMINI_API_KEY=c\n"), "b");
  fail_unless_equals_text (key ("GEMINI_API_KEY=a\nGEMINI_API_KEY=c\n"), "c");
  fail_unless_equals_text (key ("GOOGLE_API_KEY=\nGEMINI_API_KEY=c\n"), "c");
}
GST_END_TEST;

GST_START_TEST (what_only_looks_like_a_key_is_none)
{
  for (auto *settings : {"", "\n", "GEMINI_API_KEY", "GEMINI_API_KEY=", "GEMINI_API_KEY=' '",
                         "#GEMINI_API_KEY=a", "MY_GEMINI_API_KEY=a", "GEMINI_API_KEY= # none yet"})
    fail_unless (!key_in (settings), "'%s'", settings);
}
GST_END_TEST;

GST_START_TEST (nothing_in_the_file_is_expanded)
{
  fail_unless_equals_text (key ("GEMINI_API_KEY=$(id)$HOME`id`"), "$(id)$HOME`id`");
}
GST_END_TEST;

GEMINI_CHECK_MAIN (key_file, a_key_is_found_however_it_is_written,
                   the_names_rank_as_in_the_environment_and_the_last_line_counts,
                   what_only_looks_like_a_key_is_none, nothing_in_the_file_is_expanded)
