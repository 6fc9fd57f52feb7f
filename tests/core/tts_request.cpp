// What is asked of which model.

#include "core/tts_request.h"

#include "core/voices.h"
#include "support/check.h"

using namespace gemini;

namespace {

constexpr const char *kNew = "gemini-3.8-flash-tts";
constexpr const char *kOld = "gemini-2.5-flash-preview-tts";
constexpr const char *kMiddle = "gemini-3.1-flash-tts-preview";

std::vector<std::string> requests (const TtsConfig &config, const std::string &text)
{
  auto result = tts_requests (config, text);
  fail_unless (std::holds_alternative<std::vector<std::string>> (result), "refused: %s", text.c_str ());
  return std::get<std::vector<std::string>> (result);
}

std::string request (const TtsConfig &config, const std::string &text)
{
  const auto all = requests (config, text);
  fail_unless_equals_int (all.size (), 1);
  return all.front ();
}

std::string with_parts (const std::string &parts, const std::string &speech = "")
{
  return R"({"contents":[{"role":"user","parts":[)" + parts +
         R"(]}],"generationConfig":{"responseModalities":["AUDIO"])" +
         (speech.empty () ? "" : R"(,"speechConfig":)" + speech) + "}}";
}

std::string voice (const std::string &name)
{
  return R"("voiceConfig":{"prebuiltVoiceConfig":{"voiceName":")" + name + R"("}})";
}

const TtsConfig::Speakers kSpeakers = {{"Joe", "Kore"}, {"Jane", "Puck"}};
const std::string kBoth = R"({"multiSpeakerVoiceConfig":{"speakerVoiceConfigs":[{"speaker":"Joe",)" +
                          voice ("Kore") + R"(},{"speaker":"Jane",)" + voice ("Puck") + "}]}}";
constexpr const char *kDialogue = "Joe: Hello.\nHow are you?\n\n  Jane: Fine.\nJane:\nJoe: Good.";

}  // namespace

GST_START_TEST (what_is_unset_is_not_sent)
{
  for (const char *model : {kNew, kOld, kMiddle})
    fail_unless_equals_text (request ({.model = model}, "Hi \"you\""),
                             with_parts (R"({"text":"Hi \"you\""})"));
}
GST_END_TEST;

GST_START_TEST (each_setting_has_its_field)
{
  fail_unless_equals_text (
      request ({.model = kNew,
                .voice = "Kore",
                .language = "de-DE",
                .temperature = 0.5,
                .seed = 7,
                .max_output_tokens = 99},
               "Hi"),
      R"({"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"responseModalities":["AUDIO"],)"
      R"("temperature":0.5,"seed":7,"maxOutputTokens":99,"speechConfig":{)" +
          voice ("Kore") + R"(,"languageCode":"de-DE"}}})");
}
GST_END_TEST;

GST_START_TEST (a_style_is_beside_the_text_where_the_text_is_read_to_the_letter)
{
  fail_unless_equals_text (request ({.model = kNew, .style = "Calmly"}, "Hi"),
                           with_parts (R"({"text":"Hi","speechMetadata":{"style":"Calmly"}})"));
  fail_unless_equals_text (request ({.model = "gemini-4-tts", .style = "Calmly"}, "Hi"),
                           with_parts (R"({"text":"Hi","speechMetadata":{"style":"Calmly"}})"));
  for (const char *model : {kOld, kMiddle, "models/gemini-2.5-pro-tts"})
    fail_unless_equals_text (request ({.model = model, .style = "Calmly"}, "Hi"),
                             with_parts (R"({"text":"Calmly: Hi"})"));
}
GST_END_TEST;

GST_START_TEST (a_dialogue_names_its_speakers)
{
  fail_unless_equals_text (
      request ({.model = kNew, .style = "Calmly", .voice = "Orus", .speakers = kSpeakers}, kDialogue),
      with_parts (R"({"text":"Hello.\nHow are you?","speechMetadata":{"speaker":"Joe","style":"Calmly"}},)"
                  R"({"text":"Fine.","speechMetadata":{"speaker":"Jane","style":"Calmly"}},)"
                  R"({"text":"Good.","speechMetadata":{"speaker":"Joe","style":"Calmly"}})",
                  kBoth));
  fail_unless_equals_text (request ({.model = kMiddle, .speakers = kSpeakers}, "Joe: Hello.\nJane: Fine."),
                           with_parts (R"({"text":"Joe: Hello.\nJane: Fine."})", kBoth));
}
GST_END_TEST;

GST_START_TEST (a_speaker_begins_on_a_new_line_or_behind_a_sentence)
{
  const auto lines = [] (const char *text) {
    std::string all;
    for (auto &body : requests ({.model = kNew, .speakers = kSpeakers, .split = Split::Sentence}, text)) {
      const auto at = body.find ("\"text\":\"") + 8;
      all += (body.find ("Kore") != body.npos ? "Joe<" : "Jane<") +
             body.substr (at, body.find ('"', at) - at) + ">";
    }
    return all;
  };
  fail_unless_equals_text (lines ("Joe: Hi. Jane: Hello! Joe: Bye"), "Joe<Hi.>Jane<Hello!>Joe<Bye>");
  fail_unless_equals_text (lines ("Nobody yet\nJane: Hi"), "Joe<Nobody yet>Jane<Hi>");
  fail_unless_equals_text (lines ("Jane: I told Joe: come"), "Jane<I told Joe: come>");
  fail_unless_equals_text (lines ("Jane: A Joe.Joe: come"), "Jane<A Joe.Joe: come>");
}
GST_END_TEST;

