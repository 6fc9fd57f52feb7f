// Which requests for speech are refused, and with which words.
#include "client.h"
#include "http_client.h"
#include "stand-in/fields.h"
#include "support/check.h"

using namespace gemini::stand_in;

static const std::string kHello = tts_body ("Hello");

/// "404 NOT_FOUND: the message" for this request; "200" if it is taken.
static std::string answer_to (const std::string &path, const std::string &body,
                              const std::string &headers = "", const Rules &rules = {})
{
  const Server server ({.counter_frames = 480, .rules = rules, .pace = {.speed = 0}});
  const HttpAnswer answer = HttpClient (server).ask (path, body, headers);
  if (answer.status == 200)
    return "200";
  const gemini::JsonNodePtr root = parse_object (answer.body);
  const Fields error = Fields (root ? json_node_get_object (root.get ()) : nullptr).object ("error");
  fail_unless_equals_int (error.integer ("code").value_or (0), answer.status);
  return std::to_string (answer.status) + " " + error.string ("status").value_or ("") + ": " +
         error.string ("message").value_or ("");
}

static std::string path_of (const std::string &model)
{
  return "/v1beta/models/" + model + ":generateContent";
}

static std::string vertex_path_of (const std::string &model)
{
  return "/v1beta1/projects/p/locations/l/publishers/google/models/" + model + ":generateContent";
}

#define fail_unless_refused(answer, beginning)                                                      \
  do {                                                                                              \
    const std::string answer_ = (answer);                                                           \
    fail_unless (answer_.starts_with (beginning), "'%s' is not '%s'", answer_.c_str (), beginning); \
  } while (0)

GST_START_TEST (a_bad_key_is_an_invalid_argument)
{
  const char *refused = "400 INVALID_ARGUMENT: API key not valid. Please pass a valid API key.";
  fail_unless_reads (answer_to (kTts, kHello, "x-goog-api-key: bad-key\r\n"), refused);
  fail_unless_reads (answer_to (std::string (kTts) + "?key=bad-key", kHello), refused);
  fail_unless_refused (answer_to (kTts, kHello, "x-goog-api-key: expired-key\r\n"),
                       "400 INVALID_ARGUMENT: API key expired.");
  const Server server;
  fail_unless (HttpClient (server)
                   .ask (kTts, kHello, "x-goog-api-key: bad-key\r\n")
                   .body.find ("\"reason\": \"API_KEY_INVALID\"") != std::string::npos);
}
GST_END_TEST;

GST_START_TEST (keys_and_tokens_of_every_kind_are_taken)
{
  const Rules strict{.accept_keys = {"good"}, .require_key = true};
  fail_unless_reads (answer_to (kTts, kHello, "x-goog-api-key: good\r\n", strict), "200");
  fail_unless_reads (answer_to (std::string (kTts) + "?key=good", kHello, "", strict), "200");
  fail_unless_reads (answer_to (kTts, kHello, "Authorization: Token good\r\n", strict), "200");
  fail_unless_reads (
      answer_to (vertex_path_of ("gemini-3.8-flash-tts"), kHello, "Authorization: Bearer good\r\n", strict),
      "200");
}
GST_END_TEST;

GST_START_TEST (callers_without_a_key_are_refused_if_one_is_required)
{
  const Rules rules{.require_key = true};
  fail_unless_refused (answer_to (kTts, kHello, "", rules),
                       "403 PERMISSION_DENIED: Method doesn't allow unregistered callers");
  fail_unless_refused (answer_to (vertex_path_of ("gemini-3.8-flash-tts"), kHello, "", rules),
                       "401 UNAUTHENTICATED: ");
  fail_unless_refused (
      answer_to (vertex_path_of ("gemini-3.8-flash-tts"), kHello, "Authorization: Bearer bad-token\r\n"),
      "401 UNAUTHENTICATED: ");
}
GST_END_TEST;

GST_START_TEST (models_that_cannot_speak_are_not_found)
{
  fail_unless_reads (
      answer_to (path_of ("gemini-9-tts"), kHello),
      "404 NOT_FOUND: models/gemini-9-tts is not found for API version v1beta, or is not "
      "supported for generateContent. Call ModelService.ListModels to see the list of available "
      "models and their supported methods.");
  fail_unless_refused (answer_to (path_of ("gemini-3.8-live"), kHello), "404 ");
  fail_unless_refused (answer_to (path_of ("gemini-2.5-flash-tts"), kHello), "404 ");
  fail_unless_reads (answer_to (vertex_path_of ("gemini-2.5-flash-tts"), kHello), "200");
  fail_unless_refused (answer_to (vertex_path_of ("gemini-2.5-flash-preview-tts"), kHello),
                       "404 NOT_FOUND: Publisher Model `projects/p/");
  fail_unless_reads (answer_to (path_of ("gemini-9-tts"), kHello, "", {.accept_models = {"*"}}), "200");
}
GST_END_TEST;

GST_START_TEST (only_posts_are_answered)
{
  const Server server;
  HttpClient client (server);
  client.send (kTts, "", "", "GET");
  fail_unless_equals_int (client.receive ().status, 404);
}
GST_END_TEST;

