#include "core/client_message.h"

#include <string>

#include "support/check.h"

using gemini::Error;
using gemini::SetupConfig;
using gemini::TextInput;

static void fail_unless_same (const std::string &actual, const std::string &expected)
{
  fail_unless (actual == expected, "'%s'\nis not '%s'", actual.c_str (), expected.c_str ());
}

static void fail_unless_setup (const SetupConfig &config, const std::string &expected)
{
  const auto message = gemini::setup_message (config);
  const auto *error = std::get_if<Error> (&message);
  fail_unless (error == nullptr, "%s", error ? error->message.c_str () : "");
  fail_unless_same (std::get<std::string> (message), expected);
}

GST_START_TEST (what_is_not_set_is_not_sent)
{
  fail_unless_setup (
      {.model = "gemini-3.8-live"},
      R"({"setup":{"model":"models/gemini-3.8-live","generationConfig":{"responseModalities":["AUDIO"]}}})");
}
GST_END_TEST;

GST_START_TEST (every_setting_has_its_place)
{
  fail_unless_setup ({.model = "gemini-3.8-live",
                      .system_instruction = "Answer briefly.",
                      .voice = "Kore",
                      .language = "de-DE",
                      .temperature = 0.5,
                      .seed = -7,
                      .max_output_tokens = 1000,
                      .transcription = true},
                     R"({"setup":{"model":"models/gemini-3.8-live",)"
                     R"("generationConfig":{"responseModalities":["AUDIO"],"temperature":0.5,"seed":-7,)"
                     R"("maxOutputTokens":1000,"speechConfig":{)"
                     R"("voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Kore"}},"languageCode":"de-DE"}},)"
                     R"("systemInstruction":{"parts":[{"text":"Answer briefly."}]},)"
                     R"("inputAudioTranscription":{},"outputAudioTranscription":{}}})");
}
GST_END_TEST;

GST_START_TEST (a_setting_of_zero_is_sent)
{
  fail_unless_setup ({.model = "m", .temperature = 0.0, .seed = 0, .max_output_tokens = 0},
                     R"({"setup":{"model":"models/m","generationConfig":{"responseModalities":["AUDIO"],)"
                     R"("temperature":0.0,"seed":0,"maxOutputTokens":0}}})");
}
GST_END_TEST;

GST_START_TEST (voice_and_language_do_not_need_each_other)
{
  fail_unless_setup ({.model = "m", .voice = "Puck"},
                     R"({"setup":{"model":"models/m","generationConfig":{"responseModalities":["AUDIO"],)"
                     R"("speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Puck"}}}}}})");
  fail_unless_setup ({.model = "m", .language = "fr"},
                     R"({"setup":{"model":"models/m","generationConfig":{"responseModalities":["AUDIO"],)"
                     R"("speechConfig":{"languageCode":"fr"}}}})");
}
GST_END_TEST;

GST_START_TEST (a_model_with_its_path_is_left_alone)
{
  fail_unless_setup (
      {.model = "models/gemini-3.8-live"},
      R"({"setup":{"model":"models/gemini-3.8-live","generationConfig":{"responseModalities":["AUDIO"]}}})");
}
GST_END_TEST;

GST_START_TEST (quotes_newlines_and_any_language_survive)
{
  fail_unless_setup ({.model = "m", .system_instruction = "Say \"hä?\"\n\tnot C:\\ 😀"},
                     R"({"setup":{"model":"models/m","generationConfig":{"responseModalities":["AUDIO"]},)"
                     R"("systemInstruction":{"parts":[{"text":"Say \"hä?\"\n\tnot C:\\ 😀"}]}}})");
}
GST_END_TEST;

GST_START_TEST (extra_is_written_over_what_we_build)
{
  // an object member by member, anything else as a whole
  fail_unless_setup (
      {.model = "m",
       .voice = "Kore",
       .transcription = true,
       .extra = R"({"generationConfig":{"topP":1,"responseModalities":["TEXT"],"speechConfig":{
                                   "voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Puck"}},"languageCode":"fr"}},
                                   "outputAudioTranscription":{"languageCodes":["fr"]},"model":"models/other",
                                   "tools":[{"googleSearch":{}}]})"},
      R"({"setup":{"model":"models/other","generationConfig":{"responseModalities":["TEXT"],)"
      R"("speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Puck"}},)"
      R"("languageCode":"fr"},"topP":1},"inputAudioTranscription":{},"outputAudioTranscription":{"languageCodes":["fr"]},)"
      R"("tools":[{"googleSearch":{}}]}})");
  fail_unless_setup ({.model = "m", .extra = R"({"generationConfig":null})"},
                     R"({"setup":{"model":"models/m","generationConfig":null}})");
  fail_unless_setup ({.model = "m", .extra = "{}"},
                     R"({"setup":{"model":"models/m","generationConfig":{"responseModalities":["AUDIO"]}}})");
}
GST_END_TEST;

GST_START_TEST (extra_that_is_no_object_is_a_settings_error_that_tells_where)
{
  const struct {
    const char *extra;
    const char *why;
  } cases[] = {
      {"nonsense", "does not begin"},       {"[]", "does not begin"},
      {"{\"a\":1", "ends too early"},       {"{\"a\":}", "line 1"},
      {"{\"a\":1}}", "follows the object"}, {" ", "is empty"},
  };
  for (const auto &[extra, why] : cases) {
    const auto message = gemini::setup_message ({.model = "m", .extra = extra});
    const auto *error = std::get_if<Error> (&message);
    fail_unless (error != nullptr, "%s is accepted", extra);
    fail_unless (error->kind == Error::Kind::Settings);
    fail_unless (error->message.find ("setup") != std::string::npos, "%s", error->message.c_str ());
    fail_unless (error->detail.find (why) != std::string::npos, "%s: '%s'", extra, error->detail.c_str ());
  }
}
GST_END_TEST;

