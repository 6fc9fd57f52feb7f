// How a relay passes a request over HTTP on.
#include <sys/socket.h>

#include <utility>

#include "stand-in/http/listener.h"
#include "stand-in/recording/passing.h"

namespace gemini::stand_in {
namespace {

constexpr gsize kPiece = 64 * 1024;
constexpr const char *kBrokeOff = "The connection ended before the body did";

using CancellablePtr = GObjectPtr<GCancellable>;

class RequestPassing final : public Passing {
 public:
  RequestPassing (const Upstream &upstream, size_t number, SoupServerMessage *message)
      : upstream_ (upstream),
        number_ (number),
        client_ (static_cast<SoupServerMessage *> (g_object_ref (message))),
        request_ (copy_request (message, upstream.uri)),
        cancellable_ (g_cancellable_new ())
  {
    soup_server_message_pause (message);
    soup_message_add_flags (request_.get (), SOUP_MESSAGE_NEW_CONNECTION);  // or we would not get its socket
    auto connected = +[] (SoupMessage *, GSocketClientEvent event, GIOStream *stream, RequestPassing *self) {
      if (event == G_SOCKET_CLIENT_CONNECTED && G_IS_SOCKET_CONNECTION (stream))
        self->socket_.reset (g_object_ref (g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream))));
    };
    g_signal_connect (request_.get (), "network-event", G_CALLBACK (connected), this);
    // A piece is read when the one before has left: so none is lost when the body breaks off.
    g_signal_connect (message, "wrote-chunk",
                      G_CALLBACK (+[] (SoupServerMessage *, RequestPassing *self) { self->read (); }), this);
    g_signal_connect (message, "disconnected", G_CALLBACK (+[] (SoupServerMessage *, RequestPassing *self) {
                        g_cancellable_cancel (self->cancellable_.get ());
                      }),
                      this);
    soup_session_send_async (upstream.session, request_.get (), G_PRIORITY_DEFAULT, cancellable_.get (),
                             on_answer, this);
  }
  ~RequestPassing ()
  {
    g_signal_handlers_disconnect_by_data (client_.get (), this);
    g_signal_handlers_disconnect_by_data (request_.get (), this);
    g_cancellable_cancel (cancellable_.get ());
  }

 private:
  static void on_answer (GObject *session, GAsyncResult *result, gpointer data)
  {
    GError *raw_error = nullptr;
    GObjectPtr<GInputStream> body (soup_session_send_finish (SOUP_SESSION (session), result, &raw_error));
    const GErrorPtr error (raw_error);
    if (g_error_matches (error.get (), G_IO_ERROR, G_IO_ERROR_CANCELLED))
      return;
    auto *self = static_cast<RequestPassing *> (data);
    self->body_ = std::move (body);
    self->begin (error.get ());
  }

  void begin (const GError *error)
  {
    const unsigned status = body_ ? unsigned (soup_message_get_status (request_.get ())) : 502u;
    const char *type = body_ ? soup_message_headers_get_one (
                                   soup_message_get_response_headers (request_.get ()), "Content-Type")
                             : nullptr;
    note ({.what = WireEvent::What::Response,
           .code = status,
           .type = type ? type : "",
           .text = error ? error->message : ""});
    auto *headers = soup_server_message_get_response_headers (client_.get ());
    soup_server_message_set_status (client_.get (), status, nullptr);
    soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
    if (type)
      soup_message_headers_replace (headers, "Content-Type", type);
    soup_message_body_set_accumulate (soup_server_message_get_response_body (client_.get ()), FALSE);
    if (!body_) {
      report_silence (upstream_, *error);
      return end ();
    }
    soup_server_message_unpause (client_.get ());
    read ();
  }

  void read ()
  {
    if (over_)
      return;
    g_input_stream_read_bytes_async (body_.get (), kPiece, G_PRIORITY_DEFAULT, cancellable_.get (), on_piece,
                                     this);
  }

  static void on_piece (GObject *body, GAsyncResult *result, gpointer data)
  {
    GError *raw_error = nullptr;
    const GBytesPtr bytes (g_input_stream_read_bytes_finish (G_INPUT_STREAM (body), result, &raw_error));
    const GErrorPtr error (raw_error);
    if (g_error_matches (error.get (), G_IO_ERROR, G_IO_ERROR_CANCELLED))
      return;
    auto *self = static_cast<RequestPassing *> (data);
    if (error)
      return self->break_off (error->message);
    if (g_bytes_get_size (bytes.get ()) == 0)
      return self->lost_its_end () ? self->break_off (kBrokeOff) : self->end ();
    self->note ({.text = to_string (bytes.get ())});
    soup_message_body_append_bytes (soup_server_message_get_response_body (self->client_.get ()),
                                    bytes.get ());
    soup_server_message_unpause (self->client_.get ());
  }

  /// libsoup takes a body for complete when the connection ends between two of its chunks. A server that is
  /// done with the body has not hung up at that moment, unless it said so before.
  bool lost_its_end () const
  {
    auto *headers = soup_message_get_response_headers (request_.get ());
    if (soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CHUNKED ||
        soup_message_headers_header_contains (headers, "Connection", "close") || !socket_ ||
        g_socket_is_closed (socket_.get ()))
      return false;
    char byte = 0;
    return recv (g_socket_get_fd (socket_.get ()), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
  }

  void end ()
  {
    over_ = true;
    note ({.what = WireEvent::What::End});
    soup_message_body_complete (soup_server_message_get_response_body (client_.get ()));
    soup_server_message_unpause (client_.get ());
  }

  void break_off (const char *why)
  {
    over_ = true;
    note ({.what = WireEvent::What::Break, .text = why});
    cut_off (client_.get (), false);
  }

  void note (WireEvent event)
  {
    event.connection = number_;
    upstream_.writer.write (std::move (event));
  }

  Upstream upstream_;
  size_t number_;
  GObjectPtr<SoupServerMessage> client_;
  GObjectPtr<SoupMessage> request_;
  GObjectPtr<GInputStream> body_;
  CancellablePtr cancellable_;
  GObjectPtr<GSocket> socket_;  // to the server
  bool over_ = false;
};

}  // namespace

std::unique_ptr<Passing> pass_on_request (const Upstream &upstream, size_t number, SoupServerMessage *message)
{
  return std::make_unique<RequestPassing> (upstream, number, message);
}

}  // namespace gemini::stand_in
