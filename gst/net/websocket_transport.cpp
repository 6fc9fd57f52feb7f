#include "net/websocket_transport.h"

#include <utility>

#include "core/close_error.h"
#include "net/connect_error.h"

namespace gemini {
namespace {

constexpr unsigned kKeepaliveSeconds = 30;
constexpr unsigned kMaxConnections = 2;
/// How long the body of a refused handshake is waited for; it only improves the sentence.
constexpr std::chrono::seconds kReasonTimeout{3};
constexpr gsize kMaxReason = 64 * 1024;

std::string_view view (GBytes *bytes)
{
  gsize size = 0;
  auto *data = static_cast<const char *> (g_bytes_get_data (bytes, &size));
  return {data, size};
}

/// The socket below all that libsoup and TLS have put on it.
GObjectPtr<GSocket> socket_of (SoupWebsocketConnection *connection)
{
  GObjectPtr<GIOStream> stream (
      static_cast<GIOStream *> (g_object_ref (soup_websocket_connection_get_io_stream (connection))));
  while (stream && !G_IS_SOCKET_CONNECTION (stream.get ())) {
    GIOStream *below = nullptr;
    for (const char *name : {"base-iostream", "base-io-stream"})
      if (!below && g_object_class_find_property (G_OBJECT_GET_CLASS (stream.get ()), name))
        g_object_get (stream.get (), name, &below, nullptr);
    stream.reset (below);
  }
  auto *socket = stream ? g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream.get ())) : nullptr;
  return GObjectPtr<GSocket> (socket ? static_cast<GSocket *> (g_object_ref (socket)) : nullptr);
}

/// Without a goodbye: what TLS would write waits for ever for a peer that does not read.
void hang_up (SoupWebsocketConnection *connection)
{
  if (const auto socket = socket_of (connection))
    g_socket_close (socket.get (), nullptr);
}

bool takes_no_goodbye (SoupWebsocketConnection *connection)
{
  const auto socket = socket_of (connection);
  return socket && !g_socket_is_closed (socket.get ()) &&
         (g_socket_condition_check (socket.get (), G_IO_OUT) & G_IO_OUT) == 0;
}

}  // namespace

/// An operation of libsoup under way. It may outlive the transport: then the cancellable says so.
struct WebSocketTransport::Connecting {
  Loop &loop;
  WebSocketTransport *transport;
  GCancellablePtr cancellable;
  GObjectPtr<SoupMessage> message;

  Connecting (WebSocketTransport *owner, GObjectPtr<SoupMessage> what)
      : loop (owner->loop_),
        transport (owner),
        cancellable (static_cast<GCancellable *> (g_object_ref (owner->cancellable_.get ()))),
        message (std::move (what))
  {
    loop.hold ();
  }
  ~Connecting () { loop.release (); }
  bool abandoned () const { return g_cancellable_is_cancelled (cancellable.get ()); }
};

WebSocketTransport::WebSocketTransport (Loop &loop, NetworkConfig network)
    : loop_ (loop),
      network_ (std::move (network)),
      session_ (make_soup_session (network_, kMaxConnections)),
      cancellable_ (g_cancellable_new ())
{
}

WebSocketTransport::~WebSocketTransport ()
{
  listener_ = nullptr;
  g_cancellable_cancel (cancellable_.get ());
  drop_connection ();
  soup_session_abort (session_.get ());
}

void WebSocketTransport::open (const Target &target, Listener &listener)
{
  listener_ = &listener;
  auto message = make_message (SOUP_METHOD_GET, target);
  if (!message)
    return closed (
        {.error = Error{.kind = Error::Kind::Settings, .message = "The endpoint is no valid address"}});
  bypass_proxy (session_.get (), network_, target);
  frame_guard::add (session_.get (), message.get ());
  auto *connecting = new Connecting (this, std::move (message));
  soup_session_websocket_connect_async (
      session_.get (), connecting->message.get (), nullptr, nullptr, G_PRIORITY_DEFAULT, cancellable_.get (),
      [] (GObject *session, GAsyncResult *result, gpointer data) {
        std::unique_ptr<Connecting> done (static_cast<Connecting *> (data));
        GError *error = nullptr;
        GObjectPtr<SoupWebsocketConnection> connection (
            soup_session_websocket_connect_finish (SOUP_SESSION (session), result, &error));
        GErrorPtr owned_error (error);
        if (done->abandoned ())
          return;
        if (connection)
          done->transport->connected (std::move (connection));
        else
          done->transport->refused (done->message.get (), std::move (owned_error));
      },
      connecting);
}

