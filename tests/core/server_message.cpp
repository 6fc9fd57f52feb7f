#include "core/server_message.h"

#include <string>

#include "support/check.h"

using gemini::Error;
using gemini::ServerMessage;

static ServerMessage parse (const std::string &text)
{
  auto parsed = gemini::parse_server_message (text);
  const auto *error = std::get_if<Error> (&parsed);
  fail_unless (error == nullptr, "%s is refused: %s", text.c_str (), error ? error->detail.c_str () : "");
  return std::move (std::get<ServerMessage> (parsed));
}

static std::string said (std::string_view what) { return std::string (what); }

/// All that a message says, in one line, as a person would write it.
static std::string describe (const ServerMessage &message)
{
  std::string line;
  if (message.setup_complete)
    line += "setup-complete ";
  for (const auto &media : message.media)
    line += "media(" + said (media.mime_type) + " " + said (media.data) + ") ";
  if (message.text)
    line += "text(" + *message.text + ") ";
  if (const auto &heard = message.input_transcription)
    line += "input(" + said (heard->text) + (heard->finished ? " finished) " : ") ");
  if (const auto &spoken = message.output_transcription)
    line += "output(" + said (spoken->text) + (spoken->finished ? " finished) " : ") ");
  if (message.interrupted)
    line += "interrupted ";
  if (message.generation_complete)
    line += "generation-complete ";
  if (message.turn_complete)
    line += "turn-complete ";
  if (!message.turn_complete_reason.empty ())
    line += "reason(" + said (message.turn_complete_reason) + ") ";
  if (!message.interaction_status.empty ())
    line += "status(" + said (message.interaction_status) + ") ";
  for (const auto &call : message.tool_calls)
    line += "call(" + said (call.id) + " " + said (call.name) + " " + call.args + ") ";
  for (const auto &id : message.cancelled_tool_calls)
    line += "cancelled(" + said (id) + ") ";
  if (const auto &away = message.go_away)
    line += "go-away(" + (away->time_left ? std::to_string (*away->time_left) : "") + ") ";
  if (const auto &resumption = message.resumption)
    line += "resumption(" + said (resumption->new_handle) + (resumption->resumable ? " resumable) " : ") ");
  if (const auto &usage = message.usage)
    line += "usage(" + std::to_string (usage->prompt_tokens) + "+" + std::to_string (usage->response_tokens) +
            "=" + std::to_string (usage->total_tokens) + ") ";
  if (message.error)
    line += "error(" + message.error->detail + ") ";
  return line;
}

static void fail_unless_says (const std::string &text, const char *expected)
{
  const std::string line = describe (parse (text));
  fail_unless (line == expected, "%s\nsays '%s'\nnot  '%s'", text.c_str (), line.c_str (), expected);
}

static std::string content (const std::string &fields) { return R"({"serverContent":{)" + fields + "}}"; }
static std::string parts (const std::string &list)
{
  return content (R"("modelTurn":{"parts":[)" + list + "]}");
}

GST_START_TEST (setup_complete_is_known_by_its_presence)
{
  fail_unless_says ("{\n  \"setupComplete\": {}\n}\n", "setup-complete ");
  fail_unless_says (R"({"setupComplete":{"sessionId":"0b3c1a52-6c07-4f0e-9a55-0d6f8a2e7c11"}})",
                    "setup-complete ");
  fail_unless_says (R"({"setupComplete":{"voiceConsentSignature":{"signature":"c2ln"}}})", "setup-complete ");
}
GST_END_TEST;

GST_START_TEST (audio_comes_in_the_order_of_its_parts)
{
  fail_unless_says (parts (R"({"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"AAA="}})"),
                    "media(audio/pcm;rate=24000 AAA=) ");
  fail_unless_says (
      parts (R"({"inlineData":{"mimeType":"audio/pcm","data":"AAA="}},{"inlineData":{"data":"BBB="}},
                              {"inlineData":{"mimeType":"image/png","data":"CCC="}})"),
      "media(audio/pcm AAA=) media( BBB=) media(image/png CCC=) ");
  fail_unless_says (
      content (
          R"("modelTurn":{"role":"model","parts":[{"inlineData":{"mimeType":"audio/pcm","data":"-_+/"}}]})"),
      "media(audio/pcm -_+/) ");
}
GST_END_TEST;

