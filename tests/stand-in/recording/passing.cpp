#include "stand-in/recording/passing.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace gemini::stand_in {
namespace {

constexpr std::array<std::string_view, 10> kNotPassedOn = {"connection",
                                                           "host",
                                                           "upgrade",
                                                           "content-length",
                                                           "transfer-encoding",
                                                           "accept-encoding",
                                                           "sec-websocket-key",
                                                           "sec-websocket-version",
                                                           "sec-websocket-extensions",
                                                           "content-encoding"};

}  // namespace

void report_silence (const Upstream &upstream, const GError &error)
{
  const CharPtr address (g_uri_to_string_partial (
      upstream.uri, static_cast<GUriHideFlags> (G_URI_HIDE_USERINFO | G_URI_HIDE_QUERY)));
  upstream.report (std::string ("nothing comes from ") + address.get () + ": " + error.message);
}

std::string header (SoupServerMessage *message, const char *name)
{
  const char *value = soup_message_headers_get_one (soup_server_message_get_request_headers (message), name);
  return value ? value : "";
}

GObjectPtr<SoupMessage> copy_request (SoupServerMessage *from, GUri *upstream)
{
  GUri *asked = soup_server_message_get_uri (from);
  std::string prefix = g_uri_get_path (upstream);
  while (prefix.ends_with ('/'))
    prefix.pop_back ();
  const GUriPtr uri (g_uri_build (static_cast<GUriFlags> (SOUP_HTTP_URI_FLAGS), g_uri_get_scheme (upstream),
                                  nullptr, g_uri_get_host (upstream), g_uri_get_port (upstream),
                                  (prefix + g_uri_get_path (asked)).c_str (), g_uri_get_query (asked),
                                  nullptr));
  GObjectPtr<SoupMessage> message (
      soup_message_new_from_uri (soup_server_message_get_method (from), uri.get ()));
  soup_message_headers_foreach (
      soup_server_message_get_request_headers (from),
      [] (const char *name, const char *value, gpointer data) {
        const CharPtr lower (g_ascii_strdown (name, -1));
        if (std::find (kNotPassedOn.begin (), kNotPassedOn.end (), lower.get ()) == kNotPassedOn.end ())
          soup_message_headers_append (static_cast<SoupMessageHeaders *> (data), name, value);
      },
      soup_message_get_request_headers (message.get ()));
  soup_message_add_flags (message.get (), SOUP_MESSAGE_NO_REDIRECT);  // a key follows nobody to another host
  const GBytesPtr body (soup_message_body_flatten (soup_server_message_get_request_body (from)));
  if (g_bytes_get_size (body.get ()) > 0)
    soup_message_set_request_body_from_bytes (message.get (), nullptr, body.get ());  // its type is there
  return message;
}

}  // namespace gemini::stand_in
