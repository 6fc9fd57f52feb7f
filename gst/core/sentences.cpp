#include "core/sentences.h"

#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include <algorithm>
#include <iterator>
#include <memory>

#include "core/glib_ptr.h"
#include "core/text.h"

namespace gemini {

namespace {

using BreakIteratorPtr = std::unique_ptr<UBreakIterator, Freer<ubrk_close>>;
using UTextPtr = std::unique_ptr<UText, Freer<utext_close>>;

constexpr std::string_view kBlanks = " \t\r";

/// The text, byte for byte, with blanks for the line breaks that only wrap it.
std::string unwrapped (std::string_view text)
{
  std::string flat (text);
  for (size_t at = flat.find ('\n'); at != flat.npos; at = flat.find ('\n', at + 1)) {
    const size_t before = at == 0 ? flat.npos : text.find_last_not_of (kBlanks, at - 1);
    const size_t after = text.find_first_not_of (kBlanks, at + 1);
    const bool empty_line =
        (before != text.npos && text[before] == '\n') || (after != text.npos && text[after] == '\n');
    if (empty_line)
      continue;
    flat[at] = ' ';
    if (at > 0 && flat[at - 1] == '\r')
      flat[at - 1] = ' ';
  }
  return flat;
}

/// Without the data of a language, the rules of all languages hold; without those, there is one sentence.
BreakIteratorPtr open_iterator (const std::string &language)
{
  UErrorCode status = U_ZERO_ERROR;
  // "Dr. Smith" is no end of a sentence.
  const std::string locale = (language.empty () ? "en" : language) + "@ss=standard";
  BreakIteratorPtr iterator (ubrk_open (UBRK_SENTENCE, locale.c_str (), nullptr, 0, &status));
  if (U_SUCCESS (status))
    return iterator;
  status = U_ZERO_ERROR;
  iterator.reset (ubrk_open (UBRK_SENTENCE, "", nullptr, 0, &status));
  return U_SUCCESS (status) ? std::move (iterator) : nullptr;
}

/// Words that never end a sentence with their full stop. ICU knows those of some languages, but not these.
constexpr std::string_view kTitles[] = {"dr",   "st",  "mr",  "mrs", "ms",  "prof", "sen", "gov", "gen",
                                        "fig",  "vol", "vs",  "hr",  "fr",  "nr",   "bzw", "ca",  "evtl",
                                        "inkl", "ggf", "sra", "mme", "sig", "ing",  "dott"};
constexpr size_t kLongestOrdinal = 2;  // "am 24. Dezember"

std::string_view last_word (std::string_view sentence)
{
  sentence.remove_suffix (1);
  const size_t blank = sentence.find_last_of (" \t\r\n.(");
  return sentence.substr (blank == sentence.npos ? 0 : blank + 1);
}

bool is_number (std::string_view word)
{
  return std::all_of (word.begin (), word.end (), [] (char c) { return g_ascii_isdigit (c); });
}

/// Whether a full stop belongs to its word: an initial, an abbreviation or the number of a day.
bool ends_with_abbreviation (std::string_view sentence)
{
  if (!sentence.ends_with ('.') || sentence.size () == 1)
    return false;
  const auto word = last_word (sentence);
  if (word.empty ())
    return false;
  if (g_utf8_strlen (word.data (), static_cast<gssize> (word.size ())) == 1 ||
      (word.size () <= kLongestOrdinal && is_number (word)))
    return true;
  return std::any_of (std::begin (kTitles), std::end (kTitles),
                      [&] (auto title) { return equal_ignoring_case (word, title); });
}

/// In doubt it does: a piece that is longer is heard later, one that ends inside of a sentence sounds wrong.
bool goes_on (std::string_view before, std::string_view blanks, std::string_view after)
{
  if (std::count (blanks.begin (), blanks.end (), '\n') > 1)
    return false;
  const gunichar first = g_utf8_get_char_validated (after.data (), static_cast<gssize> (after.size ()));
  return ends_with_abbreviation (before) || (g_unichar_validate (first) && g_unichar_islower (first));
}

}  // namespace

std::vector<std::string_view> sentences_of (std::string_view text, const std::string &language)
{
  std::vector<std::string_view> sentences;
  size_t begin = 0;
  auto end_at = [&] (size_t end) {
    const auto sentence = trim (text.substr (begin, end - begin));
    begin = end;
    if (sentence.empty ())
      return;
    if (!sentences.empty ()) {
      auto &last = sentences.back ();
      const char *last_end = last.data () + last.size ();
      if (goes_on (last, {last_end, sentence.data ()}, sentence)) {
        last = {last.data (), sentence.data () + sentence.size ()};
        return;
      }
    }
    sentences.push_back (sentence);
  };

  const auto flat = unwrapped (text);
  UErrorCode status = U_ZERO_ERROR;
  const UTextPtr view (utext_openUTF8 (nullptr, flat.data (), static_cast<int64_t> (flat.size ()), &status));
  if (const auto iterator = open_iterator (language); iterator && U_SUCCESS (status)) {
    ubrk_setUText (iterator.get (), view.get (), &status);
    ubrk_first (iterator.get ());
    for (int32_t end; U_SUCCESS (status) && (end = ubrk_next (iterator.get ())) != UBRK_DONE;)
      end_at (static_cast<size_t> (end));
  }
  end_at (text.size ());
  return sentences;
}

std::vector<std::string_view> joined_sentences (std::vector<std::string_view> sentences, size_t most)
{
  std::vector<std::string_view> joined;
  for (auto sentence : sentences) {
    if (joined.size () > 1) {
      auto &last = joined.back ();
      const std::string_view both{last.data (), sentence.data () + sentence.size ()};
      if (both.size () <= most) {
        last = both;
        continue;
      }
    }
    joined.push_back (sentence);
  }
  return joined;
}

}  // namespace gemini
