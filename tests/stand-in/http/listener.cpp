#include "stand-in/http/listener.h"

#include <sys/socket.h>

#include <memory>
#include <utility>

namespace gemini::stand_in {

Listener::Listener (uint16_t port, std::function<void (SoupServerMessage *)> on_request)
    : server_ (soup_server_new ("server-header", "gemini-stand-in", nullptr)),
      on_request_ (std::move (on_request))
{
  soup_server_add_handler (
      server_.get (), nullptr,
      [] (SoupServer *, SoupServerMessage *message, const char *, GHashTable *, gpointer self) {
        static_cast<Listener *> (self)->on_request_ (message);
      },
      this, nullptr);
  GError *raw_error = nullptr;
  if (!soup_server_listen_local (server_.get (), port, SOUP_SERVER_LISTEN_IPV4_ONLY, &raw_error)) {
    const GErrorPtr error (raw_error);
    error_ = "Cannot listen on port " + std::to_string (port) + ": " + error->message;
    return;
  }
  GSList *uris = soup_server_get_uris (server_.get ());
  uri_ = "http://127.0.0.1:" + std::to_string (g_uri_get_port (static_cast<GUri *> (uris->data)));
  g_slist_free_full (uris, [] (gpointer uri) { g_uri_unref (static_cast<GUri *> (uri)); });
}

Listener::~Listener ()
{
  soup_server_remove_handler (server_.get (), nullptr);
  soup_server_disconnect (server_.get ());
}

bool wants_websocket (SoupServerMessage *message)
{
  return soup_websocket_server_check_handshake (message, nullptr, nullptr, nullptr, nullptr);
}

bool upgrade (SoupServerMessage *message, std::function<void (SocketPtr)> done)
{
  using Done = std::function<void (SocketPtr)>;
  if (!soup_websocket_server_process_handshake (message, nullptr, nullptr, nullptr, nullptr))
    return false;
  g_signal_connect_data (
      message, "wrote-informational", G_CALLBACK (+[] (SoupServerMessage *upgraded, Done *callback) {
        const GObjectPtr<GIOStream> stream (soup_server_message_steal_connection (upgraded));
        SocketPtr socket (
            soup_websocket_connection_new (stream.get (), soup_server_message_get_uri (upgraded),
                                           SOUP_WEBSOCKET_CONNECTION_SERVER, nullptr, nullptr, nullptr));
        soup_websocket_connection_set_max_incoming_payload_size (socket.get (), kLargestMessage);
        (*callback) (std::move (socket));
      }),
      new Done (std::move (done)),
      [] (gpointer callback, GClosure *) { delete static_cast<Done *> (callback); }, GConnectFlags{});
  return true;
}

/// Not with g_socket_close (), as libsoup may be waiting to write: its write is to fail, so that it lets go
/// of the connection.
void cut_off (SoupServerMessage *message, bool reset)
{
  const int fd = g_socket_get_fd (soup_server_message_get_socket (message));
  const sockaddr nowhere{.sa_family = AF_UNSPEC};
  // connect () to nowhere is how Linux resets a connection that stays open for its owner.
  if (!reset || connect (fd, &nowhere, sizeof nowhere) != 0)
    shutdown (fd, SHUT_RDWR);
  soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_STATIC, "\n", 1);
  soup_server_message_unpause (message);
}

void send (SoupWebsocketConnection *socket, const std::string &text, bool binary)
{
  if (soup_websocket_connection_get_state (socket) != SOUP_WEBSOCKET_STATE_OPEN)
    return;
  const GBytesPtr bytes (g_bytes_new (text.data (), text.size ()));
  soup_websocket_connection_send_message (
      socket, binary ? SOUP_WEBSOCKET_DATA_BINARY : SOUP_WEBSOCKET_DATA_TEXT, bytes.get ());
}

void close (SoupWebsocketConnection *socket, unsigned code, const std::string &reason)
{
  // A code that only tells of a connection that was lost cannot be sent.
  const bool sayable =
      code != 0 && code != SOUP_WEBSOCKET_CLOSE_NO_STATUS && code != SOUP_WEBSOCKET_CLOSE_ABNORMAL;
  if (soup_websocket_connection_get_state (socket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (socket, sayable ? static_cast<gushort> (code) : 0,
                                     sayable ? reason.c_str () : nullptr);
}

std::string to_string (GBytes *bytes)
{
  gsize size = 0;
  const auto *data = static_cast<const char *> (g_bytes_get_data (bytes, &size));
  return size > 0 ? std::string (data, size) : std::string ();
}

}  // namespace gemini::stand_in
