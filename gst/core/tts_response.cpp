#include "core/tts_response.h"

#include "core/close_error.h"
#include "core/json.h"
#include "core/media_type.h"

namespace gemini {

namespace {

using Facts = TtsResponse::Facts;

/// Adds what one object says; the first member of a wrong type is remembered with its path.
class ObjectReader {
 public:
  explicit ObjectReader (Facts &facts) : facts_ (facts) {}

  const std::string &wrong () const { return wrong_; }

  void response (JsonObject *object)
  {
    JsonReader reader (object);
    if (auto *candidates = reader.array ("candidates"); candidates && json_array_get_length (candidates) > 0)
      candidate (json_array_get_element (candidates, 0));
    if (auto *feedback = reader.object ("promptFeedback"))
      prompt_feedback (feedback);
    if (auto *usage_object = reader.object ("usageMetadata"))
      usage (usage_object);
    if (auto *error_object = reader.object ("error"))
      error (object, error_object);
    done (reader, "");
  }

 private:
  void candidate (JsonNode *node)
  {
    if (!JSON_NODE_HOLDS_OBJECT (node))
      return note ("candidates");
    JsonReader reader (json_node_get_object (node));
    if (auto reason = reader.string ("finishReason"))
      facts_.finish_reason = *reason;
    if (auto message = reader.string ("finishMessage"))
      facts_.finish_message = *message;
    if (auto *object = reader.object ("content")) {
      JsonReader content (object);
      auto *parts = content.array ("parts");
      for (guint i = 0; parts != nullptr && i < json_array_get_length (parts); i++)
        part (json_array_get_element (parts, i));
      done (content, "content.");
    }
    done (reader, "candidates.");
  }

  void part (JsonNode *node)
  {
    if (!JSON_NODE_HOLDS_OBJECT (node))
      return note ("parts");
    JsonReader reader (json_node_get_object (node));
    const bool thought = reader.boolean ("thought").value_or (false);
    const auto text = reader.string ("text");
    facts_.wrote = facts_.wrote || (!thought && text && !text->empty ());
    if (auto *object = reader.object ("inlineData")) {
      JsonReader data (object);
      data.string ("mimeType");
      data.string ("data");
      done (data, "inlineData.");
    }
    done (reader, "parts.");
  }

  void prompt_feedback (JsonObject *object)
  {
    JsonReader reader (object);
    facts_.block_reason = reader.string ("blockReason").value_or ("");
    facts_.block_message = reader.string ("blockReasonMessage").value_or ("");
    done (reader, "promptFeedback.");
  }

  void usage (JsonObject *object)
  {
    JsonReader reader (object);
    facts_.usage =
        ServerMessage::Usage{.prompt_tokens = reader.integer ("promptTokenCount").value_or (0),
                             .response_tokens = reader.integer ("candidatesTokenCount").value_or (0),
                             .total_tokens = reader.integer ("totalTokenCount").value_or (0)};
    done (reader, "usageMetadata.");
  }

  void error (JsonObject *object, JsonObject *error_object)
  {
    JsonReader reader (error_object);
    const auto code = reader.integer ("code").value_or (0);
    done (reader, "error.");
    const JsonNodePtr whole (json_node_init_object (json_node_alloc (), object));
    facts_.error_body = to_json (whole.get ());
    facts_.error =
        http_error (code > 0 && code < 1000 ? static_cast<unsigned> (code) : 500, "", facts_.error_body);
  }

  void done (const JsonReader &reader, const char *path)
  {
    if (!reader.wrong ().empty ())
      note (path + reader.wrong ());
  }

  void note (const std::string &name)
  {
    if (wrong_.empty ())
      wrong_ = name;
  }

  Facts &facts_;
  std::string wrong_;
};

}  // namespace

void TtsResponse::feed (std::string_view bytes)
{
  if (!facts_.error)
    events_.feed (bytes);
  note (tap_.error ());
}

void TtsResponse::finish ()
{
  over_ = true;
  events_.finish ();
  facts_.cut_off = tap_.inside ();
}

void TtsResponse::on_data (std::string_view piece) { tap_.feed (piece); }

/// In the middle of a body, the end of an event is the end of an object; at its end, something is missing.
void TtsResponse::on_event_end ()
{
  if (!over_)
    tap_.end ();
}

void TtsResponse::on_media (const ServerMessage::InlineData &piece)
{
  if (!is_audio (piece.mime_type) || piece.data.empty ())
    return;
  facts_.spoke = true;
  audio_.push_back ({std::string (piece.mime_type), std::string (piece.data), piece.continues});
}

void TtsResponse::on_object (const std::string &json)
{
  if (facts_.error)
    return;
  facts_.objects++;
  auto parsed = parse_json_object (json);
  if (auto *error = std::get_if<Error> (&parsed))
    return note (not_understood (error->message));
  ObjectReader reader (facts_);
  reader.response (json_node_get_object (std::get<JsonNodePtr> (parsed).get ()));
  if (!reader.wrong ().empty ())
    note (not_understood ("unexpected type of field \"" + reader.wrong () + "\""));
}

void TtsResponse::note (std::optional<Error> error)
{
  if (!facts_.error)
    facts_.error = std::move (error);
}

}  // namespace gemini
