#include "stand-in/recording/relay.h"

#include "stand-in/http/route.h"

namespace gemini::stand_in {

Relay::Relay (uint16_t port, const std::string &upstream, const std::string &file)
    : upstream_ (g_uri_parse (upstream.c_str (), static_cast<GUriFlags> (SOUP_HTTP_URI_FLAGS), nullptr)),
      writer_ (upstream_ && g_uri_get_host (upstream_.get ()) ? file : ""),
      session_ (soup_session_new ()),
      listener_ (port, [this] (SoupServerMessage *message) { on_request (message); })
{
  soup_session_set_timeout (session_.get (), 0);
  if (!upstream_ || !g_uri_get_host (upstream_.get ()))
    error_ = upstream + " is no address to pass things on to";
  else if (!writer_.good ())
    error_ = "Cannot write to " + file;
}

Relay::~Relay () = default;

std::string Relay::error () const { return error_.empty () ? listener_.error () : error_; }

void Relay::on_request (SoupServerMessage *message)
{
  GUri *uri = soup_server_message_get_uri (message);
  const char *query = g_uri_get_query (uri);
  const Credential shown = find_credential (header (message, "x-goog-api-key"),
                                            header (message, "authorization"), query ? query : "");
  writer_.add_secret (shown.value);
  const bool websocket = wants_websocket (message);
  const size_t number = connections_++;
  const GBytesPtr body (soup_message_body_flatten (soup_server_message_get_request_body (message)));
  writer_.write ({.what = WireEvent::What::Request,
                  .connection = number,
                  .from_client = true,
                  .websocket = websocket,
                  .method = soup_server_message_get_method (message),
                  .path = without_secrets (g_uri_get_path (uri), query ? query : ""),
                  .text = to_string (body.get ())});
  const Upstream upstream{upstream_.get (), session_.get (), writer_};
  passing_.push_back (websocket ? pass_on_websocket (upstream, number, message)
                                : pass_on_request (upstream, number, message));
}

}  // namespace gemini::stand_in
