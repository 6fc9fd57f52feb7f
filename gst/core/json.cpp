#include "core/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "core/text.h"

namespace gemini {

namespace {

constexpr int kMaxDepth = 64;

Error not_json (const std::string &what)
{
  // json-glib's own message is left out: it quotes the text, which may hold a resumption handle.
  return {.kind = Error::Kind::Decode, .message = "The text is no JSON object: " + what};
}

/// Looks at a text before json-glib does, and vouches for what json-glib cannot be trusted with: it recurses
/// once per level, leaks every object after the first, and takes comments and single quotes. Half a surrogate
/// pair it turns into invalid UTF-8 and swallows the quote behind it, and 1e999 it writes as "inf", and
/// 2^64 as another number. Where
/// strings begin and end must be out of the question for the depth to mean anything, so whatever json-glib
/// reads in its own way is refused here.
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

/// json-glib 1.6 writes 1e20 as "1e+20.0".
void mend_exponents (std::string &json)
{
  bool quoted = false;
  for (size_t at = 0; at < json.size (); ++at) {
    if (quoted && json[at] == '\\') {
      ++at;
    } else if (json[at] == '"') {
      quoted = !quoted;
    } else if (!quoted && json[at] == 'e' && g_ascii_isdigit (json[at - 1])) {
      const size_t end = json.find_first_not_of ("+-0123456789", at + 1);
      if (end != json.npos && json.compare (end, 2, ".0") == 0)
        json.erase (end, 2);
    }
  }
}

template <typename Number, typename... How>
std::optional<Number> whole (std::string_view text, How... how)
{
  Number number{};
  const auto [end, code] = std::from_chars (text.data (), text.data () + text.size (), number, how...);
  if (code != std::errc () || end != text.data () + text.size ())
    return std::nullopt;
  return number;
}

}  // namespace

Result<JsonNodePtr> parse_json_object (std::string_view text)
{
  if (const char *wrong = Scan (text).run ())
    return not_json (wrong);

  const GObjectPtr<JsonParser> parser (json_parser_new ());
  std::string place;
  auto remember = +[] (JsonParser *p, GError *, std::string *where) {
    // Only known until the parser returns.
    *where = "error in line " + std::to_string (json_parser_get_current_line (p)) + ", column " +
             std::to_string (json_parser_get_current_pos (p));
  };
  g_signal_connect (parser.get (), "error", G_CALLBACK (remember), &place);
  if (!json_parser_load_from_data (parser.get (), text.data (), static_cast<gssize> (text.size ()), nullptr))
    return not_json (g_utf8_validate_len (text.data (), text.size (), nullptr) ? place
                                                                               : "it is not valid UTF-8");
  return JsonNodePtr (json_parser_steal_root (parser.get ()));
}

std::string to_json (JsonNode *node)
{
  const CharPtr text (json_to_string (node, FALSE));
  std::string json (text.get ());
  mend_exponents (json);
  return json;
}

void merge_json (JsonObject *base, JsonObject *extra)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, extra);
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    if (!JSON_NODE_HOLDS_OBJECT (value)) {
      json_object_set_member (base, name, json_node_copy (value));
      continue;
    }
    // An object that is new to `base` is merged into an empty one: a copied node would share it with `extra`.
    JsonNode *old = json_object_get_member (base, name);
    if (!old || !JSON_NODE_HOLDS_OBJECT (old)) {
      json_object_set_object_member (base, name, json_object_new ());
      old = json_object_get_member (base, name);
    }
    merge_json (json_node_get_object (old), json_node_get_object (value));
  }
}

std::optional<std::string_view> JsonReader::string (const char *name)
{
  JsonNode *node = member (name, G_TYPE_STRING);
  return node ? std::optional<std::string_view> (json_node_get_string (node)) : std::nullopt;
}

std::optional<bool> JsonReader::boolean (const char *name)
{
  JsonNode *node = member (name, G_TYPE_BOOLEAN);
  return node ? std::optional (json_node_get_boolean (node) != FALSE) : std::nullopt;
}

std::optional<int64_t> JsonReader::integer (const char *name)
{
  JsonNode *node = member (name);
  if (!node)
    return std::nullopt;
  const GType type = json_node_get_value_type (node);
  if (type == G_TYPE_INT64)
    return json_node_get_int (node);
  if (type == G_TYPE_STRING)
    if (const auto number = whole<int64_t> (json_node_get_string (node)))
      return number;
  if (type == G_TYPE_DOUBLE) {
    // 1e3 and 2.0 are integers too; 2^63 itself is already too large.
    const double number = json_node_get_double (node);
    if (std::trunc (number) == number && number >= -0x1p63 && number < 0x1p63)
      return static_cast<int64_t> (number);
  }
  mistyped (name);
  return std::nullopt;
}

std::optional<double> JsonReader::seconds (const char *name)
{
  auto text = string (name);
  if (!text)
    return std::nullopt;
  // Only these characters: "inf" and "nan" are numbers to `from_chars ()`.
  if (text->ends_with ('s') && text->find_first_not_of ("-.0123456789s") == text->npos) {
    text->remove_suffix (1);
    if (const auto number = whole<double> (*text, std::chars_format::fixed))
      return number;
  }
  mistyped (name);
  return std::nullopt;
}

JsonObject *JsonReader::object (const char *name)
{
  JsonNode *node = member (name, JSON_TYPE_OBJECT);
  return node ? json_node_get_object (node) : nullptr;
}

JsonArray *JsonReader::array (const char *name)
{
  JsonNode *node = member (name, JSON_TYPE_ARRAY);
  return node ? json_node_get_array (node) : nullptr;
}

JsonNode *JsonReader::member (const char *name)
{
  JsonNode *node = object_ ? json_object_get_member (object_, name) : nullptr;
  return node && !JSON_NODE_HOLDS_NULL (node) ? node : nullptr;
}

JsonNode *JsonReader::member (const char *name, GType type)
{
  JsonNode *node = member (name);
  if (!node || json_node_get_value_type (node) == type)
    return node;
  mistyped (name);
  return nullptr;
}

void JsonReader::mistyped (const char *name)
{
  if (wrong_.empty ())
    wrong_ = name;
}

}  // namespace gemini
