// Who is sent away, when, and with which words.
#include "client.h"
#include "support/check.h"

using namespace gemini::stand_in;

/// "1007 the reason" after this setup.
static std::string end_after (const Server &server, const std::string &setup,
                              const std::string &path = kLivePath, const char *api_key = nullptr)
{
  Client client (server, path, api_key);
  client.send (setup);
  const CloseFrame end = client.wait_for_end ();
  return std::to_string (end.code) + " " + end.reason;
}

static std::string setup_with (const std::string &fields, const std::string &model = "gemini-3.8-live")
{
  return R"({"setup":{"model":"models/)" + model + "\"" + fields + "}}";
}

static std::string unknown (const std::string &name, const std::string &where)
{
  return "1007 Invalid JSON payload received. Unknown name \"" + name + "\" at '" + where +
         "': Cannot find field.";
}

static const char *const kInvalid = "1007 Request contains an invalid argument.";
static const char *const kBadKey = "1007 API key not valid. Please pass a valid API key.";

GST_START_TEST (a_bad_key_is_let_in_and_told_after_its_setup)
{
  const Server server;
  fail_unless_reads (end_after (server, kSetup, kLivePath, "bad-key"), kBadKey);
  fail_unless_reads (end_after (server, kSetup, std::string (kLivePath) + "?key=bad-key"), kBadKey);
  fail_unless_reads (
      end_after (server, kSetup, std::string (kLivePath) + "?x=y&access_token=auth_tokens%2Fbad"), kBadKey);
  fail_unless_reads (end_after (server, kSetup, kLivePath, "expired-key"),
                     "1007 API key expired. Please renew the API key.");
}
GST_END_TEST;

GST_START_TEST (only_accepted_keys_are_taken_if_there_are_any)
{
  const Server server ({.rules = {.accept_keys = {"good"}}});
  fail_unless_reads (end_after (server, kSetup, kLivePath, "other"), kBadKey);
  Client client (server, kLivePath, "good");
  client.send (kSetup);
  client.receive_until ("setupComplete");
  fail_unless (server.connection ().request.credential.kind == Credential::Kind::ApiKey);
}
GST_END_TEST;

GST_START_TEST (callers_without_a_key_are_refused_if_one_is_required)
{
  const Server server ({.rules = {.require_key = true}});
  const std::string end = end_after (server, kSetup);
  fail_unless (end.starts_with ("1008 Method doesn't allow unregistered callers"), "%s", end.c_str ());
}
GST_END_TEST;

GST_START_TEST (vertex_refuses_a_bad_token_at_the_door)
{
  const Server server;
  const Client client (server, std::string (kVertexPath) + "?access_token=bad-token");
  fail_unless_equals_int (client.status (), 401);
  fail_unless_equals_int (server.record ().connections.size (), 0);
}
GST_END_TEST;

GST_START_TEST (unknown_paths_and_plain_requests_are_refused)
{
  const Server server;
  for (const char *path : {"/", "/v1beta/BidiGenerateContent",
                           "/ws/google.ai.generativelanguage.v2.GenerativeService.BidiGenerateContent",
                           "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContents"})
    fail_unless_equals_int (Client (server, path).status (), 404);
}
GST_END_TEST;

GST_START_TEST (fields_in_the_wrong_place_are_named)
{
  const Server server;
  fail_unless_reads (end_after (server, setup_with (R"(,"mediaResolution":"MEDIA_RESOLUTION_LOW")")),
                     unknown ("mediaResolution", "setup"));
  fail_unless_reads (end_after (server, setup_with (R"(,"responseModalities":["AUDIO"])")),
                     unknown ("responseModalities", "setup"));
  fail_unless_reads (end_after (server, setup_with (R"(,"generationConfig":{"voice":"Kore"})")),
                     unknown ("voice", "setup.generation_config"));
  fail_unless_reads (end_after (server, setup_with (R"(,"outputAudioTranscription":{"languageCode":"de"})")),
                     unknown ("languageCode", "setup.output_audio_transcription"));
}
GST_END_TEST;

