// Whatever settings and environment hold: a key goes nowhere in the clear, and into no address.
//
// A line for each field of `Access`, then one for each variable of the environment.

#include "core/endpoint.h"

#include "core/glib_ptr.h"
#include "fuzz/fuzz.h"

using namespace gemini;
using fuzz::expect;

namespace {

constexpr const char *kVariables[] = {"GOOGLE_API_KEY",           "GEMINI_API_KEY",
                                      "GEMINI_ACCESS_TOKEN",      "GOOGLE_GEMINI_BASE_URL",
                                      "GOOGLE_VERTEX_BASE_URL",   "GOOGLE_CLOUD_PROJECT",
                                      "GOOGLE_CLOUD_LOCATION",    "GOOGLE_GENAI_USE_ENTERPRISE",
                                      "GOOGLE_GENAI_USE_VERTEXAI"};

void check (const Result<Target> &result, const Access &access)
{
  if (auto *error = std::get_if<Error> (&result)) {
    expect (!error->message.empty () && error->detail.empty (),
            "a refusal is a sentence that quotes nothing");
    return;
  }
  auto &target = std::get<Target> (result);
  const GUriPtr uri (g_uri_parse (target.uri.c_str (), G_URI_FLAGS_ENCODED, nullptr));
  expect (uri != nullptr, "the address is one");
  const std::string scheme = g_uri_get_scheme (uri.get ());
  const std::string host = g_uri_get_host (uri.get ()) ? g_uri_get_host (uri.get ()) : "";
  expect (scheme == "wss" || scheme == "https" || target.loopback, "nothing travels in the clear");
  expect (!host.empty (), "there is a host");
  expect (g_uri_get_userinfo (uri.get ()) == nullptr && g_uri_get_fragment (uri.get ()) == nullptr,
          "an address holds nobody's name");
  const char *query = g_uri_get_query (uri.get ());
  expect (query == nullptr || std::string (query) == "alt=sse", "the query is ours");
  if (target.loopback)
    expect (g_ascii_strcasecmp (host.c_str (), "localhost") == 0 || host == "::1" ||
                host.starts_with ("127.") || host.size () > 10,
            "only this machine is this machine");
  for (char c : target.uri)
    expect (!g_ascii_isspace (c) && !g_ascii_iscntrl (c), "an address is one word");
  expect (target.headers.size () <= 1, "one credential is shown");
  for (auto &[name, value] : target.headers) {
    expect (name == "Authorization" || name == "x-goog-api-key", "in a header of that name");
    expect (value.find_first_of ("\r\n") == value.npos, "a header is one line");
  }
  // Towards Google's own hosts there is always one.
  expect (target.loopback || !target.headers.empty () || !access.endpoint.empty (), "a credential is shown");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  fuzz::Input input (bytes, size);
  Access given;
  given.vertex = input.line () == "vertex";
  for (auto *field : {&given.endpoint, &given.api_version, &given.api_key, &given.access_token,
                      &given.project, &given.location})
    *field = fuzz::c_string (input.line ());
  const auto model = fuzz::c_string (input.line ());
  std::vector<std::pair<std::string_view, std::string>> variables;
  for (auto *name : kVariables)
    variables.emplace_back (name, fuzz::c_string (input.line ()));
  const Environment environment = [&] (std::string_view name) -> std::optional<std::string> {
    for (auto &[known, value] : variables)
      if (known == name)
        return value == "-" ? std::nullopt : std::optional (value);
    return std::nullopt;
  };
  // Properties and variables are UTF-8 in GLib; what is not never gets here.
  for (auto &[name, value] : variables)
    if (!fuzz::is_utf8 (value))
      return 0;

  check (live_target (given), given);
  check (tts_target (given, model), given);
  const auto access = complete (given, environment);
  check (live_target (access), access);
  check (tts_target (access, model), access);
  expect (complete (access, [] (auto) { return std::nullopt; }).endpoint == access.endpoint,
          "what is complete stays so");
  const auto name = model_resource_name (model, access);
  expect (name.ends_with (model) || model.starts_with ("models/"), "a model keeps its name");
  return 0;
}
