// Where a text is sent to be read aloud; what live_target () checks is checked for both.

#include "core/endpoint.h"
#include "support/check.h"

using namespace gemini;

namespace {

constexpr const char *kModel = "gemini-3.8-flash-tts";

Target target (const Access &access, const std::string &model = kModel)
{
  auto result = tts_target (access, model);
  if (auto *error = std::get_if<Error> (&result))
    ck_abort_msg ("%s: %s", access.endpoint.c_str (), error->message.c_str ());
  return std::get<Target> (result);
}

Error refusal (const Access &access)
{
  auto result = tts_target (access, kModel);
  fail_unless (std::holds_alternative<Error> (result), "%s is accepted", access.endpoint.c_str ());
  return std::get<Error> (result);
}

#define METHOD "/v1beta/models/gemini-3.8-flash-tts:streamGenerateContent?alt=sse"

}  // namespace

GST_START_TEST (the_method_streams_events)
{
  fail_unless_equals_text (target ({.api_key = "KEY"}).uri,
                           "https://generativelanguage.googleapis.com" METHOD);
  fail_unless_equals_text (target ({.endpoint = "wss://gateway.example:8443/gemini/", .api_key = "KEY"}).uri,
                           "https://gateway.example:8443/gemini" METHOD);
  const auto local = target ({.endpoint = "ws://127.0.0.1:8765"});
  fail_unless_equals_text (local.uri, "http://127.0.0.1:8765" METHOD);
  fail_unless (local.loopback && local.headers.empty ());
}
GST_END_TEST;

GST_START_TEST (version_and_model_are_in_the_path)
{
  fail_unless_equals_text (
      target ({.endpoint = "http://[::1]", .api_version = "v1alpha"}, "tunedModels/x").uri,
      "http://[::1]/v1alpha/tunedModels/x:streamGenerateContent?alt=sse");
}
GST_END_TEST;

GST_START_TEST (a_model_cannot_change_the_request)
{
  fail_unless_equals_text (target ({.endpoint = "http://[::1]"}, "x?key=1#y z").uri,
                           "http://[::1]/v1beta/models/x%3Fkey%3D1%23y%20z:streamGenerateContent?alt=sse");
}
GST_END_TEST;

GST_START_TEST (credentials_are_in_a_header)
{
  const auto key = target ({.api_key = " KEY "});
  fail_unless (key.headers == decltype (key.headers) ({{"x-goog-api-key", "KEY"}}));
  const auto token = target ({.api_key = "KEY", .access_token = "ya29.x"});
  fail_unless (token.headers == decltype (token.headers) ({{"Authorization", "Bearer ya29.x"}}));
}
GST_END_TEST;

GST_START_TEST (an_ephemeral_token_and_an_open_road_are_refused)
{
  const auto token = refusal ({.access_token = "auth_tokens/x"});
  fail_unless (token.kind == Error::Kind::Unauthorized);
  fail_unless (token.message.find ("Live sessions only: set api-key") != std::string::npos);
  fail_unless (refusal ({.endpoint = "http://gateway.example", .api_key = "KEY"}).kind ==
               Error::Kind::Settings);
  fail_unless (refusal ({}).kind == Error::Kind::Unauthorized);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (endpoint_tts, the_method_streams_events, version_and_model_are_in_the_path,
                   a_model_cannot_change_the_request, credentials_are_in_a_header,
                   an_ephemeral_token_and_an_open_road_are_refused)
