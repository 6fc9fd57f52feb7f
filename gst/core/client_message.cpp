#include "core/client_message.h"

#include "core/endpoint.h"
#include "core/glib_ptr.h"
#include "core/json.h"

namespace gemini {
namespace {

/// Writes one compact JSON object, member by member.
class Writer {
 public:
  Writer () : builder_ (json_builder_new ()) { json_builder_begin_object (builder_.get ()); }

  Writer &open (const char *name)
  {
    json_builder_set_member_name (builder_.get (), name);
    json_builder_begin_object (builder_.get ());
    return *this;
  }

  Writer &open_array (const char *name)
  {
    json_builder_set_member_name (builder_.get (), name);
    json_builder_begin_array (builder_.get ());
    return *this;
  }

  Writer &close ()
  {
    json_builder_end_object (builder_.get ());
    return *this;
  }

  Writer &close_array ()
  {
    json_builder_end_array (builder_.get ());
    return *this;
  }

  Writer &element ()
  {
    json_builder_begin_object (builder_.get ());
    return *this;
  }

  Writer &string_element (const char *value)
  {
    json_builder_add_string_value (builder_.get (), value);
    return *this;
  }

  Writer &member (const char *name, const std::string &value)
  {
    json_builder_set_member_name (builder_.get (), name);
    json_builder_add_string_value (builder_.get (), value.c_str ());
    return *this;
  }

  Writer &member (const char *name, double value)
  {
    json_builder_set_member_name (builder_.get (), name);
    json_builder_add_double_value (builder_.get (), value);
    return *this;
  }

  Writer &member (const char *name, int value)
  {
    json_builder_set_member_name (builder_.get (), name);
    json_builder_add_int_value (builder_.get (), value);
    return *this;
  }

  Writer &member (const char *name, bool value)
  {
    json_builder_set_member_name (builder_.get (), name);
    json_builder_add_boolean_value (builder_.get (), value);
    return *this;
  }

  Writer &node (const char *name, JsonNodePtr value)
  {
    json_builder_set_member_name (builder_.get (), name);
    json_builder_add_value (builder_.get (), value.release ());
    return *this;
  }

  JsonNodePtr finish ()
  {
    json_builder_end_object (builder_.get ());
    return JsonNodePtr (json_builder_get_root (builder_.get ()));
  }

 private:
  GObjectPtr<JsonBuilder> builder_;
};

void write_generation_config (Writer &writer, const SetupConfig &config)
{
  writer.open ("generationConfig");
  writer.open_array ("responseModalities").string_element ("AUDIO").close_array ();
  if (config.temperature)
    writer.member ("temperature", *config.temperature);
  if (config.seed)
    writer.member ("seed", *config.seed);
  if (config.max_output_tokens)
    writer.member ("maxOutputTokens", *config.max_output_tokens);
  if (!config.voice.empty () || !config.language.empty ()) {
    writer.open ("speechConfig");
    if (!config.voice.empty ())
      writer.open ("voiceConfig")
          .open ("prebuiltVoiceConfig")
          .member ("voiceName", config.voice)
          .close ()
          .close ();
    if (!config.language.empty ())
      writer.member ("languageCode", config.language);
    writer.close ();
  }
  auto thinking = thinking_of (model_family (config.model), config.thinking_level);
  if (thinking.level)
    writer.open ("thinkingConfig").member ("thinkingLevel", std::string (*thinking.level)).close ();
  if (thinking.budget)
    writer.open ("thinkingConfig").member ("thinkingBudget", *thinking.budget).close ();
  writer.close ();
}

}  // namespace

Result<std::string> setup_message (const SetupConfig &config)
{
  Writer writer;
  writer.open ("setup").member ("model", model_resource_name (config.model));
  write_generation_config (writer, config);
  if (!config.system_instruction.empty ())
    writer.open ("systemInstruction")
        .open_array ("parts")
        .element ()
        .member ("text", config.system_instruction)
        .close ()
        .close_array ()
        .close ();
  if (config.transcription)
    writer.open ("inputAudioTranscription").close ().open ("outputAudioTranscription").close ();
  if (config.resumption)
    writer.open ("sessionResumption").close ();
  if (config.compression)
    writer.open ("contextWindowCompression").open ("slidingWindow").close ().close ();
  writer.close ();
  auto root = writer.finish ();

  if (!config.extra.empty ()) {
    auto extra = parse_json_object (config.extra);
    if (auto *error = std::get_if<Error> (&extra))
      return Error{
          .kind = Error::Kind::Settings,
          .message =
              "The setup property must be a JSON object, such as {\"generationConfig\":{\"topP\":0.9}}",
          .detail = error->message};
    merge_json (json_object_get_object_member (json_node_get_object (root.get ()), "setup"),
                json_node_get_object (std::get<JsonNodePtr> (extra).get ()));
  }
  return to_json (root.get ());
}

std::string resumed_setup (const std::string &setup, const std::string &handle)
{
  auto parsed = parse_json_object (setup);
  auto *root = std::get_if<JsonNodePtr> (&parsed);
  if (root == nullptr)
    return setup;
  Writer writer;
  auto extra =
      writer.open ("setup").open ("sessionResumption").member ("handle", handle).close ().close ().finish ();
  merge_json (json_node_get_object (root->get ()), json_node_get_object (extra.get ()));
  // The history is in the session, and is not begun a second time.
  json_object_remove_member (json_object_get_object_member (json_node_get_object (root->get ()), "setup"),
                             "historyConfig");
  return to_json (root->get ());
}

TextInput resolve_text_input (TextInput wanted, const std::string &model)
{
  if (wanted != TextInput::Auto)
    return wanted;
  return model_family (model).text;
}

std::string text_message (TextInput input, const std::string &text)
{
  Writer writer;
  if (input == TextInput::RealtimeInput)
    writer.open ("realtimeInput").member ("text", text).close ();
  else
    writer.open ("clientContent")
        .open_array ("turns")
        .element ()
        .member ("role", std::string ("user"))
        .open_array ("parts")
        .element ()
        .member ("text", text)
        .close ()
        .close_array ()
        .close ()
        .close_array ()
        .member ("turnComplete", true)
        .close ();
  auto root = writer.finish ();
  return to_json (root.get ());
}

Result<std::string> tool_response_message (const std::string &id, const std::string &name,
                                           const std::string &response)
{
  auto parsed = parse_json_object (response);
  if (auto *error = std::get_if<Error> (&parsed))
    return Error{.kind = Error::Kind::Settings,
                 .message = "The answer to a call must be a JSON object, such as {\"result\":42}",
                 .detail = error->message};
  Writer writer;
  writer.open ("toolResponse")
      .open_array ("functionResponses")
      .element ()
      .member ("id", id)
      .member ("name", name)
      .node ("response", std::move (std::get<JsonNodePtr> (parsed)))
      .close ()
      .close_array ()
      .close ();
  auto root = writer.finish ();
  return to_json (root.get ());
}

Result<std::string> checked_message (const std::string &json)
{
  auto parsed = parse_json_object (json);
  if (auto *error = std::get_if<Error> (&parsed))
    return Error{.kind = Error::Kind::Settings,
                 .message = "A message must be a JSON object, such as {\"realtimeInput\":{\"text\":\"Hi\"}}",
                 .detail = error->message};
  auto *root = std::get<JsonNodePtr> (parsed).get ();
  if (json_object_has_member (json_node_get_object (root), "setup"))
    return Error{.kind = Error::Kind::Settings,
                 .message = "The setup is sent once, when the session begins: use the setup property",
                 .detail = ""};
  return to_json (root);
}

}  // namespace gemini
