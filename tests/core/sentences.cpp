// Where a text may be divided.

#include "core/sentences.h"

#include "support/check.h"

using namespace gemini;

namespace {

std::string join (const std::vector<std::string_view> &pieces)
{
  std::string all;
  for (auto piece : pieces)
    all += std::string (all.empty () ? "" : "|") + std::string (piece);
  return all;
}

std::string sentences (const std::string &text, const char *language = "")
{
  return join (sentences_of (text, language));
}

}  // namespace

GST_START_TEST (a_sentence_ends_where_a_reader_would_say_so)
{
  fail_unless_equals_text (sentences ("The kettle is on. Come in! Is it cold?"),
                           "The kettle is on.|Come in!|Is it cold?");
  fail_unless_equals_text (sentences ("No end"), "No end");
  fail_unless_equals_text (sentences (" \n "), "");
  fail_unless_equals_text (sentences ("One...  Two. "), "One...|Two.");
  fail_unless_equals_text (sentences ("お茶が入りました。どうぞ。"), "お茶が入りました。|どうぞ。");
  fail_unless_equals_text (sentences ("Pi is 3.14 or so. See example.com today."),
                           "Pi is 3.14 or so.|See example.com today.");
}
GST_END_TEST;

GST_START_TEST (a_full_stop_alone_ends_nothing)
{
  for (const char *sentence :
       {"Mr. Smith met Dr. Jones.", "It was on Jan. 5 at noon.", "J. K. Somebody wrote it.",
        "He said \"Really?\" and left.", "Fruit, e.g. Apples, is good.", "Prof. X is with St. Nicholas."})
    fail_unless_equals_text (sentences (sentence), sentence);
  for (const char *sentence :
       {"Dr. Klein kam z. B. am 5. Mai.", "Am 24. Dezember ist Schluss.", "Das kostet ca. Zehn Euro."})
    fail_unless_equals_text (sentences (sentence, "de-DE"), sentence);
}
GST_END_TEST;

GST_START_TEST (a_line_break_wraps_and_an_empty_line_ends)
{
  fail_unless_equals_text (sentences ("The kettle\nis on.\nCome in."), "The kettle\nis on.|Come in.");
  fail_unless_equals_text (sentences ("The kettle\r\nis on."), "The kettle\r\nis on.");
  fail_unless_equals_text (sentences ("A title\n\nthe text. More."), "A title|the text.|More.");
  fail_unless_equals_text (sentences ("A title\r\n \t\r\nText."), "A title|Text.");
}
GST_END_TEST;

GST_START_TEST (no_letter_is_lost_whatever_the_text)
{
  for (const char *text :
       {"a.b. c! d? e", "\xff\xfe broken. Text\xc3", "... !!! ???", "1. One\n2. Two\n\n3. Three"}) {
    std::string kept, all;
    for (auto sentence : sentences_of (text, "no such language"))
      for (char c : sentence)
        kept += g_ascii_isspace (c) ? "" : std::string (1, c);
    for (const char *c = text; *c; c++)
      all += g_ascii_isspace (*c) ? "" : std::string (1, *c);
    fail_unless_equals_text (kept, all);
  }
}
GST_END_TEST;

GST_START_TEST (neighbours_are_joined_behind_the_first)
{
  const std::string text = "Aa. Bb.  Cc. Dd. Eeeeeeeeeeeeee. Ff.";
  const auto all = sentences_of (text, "");
  fail_unless_equals_text (join (joined_sentences (all, 0)), "Aa.|Bb.|Cc.|Dd.|Eeeeeeeeeeeeee.|Ff.");
  fail_unless_equals_text (join (joined_sentences (all, 8)), "Aa.|Bb.  Cc.|Dd.|Eeeeeeeeeeeeee.|Ff.");
  fail_unless_equals_text (join (joined_sentences (all, 1000)), "Aa.|Bb.  Cc. Dd. Eeeeeeeeeeeeee. Ff.");
  fail_unless_equals_text (join (joined_sentences ({}, 8)), "");
}
GST_END_TEST;

GEMINI_CHECK_MAIN (sentences, a_sentence_ends_where_a_reader_would_say_so, a_full_stop_alone_ends_nothing,
                   a_line_break_wraps_and_an_empty_line_ends, no_letter_is_lost_whatever_the_text,
                   neighbours_are_joined_behind_the_first)