GST_START_TEST (a_text_is_one_user_turn_that_asks_for_an_answer)
{
  fail_unless_same (gemini::text_message (TextInput::ClientContent, "Is the shop open?"),
                    R"({"clientContent":{"turns":[{"role":"user","parts":[{"text":"Is the shop open?"}]}],)"
                    R"("turnComplete":true}})");
  fail_unless_same (gemini::text_message (TextInput::RealtimeInput, "Is the shop open?"),
                    R"({"realtimeInput":{"text":"Is the shop open?"}})");
}
GST_END_TEST;

GST_START_TEST (a_text_arrives_as_it_was_typed)
{
  fail_unless_same (
      gemini::text_message (TextInput::ClientContent, "\"Grüß\\dich\"\r\n\t日本 😀"),
      R"({"clientContent":{"turns":[{"role":"user","parts":[{"text":"\"Grüß\\dich\"\r\n\t日本 😀"}]}],)"
      R"("turnComplete":true}})");
  fail_unless_same (gemini::text_message (TextInput::RealtimeInput, "\"Grüß\\dich\"\r\n\t日本 😀"),
                    R"({"realtimeInput":{"text":"\"Grüß\\dich\"\r\n\t日本 😀"}})");
  fail_unless_same (gemini::text_message (TextInput::RealtimeInput, ""), R"({"realtimeInput":{"text":""}})");
}
GST_END_TEST;

static std::string text_of (const gemini::Result<std::string> &result)
{
  auto *error = std::get_if<Error> (&result);
  return error != nullptr ? "error: " + error->message : std::get<std::string> (result);
}

GST_START_TEST (thinking_is_put_as_the_model_takes_it)
{
  const std::pair<const char *, const char *> rows[] = {
      {"gemini-3.8-live", ""},
      {"gemini-3.1-flash-live-preview", R"(,"thinkingConfig":{"thinkingLevel":"low"})"},
      {"gemini-2.5-flash-native-audio-latest", R"(,"thinkingConfig":{"thinkingBudget":1024})"},
  };
  for (const auto &[model, thinking] : rows)
    fail_unless_equals_text (
        text_of (gemini::setup_message ({.model = model, .thinking_level = gemini::ThinkingLevel::Low})),
        std::string (R"({"setup":{"model":"models/)") + model +
            R"(","generationConfig":{"responseModalities":["AUDIO"])" + thinking + "}}}");
}
GST_END_TEST;

GST_START_TEST (the_answer_to_a_call_is_an_object)
{
  fail_unless_equals_text (
      text_of (gemini::tool_response_message ("1", "tide", "{ \"metres\": 1.8 }")),
      R"({"toolResponse":{"functionResponses":[{"id":"1","name":"tide","response":{"metres":1.8}}]}})");
  for (const char *json : {"", "1.8", "[]", "\"high\"", "{} {}"})
    fail_unless (
        text_of (gemini::tool_response_message ("1", "tide", json)).starts_with ("error: The answer"), "%s",
        json);
}
GST_END_TEST;

GST_START_TEST (a_message_made_elsewhere_is_an_object_and_no_setup)
{
  fail_unless_equals_text (text_of (gemini::checked_message ("{\n \"realtimeInput\": {\"text\": \"ä\"} }\n")),
                           R"({"realtimeInput":{"text":"ä"}})");
  for (const char *json : {"", "no", "[]", "{\"a\":1"})
    fail_unless (text_of (gemini::checked_message (json)).starts_with ("error: A message must"), "%s", json);
  fail_unless (
      text_of (gemini::checked_message ("{\"setup\":{}}")).starts_with ("error: The setup is sent once"));
}
GST_END_TEST;

GST_START_TEST (only_the_family_3_1_is_spoken_to)
{
  for (const char *model : {"gemini-3.1-flash-live-preview", "models/gemini-3.1-flash-live-preview",
                            "projects/p/locations/l/publishers/google/models/gemini-3.1-flash-live"})
    fail_unless (gemini::resolve_text_input (TextInput::Auto, model) == TextInput::RealtimeInput, "%s",
                 model);
  for (const char *model :
       {"gemini-3.8-live", "gemini-3.8-live-extended-thinking", "gemini-live-2.5-flash-native-audio",
        "gemini-2.5-flash-native-audio-preview-12-2025", "gemini-3.10-live", "gemini-13.1-live", "mine", ""})
    fail_unless (gemini::resolve_text_input (TextInput::Auto, model) == TextInput::ClientContent, "%s",
                 model);
}
GST_END_TEST;

GST_START_TEST (a_wish_wins_over_the_family)
{
  fail_unless (gemini::resolve_text_input (TextInput::ClientContent, "gemini-3.1-flash-live-preview") ==
               TextInput::ClientContent);
  fail_unless (gemini::resolve_text_input (TextInput::RealtimeInput, "gemini-3.8-live") ==
               TextInput::RealtimeInput);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (client_message, what_is_not_set_is_not_sent, every_setting_has_its_place,
                   a_setting_of_zero_is_sent, voice_and_language_do_not_need_each_other,
                   a_model_with_its_path_is_left_alone, quotes_newlines_and_any_language_survive,
                   extra_is_written_over_what_we_build,
                   extra_that_is_no_object_is_a_settings_error_that_tells_where,
                   a_text_is_one_user_turn_that_asks_for_an_answer, a_text_arrives_as_it_was_typed,
                   thinking_is_put_as_the_model_takes_it, the_answer_to_a_call_is_an_object,
                   a_message_made_elsewhere_is_an_object_and_no_setup, only_the_family_3_1_is_spoken_to,
                   a_wish_wins_over_the_family)