GST_START_TEST (text_parts_are_joined_as_they_are)
{
  fail_unless_says (parts (R"({"text":"Yes"},{"text":", until"},{"text":" six.\n"})"),
                    "text(Yes, until six.\n) ");
  fail_unless_says (parts (R"({"text":""})"), "text() ");
  fail_unless_says (parts (R"({"text":"ä\u00e4 \ud83d\ude00 \"x\""})"), "text(ää 😀 \"x\") ");
}
GST_END_TEST;

GST_START_TEST (a_thought_is_never_speech)
{
  fail_unless_says (parts (R"({"text":"Last number next.","thought":true})"), "");
  fail_unless_says (parts (R"({"inlineData":{"mimeType":"audio/pcm","data":"AAA="},"thought":true})"), "");
  fail_unless_says (parts (R"({"text":"a"},{"text":"b","thought":true},{"text":"c","thought":false})"),
                    "text(ac) ");
}
GST_END_TEST;

GST_START_TEST (parts_that_are_neither_text_nor_data_are_skipped)
{
  fail_unless_says (parts (R"-({"executableCode":{"language":"PYTHON","code":"print(1)"}},
                              {"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1"}},
                              {"thoughtSignature":"c2ln"},{"functionCall":{"name":"f"}},{},{"text":"x"})-"),
                    "text(x) ");
}
GST_END_TEST;

GST_START_TEST (empty_content_says_nothing)
{
  for (const char *text : {"{}", R"({"serverContent":{}})", R"({"serverContent":{"modelTurn":{}}})",
                           R"({"serverContent":{"modelTurn":{"parts":[]}}})",
                           R"({"serverContent":{"modelTurn":{"parts":[{}]}}})", R"({"toolCall":{}})",
                           R"({"toolCall":{"functionCalls":[]}})", R"({"toolCallCancellation":{"ids":[]}})"})
    fail_unless_says (text, "");
  fail_unless_says (parts (R"({"inlineData":{"mimeType":"audio/pcm;rate=24000","data":""}})"),
                    "media(audio/pcm;rate=24000 ) ");
  fail_unless_says (parts (R"({"inlineData":{}})"), "media( ) ");
}
GST_END_TEST;

GST_START_TEST (transcripts_may_lack_their_text)
{
  fail_unless_says (content (R"("inputTranscription":{"text":"Hello there"})"), "input(Hello there) ");
  fail_unless_says (content (R"("outputTranscription":{})"), "output() ");
  fail_unless_says (content (R"("outputTranscription":{"finished":true})"), "output( finished) ");
  fail_unless_says (content (R"("outputTranscription":{"text":" two,","finished":false,"languageCode":"en",
                                "speakerLabel":"1","words":[{"word":"two","startOffset":"1s"}]})"),
                    "output( two,) ");
  fail_unless_says (content (R"("interimInputTranscription":{"text":"Hel"})"), "");
}
GST_END_TEST;

GST_START_TEST (the_marks_of_a_turn_are_read)
{
  fail_unless_says (content (R"("interrupted":true)"), "interrupted ");
  fail_unless_says (content (R"("generationComplete":true)"), "generation-complete ");
  fail_unless_says (content (R"("turnComplete":true)"), "turn-complete ");
  fail_unless_says (content (R"("turnComplete":true,"turnCompleteReason":"GENERATED_AUDIO_SAFETY")"),
                    "turn-complete reason(GENERATED_AUDIO_SAFETY) ");
  fail_unless_says (content (R"("turnComplete":true,"interactionStatus":"IN_PROGRESS")"),
                    "turn-complete status(IN_PROGRESS) ");
  fail_unless_says (content (R"("turnCompleteReason":"NOT_YET_INVENTED","interactionStatus":"NEITHER")"),
                    "reason(NOT_YET_INVENTED) status(NEITHER) ");
}
GST_END_TEST;

GST_START_TEST (false_says_nothing)
{
  fail_unless_says (content (R"("interrupted":false,"generationComplete":false,"turnComplete":false)"), "");
  fail_unless_says (R"({"sessionResumptionUpdate":{"newHandle":"","resumable":false}})", "resumption() ");
}
GST_END_TEST;

