#include "stand-in/recording/relay.h"

#include <utility>

#include "stand-in/http/route.h"

namespace gemini::stand_in {

Relay::Relay (uint16_t port, const std::string &upstream, const std::string &file,
              std::function<void (const std::string &line)> report)
    : report_ (std::move (report)),
      upstream_ (g_uri_parse (upstream.c_str (), static_cast<GUriFlags> (SOUP_HTTP_URI_FLAGS), nullptr)),
      session_ (soup_session_new ()),
      listener_ (port, [this] (SoupServerMessage *message) { on_request (message); })
{
  soup_session_set_timeout (session_.get (), 0);
  if (!upstream_ || !g_uri_get_host (upstream_.get ()))
    error_ = upstream + " is no address to pass things on to";
  else if (listener_.error ().empty () && !writer_.open (file))  // a port that is taken costs no recording
    error_ = "Cannot write to " + file;
}

Relay::~Relay () = default;

std::string Relay::error () const { return error_.empty () ? listener_.error () : error_; }

void Relay::on_request (SoupServerMessage *message)
{
  GUri *uri = soup_server_message_get_uri (message);
  const char *given = g_uri_get_query (uri);
  const std::string query = given ? given : "";
  // All that there are: the server may quote the one that it does not take.
  writer_.add_secret (find_credential (header (message, "x-goog-api-key"), "", "").value);
  writer_.add_secret (find_credential ("", header (message, "authorization"), "").value);
  for (const char *name : {"key", "access_token"})
    writer_.add_secret (query_parameter (query, name).value_or (""));
  const bool websocket = wants_websocket (message);
  const size_t number = connections_++;
  const GBytesPtr body (soup_message_body_flatten (soup_server_message_get_request_body (message)));
  writer_.write ({.what = WireEvent::What::Request,
                  .connection = number,
                  .from_client = true,
                  .websocket = websocket,
                  .method = soup_server_message_get_method (message),
                  .path = without_secrets (g_uri_get_path (uri), query),
                  .text = to_string (body.get ())});
  const Upstream upstream{upstream_.get (), session_.get (), writer_, report_};
  passing_.push_back (websocket ? pass_on_websocket (upstream, number, message)
                                : pass_on_request (upstream, number, message));
}

}  // namespace gemini::stand_in
