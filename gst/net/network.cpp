#include "net/network.h"

#include <string_view>

namespace gemini {
namespace {

GUriPtr parse (const std::string &uri)
{
  return GUriPtr (g_uri_parse (uri.c_str (), G_URI_FLAGS_NONE, nullptr));
}

bool is_proxy (const GUriPtr &uri)
{
  if (!uri || g_uri_get_host (uri.get ()) == nullptr || *g_uri_get_host (uri.get ()) == '\0')
    return false;
  const std::string_view scheme = g_uri_get_scheme (uri.get ());
  return scheme == "http" || scheme == "https" || scheme.starts_with ("socks");
}

/// The login as a part of the address: libsoup looks for it there when it asks for a tunnel, and nowhere
/// else.
CharPtr with_login (const NetworkConfig &network)
{
  const auto uri = parse (network.proxy);
  if (network.proxy_id.empty ())
    return CharPtr (g_uri_to_string (uri.get ()));
  return CharPtr (g_uri_join_with_user (G_URI_FLAGS_HAS_PASSWORD, g_uri_get_scheme (uri.get ()),
                                        network.proxy_id.c_str (), network.proxy_password.c_str (), nullptr,
                                        g_uri_get_host (uri.get ()), g_uri_get_port (uri.get ()),
                                        g_uri_get_path (uri.get ()), nullptr, nullptr));
}

}  // namespace

Result<GObjectPtr<GTlsDatabase>> load_authorities (const std::string &file)
{
  if (file.empty ())
    return GObjectPtr<GTlsDatabase> ();
  GError *error = nullptr;
  // A relative name would be taken without an error, and nobody would be trusted.
  const CharPtr path (g_canonicalize_filename (file.c_str (), nullptr));
  GObjectPtr<GTlsDatabase> database (G_TLS_DATABASE (g_tls_file_database_new (path.get (), &error)));
  GErrorPtr owned (error);
  if (!database)
    return Error{.kind = Error::Kind::Settings,
                 .message = "The certificates in ca-file cannot be read: set it to a PEM file",
                 .detail = error->message};
  return database;
}

std::optional<Error> check_proxy (const std::string &proxy)
{
  if (proxy.empty ())
    return std::nullopt;
  const auto uri = parse (proxy);
  // The property can be read, and stands in the graphs that GStreamer draws of a pipeline.
  if (uri && g_uri_get_userinfo (uri.get ()) != nullptr)
    return Error{.kind = Error::Kind::Settings,
                 .message = "The proxy must not hold a user or password: set proxy-id and proxy-pw instead"};
  if (is_proxy (uri))
    return std::nullopt;
  return Error{.kind = Error::Kind::Settings,
               .message = "The proxy is no URL: set it to http:// or socks5:// with a host and a port"};
}

GObjectPtr<SoupSession> make_soup_session (const NetworkConfig &network, unsigned max_connections)
{
  const char *agent =
      network.user_agent.empty () ? "gst-gemini/" GST_GEMINI_VERSION : network.user_agent.c_str ();
  GObjectPtr<SoupSession> session (soup_session_new_with_options (
      "user-agent", agent, "timeout", 0, "max-conns-per-host", max_connections, nullptr));
  if (network.authorities)
    soup_session_set_tls_database (session.get (), network.authorities.get ());
  if (!network.proxy.empty ()) {
    GObjectPtr<GProxyResolver> resolver (g_simple_proxy_resolver_new (with_login (network).get (), nullptr));
    soup_session_set_proxy_resolver (session.get (), resolver.get ());
  }
  return session;
}

void bypass_proxy (SoupSession *session, const NetworkConfig &network, const Target &target)
{
  if (network.proxy.empty () && target.loopback)
    soup_session_set_proxy_resolver (session, nullptr);
}

GObjectPtr<SoupMessage> make_message (const char *method, const Target &target)
{
  constexpr auto kFlags = static_cast<GUriFlags> (SOUP_HTTP_URI_FLAGS);
  const GUriPtr uri (g_uri_parse (target.uri.c_str (), kFlags, nullptr));
  const char *host = uri ? g_uri_get_host (uri.get ()) : nullptr;
  if (host == nullptr || *host == '\0')
    return nullptr;  // libsoup would take an empty host for a mistake of ours
  GObjectPtr<SoupMessage> message (soup_message_new_from_uri (method, uri.get ()));
  soup_message_add_flags (message.get (), SOUP_MESSAGE_NO_REDIRECT);
  auto *headers = soup_message_get_request_headers (message.get ());
  for (auto &[name, value] : target.headers)
    soup_message_headers_replace (headers, name.c_str (), value.c_str ());
  return message;
}

}  // namespace gemini