GST_START_TEST (null_is_the_same_as_absent)
{
  fail_unless_says (R"({"setupComplete":null,"serverContent":null,"toolCall":null,"toolCallCancellation":null,
                        "goAway":null,"sessionResumptionUpdate":null,"usageMetadata":null,"error":null})",
                    "");
  fail_unless_says (
      content (R"("modelTurn":null,"inputTranscription":null,"outputTranscription":null,"interrupted":null,
                                "generationComplete":null,"turnComplete":null,"turnCompleteReason":null,
                                "interactionStatus":null)"),
      "");
  fail_unless_says (parts (R"({"text":null,"thought":null,"inlineData":null})"), "");
  fail_unless_says (parts (R"({"inlineData":{"mimeType":null,"data":null}})"), "media( ) ");
  fail_unless_says (R"({"toolCall":{"functionCalls":[{"id":null,"name":null,"args":null}]}})", "call(  {}) ");
  fail_unless_says (R"({"goAway":{"timeLeft":null},"usageMetadata":{"totalTokenCount":null}})",
                    "go-away() usage(0+0=0) ");
}
GST_END_TEST;

GST_START_TEST (tool_calls_keep_their_arguments)
{
  fail_unless_says (R"({"toolCall":{"functionCalls":[
                        {"name":"get_tide","args":{"harbour":"Husum","days":[1,2],"deep":{"x":null}},"id":"call-1"},
                        {"id":"call-2","name":"no_arguments"}]}})",
                    R"(call(call-1 get_tide {"harbour":"Husum","days":[1,2],"deep":{"x":null}}) )"
                    "call(call-2 no_arguments {}) ");
  fail_unless_says (R"({"toolCallCancellation":{"ids":["call-1","call-2"]}})",
                    "cancelled(call-1) cancelled(call-2) ");
}
GST_END_TEST;

GST_START_TEST (go_away_tells_the_time_left_under_either_name)
{
  fail_unless_says (R"({"goAway":{"timeLeft":"50s"}})", "go-away(50.000000) ");
  fail_unless_says (R"({"goAway":{"timeLeft":"1.500s"}})", "go-away(1.500000) ");
  fail_unless_says (R"({"goAway":{"timeBeforeClose":"30.5s"}})", "go-away(30.500000) ");
  fail_unless_says (R"({"goAway":{"timeLeft":"0s"}})", "go-away(0.000000) ");
  fail_unless_says (R"({"goAway":{}})", "go-away() ");
}
GST_END_TEST;

GST_START_TEST (an_empty_resumption_update_is_one)
{
  fail_unless_says (R"({"sessionResumptionUpdate":{"newHandle":"hdl-aaa","resumable":true}})",
                    "resumption(hdl-aaa resumable) ");
  fail_unless_says (R"({"sessionResumptionUpdate":{}})", "resumption() ");
  fail_unless_says (
      R"({"sessionResumptionUpdate":{"newHandle":"h","lastConsumedClientMessageIndex":"9223372036854775807"}})",
      "resumption(h) ");
}
GST_END_TEST;

GST_START_TEST (usage_is_read_under_the_names_of_both_services)
{
  fail_unless_says (R"({"usageMetadata":{"promptTokenCount":24,"responseTokenCount":18,"totalTokenCount":42,
                        "promptTokensDetails":[{"modality":"TEXT","tokenCount":24}],"serviceTier":"standard"}})",
                    "usage(24+18=42) ");
  fail_unless_says (R"({"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":30,"totalTokenCount":39,
                        "trafficType":"ON_DEMAND"}})",
                    "usage(9+30=39) ");
  fail_unless_says (R"({"usageMetadata":{}})", "usage(0+0=0) ");
}
GST_END_TEST;

GST_START_TEST (a_large_count_may_be_a_string)
{
  fail_unless_says (R"({"usageMetadata":{"promptTokenCount":"9007199254740993","responseTokenCount":"0",
                        "totalTokenCount":9007199254740993}})",
                    "usage(9007199254740993+0=9007199254740993) ");
}
GST_END_TEST;