GST_START_TEST (fields_of_v1alpha_are_unknown_to_v1beta)
{
  const Server server;
  const char *model = "gemini-2.5-flash-native-audio-latest";
  const std::string alpha = "/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContent";
  const std::string proactive = setup_with (R"(,"proactivity":{"proactiveAudio":true})", model);
  fail_unless_reads (end_after (server, proactive), unknown ("proactivity", "setup"));
  const std::string affective = R"(,"generationConfig":{"enableAffectiveDialog":true})";
  fail_unless_reads (end_after (server, setup_with (affective, model)),
                     unknown ("enableAffectiveDialog", "setup.generation_config"));
  fail_unless_reads (end_after (server, setup_with (affective, "gemini-3.1-flash-live-preview"), alpha),
                     "1011 Internal error encountered.");
  const ReadyClient client (server, proactive, alpha);
}
GST_END_TEST;

GST_START_TEST (the_first_message_is_setup_and_there_is_no_second)
{
  const Server server;
  fail_unless_reads (end_after (server, kQuestion), kInvalid);
  ReadyClient client (server);
  client.send (kSetup);
  fail_unless_equals_int (client.wait_for_end ().code, 1007);
}
GST_END_TEST;

GST_START_TEST (nothing_may_come_before_setup_complete)
{
  const Server server ({.pace = {.setup_delay = std::chrono::seconds (60)}});
  Client client (server);
  client.send (kSetup);
  client.send (kQuestion);
  fail_unless_equals_int (client.wait_for_end ().code, 1007);
}
GST_END_TEST;

GST_START_TEST (models_that_are_not_there_are_not_found)
{
  const Server server;
  const std::string end = end_after (server, setup_with ("", "gemini-9-live"));
  fail_unless_reads (end,
                     "1008 models/gemini-9-live is not found for API version v1beta, or is not supported for "
                     "bidiGenerateContent. Call ModelService.Li");
  fail_unless_equals_int (end.size (), 123 + 5);
  const std::string bare = end_after (server, R"({"setup":{"model":"gemini-3.8-live"}})");
  fail_unless (bare.starts_with ("1008 gemini-3.8-live is not found"), "%s", bare.c_str ());
  const std::string retired = end_after (server, setup_with ("", "gemini-2.0-flash-live-001"));
  fail_unless (retired.starts_with ("1008 "), "%s", retired.c_str ());
}
GST_END_TEST;

GST_START_TEST (other_models_are_known_if_the_rules_say_so)
{
  const Server some ({.rules = {.accept_models = {"gemini-9-live"}}}),
      all ({.rules = {.accept_models = {"*"}}});
  const ReadyClient one (some, setup_with ("", "gemini-9-live")), other (all, setup_with ("", "whatever"));
}
GST_END_TEST;

GST_START_TEST (text_is_for_half_cascade_models_only)
{
  const Server server ({.rules = {.accept_models = {"gemini-2.0-flash-live-001"}}});
  const std::string text = R"(,"generationConfig":{"responseModalities":["TEXT"]})";
  fail_unless_reads (end_after (server, setup_with (text)),
                     "1008 Operation is not implemented, or supported, or enabled.");
  const ReadyClient client (server, setup_with (text, "gemini-2.0-flash-live-001"));
}
GST_END_TEST;

GST_START_TEST (values_a_model_cannot_take_are_invalid)
{
  const Server server;
  for (const char *fields : {R"(,"generationConfig":{"responseModalities":["AUDIO","TEXT"]})",
                             R"(,"generationConfig":{"responseModalities":["VIDEO"]})",
                             R"(,"generationConfig":{"thinkingConfig":{"thinkingLevel":"LOW"}})",
                             R"(,"generationConfig":{"speechConfig":{"multiSpeakerVoiceConfig":{}}})",
                             R"(,"proactivity":{"proactiveAudio":false})"})
    fail_unless_reads (end_after (server, setup_with (fields)), kInvalid);
}
GST_END_TEST;

