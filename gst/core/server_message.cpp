#include "core/server_message.h"

#include "core/close_error.h"
#include "core/json.h"

namespace gemini {
namespace {

/// Reads one message; the first member of a wrong type is remembered with its path.
class Parser {
 public:
  explicit Parser (ServerMessage &message) : message_ (message) {}

  const std::string &wrong () const { return wrong_; }

  void message (JsonObject *object)
  {
    JsonReader reader (object);
    message_.setup_complete = reader.object ("setupComplete") != nullptr;
    if (auto *content = reader.object ("serverContent"))
      server_content (content);
    if (auto *call = reader.object ("toolCall"))
      tool_call (call);
    if (auto *cancellation = reader.object ("toolCallCancellation"))
      tool_call_cancellation (cancellation);
    if (auto *away = reader.object ("goAway"))
      go_away (away);
    if (auto *update = reader.object ("sessionResumptionUpdate"))
      resumption (update);
    if (auto *usage_object = reader.object ("usageMetadata"))
      usage (usage_object);
    if (auto *error_object = reader.object ("error"))
      error (error_object);
    done (reader, "");
  }

 private:
  void server_content (JsonObject *object)
  {
    JsonReader reader (object);
    if (auto *turn = reader.object ("modelTurn"))
      model_turn (turn);
    message_.input_transcription = transcription (reader, "inputTranscription");
    message_.output_transcription = transcription (reader, "outputTranscription");
    message_.interrupted = reader.boolean ("interrupted").value_or (false);
    message_.generation_complete = reader.boolean ("generationComplete").value_or (false);
    message_.turn_complete = reader.boolean ("turnComplete").value_or (false);
    message_.turn_complete_reason = reader.string ("turnCompleteReason").value_or ("");
    message_.interaction_status = reader.string ("interactionStatus").value_or ("");
    done (reader, "serverContent.");
  }

  void model_turn (JsonObject *object)
  {
    JsonReader reader (object);
    for_each_object (reader.array ("parts"), "parts",
                     [this] (JsonObject *part_object) { part (part_object); });
    done (reader, "modelTurn.");
  }

  void part (JsonObject *object)
  {
    JsonReader reader (object);
    // A thought is never speech, whatever form it takes.
    bool thought = reader.boolean ("thought").value_or (false);
    auto text = reader.string ("text");
    auto *inline_data = reader.object ("inlineData");
    done (reader, "part.");
    if (thought)
      return;
    if (text)
      message_.text = message_.text.value_or ("") + std::string (*text);
    if (inline_data != nullptr) {
      JsonReader data (inline_data);
      message_.media.push_back ({data.string ("mimeType").value_or (""), data.string ("data").value_or ("")});
      done (data, "inlineData.");
    }
  }

  std::optional<ServerMessage::Transcription> transcription (JsonReader &parent, const char *name)
  {
    auto *object = parent.object (name);
    if (object == nullptr)
      return std::nullopt;
    JsonReader reader (object);
    ServerMessage::Transcription result{reader.string ("text").value_or (""),
                                        reader.boolean ("finished").value_or (false)};
    done (reader, std::string (name) + ".");
    return result;
  }

  void tool_call (JsonObject *object)
  {
    JsonReader reader (object);
    for_each_object (reader.array ("functionCalls"), "functionCalls", [this] (JsonObject *call) {
      JsonReader fields (call);
      auto &added = message_.tool_calls.emplace_back ();
      added.id = fields.string ("id").value_or ("");
      added.name = fields.string ("name").value_or ("");
      added.args = "{}";
      if (fields.object ("args") != nullptr)
        added.args = to_json (json_object_get_member (call, "args"));
      done (fields, "functionCalls.");
    });
    done (reader, "toolCall.");
  }

  void tool_call_cancellation (JsonObject *object)
  {
    JsonReader reader (object);
    auto *ids = reader.array ("ids");
    for (guint i = 0; ids != nullptr && i < json_array_get_length (ids); i++) {
      auto *node = json_array_get_element (ids, i);
      if (json_node_get_value_type (node) == G_TYPE_STRING)
        message_.cancelled_tool_calls.push_back (json_node_get_string (node));
      else
        note ("toolCallCancellation.ids");
    }
    done (reader, "toolCallCancellation.");
  }

  void go_away (JsonObject *object)
  {
    JsonReader reader (object);
    auto left = reader.seconds ("timeLeft");
    message_.go_away = ServerMessage::GoAway{left ? left : reader.seconds ("timeBeforeClose")};
    done (reader, "goAway.");
  }

  void resumption (JsonObject *object)
  {
    JsonReader reader (object);
    message_.resumption = ServerMessage::Resumption{reader.string ("newHandle").value_or (""),
                                                    reader.boolean ("resumable").value_or (false)};
    done (reader, "sessionResumptionUpdate.");
  }

  void usage (JsonObject *object)
  {
    JsonReader reader (object);
    ServerMessage::Usage usage;
    usage.prompt_tokens = reader.integer ("promptTokenCount").value_or (0);
    auto response = reader.integer ("responseTokenCount");      // Gemini API
    auto candidates = reader.integer ("candidatesTokenCount");  // Vertex AI
    usage.response_tokens = response.value_or (candidates.value_or (0));
    usage.total_tokens = reader.integer ("totalTokenCount").value_or (0);
    message_.usage = usage;
    done (reader, "usageMetadata.");
  }

  void error (JsonObject *object)
  {
    JsonReader reader (object);
    auto code = reader.integer ("code").value_or (0);
    done (reader, "error.");
    auto text = std::string (R"({"error":)") +
                to_json (json_object_get_member (json_node_get_object (message_.root.get ()), "error")) + "}";
    message_.error = http_error (code > 0 && code < 1000 ? static_cast<unsigned> (code) : 500, "", text);
  }

  template <typename Visit>
  void for_each_object (JsonArray *array, const char *name, Visit visit)
  {
    for (guint i = 0; array != nullptr && i < json_array_get_length (array); i++) {
      auto *node = json_array_get_element (array, i);
      if (JSON_NODE_HOLDS_OBJECT (node))
        visit (json_node_get_object (node));
      else
        note (name);
    }
  }

  void done (const JsonReader &reader, const std::string &path)
  {
    if (!reader.wrong ().empty ())
      note (path + reader.wrong ());
  }

  void note (const std::string &name)
  {
    if (wrong_.empty ())
      wrong_ = name;
  }

  ServerMessage &message_;
  std::string wrong_;
};

}  // namespace

Error not_understood (const std::string &why)
{
  return {.kind = Error::Kind::Decode,
          .message =
              "Gemini sent a message that cannot be understood: try again, and check the endpoint if "
              "it stays",
          .detail = why};
}

Result<ServerMessage> parse_server_message (std::string_view text)
{
  auto parsed = parse_json_object (text);
  if (auto *error = std::get_if<Error> (&parsed))
    return not_understood (error->message);

  ServerMessage message;
  message.root = std::move (std::get<JsonNodePtr> (parsed));
  Parser parser (message);
  parser.message (json_node_get_object (message.root.get ()));
  if (!parser.wrong ().empty ())
    return not_understood ("unexpected type of field \"" + parser.wrong () + "\"");
  return message;
}

}  // namespace gemini
