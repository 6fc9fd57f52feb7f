#include "core/endpoint.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "core/glib_ptr.h"
#include "core/text.h"

namespace gemini {

namespace {

constexpr const char *kGoogle = "https://generativelanguage.googleapis.com";
constexpr const char *kDefaultVersion = "v1beta";
constexpr std::string_view kEphemeralToken = "auth_tokens/";

// The address is never quoted in an error: it may be refused for the very password in it.
Error refused (const char *sentence) { return {.kind = Error::Kind::Settings, .message = sentence}; }

Error unauthorized (const char *sentence) { return {.kind = Error::Kind::Unauthorized, .message = sentence}; }

/// Whether the name says that the connection stays on this machine. Only exact forms count:
/// "localhost.example" and "127.0.0.1.example" are names that anybody can point anywhere.
bool is_loopback (std::string_view host)
{
  constexpr std::string_view kLocal = ".localhost";
  if (equal_ignoring_case (host, "localhost") || host == "::1")
    return true;
  if (host.size () > kLocal.size () &&
      equal_ignoring_case (host.substr (host.size () - kLocal.size ()), kLocal))
    return true;
  return host.starts_with ("127.") && g_hostname_is_ip_address (std::string (host).c_str ());
}

/// GUri decodes a host but does not judge it: in "gateway%2f.localhost" a '/' would come out in the middle.
bool is_host (std::string_view text)
{
  return !text.empty () && std::all_of (text.begin (), text.end (), [] (char c) {
    return g_ascii_isalnum (c) || (c && strchr (".-_:", c));
  });
}

/// GUri takes blanks and line breaks too, and a path with one would end up in the request line.
bool has_blanks (std::string_view text)
{
  return std::any_of (text.begin (), text.end (),
                      [] (char c) { return g_ascii_isspace (c) || g_ascii_iscntrl (c); });
}

/// A version becomes a part of the path, where a '/' or '?' would change the request.
bool is_version (std::string_view text)
{
  return std::all_of (text.begin (), text.end (), [] (char c) { return g_ascii_isalnum (c) || c == '_'; });
}

/// Whether a credential can be the value of a header: a line break in it would begin another header.
bool is_sendable (std::string_view credential)
{
  return std::all_of (credential.begin (), credential.end (), [] (char c) { return g_ascii_isgraph (c); });
}

std::optional<bool> is_secure (std::string_view scheme)
{
  if (scheme == "https" || scheme == "wss")
    return true;
  if (scheme == "http" || scheme == "ws")
    return false;
  return std::nullopt;
}

/// What has been checked of an address and the credentials for it.
struct Place {
  bool secure = true;
  std::string host;
  int port = -1;
  std::string path;  ///< without a slash at its end
  std::string version;
  bool loopback = false;
  std::string key;
  std::string token;

  bool ephemeral () const { return token.starts_with (kEphemeralToken); }

  Target target (const char *scheme, const std::string &method, const char *query) const
  {
    Target target;
    // Put together again from its parts, so that the host that was checked is the host that is connected to.
    const CharPtr joined (g_uri_join (G_URI_FLAGS_ENCODED, scheme, nullptr, host.c_str (), port,
                                      (path + method).c_str (), query, nullptr));
    target.uri = joined.get ();
    target.loopback = loopback;
    if (ephemeral ())
      target.headers.emplace_back ("Authorization", "Token " + token);
    else if (!token.empty ())
      target.headers.emplace_back ("Authorization", "Bearer " + token);
    else if (!key.empty ())
      target.headers.emplace_back ("x-goog-api-key", key);
    return target;
  }
};

Result<Place> checked (const Access &access)
{
  const std::string endpoint = access.endpoint.empty () ? kGoogle : access.endpoint;
  Place place;
  place.version = access.api_version.empty () ? kDefaultVersion : access.api_version;
  place.key = trim (access.api_key);
  place.token = trim (access.access_token);

  const GUriPtr uri (g_uri_parse (endpoint.c_str (), G_URI_FLAGS_ENCODED, nullptr));
  const char *host = uri ? g_uri_get_host (uri.get ()) : nullptr;
  if (!host || !is_host (host) || has_blanks (endpoint))
    return refused ("The endpoint is no URL: set it to https:// or wss:// and a host");
  const auto secure = is_secure (g_uri_get_scheme (uri.get ()));
  if (!secure)
    return refused ("The endpoint has an unknown scheme: it must begin with https:// or wss://");
  if (g_uri_get_userinfo (uri.get ()))
    return refused ("The endpoint must not hold a user or password: set api-key or access-token instead");
  if (g_uri_get_query (uri.get ()) || g_uri_get_fragment (uri.get ()))
    return refused ("The endpoint must not hold a query or fragment: a key belongs into api-key");
  if (!is_version (place.version))
    return refused ("The api-version may only hold letters, digits and '_', such as v1beta");

  place.loopback = is_loopback (host);
  if (!*secure && !place.loopback)
    return refused ("The endpoint must begin with https:// or wss://: a key does not travel in the clear");

  if (!is_sendable (place.token))
    return unauthorized ("The access token holds blanks or characters that no token has: check access-token");
  if (!is_sendable (place.key))
    return unauthorized (
        "The API key holds blanks or characters that no key has: check api-key or GEMINI_API_KEY");
  if (place.key.empty () && place.token.empty () && !place.loopback)
    return unauthorized ("No API key: set api-key or GEMINI_API_KEY");

  place.secure = *secure;
  place.host = host;
  place.port = g_uri_get_port (uri.get ());
  place.path = g_uri_get_path (uri.get ());
  place.path.erase (place.path.find_last_not_of ('/') + 1);
  return place;
}

}  // namespace

Result<Target> live_target (const Access &access)
{
  auto result = checked (access);
  if (auto *error = std::get_if<Error> (&result))
    return *error;
  auto &place = std::get<Place> (result);
  return place.target (place.secure ? "wss" : "ws",
                       "/ws/google.ai.generativelanguage." + place.version +
                           ".GenerativeService.BidiGenerateContent" +
                           (place.ephemeral () ? "Constrained" : ""),
                       nullptr);
}

Result<Target> tts_target (const Access &access, const std::string &model)
{
  auto result = checked (access);
  if (auto *error = std::get_if<Error> (&result))
    return *error;
  auto &place = std::get<Place> (result);
  if (place.ephemeral ())
    return unauthorized (
        "An ephemeral token opens Live sessions only: set api-key, or an OAuth token as access-token");
  const CharPtr resource (g_uri_escape_string (model_resource_name (model).c_str (), "/", FALSE));
  return place.target (place.secure ? "https" : "http",
                       "/" + place.version + "/" + resource.get () + ":streamGenerateContent", "alt=sse");
}

std::string model_resource_name (const std::string &model)
{
  for (const char *prefix : {"models/", "tunedModels/", "publishers/", "projects/"})
    if (model.starts_with (prefix))
      return model;
  return "models/" + model;
}

}  // namespace gemini
