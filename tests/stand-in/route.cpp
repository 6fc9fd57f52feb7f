#include "route.h"

#include <glib.h>

#include <array>
#include <optional>

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

bool skip_version (std::string_view &path, std::string &version)
{
  version = path.substr (0, path.find ('.'));
  for (const std::string_view known : kVersions)
    if (version == known)
      return skip (path, version);
  return false;
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

}  // namespace

Route find_route (std::string_view path, std::string_view prefix)
{
  Route route;
  if (!skip (path, prefix))
    return route;
  while (skip (path, "/"))
    ;
  if (!skip (path, "ws/"))
    return route;

  std::string_view service;
  if (skip (path, "google.ai.generativelanguage."))
    service = ".GenerativeService";
  else if (skip (path, "google.cloud.aiplatform."))
    service = ".LlmBidiService";
  if (service.empty () || !skip_version (path, route.version) || !skip (path, service))
    return route;
  if (!skip (path, ".") && !skip (path, "/"))
    return route;
  if (!skip (path, "BidiGenerateContent"))
    return route;
  route.constrained = skip (path, "Constrained");
  route.vertex = service == ".LlmBidiService";
  if (path.empty ())
    route.service = Route::Service::Live;
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

}  // namespace gemini::stand_in
