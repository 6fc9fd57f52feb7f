// Vertex AI: where it is, who may come in, and what the environment has to say about it.
#include <map>

#include "core/endpoint.h"
#include "support/check.h"

using gemini::Access;
using gemini::Error;
using gemini::Target;

#define METHOD "/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent"

static Access vertex (const char *location)
{
  return {.access_token = "TOKEN", .vertex = true, .project = "tide", .location = location};
}

static Target target (const gemini::Result<Target> &result)
{
  if (auto *error = std::get_if<Error> (&result))
    ck_abort_msg ("%s", error->message.c_str ());
  return std::get<Target> (result);
}

static gemini::Environment environment (std::map<std::string, std::string, std::less<>> variables)
{
  return [variables = std::move (variables)] (std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find (name);
    return found == variables.end () ? std::nullopt : std::optional (found->second);
  };
}

static void fail_unless_refused (const Access &access, Error::Kind kind, const char *words)
{
  const auto result = gemini::live_target (access);
  fail_unless (std::holds_alternative<Error> (result), "accepted");
  const auto &error = std::get<Error> (result);
  fail_unless (error.kind == kind && error.message.find (words) != std::string::npos, "%s",
               error.message.c_str ());
}

GST_START_TEST (each_location_has_its_host)
{
  const struct {
    const char *location, *host;
  } rows[] = {
      {"europe-west4", "europe-west4-aiplatform.googleapis.com"},
      {"global", "aiplatform.googleapis.com"},
      {"", "aiplatform.googleapis.com"},
      {"us", "aiplatform.us.rep.googleapis.com"},
      {"eu", "aiplatform.eu.rep.googleapis.com"},
  };
  for (const auto &row : rows) {
    const auto live = target (gemini::live_target (vertex (row.location)));
    fail_unless_equals_text (live.uri, std::string ("wss://") + row.host + METHOD);
    fail_unless (live.headers.size () == 1 && live.headers[0].first == "Authorization" &&
                 live.headers[0].second == "Bearer TOKEN");
    fail_unless_equals_text (
        target (gemini::tts_target (vertex (row.location), "gemini-3.8-flash-tts")).uri,
        std::string ("https://") + row.host + "/v1beta1/projects/tide/locations/" +
            (*row.location ? row.location : "global") +
            "/publishers/google/models/gemini-3.8-flash-tts:streamGenerateContent?alt=sse");
  }
}
GST_END_TEST;

GST_START_TEST (a_model_gets_the_path_of_its_publisher_from_wherever_it_begins)
{
  const std::string whole = "projects/tide/locations/eu/publishers/google/models/gemini-3.8-live";
  for (const char *name :
       {"gemini-3.8-live", "models/gemini-3.8-live", "publishers/google/models/gemini-3.8-live",
        "projects/tide/locations/eu/publishers/google/models/gemini-3.8-live"})
    fail_unless_equals_text (gemini::model_resource_name (name, vertex ("eu")), whole);
  fail_unless_equals_text (gemini::model_resource_name ("x", {.vertex = true}), "publishers/google/models/x");
}
GST_END_TEST;

GST_START_TEST (without_a_project_a_key_will_do)
{
  const auto express = target (gemini::live_target ({.api_key = "KEY", .vertex = true}));
  fail_unless_equals_text (express.uri, "wss://aiplatform.googleapis.com" METHOD);
  fail_unless_equals_text (express.headers.at (0).first, "x-goog-api-key");
}
GST_END_TEST;

GST_START_TEST (credentials_of_the_wrong_kind_are_refused_in_words)
{
  auto access = vertex ("eu");
  access.access_token = "";
  fail_unless_refused (access, Error::Kind::Unauthorized, "OAuth 2 access token");
  access.api_key = "KEY";
  fail_unless_refused (access, Error::Kind::Unauthorized, "OAuth 2 access token");
  access.access_token = "auth_tokens/abc";
  fail_unless_refused (access, Error::Kind::Unauthorized, "ephemeral");
  fail_unless_refused ({.vertex = true}, Error::Kind::Unauthorized, "project");
}
GST_END_TEST;