void WebSocketTransport::connected (GObjectPtr<SoupWebsocketConnection> connection)
{
  connection_ = connection.release ();
  soup_websocket_connection_set_max_incoming_payload_size (connection_, kMaxMessage);
  soup_websocket_connection_set_keepalive_interval (connection_, kKeepaliveSeconds);
  frame_guard::attach (connection_, loop_);

  using Self = WebSocketTransport;
  auto message = +[] (SoupWebsocketConnection *, int, GBytes *data, Self *self) {
    if (self->listener_ != nullptr)
      self->listener_->on_message (view (data));
  };
  auto error = +[] (SoupWebsocketConnection *, GError *what, Self *self) { self->broken (*what); };
  // The peer's close frame is known here already; "closed" waits for the peer to hang up as well.
  auto closing = +[] (SoupWebsocketConnection *, Self *self) {
    if (auto closure = self->peer_closure (); closure.code != 1006)
      self->closed (closure);
  };
  auto closed = +[] (SoupWebsocketConnection *, Self *self) { self->closed (self->peer_closure ()); };
  g_signal_connect (connection_, "message", G_CALLBACK (message), this);
  g_signal_connect (connection_, "error", G_CALLBACK (error), this);
  g_signal_connect (connection_, "closing", G_CALLBACK (closing), this);
  g_signal_connect (connection_, "closed", G_CALLBACK (closed), this);
  listener_->on_open ();
}

/// A protocol violation, or the network. A close frame that libsoup does not like was a close frame all the
/// same.
void WebSocketTransport::broken (const GError &error)
{
  if (g_error_matches (&error, SOUP_WEBSOCKET_ERROR, frame_guard::kEnding))
    return;
  // libsoup keeps a frame that was found wrong, reads on behind it, and says goodbye behind all that waits.
  for (const int wrong : {frame_guard::kTooLarge, frame_guard::kFlood})
    if (g_error_matches (&error, SOUP_WEBSOCKET_ERROR, wrong))
      hang_up (connection_);
  auto closure = peer_closure ();
  bool goodbye = soup_websocket_connection_get_close_code (connection_) != 0;
  if (!goodbye && g_error_matches (&error, SOUP_WEBSOCKET_ERROR, frame_guard::kTooLarge))
    closure.error = Error{.kind = Error::Kind::Decode,
                          .message = "Gemini sent a message that is too large: ask for a shorter answer",
                          .detail = error.message};
  else if (!goodbye && g_error_matches (&error, SOUP_WEBSOCKET_ERROR, frame_guard::kFlood))
    closure.error = Error{.kind = Error::Kind::Decode,
                          .message =
                              "The connection is flooded with what nobody asked for: check the endpoint and "
                              "the proxies on the way to it",
                          .detail = error.message};
  else if (!goodbye && error.domain == SOUP_WEBSOCKET_ERROR)
    closure.error = Error{.kind = Error::Kind::Decode,
                          .message =
                              "What came is no WebSocket message: check the endpoint and the proxies "
                              "on the way to it",
                          .detail = error.message};
  else if (!goodbye)
    closure.reason = error.message;
  closed (closure);
}

void WebSocketTransport::refused (SoupMessage *message, GErrorPtr error)
{
  auto status = soup_message_get_status (message);
  if (status >= 200)
    return ask_for_reason (message);
  closed ({.error = connect_error (*error)});
}

