#include "core/plain_json.h"

#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>

namespace gemini {
namespace {

constexpr int kMaxDepth = 64;
constexpr std::ptrdiff_t kMostDigits = 18;

/// Nothing but ASCII without control characters, eight of them at a time.
bool is_plain (std::string_view text)
{
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr auto odd_ones = [] (uint64_t eight) { return ((eight - kOnes * ' ') | eight) & kOnes * 0x80; };
  uint64_t odd = 0, eight;
  for (; text.size () >= sizeof eight; text.remove_prefix (sizeof eight)) {
    std::memcpy (&eight, text.data (), sizeof eight);
    odd |= odd_ones (eight);
  }
  eight = kOnes * ' ';
  std::memcpy (&eight, text.data (), text.size ());
  return (odd | odd_ones (eight)) == 0;
}

bool has_control (std::string_view text)
{
  for (const char c : text)
    if (static_cast<unsigned char> (c) < ' ')
      return true;
  return false;
}

/// Everything here returns nothing as soon as it finds what it does not know.
class Reader {
 public:
  explicit Reader (std::string_view text) : at_ (text.data ()), end_ (text.data () + text.size ()) {}

  JsonNodePtr document ()
  {
    if (next () != '{')
      return nullptr;
    auto root = object ();
    return root && next () == kEnd ? std::move (root) : nullptr;
  }

 private:
  static constexpr char kEnd = '\0';

  /// The next character that is no blank, taken; kEnd: there is none. NUL is one, too: it is no JSON.
  char next ()
  {
    for (; at_ < end_; ++at_)
      if (*at_ != ' ' && *at_ != '\n' && *at_ != '\r' && *at_ != '\t')
        return *at_ != kEnd ? *at_++ : '?';
    return kEnd;
  }

  JsonNodePtr value (char first)
  {
    switch (first) {
      case '{':
        return object ();
      case '[':
        return array ();
      case '"':
        return string () ? JsonNodePtr (json_node_init_string (json_node_alloc (), string_.c_str ()))
                         : nullptr;
      case 't':
        return word ("rue") ? JsonNodePtr (json_node_init_boolean (json_node_alloc (), TRUE)) : nullptr;
      case 'f':
        return word ("alse") ? JsonNodePtr (json_node_init_boolean (json_node_alloc (), FALSE)) : nullptr;
      case 'n':
        return word ("ull") ? JsonNodePtr (json_node_init_null (json_node_alloc ())) : nullptr;
      default:
        return number ();
    }
  }

  JsonNodePtr object ()
  {
    JsonNodePtr node (json_node_init_object (json_node_alloc (), nullptr));
    json_node_take_object (node.get (), json_object_new ());
    if (++depth_ > kMaxDepth)
      return nullptr;
    char c = next ();
    for (bool more = c != '}'; more; more = c == ',', c = more ? next () : c) {
      if (c != '"' || !string () || next () != ':')
        return nullptr;
      const auto name = string_;
      auto member = value (next ());
      if (!member)
        return nullptr;
      json_object_set_member (json_node_get_object (node.get ()), name.c_str (), member.release ());
      c = next ();
      if (c != ',' && c != '}')
        return nullptr;
    }
    --depth_;
    return node;
  }

  JsonNodePtr array ()
  {
    JsonNodePtr node (json_node_alloc ());
    json_node_init_array (node.get (), nullptr);
    json_node_take_array (node.get (), json_array_new ());
    if (++depth_ > kMaxDepth)
      return nullptr;
    char c = next ();
    for (bool more = c != ']'; more; more = c == ',', c = more ? next () : c) {
      auto element = value (c);
      if (!element)
        return nullptr;
      json_array_add_element (json_node_get_array (node.get ()), element.release ());
      c = next ();
      if (c != ',' && c != ']')
        return nullptr;
    }
    --depth_;
    return node;
  }

  /// The rest of a string, into string_.
  bool string ()
  {
    string_.clear ();
    const char *quote = at_ - 1;
    while (at_ < end_) {
      if (quote < at_)
        quote = static_cast<const char *> (std::memchr (at_, '"', static_cast<size_t> (end_ - at_)));
      if (!quote)
        return false;
      const auto *escape =
          static_cast<const char *> (std::memchr (at_, '\\', static_cast<size_t> (quote - at_)));
      const std::string_view piece (at_, escape ? escape : quote);
      if (!is_plain (piece) &&
          (has_control (piece) || !g_utf8_validate_len (piece.data (), piece.size (), nullptr)))
        return false;
      string_ += piece;
      at_ = (escape ? escape : quote) + 1;
      if (!escape)
        return true;
      constexpr std::string_view kEscapes = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
      const char c = *at_++;  // the quote, if nothing else
      if (c == 'u') {
        const char escaped = ascii ();
        if (escaped == kEnd)
          return false;
        string_ += escaped;
        continue;
      }
      const auto which = kEscapes.find (c);
      if (which == kEscapes.npos)
        return false;
      string_ += kMeanings[which];
    }
    return false;
  }

  /// The four digits of a `\u` that stands for what needs none, as some write `=` and `<`. kEnd: others.
  char ascii ()
  {
    if (end_ - at_ < 4 || at_[0] != '0' || at_[1] != '0')
      return kEnd;
    const int high = g_ascii_xdigit_value (at_[2]), low = g_ascii_xdigit_value (at_[3]);
    if (high < 2 || high > 7 || low < 0)
      return kEnd;
    at_ += 4;
    return static_cast<char> (high * 16 + low);
  }

  bool word (std::string_view rest)
  {
    if (!std::string_view (at_, end_).starts_with (rest))
      return false;
    at_ += rest.size ();
    return true;
  }

  /// From its first character on, which has been taken: a whole number, written as short as it can be.
  JsonNodePtr number ()
  {
    int64_t value = 0;
    const auto [end, code] = std::from_chars (at_ - 1, end_, value);
    if (code != std::errc () || end - at_ >= kMostDigits || end == end_ || std::strchr (".eE", *end) ||
        std::to_string (value) != std::string_view (at_ - 1, end))
      return nullptr;
    at_ = end;
    return JsonNodePtr (json_node_init_int (json_node_alloc (), value));
  }

  const char *at_;
  const char *end_;
  int depth_ = 0;
  std::string string_;
};

}  // namespace

JsonNodePtr parse_plain_json (std::string_view text) { return Reader (text).document (); }

}  // namespace gemini
