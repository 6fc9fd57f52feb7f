// Every field of every message of the server, with a value of every other type in it: what is known and wrong
// is refused by its name, and nothing crashes.

#include <algorithm>

#include "core/json.h"
#include "core/server_message.h"
#include "core/tts_response.h"
#include "support/check.h"

using namespace gemini;

namespace {

/// Messages that say all that can be said.
constexpr const char *kLive = R"({
  "setupComplete": {"sessionId": "x", "voiceConsentSignature": {"signature": "AA=="}},
  "serverContent": {
    "modelTurn": {"role": "model", "parts": [{"text": "a", "thought": false, "thoughtSignature": "AA==",
      "inlineData": {"mimeType": "audio/pcm;rate=24000", "data": "AAAA"},
      "executableCode": {"language": "PYTHON", "code": "1"}, "codeExecutionResult": {"outcome": "OK"}}]},
    "generationComplete": true, "turnComplete": true, "interrupted": true,
    "turnCompleteReason": "BLOCKLIST", "waitingForInput": true, "interactionStatus": "IDLE",
    "inputTranscription": {"text": "a", "finished": true, "languageCode": "en", "speakerLabel": "1",
      "words": [{"word": "a", "startOffset": "1s", "endOffset": "2s"}]},
    "outputTranscription": {"text": "a", "finished": true},
    "interimInputTranscription": {"text": "a"},
    "groundingMetadata": {"a": 1}, "urlContextMetadata": {"a": 1}},
  "toolCall": {"functionCalls": [{"id": "1", "name": "f", "args": {"x": 1}}]},
  "toolCallCancellation": {"ids": ["1"]},
  "goAway": {"timeLeft": "50s", "timeBeforeClose": "50s"},
  "sessionResumptionUpdate": {"newHandle": "h", "resumable": true, "lastConsumedClientMessageIndex": "5"},
  "usageMetadata": {"promptTokenCount": 1, "responseTokenCount": 2, "candidatesTokenCount": 2,
    "totalTokenCount": 3, "cachedContentTokenCount": 1, "thoughtsTokenCount": 1, "serviceTier": "standard",
    "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 1}]},
  "voiceActivity": {"type": "ACTIVITY_START", "audioOffset": "1.5s"},
  "voiceActivityDetectionSignal": {"vadSignalType": "VAD_SIGNAL_TYPE_SOS"},
  "error": {"code": 429, "message": "m", "status": "RESOURCE_EXHAUSTED", "details": [{"@type": "x"}]}})";

constexpr const char *kTts = R"({
  "candidates": [{"content": {"role": "model", "parts": [{"text": "a", "thought": false,
      "inlineData": {"mimeType": "audio/pcm;rate=24000", "data": "AAAA"}}]},
    "finishReason": "STOP", "finishMessage": "m", "index": 0, "safetyRatings": [{"category": "c"}]}],
  "promptFeedback": {"blockReason": "SAFETY", "blockReasonMessage": "m"},
  "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 2, "totalTokenCount": 3,
    "candidatesTokensDetails": [{"modality": "AUDIO", "tokenCount": 2}]},
  "modelVersion": "v", "responseId": "r"})";

/// Fields that are read: a wrong type there is told by the name. All others are skipped, whatever they hold.
const char *const kRead[] = {"setupComplete",
                             "serverContent",
                             "modelTurn",
                             "parts",
                             "text",
                             "thought",
                             "inlineData",
                             "mimeType",
                             "data",
                             "generationComplete",
                             "turnComplete",
                             "interrupted",
                             "turnCompleteReason",
                             "interactionStatus",
                             "inputTranscription",
                             "outputTranscription",
                             "finished",
                             "toolCall",
                             "functionCalls",
                             "id",
                             "name",
                             "args",
                             "toolCallCancellation",
                             "ids",
                             "goAway",
                             "timeLeft",
                             "sessionResumptionUpdate",
                             "newHandle",
                             "resumable",
                             "usageMetadata",
                             "promptTokenCount",
                             "responseTokenCount",
                             "candidatesTokenCount",
                             "totalTokenCount",
                             "error",
                             "code",
                             "candidates",
                             "content",
                             "finishReason",
                             "finishMessage",
                             "promptFeedback",
                             "blockReason",
                             "blockReasonMessage"};

/// Where the same name is read in one object, and skipped in another.
const char *const kSkipped[] = {
    "executableCode", "interimInputTranscription", "groundingMetadata", "urlContextMetadata", "words",
    "details"};

