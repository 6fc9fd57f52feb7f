#include "core/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "core/json_scan.h"
#include "core/plain_json.h"
#include "core/text.h"

namespace gemini {

namespace {

Error not_json (const std::string &what)
{
  // json-glib's own message is left out: it quotes the text, which may hold a resumption handle.
  return {.kind = Error::Kind::Decode, .message = "The text is no JSON object: " + what};
}

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

Result<JsonNodePtr> parse_as_it_is (std::string_view text)
{
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

}  // namespace

Result<JsonNodePtr> parse_json_object (std::string_view text)
{
  if (auto root = parse_plain_json (text))
    return root;
  if (const char *wrong = scan_json (text))
    return not_json (wrong);
  return parse_as_it_is (text);
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