GST_START_TEST (a_dialogue_that_is_split_has_the_voice_of_each_line)
{
  const auto all = requests ({.model = kNew, .speakers = kSpeakers, .split = Split::Sentence}, kDialogue);
  fail_unless_equals_int (all.size (), 4);
  fail_unless_equals_text (all[0], with_parts (R"({"text":"Hello."})", "{" + voice ("Kore") + "}"));
  fail_unless_equals_text (all[1], with_parts (R"({"text":"How are you?"})", "{" + voice ("Kore") + "}"));
  fail_unless_equals_text (all[2], with_parts (R"({"text":"Fine."})", "{" + voice ("Puck") + "}"));
  fail_unless_equals_text (all[3], with_parts (R"({"text":"Good."})", "{" + voice ("Kore") + "}"));
}
GST_END_TEST;

GST_START_TEST (a_text_is_split_when_that_makes_it_heard_sooner_or_at_all)
{
  const std::string two = "One is here. Two is there.";
  std::string many;
  for (int i = 0; i < 300; i++)
    many += "This is a sentence of words. ";

  fail_unless_equals_int (requests ({.model = kNew}, two).size (), 1);
  fail_unless_equals_int (requests ({.model = kMiddle}, two).size (), 1);
  fail_unless_equals_int (requests ({.model = kOld}, two).size (), 2);
  fail_unless_equals_int (requests ({.model = kOld, .split = Split::None}, two).size (), 1);
  fail_unless_equals_int (requests ({.model = kNew, .split = Split::Sentence}, two).size (), 2);
  fail_unless_equals_int (requests ({.model = kNew, .split = Split::None}, many).size (), 1);
  fail_unless_equals_int (requests ({.model = kOld}, many).size (), 300);

  // The first sentence alone, then as much at once as is surely spoken.
  const auto pieces = requests ({.model = kNew}, many);
  fail_unless_equals_int (pieces.size (), 1 + 4);
  fail_unless_equals_text (pieces.front (), with_parts (R"({"text":"This is a sentence of words."})"));
  for (auto &piece : requests ({.model = kMiddle}, many))
    fail_unless (piece.size () < 700 && piece.find (R"(words."})") != piece.npos, "%s", piece.c_str ());
}
GST_END_TEST;

GST_START_TEST (a_blank_text_asks_for_nothing)
{
  fail_unless (requests ({.model = kNew}, "").empty ());
  fail_unless (requests ({.model = kOld}, " \n ").empty ());
}
GST_END_TEST;

GST_START_TEST (extra_fields_are_written_over_every_request)
{
  const TtsConfig config{
      .model = kOld,
      .extra = R"({"safetySettings":[],"generationConfig":{"topP":0.5,"responseModalities":["X"]}})"};
  for (auto &body : requests (config, "One is here. Two is there.")) {
    fail_unless (body.find (R"("generationConfig":{"responseModalities":["X"],"topP":0.5})") != body.npos,
                 "%s", body.c_str ());
    fail_unless (body.find (R"("safetySettings":[])") != body.npos);
  }
  for (const char *extra : {"x", "[]", "{", "{} {}"}) {
    auto refused = tts_requests ({.model = kNew, .extra = extra}, "");
    fail_unless (std::holds_alternative<Error> (refused), "%s", extra);
    fail_unless (std::get<Error> (refused).kind == Error::Kind::Settings);
  }
}
GST_END_TEST;

GST_START_TEST (speakers_are_two_names_with_voices)
{
  const auto parsed = parse_speakers (" Joe = Kore , Jane=Puck ");
  fail_unless (std::get<TtsConfig::Speakers> (parsed) == kSpeakers);
  fail_unless (std::get<TtsConfig::Speakers> (parse_speakers (" ")).empty ());
  for (const char *text : {"Joe", "Joe=Kore", "Joe=Kore,", "Joe=Kore,Jane", "Joe=Kore,=Puck",
                           "Joe=,Jane=Puck", ",", "Joe=Kore,Joe=Puck", "A=B,C=D,E=F"}) {
    auto refused = parse_speakers (text);
    fail_unless (std::holds_alternative<Error> (refused), "%s", text);
    fail_unless (std::get<Error> (refused).kind == Error::Kind::Settings);
  }
}
GST_END_TEST;

GST_START_TEST (the_prebuilt_voices_are_known)
{
  for (const char *name : {"Kore", "Puck", "Zephyr", "Sulafat", "Zubenelgenubi"})
    fail_unless (is_prebuilt_voice (name), "%s", name);
  for (const char *name : {"", "kore", "Kore ", "Alexa"})
    fail_if (is_prebuilt_voice (name), "%s", name);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (tts_request, what_is_unset_is_not_sent, each_setting_has_its_field,
                   a_style_is_beside_the_text_where_the_text_is_read_to_the_letter,
                   a_dialogue_names_its_speakers, a_speaker_begins_on_a_new_line_or_behind_a_sentence,
                   a_dialogue_that_is_split_has_the_voice_of_each_line,
                   a_text_is_split_when_that_makes_it_heard_sooner_or_at_all, a_blank_text_asks_for_nothing,
                   extra_fields_are_written_over_every_request, speakers_are_two_names_with_voices,
                   the_prebuilt_voices_are_known)