constexpr const char *kValues[] = {
    "null", "true", "7",    "-1.5", "1e300",    "\"\"", "\"AAAA\"", "\"\\ud83d\\ude00\"",
    "[]",   "[7]",  "[[]]", "{}",   "{\"a\":7}"};

enum class Type { Null, Boolean, Number, String, Array, Object };

Type type_of (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return Type::Object;
  if (JSON_NODE_HOLDS_ARRAY (node))
    return Type::Array;
  if (JSON_NODE_HOLDS_NULL (node))
    return Type::Null;
  auto type = json_node_get_value_type (node);
  return type == G_TYPE_STRING ? Type::String : type == G_TYPE_BOOLEAN ? Type::Boolean : Type::Number;
}

JsonNodePtr parse (const char *text)
{
  GError *error = nullptr;
  JsonNodePtr node (json_from_string (text, &error));
  fail_unless (error == nullptr, "%s: %s", text, error != nullptr ? error->message : "");
  return node;
}

template <size_t N>
bool is_one_of (const std::string &name, const char *const (&names)[N])
{
  return std::find (std::begin (names), std::end (names), name) != std::end (names);
}

/// Puts every value into every member in turn, and has each message looked at.
template <typename Look>
class Mutator {
 public:
  Mutator (const char *text, Look look) : whole_ (parse (text)), look_ (look) {}

  size_t run ()
  {
    object (json_node_get_object (whole_.get ()), true);
    return count_;
  }

 private:
  void object (JsonObject *parent, bool read)
  {
    GList *names = json_object_get_members (parent);
    for (GList *at = names; at != nullptr; at = at->next) {
      const std::string name = static_cast<const char *> (at->data);
      const bool known = read && is_one_of (name, kRead);
      const JsonNodePtr good (json_node_copy (json_object_get_member (parent, name.c_str ())));
      for (const char *value : kValues) {
        auto node = parse (value);
        const bool same = type_of (node.get ()) == type_of (good.get ());
        const bool null = type_of (node.get ()) == Type::Null;
        json_object_set_member (parent, name.c_str (), node.release ());
        look_ (to_json (whole_.get ()), name, known && !same && !null);
        count_++;
      }
      json_object_set_member (parent, name.c_str (), json_node_copy (good.get ()));
      descend (json_object_get_member (parent, name.c_str ()), read && !is_one_of (name, kSkipped));
    }
    g_list_free (names);
  }

  void descend (JsonNode *node, bool read)
  {
    if (JSON_NODE_HOLDS_OBJECT (node))
      object (json_node_get_object (node), read);
    else if (JSON_NODE_HOLDS_ARRAY (node) && json_array_get_length (json_node_get_array (node)) > 0)
      descend (json_array_get_element (json_node_get_array (node), 0), read);
  }

  const JsonNodePtr whole_;
  const Look look_;
  size_t count_ = 0;
};

void check_refused (const Error &error, const std::string &text, const std::string &name)
{
  fail_unless (error.kind == Error::Kind::Decode, "%s: %s", name.c_str (), text.c_str ());
  fail_unless (error.detail.find (name) != std::string::npos, "'%s' does not name %s", error.detail.c_str (),
               name.c_str ());
}

}  // namespace

GST_START_TEST (of_a_live_message)
{
  auto look = [] (const std::string &text, const std::string &name, bool wrong) {
    auto parsed = parse_server_message (text);
    auto *error = std::get_if<Error> (&parsed);
    if (wrong) {
      fail_unless (error != nullptr, "%s is taken: %s", name.c_str (), text.c_str ());
      check_refused (*error, text, name);
    }
  };
  g_print ("Live: %zu messages\n", Mutator (kLive, look).run ());
}
GST_END_TEST;

GST_START_TEST (of_an_answer_over_http)
{
  auto look = [] (const std::string &text, const std::string &name, bool wrong) {
    TtsResponse response;
    response.feed ("data: " + text + "\n\n");
    response.finish ();
    auto &error = response.facts ().error;
    if (wrong) {
      fail_unless (error.has_value (), "%s is taken: %s", name.c_str (), text.c_str ());
      check_refused (*error, text, name);
    }
  };
  g_print ("over HTTP: %zu messages\n", Mutator (kTts, look).run ());
}
GST_END_TEST;

GEMINI_CHECK_MAIN (field_types, of_a_live_message, of_an_answer_over_http)