GST_START_TEST (an_error_is_told_in_the_words_of_the_server)
{
  const ServerMessage message =
      parse (R"({"error":{"code":429,"message":"Quota used up.","status":"RESOURCE_EXHAUSTED"}})");
  fail_unless (message.error.has_value ());
  fail_unless (message.error->kind == Error::Kind::Busy);
  fail_unless_equals_int (message.error->http_status.value_or (0), 429);
  fail_unless_equals_string (message.error->service_status.c_str (), "RESOURCE_EXHAUSTED");
  fail_unless (message.error->detail.find ("Quota used up.") != std::string::npos);

  for (const char *text : {R"({"error":{}})", R"({"error":{"code":-1}})", R"({"error":{"code":1007}})"})
    fail_unless_equals_int (parse (text).error->http_status.value_or (0), 500);
}
GST_END_TEST;

GST_START_TEST (several_fields_may_share_one_message)
{
  fail_unless_says (
      R"({"usageMetadata":{"totalTokenCount":50},
      "serverContent":{"outputTranscription":{"text":" three.","finished":true},"turnComplete":true,
        "generationComplete":true,"interrupted":true,"inputTranscription":{"text":"Count"},
        "modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm","data":"AAA="}},{"text":"x"}]}},
      "toolCallCancellation":{"ids":["a"]},"toolCall":{"functionCalls":[{"id":"b","name":"f"}]},
      "sessionResumptionUpdate":{"newHandle":"h","resumable":true},"goAway":{"timeLeft":"1s"},"setupComplete":{}})",
      "setup-complete media(audio/pcm AAA=) text(x) input(Count) output( three. finished) interrupted "
      "generation-complete turn-complete call(b f {}) cancelled(a) go-away(1.000000) "
      "resumption(h resumable) usage(0+0=50) ");
}
GST_END_TEST;

GST_START_TEST (unknown_fields_are_skipped_wherever_they_are)
{
  fail_unless_says (R"({"voiceActivity":{"type":"ACTIVITY_START","audioOffset":"1.5s"},"new":[{"deep":1}],
                        "voiceActivityDetectionSignal":{"vadSignalType":"VAD_SIGNAL_TYPE_SOS"},
                        "serverContent":{"waitingForInput":true,"groundingMetadata":{},"urlContextMetadata":{},"new":1,
                          "modelTurn":{"new":2,"parts":[{"new":3,"inlineData":{"new":4,"data":"AAA="}}]},
                          "outputTranscription":{"new":5}},
                        "toolCall":{"new":6,"functionCalls":[{"new":7}]},"toolCallCancellation":{"new":8},
                        "goAway":{"new":9},"sessionResumptionUpdate":{"new":10},"usageMetadata":{"new":11}})",
                    "media( AAA=) output() call(  {}) go-away() resumption() usage(0+0=0) ");
}
GST_END_TEST;

GST_START_TEST (views_live_as_long_as_the_message)
{
  auto text =
      std::make_unique<std::string> (parts (R"({"inlineData":{"mimeType":"audio/pcm","data":"AAA="}})"));
  ServerMessage parsed = parse (*text);
  text.reset ();
  const ServerMessage message = std::move (parsed);
  const std::string line = describe (message);
  fail_unless_equals_string (line.c_str (), "media(audio/pcm AAA=) ");
}
GST_END_TEST;

GEMINI_CHECK_MAIN (server_message, setup_complete_is_known_by_its_presence,
                   audio_comes_in_the_order_of_its_parts, text_parts_are_joined_as_they_are,
                   a_thought_is_never_speech, parts_that_are_neither_text_nor_data_are_skipped,
                   empty_content_says_nothing, transcripts_may_lack_their_text, the_marks_of_a_turn_are_read,
                   false_says_nothing, null_is_the_same_as_absent, tool_calls_keep_their_arguments,
                   go_away_tells_the_time_left_under_either_name, an_empty_resumption_update_is_one,
                   usage_is_read_under_the_names_of_both_services, a_large_count_may_be_a_string,
                   an_error_is_told_in_the_words_of_the_server, several_fields_may_share_one_message,
                   unknown_fields_are_skipped_wherever_they_are, views_live_as_long_as_the_message)
