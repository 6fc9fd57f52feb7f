#include "stand-in/live/client_message.h"

#include <algorithm>
#include <array>

namespace gemini::stand_in {

Refusal unknown_name (std::string_view name, std::string_view where)
{
  const std::string place = where.empty () ? "" : " at '" + std::string (where) + "'";
  return {.reason = "Invalid JSON payload received. Unknown name \"" + std::string (name) + "\"" + place +
                    ": Cannot find field."};
}

std::variant<ClientMessage, Refusal> read_client_message (std::string_view text, const Rules &rules)
{
  ClientMessage message{.root = parse_object (text), .fields = Fields (nullptr)};
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
