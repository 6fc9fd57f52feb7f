// How a relay passes a WebSocket on.
#include <utility>
#include <vector>

#include "stand-in/http/close_frame.h"
#include "stand-in/http/listener.h"
#include "stand-in/recording/passing.h"

namespace gemini::stand_in {
namespace {

using CancellablePtr = GObjectPtr<GCancellable>;

class WebsocketPassing final : public Passing {
 public:
  WebsocketPassing (const Upstream &upstream, size_t number, SoupServerMessage *message)
      : upstream_ (upstream),
        number_ (number),
        door_ (static_cast<SoupServerMessage *> (g_object_ref (message))),
        request_ (copy_request (message, upstream.uri)),
        cancellable_ (g_cancellable_new ())
  {
    soup_server_message_pause (message);
    soup_session_websocket_connect_async (upstream.session, request_.get (), nullptr, nullptr,
                                          G_PRIORITY_DEFAULT, cancellable_.get (), on_connected, this);
  }
  ~WebsocketPassing ()
  {
    g_cancellable_cancel (cancellable_.get ());
    for (auto *socket : {server_.get (), client_.get ()})
      if (socket)
        g_signal_handlers_disconnect_by_data (socket, this);
  }

 private:
  static void on_connected (GObject *session, GAsyncResult *result, gpointer data)
  {
    GError *raw_error = nullptr;
    SocketPtr socket (soup_session_websocket_connect_finish (SOUP_SESSION (session), result, &raw_error));
    const GErrorPtr error (raw_error);
    if (g_error_matches (error.get (), G_IO_ERROR, G_IO_ERROR_CANCELLED))
      return;
    auto *self = static_cast<WebsocketPassing *> (data);
    if (socket)
      self->let_in (std::move (socket));
    else
      self->refuse (*error);
  }

  void refuse (const GError &error)
  {
    unsigned status = soup_message_get_status (request_.get ());
    if (status < 400) {
      status = SOUP_STATUS_BAD_GATEWAY;
      report_silence (upstream_, error);
    }
    note ({.what = WireEvent::What::Response, .code = status, .text = error.message});
    soup_server_message_set_status (door_.get (), status, nullptr);
    soup_server_message_unpause (door_.get ());
  }

  void let_in (SocketPtr server)
  {
    server_ = std::move (server);
    soup_websocket_connection_set_max_incoming_payload_size (server_.get (), kLargestMessage);
    watch (server_.get ());
    upgrade (door_.get (), [this] (SocketPtr client) {
      client_ = std::move (client);
      watch (client_.get ());
      for (auto &[text, binary] : std::exchange (early_, {}))
        send (client_.get (), text, binary);
      if (over_)
        close (client_.get (), early_close_.code, early_close_.reason);
    });
    soup_server_message_unpause (door_.get ());
  }

  void watch (SoupWebsocketConnection *socket)
  {
    auto message = +[] (SoupWebsocketConnection *from, int type, GBytes *bytes, WebsocketPassing *self) {
      self->pass_on (from, to_string (bytes), type == SOUP_WEBSOCKET_DATA_BINARY);
    };
    auto closed = +[] (SoupWebsocketConnection *from, WebsocketPassing *self) { self->on_closed (from); };
    g_signal_connect (socket, "message", G_CALLBACK (message), this);
    g_signal_connect (socket, "closed", G_CALLBACK (closed), this);
  }

  void pass_on (SoupWebsocketConnection *from, const std::string &text, bool binary)
  {
    const bool from_client = from == client_.get ();
    note ({.from_client = from_client, .binary = binary, .text = text});
    if (from_client)
      send (server_.get (), text, binary);
    else if (client_)
      send (client_.get (), text, binary);
    else
      early_.emplace_back (text, binary);
  }

  void on_closed (SoupWebsocketConnection *who)
  {
    if (std::exchange (over_, true))
      return;
    const unsigned code = soup_websocket_connection_get_close_code (who);
    const char *reason = soup_websocket_connection_get_close_data (who);
    const bool from_client = who == client_.get ();
    note ({.what = WireEvent::What::Close,
           .from_client = from_client,
           .code = code,
           .text = reason ? reason : ""});
    if (auto *other = from_client ? server_.get () : client_.get ())
      close (other, code, reason ? reason : "");
    else
      early_close_ = {.code = static_cast<uint16_t> (code), .reason = reason ? reason : ""};
  }

  void note (WireEvent event)
  {
    event.connection = number_;
    upstream_.writer.write (std::move (event));
  }

  Upstream upstream_;
  size_t number_;
  GObjectPtr<SoupServerMessage> door_;
  GObjectPtr<SoupMessage> request_;
  CancellablePtr cancellable_;
  SocketPtr server_;
  SocketPtr client_;
  std::vector<std::pair<std::string, bool>> early_;  // what came before the client was in
  CloseFrame early_close_;                           // the server's, if it came before that
  bool over_ = false;
};

}  // namespace

std::unique_ptr<Passing> pass_on_websocket (const Upstream &upstream, size_t number,
                                            SoupServerMessage *message)
{
  return std::make_unique<WebsocketPassing> (upstream, number, message);
}

}  // namespace gemini::stand_in
