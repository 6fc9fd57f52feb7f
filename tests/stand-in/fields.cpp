#include "stand-in/fields.h"

#include <algorithm>
#include <memory>

namespace gemini::stand_in {
namespace {

constexpr size_t kMaxDepth = 100;  // of the service's own parser; json-glib recurses without a bound

std::string snake (std::string_view camel)
{
  std::string name;
  for (const char c : camel)
    name += g_ascii_isupper (c) ? std::string{'_', g_ascii_tolower (c)} : std::string (1, c);
  return name;
}

bool too_deep (std::string_view text)
{
  size_t depth = 0, deepest = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size (); i++) {
    if (quoted && text[i] == '\\')
      i++;
    else if (text[i] == '"')
      quoted = !quoted;
    else if (!quoted && (text[i] == '{' || text[i] == '['))
      deepest = std::max (deepest, ++depth);
    else if (!quoted && (text[i] == '}' || text[i] == ']'))
      depth -= depth > 0 ? 1 : 0;
  }
  return deepest > kMaxDepth;
}

}  // namespace

JsonNodePtr parse_object (std::string_view text)
{
  if (!g_utf8_validate_len (text.data (), text.size (), nullptr) || too_deep (text))
    return nullptr;
  const GObjectPtr<JsonParser> parser (json_parser_new_immutable ());
  if (!json_parser_load_from_data (parser.get (), text.data (), static_cast<gssize> (text.size ()), nullptr))
    return nullptr;
  JsonNode *root = json_parser_get_root (parser.get ());
  return JsonNodePtr (root && JSON_NODE_HOLDS_OBJECT (root) ? json_node_ref (root) : nullptr);
}

JsonNode *Fields::find (std::string_view name) const
{
  if (!object_)
    return nullptr;
  const std::string camel (name);
  JsonNode *node = json_object_get_member (object_, camel.c_str ());
  if (!node)
    node = json_object_get_member (object_, snake (name).c_str ());
  return node && !JSON_NODE_HOLDS_NULL (node) ? node : nullptr;
}

Fields Fields::object (std::string_view name) const
{
  JsonNode *node = find (name);
  return Fields (node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : nullptr);
}

std::vector<Fields> Fields::objects (std::string_view name) const
{
  std::vector<Fields> all;
  JsonNode *node = find (name);
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : nullptr;
  for (guint i = 0; array && i < json_array_get_length (array); i++) {
    JsonNode *element = json_array_get_element (array, i);
    if (JSON_NODE_HOLDS_OBJECT (element))
      all.emplace_back (json_node_get_object (element));
  }
  return all;
}

std::vector<std::string> Fields::strings (std::string_view name) const
{
  std::vector<std::string> all;
  JsonNode *node = find (name);
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : nullptr;
  for (guint i = 0; array && i < json_array_get_length (array); i++) {
    JsonNode *element = json_array_get_element (array, i);
    if (json_node_get_value_type (element) == G_TYPE_STRING)
      all.emplace_back (json_node_get_string (element));
  }
  return all;
}

std::optional<std::string> Fields::string (std::string_view name) const
{
  JsonNode *node = find (name);
  if (!node || json_node_get_value_type (node) != G_TYPE_STRING)
    return {};
  return json_node_get_string (node);
}

std::optional<int64_t> Fields::integer (std::string_view name) const
{
  JsonNode *node = find (name);
  if (node && json_node_get_value_type (node) == G_TYPE_INT64)
    return json_node_get_int (node);
  if (const auto digits = string (name))
    return g_ascii_strtoll (digits->c_str (), nullptr, 10);
  return {};
}

std::optional<bool> Fields::boolean (std::string_view name) const
{
  JsonNode *node = find (name);
  if (!node || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return {};
  return json_node_get_boolean (node);
}

std::optional<std::string> Fields::stranger (std::initializer_list<std::string_view> names,
                                             bool snake_case) const
{
  if (!object_)
    return {};
  using NameList = std::unique_ptr<GList, Freer<g_list_free>>;
  const NameList members (json_object_get_members (object_));
  for (GList *member = members.get (); member; member = member->next) {
    const std::string_view given (static_cast<const char *> (member->data));
    const bool known = std::any_of (names.begin (), names.end (), [&] (std::string_view name) {
      return given == name || (snake_case && given == snake (name));
    });
    if (!known)
      return std::string (given);
  }
  return {};
}

}  // namespace gemini::stand_in
