#include "stand-in/http/route.h"

#include <glib.h>

#include <algorithm>
#include <array>

#include "core/glib_ptr.h"

namespace gemini::stand_in {
namespace {

constexpr std::array<std::string_view, 4> kVersions = {"v1beta", "v1alpha", "v1beta1", "v1"};

bool skip (std::string_view &text, std::string_view expected)
{
  if (!text.starts_with (expected))
    return false;
  text.remove_prefix (expected.size ());
  return true;
}

bool skip_version (std::string_view &path, char end, std::string &version)
{
  version = path.substr (0, path.find (end));
  for (const std::string_view known : kVersions)
    if (version == known)
      return skip (path, version);
  return false;
}

void read_live (std::string_view path, Route &route)
{
  std::string_view service;
  if (skip (path, "google.ai.generativelanguage."))
    service = ".GenerativeService";
  else if (skip (path, "google.cloud.aiplatform."))
    service = ".LlmBidiService";
  if (service.empty () || !skip_version (path, '.', route.version) || !skip (path, service))
    return;
  if (!skip (path, ".") && !skip (path, "/"))
    return;
  if (!skip (path, "BidiGenerateContent"))
    return;
  route.constrained = skip (path, "Constrained");
  route.vertex = service == ".LlmBidiService";
  if (path.empty ())
    route.service = Route::Service::Live;
}

/// "models/x", "publishers/google/models/x" or "projects/p/locations/l/publishers/google/models/x".
bool is_model_path (std::string_view path, bool vertex)
{
  const auto skip_name = [&path] {
    const size_t size = std::min (path.find ('/'), path.size ());
    path.remove_prefix (size);
    return size > 0 && skip (path, "/");
  };
  if (vertex && skip (path, "projects/") && !(skip_name () && skip (path, "locations/") && skip_name ()))
    return false;
  if (vertex && !skip (path, "publishers/google/"))
    return false;
  return skip (path, "models/") && !path.empty () && path.find ('/') == path.npos;
}

void read_tts (std::string_view path, Route &route)
{
  if (!skip_version (path, '/', route.version) || !skip (path, "/"))
    return;
  route.vertex = path.starts_with ("projects/") || path.starts_with ("publishers/");
  if (route.version == (route.vertex ? "v1alpha" : "v1beta1"))
    return;
  const size_t colon = path.rfind (':');
  if (colon == path.npos || !is_model_path (path.substr (0, colon), route.vertex))
    return;
  const std::string_view method = path.substr (colon + 1);
  route.model = path.substr (0, colon);
  route.streaming = method == "streamGenerateContent";
  if (route.streaming || method == "generateContent")
    route.service = Route::Service::Tts;
}

}  // namespace

Route find_route (std::string_view path, std::string_view prefix)
{
  Route route;
  if (!skip (path, prefix))
    return route;
  while (skip (path, "/"))
    ;
  if (skip (path, "ws/"))
    read_live (path, route);
  else
    read_tts (path, route);
  return route;
}

Credential find_credential (std::string_view api_key_header, std::string_view authorization,
                            std::string_view query)
{
  using Kind = Credential::Kind;
  if (skip (authorization, "Token "))
    return {.kind = Kind::EphemeralToken, .value = std::string (authorization)};
  if (skip (authorization, "Bearer "))
    return {.kind = Kind::Bearer, .value = std::string (authorization)};
  if (!api_key_header.empty ())
    return {.kind = Kind::ApiKey, .value = std::string (api_key_header)};
  if (const auto token = query_parameter (query, "access_token"))
    return {.kind = Kind::EphemeralToken, .value = *token, .in_query = true};
  if (const auto key = query_parameter (query, "key"))
    return {.kind = Kind::ApiKey, .value = *key, .in_query = true};
  return {};
}

std::optional<std::string> query_parameter (std::string_view query, std::string_view name)
{
  while (!query.empty ()) {
    const std::string_view pair = query.substr (0, query.find ('&'));
    query.remove_prefix (std::min (pair.size () + 1, query.size ()));
    if (!pair.starts_with (name) || pair.substr (name.size (), 1) != "=")
      continue;
    const std::string value (pair.substr (name.size () + 1));
    const CharPtr plain (g_uri_unescape_string (value.c_str (), nullptr));
    return plain ? plain.get () : value;
  }
  return {};
}

}  // namespace gemini::stand_in