/// libsoup reads no body of a refused handshake, and the body has the reason. So the same is asked once more,
/// as a plain request.
void WebSocketTransport::ask_for_reason (SoupMessage *refused_message)
{
  auto uri = CharPtr (g_uri_to_string (soup_message_get_uri (refused_message)));
  // http, for libsoup sends a plain request to nothing else
  std::string plain = uri.get ();
  if (plain.starts_with ("ws"))
    plain.replace (0, 2, "http");

  GObjectPtr<SoupMessage> message (soup_message_new (SOUP_METHOD_GET, plain.c_str ()));
  soup_message_add_flags (message.get (), SOUP_MESSAGE_NO_REDIRECT);
  soup_message_headers_foreach (
      soup_message_get_request_headers (refused_message),
      [] (const char *name, const char *value, gpointer headers) {
        soup_message_headers_replace (static_cast<SoupMessageHeaders *> (headers), name, value);
      },
      soup_message_get_request_headers (message.get ()));
  // Nobody must take it for a handshake: libsoup never comes back from one that it did not expect.
  for (const char *name : {"Upgrade", "Connection"})
    soup_message_headers_remove (soup_message_get_request_headers (message.get ()), name);

  struct Asking : Connecting {
    using Connecting::Connecting;
    unsigned status = 0;
    std::string phrase;
    std::unique_ptr<LoopAlarm> patience;
    GObjectPtr<GInputStream> body;
    std::string words;  ///< as much of the body as anybody reads

    void tell (size_t size)
    {
      words.resize (size);
      transport->closed ({.error = http_error (status, phrase, words)});
    }
  };
  auto *asking = new Asking (this, std::move (message));
  // The session's own timeout would not do: it counts for new connections only, and this one may be used
  // again.
  asking->patience = std::make_unique<LoopAlarm> (loop_.context (), [asking] {
    if (asking->abandoned ())
      return;
    g_cancellable_cancel (asking->cancellable.get ());
    asking->transport->closed ({.error = http_error (asking->status, asking->phrase, "")});
  });
  asking->patience->ring_in (kReasonTimeout);
  asking->status = soup_message_get_status (refused_message);
  if (const char *phrase = soup_message_get_reason_phrase (refused_message))
    asking->phrase = phrase;
  soup_session_send_async (
      session_.get (), asking->message.get (), G_PRIORITY_DEFAULT, cancellable_.get (),
      [] (GObject *session, GAsyncResult *result, gpointer data) {
        std::unique_ptr<Asking> done (static_cast<Asking *> (data));
        done->body.reset (soup_session_send_finish (SOUP_SESSION (session), result, nullptr));
        if (done->abandoned ())
          return;
        // The second answer speaks for the first only if it says the same.
        if (!done->body || soup_message_get_status (done->message.get ()) != done->status)
          return done->tell (0);
        // Not to its end, as it may have none.
        done->words.resize (kMaxReason);
        auto &reading = *done.release ();
        g_input_stream_read_all_async (
            reading.body.get (), reading.words.data (), kMaxReason, G_PRIORITY_DEFAULT,
            reading.cancellable.get (),
            [] (GObject *body, GAsyncResult *read, gpointer asked) {
              std::unique_ptr<Asking> over (static_cast<Asking *> (asked));
              gsize size = 0;
              g_input_stream_read_all_finish (G_INPUT_STREAM (body), read, &size, nullptr);
              if (!over->abandoned ())
                over->tell (size);
            },
            &reading);
      },
      asking);
}

void WebSocketTransport::send (std::string_view text)
{
  if (connection_ == nullptr ||
      soup_websocket_connection_get_state (connection_) != SOUP_WEBSOCKET_STATE_OPEN)
    return;  // its end is being told
  GBytesPtr bytes (g_bytes_new (text.data (), text.size ()));
  soup_websocket_connection_send_message (connection_, SOUP_WEBSOCKET_DATA_TEXT, bytes.get ());
}

void WebSocketTransport::close (unsigned code)
{
  g_cancellable_cancel (cancellable_.get ());
  if (connection_ != nullptr &&
      soup_websocket_connection_get_state (connection_) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (connection_, static_cast<gushort> (code), nullptr);
}

Closure WebSocketTransport::peer_closure ()
{
  Closure closure;
  if (auto code = soup_websocket_connection_get_close_code (connection_); code != 0)
    closure.code = code;
  if (const char *reason = soup_websocket_connection_get_close_data (connection_))
    closure.reason = reason;
  return closure;
}

void WebSocketTransport::closed (const Closure &closure)
{
  if (auto *listener = std::exchange (listener_, nullptr))
    listener->on_closed (closure);
}

void WebSocketTransport::drop_connection ()
{
  if (connection_ == nullptr)
    return;
  g_signal_handlers_disconnect_by_data (connection_, this);
  // Closed here and now; libsoup's own asynchronous close then has nothing to wait for.
  if (takes_no_goodbye (connection_))
    hang_up (connection_);
  g_io_stream_close (soup_websocket_connection_get_io_stream (connection_), nullptr, nullptr);
  g_object_unref (std::exchange (connection_, nullptr));
}

}  // namespace gemini
