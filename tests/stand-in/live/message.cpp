#include "stand-in/live/message.h"

#include <algorithm>

#include "core/glib_ptr.h"
#include "stand-in/json_writer.h"

namespace gemini::stand_in {
namespace {

std::string mime_type (const Dialect &dialect)
{
  if (!dialect.wire.mime_type.empty ())
    return dialect.wire.mime_type;
  if (dialect.vertex && dialect.rate == 24000)
    return "audio/pcm";
  return "audio/pcm;rate=" + std::to_string (dialect.rate);
}

void write_flag (JsonWriter &json, const Dialect &dialect, const char *name, bool value)
{
  if (value || dialect.wire.false_fields)
    json.name (name).boolean (value);
}

void write_transcription (JsonWriter &json, const Dialect &dialect, const char *name,
                          const std::optional<Transcription> &transcription)
{
  if (!transcription)
    return;
  json.name (name).begin_object ();
  if (transcription->text)
    json.name ("text").string (*transcription->text);
  write_flag (json, dialect, "finished", transcription->finished);
  json.end_object ();
}

bool has_server_content (const ServerMessage &message)
{
  return message.model_turn || message.interrupted || message.generation_complete || message.turn_complete ||
         message.input_transcription || message.output_transcription;
}

void write_server_content (JsonWriter &json, const ServerMessage &message, const Dialect &dialect)
{
  json.name ("serverContent").begin_object ();
  if (message.model_turn) {
    json.name ("modelTurn").begin_object ();
    if (dialect.vertex)
      json.name ("role").string ("model");
    json.name ("parts").begin_array ();
    for (const Part &part : *message.model_turn)
      write_part (json, part, dialect);
    json.end_array ().end_object ();
  }
  write_flag (json, dialect, "interrupted", message.interrupted);
  write_flag (json, dialect, "generationComplete", message.generation_complete);
  write_flag (json, dialect, "turnComplete", message.turn_complete);
  write_transcription (json, dialect, "inputTranscription", message.input_transcription);
  write_transcription (json, dialect, "outputTranscription", message.output_transcription);
  write_unknown (json, dialect, "futureContentField");
  json.end_object ();
}

void write_tokens (JsonWriter &json, const char *modality, unsigned count)
{
  json.begin_array ().begin_object ();
  json.name ("modality").string (modality).name ("tokenCount").number (count);
  json.end_object ().end_array ();
}

void write_tool_call (JsonWriter &json, const ToolCall &call)
{
  json.name ("toolCall").begin_object ().name ("functionCalls").begin_array ().begin_object ();
  json.name ("name").string (call.name).name ("args").begin_object ().end_object ().name ("id").string (
      call.id);
  json.end_object ().end_array ().end_object ();
}

void write_resumption (JsonWriter &json, const Resumption &resumption, const Dialect &dialect)
{
  json.name ("sessionResumptionUpdate").begin_object ();
  if (!resumption.handle.empty ())
    json.name ("newHandle").string (resumption.handle);
  write_flag (json, dialect, "resumable", !resumption.handle.empty ());
  json.end_object ();
}

}  // namespace

void write_unknown (JsonWriter &json, const Dialect &dialect, const char *name)
{
  if (dialect.wire.unknown_fields)
    json.name (name)
        .begin_object ()
        .name ("list")
        .begin_array ()
        .number (1)
        .raw ("null")
        .string ("x")
        .end_array ()
        .end_object ();
}

void write_part (JsonWriter &json, const Part &part, const Dialect &dialect)
{
  json.begin_object ();
  switch (part.kind) {
    case Part::Kind::Audio:
      json.name ("inlineData").begin_object ();
      json.name ("mimeType").string (mime_type (dialect));
      json.name ("data").string (to_base64 (part.data, dialect.wire));
      write_unknown (json, dialect, "futureBlobField");
      json.end_object ();
      break;
    case Part::Kind::Thought:
      json.name ("text").string (part.data);
      json.name ("thought").boolean (true);
      break;
    case Part::Kind::Text:
      json.name ("text").string (part.data);
      break;
  }
  write_unknown (json, dialect, "futurePartField");
  json.end_object ();
}

void write_usage (JsonWriter &json, const Usage &usage, bool candidates, bool vertex)
{
  json.name ("usageMetadata").begin_object ();
  json.name ("promptTokenCount").number (usage.prompt_tokens);
  if (usage.audio_tokens > 0)
    json.name (candidates ? "candidatesTokenCount" : "responseTokenCount").number (usage.audio_tokens);
  json.name ("totalTokenCount").number (usage.prompt_tokens + usage.audio_tokens);
  write_tokens (json.name ("promptTokensDetails"), "TEXT", usage.prompt_tokens);
  if (usage.audio_tokens > 0)
    write_tokens (json.name (candidates ? "candidatesTokensDetails" : "responseTokensDetails"), "AUDIO",
                  usage.audio_tokens);
  if (vertex)
    json.name ("trafficType").string ("ON_DEMAND");
  json.end_object ();
}

std::string to_json (const ServerMessage &message, const Dialect &dialect)
{
  JsonWriter json (dialect.wire.compact);
  json.begin_object ();
  if (message.setup_complete) {
    json.name ("setupComplete").begin_object ();
    if (!message.session_id.empty ())
      json.name ("sessionId").string (message.session_id);
    json.end_object ();
  }
  if (has_server_content (message))
    write_server_content (json, message, dialect);
  if (message.tool_call)
    write_tool_call (json, *message.tool_call);
  if (!message.cancelled_tool_call.empty ())
    json.name ("toolCallCancellation")
        .begin_object ()
        .name ("ids")
        .begin_array ()
        .string (message.cancelled_tool_call)
        .end_array ()
        .end_object ();
  if (message.go_away)
    json.name ("goAway")
        .begin_object ()
        .name ("timeLeft")
        .string (std::to_string (*message.go_away) + "s")
        .end_object ();
  if (message.resumption)
    write_resumption (json, *message.resumption, dialect);
  if (message.usage)
    write_usage (json, *message.usage, dialect.vertex, dialect.vertex);
  write_unknown (json, dialect, "futureField");
  return json.end_object ().take ();
}

std::string to_base64 (std::string_view bytes, const Wire &wire)
{
  const CharPtr encoded (g_base64_encode (reinterpret_cast<const guchar *> (bytes.data ()), bytes.size ()));
  std::string text (encoded.get ());
  if (!wire.padding)
    text.erase (text.find_last_not_of ('=') + 1);
  if (wire.alphabet == Alphabet::UrlSafe) {
    std::replace (text.begin (), text.end (), '+', '-');
    std::replace (text.begin (), text.end (), '/', '_');
  }
  return text;
}

std::string to_bytes (std::span<const int16_t> samples)
{
  std::string bytes;
  bytes.reserve (2 * samples.size ());
  for (const int16_t sample : samples) {
    bytes += static_cast<char> (sample);
    bytes += static_cast<char> (sample >> 8);
  }
  return bytes;
}

}  // namespace gemini::stand_in