GST_START_TEST (a_project_or_location_cannot_change_the_request)
{
  for (const char *word : {"a/b", "a?b", "a#b", "a b", "a%2fb", "a@b"}) {
    auto access = vertex ("eu");
    access.project = word;
    fail_unless_refused (access, Error::Kind::Settings, "project");
    access = vertex (word);
    access.endpoint = "https://gateway.example";
    fail_unless_refused (access, Error::Kind::Settings, "location");
  }
}
GST_END_TEST;

GST_START_TEST (an_endpoint_without_project_and_key_is_opened_as_it_is)
{
  fail_unless_equals_text (
      target (gemini::live_target ({.endpoint = "https://gateway.example/live", .vertex = true})).uri,
      "wss://gateway.example/live/");
}
GST_END_TEST;

GST_START_TEST (the_environment_fills_in_what_is_not_given)
{
  const auto all = environment ({{"GOOGLE_GENAI_USE_VERTEXAI", "true"},
                                 {"GOOGLE_CLOUD_PROJECT", "tide"},
                                 {"GOOGLE_CLOUD_LOCATION", "eu"},
                                 {"GOOGLE_API_KEY", "KEY"},
                                 {"GEMINI_ACCESS_TOKEN", "TOKEN"},
                                 {"GOOGLE_VERTEX_BASE_URL", "https://vertex.example"},
                                 {"GOOGLE_GEMINI_BASE_URL", "https://gemini.example"}});
  const auto access = gemini::complete ({}, all);
  fail_unless (access.vertex);
  fail_unless_equals_text (access.project, "tide");
  fail_unless_equals_text (access.location, "eu");
  fail_unless_equals_text (access.access_token, "TOKEN");
  fail_unless_equals_text (access.endpoint, "https://vertex.example");
  fail_unless_equals_text (access.api_key, "");  // the project beats it

  const auto given =
      gemini::complete ({.endpoint = "https://own.example", .api_key = "OWN", .location = "us"}, all);
  fail_unless_equals_text (given.endpoint, "https://own.example");
  fail_unless_equals_text (given.api_key, "OWN");
  fail_unless_equals_text (given.location, "us");
  fail_unless_equals_text (given.project, "");
  fail_unless_equals_text (given.access_token, "");
}
GST_END_TEST;

GST_START_TEST (without_vertex_its_variables_mean_nothing)
{
  const auto access =
      gemini::complete ({}, environment ({{"GOOGLE_CLOUD_PROJECT", "tide"},
                                          {"GOOGLE_CLOUD_LOCATION", "eu"},
                                          {"GEMINI_API_KEY", "KEY"},
                                          {"GOOGLE_VERTEX_BASE_URL", "https://vertex.example"},
                                          {"GOOGLE_GEMINI_BASE_URL", "https://gemini.example"}}));
  fail_if (access.vertex);
  fail_unless_equals_text (access.project + access.location, "");
  fail_unless_equals_text (access.api_key, "KEY");
  fail_unless_equals_text (access.endpoint, "https://gemini.example");
  fail_unless (gemini::complete ({.project = "tide"}, environment ({})).vertex);
  fail_unless (gemini::complete ({.location = "eu"}, environment ({})).vertex);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (endpoint_vertex, each_location_has_its_host,
                   a_model_gets_the_path_of_its_publisher_from_wherever_it_begins,
                   without_a_project_a_key_will_do, credentials_of_the_wrong_kind_are_refused_in_words,
                   a_project_or_location_cannot_change_the_request,
                   an_endpoint_without_project_and_key_is_opened_as_it_is,
                   the_environment_fills_in_what_is_not_given, without_vertex_its_variables_mean_nothing)
