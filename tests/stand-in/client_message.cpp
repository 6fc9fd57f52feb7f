#include "client_message.h"

#include <algorithm>
#include <array>

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

JsonNodePtr parse (std::string_view text)
{
  if (!g_utf8_validate_len (text.data (), text.size (), nullptr) || too_deep (text))
    return nullptr;
  const GObjectPtr<JsonParser> parser (json_parser_new_immutable ());
  if (!json_parser_load_from_data (parser.get (), text.data (), static_cast<gssize> (text.size ()), nullptr))
    return nullptr;
  JsonNode *root = json_parser_get_root (parser.get ());
  return JsonNodePtr (root && JSON_NODE_HOLDS_OBJECT (root) ? json_node_ref (root) : nullptr);
}

}  // namespace

Refusal unknown_name (std::string_view name, std::string_view where)
{
  const std::string place = where.empty () ? "" : " at '" + std::string (where) + "'";
  return {.reason = "Invalid JSON payload received. Unknown name \"" + std::string (name) + "\"" + place +
                    ": Cannot find field."};
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

std::variant<ClientMessage, Refusal> read_client_message (std::string_view text, const Rules &rules)
{
  ClientMessage message{.root = parse (text), .fields = Fields (nullptr)};
  if (!message.root)
    return Refusal{.reason = "Invalid JSON payload received. Unexpected token."};

  const Fields fields (json_node_get_object (message.root.get ()));
  constexpr std::array<std::string_view, 4> kNames = {"setup", "clientContent", "realtimeInput",
                                                      "toolResponse"};
  if (const auto name =
          fields.stranger ({"setup", "clientContent", "realtimeInput", "toolResponse"}, rules.snake_case))
    return unknown_name (*name, "");
  if (std::count_if (kNames.begin (), kNames.end (),
                     [&] (std::string_view name) { return bool (fields.object (name)); }) != 1)
    return Refusal{};

  for (size_t kind = 0; kind < kNames.size (); kind++) {
    if (const Fields inside = fields.object (kNames[kind])) {
      message.kind = static_cast<ClientMessage::Kind> (kind);
      message.fields = inside;
    }
  }
  return message;
}

std::string question_of (const Fields &client_content)
{
  std::string question;
  for (const Fields &turn : client_content.objects ("turns")) {
    if (turn.string ("role").value_or ("user") != "user")
      continue;
    question.clear ();
    for (const Fields &part : turn.objects ("parts"))
      question += part.string ("text").value_or ("");
  }
  return question;
}

bool ends_with_model (const Fields &client_content)
{
  const auto turns = client_content.objects ("turns");
  return !turns.empty () && turns.back ().string ("role") == "model";
}

std::optional<Refusal> refuse_client_content (const Fields &client_content)
{
  if (const auto name = client_content.stranger ({"turns", "turnComplete"}, true))
    return unknown_name (*name, "client_content");
  for (const Fields &turn : client_content.objects ("turns")) {
    const std::string role = turn.string ("role").value_or ("user");
    if (role != "user" && role != "model")
      return Refusal{};
    for (const Fields &part : turn.objects ("parts"))
      if (part.has ("functionCall") || part.has ("functionResponse"))
        return Refusal{};
  }
  return {};
}

std::vector<int16_t> audio_of (const Fields &realtime_input)
{
  std::string text = realtime_input.object ("audio").string ("data").value_or ("");
  std::replace (text.begin (), text.end (), '-', '+');
  std::replace (text.begin (), text.end (), '_', '/');
  text.append ((4 - text.size () % 4) % 4, '=');
  gsize size = 0;
  using BytesPtr = std::unique_ptr<guchar, Freer<g_free>>;
  const BytesPtr bytes (g_base64_decode (text.c_str (), &size));
  std::vector<int16_t> samples (size / 2);
  for (size_t i = 0; i < samples.size (); i++)
    samples[i] = static_cast<int16_t> (bytes.get ()[2 * i] | bytes.get ()[2 * i + 1] << 8);
  return samples;
}

}  // namespace gemini::stand_in
