#include "core/endpoint.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "core/glib_ptr.h"
#include "core/text.h"

namespace gemini {

namespace {

constexpr const char *kGoogle = "https://generativelanguage.googleapis.com";
constexpr const char *kVertex = "aiplatform.googleapis.com";
constexpr const char *kDefaultVersion = "v1beta";
constexpr const char *kDefaultVertexVersion = "v1beta1";
constexpr const char *kDefaultLocation = "global";
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

/// A project or location becomes part of a path, a location of a host name, too.
bool is_path_word (std::string_view text)
{
  return std::all_of (text.begin (), text.end (),
                      [] (char c) { return g_ascii_isalnum (c) || (c && strchr ("-_.:", c)); });
}

/// Multi-region locations have hosts of their own; without a location there is the global one.
std::string vertex_host (const std::string &location)
{
  if (location.empty () || location == "global")
    return std::string ("https://") + kVertex;
  if (location == "us" || location == "eu")
    return "https://aiplatform." + location + ".rep.googleapis.com";
  return "https://" + location + "-" + kVertex;
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
  bool bare = false;  ///< the address is all there is

  bool ephemeral () const { return token.starts_with (kEphemeralToken); }

  Target target (const char *scheme, const std::string &method, const char *query) const
  {
    Target target;
    // Put together again from its parts, so that the host that was checked is the host that is connected to.
    const CharPtr joined (g_uri_join (G_URI_FLAGS_ENCODED, scheme, nullptr, host.c_str (), port,
                                      (bare ? path + "/" : path + method).c_str (), bare ? nullptr : query,
                                      nullptr));
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

/// Whether the credentials are of the kind that the service takes.
std::optional<Error> check_credentials (const Access &access, const Place &place)
{
  if (!is_sendable (place.token))
    return unauthorized ("The access token holds blanks or characters that no token has: check access-token");
  if (!is_sendable (place.key))
    return unauthorized (
        "The API key holds blanks or characters that no key has: check api-key or GEMINI_API_KEY");
  if (access.vertex && place.ephemeral ())
    return unauthorized (
        "An ephemeral token belongs to the Gemini API: Vertex AI takes an OAuth 2 access token");
  if (place.loopback || !place.token.empty ())
    return std::nullopt;
  if (access.vertex && !access.project.empty ())
    return unauthorized (
        "Vertex AI takes an OAuth 2 access token with a project: set access-token or GEMINI_ACCESS_TOKEN, "
        "for "
        "instance to what `gcloud auth print-access-token` prints");
  if (place.key.empty () && !place.bare)
    return unauthorized (access.vertex ? "Vertex AI needs a project and an access token, or an API key: set "
                                         "project and access-token, or api-key"
                                       : "No API key: set api-key or GEMINI_API_KEY");
  return std::nullopt;
}

Result<Place> checked (const Access &access)
{
  const std::string google = access.vertex ? vertex_host (access.location) : kGoogle;
  const std::string endpoint = access.endpoint.empty () ? google : access.endpoint;
  Place place;
  place.version = !access.api_version.empty () ? access.api_version
                  : access.vertex              ? kDefaultVertexVersion
                                               : kDefaultVersion;
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
  if (!is_path_word (access.project) || !is_path_word (access.location))
    return refused ("The project and the location may only hold letters, digits, '-', '_', '.' and ':'");

  place.loopback = is_loopback (host);
  if (!*secure && !place.loopback)
    return refused ("The endpoint must begin with https:// or wss://: a key does not travel in the clear");

  place.bare = access.vertex && !access.endpoint.empty () && access.project.empty () && place.key.empty ();
  if (auto error = check_credentials (access, place))
    return *error;

  place.secure = *secure;
  place.host = host;
  place.port = g_uri_get_port (uri.get ());
  place.path = g_uri_get_path (uri.get ());
  place.path.erase (place.path.find_last_not_of ('/') + 1);
  return place;
}

}  // namespace

Access complete (Access given, const Environment &environment)
{
  auto fill = [&environment] (std::string &value, std::initializer_list<std::string_view> names) {
    if (trim (value).empty ())
      value = first_set (environment, names).value_or ("");
  };
  given.vertex =
      given.vertex || !given.project.empty () || !given.location.empty () || wants_vertex (environment);
  if (given.vertex) {
    fill (given.endpoint, {"GOOGLE_VERTEX_BASE_URL"});
    if (trim (given.api_key).empty ())
      fill (given.project, {"GOOGLE_CLOUD_PROJECT"});
    fill (given.location, {"GOOGLE_CLOUD_LOCATION"});
  } else {
    fill (given.endpoint, {"GOOGLE_GEMINI_BASE_URL"});
  }
  if (trim (given.api_key).empty ())
    fill (given.access_token, {"GEMINI_ACCESS_TOKEN"});
  if (given.project.empty ())
    fill (given.api_key, {"GOOGLE_API_KEY", "GEMINI_API_KEY"});
  return given;
}

Result<Target> live_target (const Access &access)
{
  auto result = checked (access);
  if (auto *error = std::get_if<Error> (&result))
    return *error;
  auto &place = std::get<Place> (result);
  const char *scheme = place.secure ? "wss" : "ws";
  if (access.vertex)
    return place.target (
        scheme, "/ws/google.cloud.aiplatform." + place.version + ".LlmBidiService/BidiGenerateContent",
        nullptr);
  return place.target (scheme,
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
  const CharPtr resource (g_uri_escape_string (model_resource_name (model, access).c_str (), "/", FALSE));
  return place.target (place.secure ? "https" : "http",
                       "/" + place.version + "/" + resource.get () + ":streamGenerateContent", "alt=sse");
}

std::string model_resource_name (const std::string &model, const Access &access)
{
  if (access.vertex) {
    if (model.starts_with ("projects/"))
      return model;
    std::string name = model;
    if (name.starts_with ("models/"))
      name.erase (0, strlen ("models/"));
    if (!name.starts_with ("publishers/"))
      name = "publishers/google/models/" + name;
    if (access.project.empty ())
      return name;
    return "projects/" + access.project + "/locations/" +
           (access.location.empty () ? kDefaultLocation : access.location) + "/" + name;
  }
  for (const char *prefix : {"models/", "tunedModels/", "publishers/", "projects/"})
    if (model.starts_with (prefix))
      return model;
  return "models/" + model;
}

}  // namespace gemini
