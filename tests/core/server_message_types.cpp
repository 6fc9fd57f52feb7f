#include "core/server_message.h"

#include <string>

#include "support/check.h"

using gemini::Error;

static std::string content (const std::string &fields) { return R"({"serverContent":{)" + fields + "}}"; }
static std::string parts (const std::string &list)
{
  return content (R"("modelTurn":{"parts":[)" + list + "]}");
}

GST_START_TEST (a_known_field_of_another_type_is_a_decode_error_that_names_it)
{
  const struct {
    std::string text;
    const char *field;
  } cases[] = {
      {R"({"setupComplete":true})", "setupComplete"},
      {R"({"serverContent":[]})", "serverContent"},
      {R"({"toolCall":[]})", "toolCall"},
      {R"({"toolCallCancellation":"a"})", "toolCallCancellation"},
      {R"({"goAway":"50s"})", "goAway"},
      {R"({"sessionResumptionUpdate":true})", "sessionResumptionUpdate"},
      {R"({"usageMetadata":1})", "usageMetadata"},
      {R"({"error":"no"})", "error"},
      {content (R"("modelTurn":[])"), "serverContent.modelTurn"},
      {content (R"("modelTurn":{"parts":{}})"), "modelTurn.parts"},
      {parts ("1"), "parts"},
      {parts (R"({"text":1})"), "part.text"},
      {parts (R"({"thought":"true"})"), "part.thought"},
      {parts (R"({"inlineData":"AAA="})"), "part.inlineData"},
      {parts (R"({"inlineData":{"mimeType":1}})"), "inlineData.mimeType"},
      {parts (R"({"inlineData":{"data":[]}})"), "inlineData.data"},
      {content (R"("inputTranscription":"x")"), "serverContent.inputTranscription"},
      {content (R"("inputTranscription":{"text":1})"), "inputTranscription.text"},
      {content (R"("outputTranscription":"x")"), "serverContent.outputTranscription"},
      {content (R"("outputTranscription":{"finished":1})"), "outputTranscription.finished"},
      {content (R"("interrupted":1)"), "serverContent.interrupted"},
      {content (R"("generationComplete":"true")"), "serverContent.generationComplete"},
      {content (R"("turnComplete":{})"), "serverContent.turnComplete"},
      {content (R"("turnCompleteReason":1)"), "serverContent.turnCompleteReason"},
      {content (R"("interactionStatus":true)"), "serverContent.interactionStatus"},
      {R"({"toolCall":{"functionCalls":{}}})", "toolCall.functionCalls"},
      {R"({"toolCall":{"functionCalls":["f"]}})", "functionCalls"},
      {R"({"toolCall":{"functionCalls":[{"id":1}]}})", "functionCalls.id"},
      {R"({"toolCall":{"functionCalls":[{"name":1}]}})", "functionCalls.name"},
      {R"({"toolCall":{"functionCalls":[{"args":"{}"}]}})", "functionCalls.args"},
      {R"({"toolCallCancellation":{"ids":"a"}})", "toolCallCancellation.ids"},
      {R"({"toolCallCancellation":{"ids":["a",1]}})", "toolCallCancellation.ids"},
      {R"({"goAway":{"timeLeft":50}})", "goAway.timeLeft"},
      {R"({"goAway":{"timeLeft":"soon"}})", "goAway.timeLeft"},
      {R"({"goAway":{"timeBeforeClose":1}})", "goAway.timeBeforeClose"},
      {R"({"sessionResumptionUpdate":{"newHandle":1}})", "sessionResumptionUpdate.newHandle"},
      {R"({"sessionResumptionUpdate":{"resumable":"true"}})", "sessionResumptionUpdate.resumable"},
      {R"({"usageMetadata":{"promptTokenCount":"many"}})", "usageMetadata.promptTokenCount"},
      {R"({"usageMetadata":{"responseTokenCount":1.5}})", "usageMetadata.responseTokenCount"},
      {R"({"usageMetadata":{"candidatesTokenCount":{}}})", "usageMetadata.candidatesTokenCount"},
      {R"({"usageMetadata":{"totalTokenCount":true}})", "usageMetadata.totalTokenCount"},
      {R"({"error":{"code":"bad"}})", "error.code"},
  };
  for (const auto &[text, field] : cases) {
    auto parsed = gemini::parse_server_message (text);
    auto *error = std::get_if<Error> (&parsed);
    fail_unless (error != nullptr, "%s is accepted", text.c_str ());
    fail_unless (error->kind == Error::Kind::Decode);
    const std::string quoted = std::string ("\"") + field + "\"";
    fail_unless (error->detail.find (quoted) != std::string::npos, "%s: %s", text.c_str (),
                 error->detail.c_str ());
  }
}
GST_END_TEST;

GST_START_TEST (what_is_no_json_object_is_a_decode_error)
{
  for (const char *text : {"", "  \n", "hello", "[]", "{", R"({"a":1}{"b":2})", "{\"a\":\"\xff\"}"}) {
    auto parsed = gemini::parse_server_message (text);
    fail_unless (std::holds_alternative<Error> (parsed), "'%s' is accepted", text);
    fail_unless (std::get<Error> (parsed).kind == Error::Kind::Decode);
    fail_if (std::get<Error> (parsed).detail.empty (), "'%s': nothing says why", text);
  }
}
GST_END_TEST;

GEMINI_CHECK_MAIN (server_message_types, a_known_field_of_another_type_is_a_decode_error_that_names_it,
                   what_is_no_json_object_is_a_decode_error)
