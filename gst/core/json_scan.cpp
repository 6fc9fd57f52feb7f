#include "core/json_scan.h"

#include <glib.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string>

namespace gemini {
namespace {

constexpr int kMaxDepth = 64;

/// Looks at a text before json-glib does, and vouches for what json-glib cannot be trusted with: it recurses
/// once per level, leaks every object after the first, and takes comments and single quotes. Half a surrogate
/// pair it turns into invalid UTF-8 and swallows the quote behind it, and 1e999 it writes as "inf", and
/// 2^64 as another number. Where strings begin and end must be out of the question for the depth to mean
/// anything, so whatever json-glib reads in its own way is refused here.
///
/// Not a validation: grammar, how numbers are spelt and UTF-8 are json-glib's part.
class Scan {
 public:
  explicit Scan (std::string_view text) : begin_ (text.data ()), at_ (begin_), end_ (at_ + text.size ()) {}

  /// What is wrong with the text, if anything.
  const char *run ()
  {
    while (at_ < end_)
      if (const char *wrong = token (*at_++))
        return wrong;
    if (depth_ > 0)
      return "it ends too early";
    return begun_ ? nullptr : "it is empty";
  }

 private:
  const char *token (char c)
  {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
      return nullptr;
    if (depth_ == 0 && (begun_ || c != '{'))
      return begun_ ? "something follows the object" : "it does not begin with '{'";
    switch (c) {
      case '{':
      case '[':
        begun_ = true;
        return ++depth_ > kMaxDepth ? "it is nested too deeply" : nullptr;
      case '}':
      case ']':
        --depth_;
        return nullptr;
      case '"':
        return string ();
      case ':':
      case ',':
      case '+':
      case '-':
      case '.':
        return nullptr;
      default:
        if (g_ascii_isdigit (c))
          return number ();
        return g_ascii_isalnum (c) ? nullptr : "it holds a character that must be in quotes";
    }
  }

  /// From its first digit on, which has been taken. A sign is out of the question for a fraction; for a whole
  /// number it is not, there is one more negative one.
  const char *number ()
  {
    const char *begin = at_ - 1;
    at_ = std::find_if_not (at_, end_,
                            [] (char c) { return g_ascii_isalnum (c) || c == '.' || c == '+' || c == '-'; });
    if (std::all_of (begin, at_, [] (char c) { return g_ascii_isdigit (c); })) {
      int64_t whole;
      const bool negative = begin_ < begin && begin[-1] == '-';
      if (std::from_chars (begin - negative, at_, whole).ec == std::errc::result_out_of_range)
        return "it holds a whole number that does not fit into 64 bits";
      return nullptr;
    }
    // What is too small to be told from zero is zero; `from_chars ()` tells it from what is too large no
    // more.
    double value;
    if (std::from_chars (begin, at_, value).ec == std::errc::result_out_of_range &&
        std::isinf (g_ascii_strtod (std::string (begin, at_).c_str (), nullptr)))
      return "it holds a number that is out of range";
    return nullptr;
  }

  /// The rest of a string. Audio is one long string without an escape: `memchr ()` crosses it at the speed of
  /// memory.
  const char *string ()
  {
    const char *quote = find ('"');
    while (quote) {
      const char *backslash = find ('\\', quote);
      if (!backslash) {
        at_ = quote + 1;
        return nullptr;
      }
      at_ = backslash + 1;
      if (const char *wrong = escape ())
        return wrong;
      if (at_ > quote)  // the quote was the escaped one
        quote = find ('"');
    }
    return "a string has no end";
  }

  const char *escape ()
  {
    if (at_ == end_)
      return "a string has no end";
    const char c = *at_++;
    if (c != 'u')
      return c != '\0' && std::strchr ("\"\\/bfnrt", c) ? nullptr : "a string holds an unknown escape";

    const int unit = code_unit ();
    if (unit < 0)
      return "a string holds a \\u without four digits";
    if (unit == 0)
      return "a string holds a NUL";
    if (unit < 0xd800 || unit > 0xdfff)
      return nullptr;
    if (unit < 0xdc00 && end_ - at_ >= 6 && at_[0] == '\\' && at_[1] == 'u') {
      at_ += 2;
      const int low = code_unit ();
      if (low >= 0xdc00 && low <= 0xdfff)
        return nullptr;
    }
    return "a string holds half a surrogate pair";
  }

  /// The four digits of a `\u`, or -1.
  int code_unit ()
  {
    if (end_ - at_ < 4)
      return -1;
    int unit = 0;
    for (int i = 0; i < 4; ++i) {
      const int digit = g_ascii_xdigit_value (*at_++);
      if (digit < 0)
        return -1;
      unit = unit * 16 + digit;
    }
    return unit;
  }

  const char *find (char c, const char *before = nullptr) const
  {
    const char *limit = before ? before : end_;
    return static_cast<const char *> (std::memchr (at_, c, static_cast<size_t> (limit - at_)));
  }

  const char *begin_;
  const char *at_;
  const char *end_;
  int depth_ = 0;
  bool begun_ = false;
};

}  // namespace

const char *scan_json (std::string_view text) { return Scan (text).run (); }

}  // namespace gemini