GST_START_TEST (unknown_handles_find_no_session)
{
  const Server server;
  fail_unless_reads (end_after (server, setup_with (R"(,"sessionResumption":{"handle":"stale"})")),
                     "1008 BidiGenerateContent session not found");
}
GST_END_TEST;

GST_START_TEST (what_is_no_message_ends_the_session)
{
  const Server server;
  fail_unless_reads (end_after (server, "{"), "1007 Invalid JSON payload received. Unexpected token.");
  fail_unless_reads (end_after (server, "[]"), "1007 Invalid JSON payload received. Unexpected token.");
  fail_unless_reads (end_after (server, R"({"hello":{}})"),
                     "1007 Invalid JSON payload received. Unknown name \"hello\": Cannot find field.");
  fail_unless_reads (end_after (server, R"({"setup":{},"clientContent":{}})"), kInvalid);
  fail_unless_equals_int (end_after (server, std::string (1 << 20, '[')).substr (0, 4) == "1007", TRUE);
}
GST_END_TEST;

GST_START_TEST (history_with_strange_roles_or_functions_is_invalid)
{
  const Server server;
  for (const char *turn :
       {R"({"role":"system","parts":[]})", R"({"role":"user","parts":[{"functionCall":{}}]})"}) {
    ReadyClient client (server);
    client.send (std::string (R"({"clientContent":{"turns":[)") + turn + "]}}");
    fail_unless_equals_int (client.wait_for_end ().code, 1007);
  }
}
GST_END_TEST;

GST_START_TEST (activity_is_not_told_to_a_server_that_detects_it)
{
  const Server server;
  ReadyClient client (server);
  client.send (R"({"realtimeInput":{"activityStart":{}}})");
  fail_unless_equals_int (client.wait_for_end ().code, 1007);
}
GST_END_TEST;

GST_START_TEST (media_chunks_are_refused_by_31)
{
  const Server server;
  ReadyClient client (server, setup_with ("", "gemini-3.1-flash-live-preview"));
  client.send (R"({"realtimeInput":{"mediaChunks":[]}})");
  fail_unless_equals_int (client.wait_for_end ().code, 1007);
}
GST_END_TEST;

GST_START_TEST (snake_case_is_taken_unless_the_rules_forbid_it)
{
  const Server lenient, strict ({.rules = {.snake_case = false}});
  const std::string setup = setup_with (R"(,"generation_config":{"response_modalities":["AUDIO"]})");
  const ReadyClient client (lenient, setup);
  fail_unless_reads (end_after (strict, setup), unknown ("generation_config", "setup"));
}
GST_END_TEST;

GEMINI_CHECK_MAIN (refusals, a_bad_key_is_let_in_and_told_after_its_setup,
                   only_accepted_keys_are_taken_if_there_are_any,
                   callers_without_a_key_are_refused_if_one_is_required,
                   vertex_refuses_a_bad_token_at_the_door, unknown_paths_and_plain_requests_are_refused,
                   fields_in_the_wrong_place_are_named, fields_of_v1alpha_are_unknown_to_v1beta,
                   the_first_message_is_setup_and_there_is_no_second, nothing_may_come_before_setup_complete,
                   models_that_are_not_there_are_not_found, other_models_are_known_if_the_rules_say_so,
                   text_is_for_half_cascade_models_only, values_a_model_cannot_take_are_invalid,
                   unknown_handles_find_no_session, what_is_no_message_ends_the_session,
                   history_with_strange_roles_or_functions_is_invalid,
                   activity_is_not_told_to_a_server_that_detects_it, media_chunks_are_refused_by_31,
                   snake_case_is_taken_unless_the_rules_forbid_it)
