// Whatever an application gives us to send becomes one JSON object in one line, or is refused.
//
// The first byte chooses, the first lines are short texts, the rest is the long one.

#include "core/client_message.h"

#include "core/json.h"
#include "core/tts_request.h"
#include "fuzz/fuzz.h"

using namespace gemini;
using fuzz::expect;

namespace {

void check_line (const std::string &json)
{
  expect (json.find ('\n') == json.npos, "a message is one line");
  expect (std::holds_alternative<JsonNodePtr> (parse_json_object (json)), "what is sent is JSON");
}

/// TRUE: it was made.
template <typename T>
bool check (const Result<T> &result)
{
  if (auto *error = std::get_if<Error> (&result)) {
    expect (error->kind == Error::Kind::Settings, "what we were given is a setting");
    expect (!error->message.empty () && fuzz::is_utf8 (error->message), "an error says something");
    return false;
  }
  if constexpr (std::is_same_v<T, std::string>)
    check_line (std::get<std::string> (result));
  return true;
}

/// A member of `extra` is in the setup, whatever we wrote there ourselves.
void check_setup (const SetupConfig &config)
{
  const auto made = setup_message (config);
  if (!check (made))
    return;
  const auto &setup = std::get<std::string> (made);
  auto resumed = resumed_setup (setup, "handle-1");
  check_line (resumed);
  expect (resumed.find ("handle-1") != resumed.npos, "the handle is in it");
  if (config.extra.empty ())
    return;
  auto root = std::move (std::get<JsonNodePtr> (parse_json_object (setup)));
  auto extra = std::move (std::get<JsonNodePtr> (parse_json_object (config.extra)));
  auto *object = gemini::JsonReader (json_node_get_object (root.get ())).object ("setup");
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  json_object_iter_init (&iter, json_node_get_object (extra.get ()));
  while (json_object_iter_next (&iter, &name, &value)) {
    auto *merged = json_object_get_member (object, name);
    expect (merged != nullptr, "what was given is sent");
    if (!JSON_NODE_HOLDS_OBJECT (value))
      expect (to_json (merged) == to_json (value), "as it was given");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  fuzz::Input input (bytes, size);
  const auto choice = input.byte ();
  const auto model = fuzz::c_string (input.line ());
  const auto name = fuzz::c_string (input.line ());
  const auto text = fuzz::c_string (input.rest ());
  if (!fuzz::is_utf8 (model) || !fuzz::is_utf8 (name))
    return 0;
  const bool is_text = fuzz::is_utf8 (text);

  switch (choice % 6) {
    case 0:
      check_setup ({.model = model,
                    .system_instruction = name,
                    .voice = name,
                    .temperature = 0.5,
                    .seed = 1,
                    .thinking_level = ThinkingLevel::High,
                    .transcription = true,
                    .resumption = (choice & 8) != 0,
                    .compression = true,
                    .extra = text});
      break;
    case 1:
      check (checked_message (text));
      break;
    case 2:
      check (tool_response_message (name, model, text));
      break;
    case 3:
      if (is_text)
        check_line (text_message (resolve_text_input (TextInput::Auto, model), text));
      break;
    case 4:
    case 5: {
      const auto speakers = parse_speakers (name);
      check (speakers);
      TtsConfig config{.model = model, .style = name, .language = name};
      if (auto *list = std::get_if<TtsConfig::Speakers> (&speakers))
        config.speakers = *list;
      config.split = choice & 8 ? Split::Sentence : Split::Auto;
      if (choice % 6 == 5)
        config.extra = text;
      const auto requests = tts_requests (config, is_text ? text : name);
      if (check (requests))
        for (auto &body : std::get<std::vector<std::string>> (requests))
          check_line (body);
      break;
    }
  }
  return 0;
}