GST_START_TEST (what_is_no_request_is_invalid)
{
  for (const char *body : {"", "{", "[]", "\xff", R"({"contents":[]})", "{}"})
    fail_unless_refused (answer_to (kTts, body), "400 INVALID_ARGUMENT: ");
  fail_unless_refused (answer_to (kTts, std::string (1 << 20, '[')), "400 ");
}
GST_END_TEST;

GST_START_TEST (fields_in_the_wrong_place_are_named)
{
  fail_unless_reads (answer_to (kTts, R"({"contents":[],"speechConfig":{}})"),
                     "400 INVALID_ARGUMENT: Invalid JSON payload received. Unknown name \"speechConfig\": "
                     "Cannot find field.");
  fail_unless_reads (answer_to (kTts, tts_body ("Hello", R"(,"voice":"Kore")")),
                     "400 INVALID_ARGUMENT: Invalid JSON payload received. Unknown name \"voice\" at "
                     "'generation_config': Cannot find field.");
}
GST_END_TEST;

GST_START_TEST (speech_is_all_there_is)
{
  for (const char *config :
       {"{}", R"({"responseModalities":["TEXT"]})", R"({"responseModalities":["AUDIO","TEXT"]})"})
    fail_unless_refused (answer_to (kTts, std::string (R"({"contents":[{"parts":[{"text":"Hi"}]}],)") +
                                              R"("generationConfig":)" + config + "}"),
                         "400 INVALID_ARGUMENT: The requested combination of response modalities");
}
GST_END_TEST;

GST_START_TEST (a_text_is_there_and_not_too_long)
{
  fail_unless_refused (answer_to (kTts, tts_body (" ")), "400 ");
  fail_unless_refused (answer_to (kTts, tts_body (std::string (40000, 'a'))),
                       "400 INVALID_ARGUMENT: The input token count (10000)");
  fail_unless_reads (answer_to (kTts, tts_body (std::string (30000, 'a'))), "200");
}
GST_END_TEST;

GST_START_TEST (voices_nobody_knows_are_invalid_where_there_is_no_catalogue)
{
  const auto with_voice = [] (const char *name) {
    return tts_body ("Hello",
                     std::string (R"(,"speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":")") +
                         name + R"("}}})");
  };
  const std::string old = path_of ("gemini-3.1-flash-tts-preview");
  fail_unless_refused (answer_to (old, with_voice ("Nobody")),
                       "400 INVALID_ARGUMENT: Voice name Nobody is not supported. Allowed voice names are: "
                       "Zephyr, Puck");
  fail_unless_reads (answer_to (old, with_voice ("kore")), "200");
  fail_unless_reads (answer_to (kTts, with_voice ("Nobody")), "200");
}
GST_END_TEST;

GST_START_TEST (speakers_come_in_pairs)
{
  const auto speakers = [] (const std::string &list, const std::string &more = "") {
    return tts_body ("Hello", R"(,"speechConfig":{"multiSpeakerVoiceConfig":{"speakerVoiceConfigs":[)" +
                                  list + "]}" + more + "}");
  };
  const std::string one = R"({"speaker":"One","voiceConfig":{"voice":"Puck"}})";
  fail_unless_reads (answer_to (kTts, speakers (one + "," + one)), "200");
  fail_unless_refused (answer_to (kTts, speakers (one)), "400 ");
  fail_unless_refused (answer_to (kTts, speakers (one + "," + one, R"(,"voiceConfig":{"voice":"Puck"})")),
                       "400 ");
}
GST_END_TEST;

GST_START_TEST (sampling_and_metadata_depend_on_the_model)
{
  const std::string old = path_of ("gemini-2.5-flash-preview-tts");
  const std::string warm = tts_body ("Hello", R"(,"temperature":1)");
  fail_unless_refused (answer_to (kTts, warm), "400 INVALID_ARGUMENT: temperature");
  fail_unless_reads (answer_to (old, warm), "200");
  const std::string styled = R"({"contents":[{"parts":[{"text":"Hi","speechMetadata":{"style":"calm"}}]}],)"
                             R"("generationConfig":{"responseModalities":["AUDIO"]}})";
  fail_unless_reads (answer_to (kTts, styled), "200");
  fail_unless_refused (
      answer_to (old, styled),
      "400 INVALID_ARGUMENT: Invalid JSON payload received. Unknown name \"speechMetadata\" at "
      "'contents[0].parts[0]'");
}
GST_END_TEST;

GEMINI_CHECK_MAIN (tts_refusals, a_bad_key_is_an_invalid_argument, keys_and_tokens_of_every_kind_are_taken,
                   callers_without_a_key_are_refused_if_one_is_required,
                   models_that_cannot_speak_are_not_found, only_posts_are_answered,
                   what_is_no_request_is_invalid, fields_in_the_wrong_place_are_named, speech_is_all_there_is,
                   a_text_is_there_and_not_too_long,
                   voices_nobody_knows_are_invalid_where_there_is_no_catalogue, speakers_come_in_pairs,
                   sampling_and_metadata_depend_on_the_model)
