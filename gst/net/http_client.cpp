#include "net/http_client.h"

#include <utility>

#include "net/connect_error.h"

namespace gemini {

namespace {

using GCancellablePtr = GObjectPtr<GCancellable>;
using GInputStreamPtr = GObjectPtr<GInputStream>;

constexpr int kMaxConnections = 8;
constexpr gsize kReadSize = 64 * 1024;

GObjectPtr<SoupMessage> request (const Target &target, const std::string &json)
{
  auto message = make_message (SOUP_METHOD_POST, target);
  if (!message)
    return nullptr;
  // Nothing changes on the server, so libsoup may use a connection again that could be closed already.
  soup_message_add_flags (message.get (), SOUP_MESSAGE_IDEMPOTENT);
  auto *body = g_bytes_new (json.data (), json.size ());
  soup_message_set_request_body_from_bytes (message.get (), "application/json", body);
  // When a proxy asks for a login, libsoup 3.2 sends the request once more with what is left of the body.
  auto again = +[] (SoupMessage *restarted, GBytes *bytes) {
    soup_message_set_request_body_from_bytes (restarted, "application/json", bytes);
  };
  g_signal_connect_data (
      message.get (), "restarted", G_CALLBACK (again), body,
      +[] (gpointer bytes, GClosure *) { g_bytes_unref (static_cast<GBytes *> (bytes)); }, G_CONNECT_DEFAULT);
  return message;
}

/// How far a request came.
enum class Progress { Connecting, Sent, Answered };

HttpStream::Failure failure (const GError &error, Progress progress)
{
  switch (progress) {
    case Progress::Connecting: {
      const bool certain = error.domain == G_TLS_ERROR || (error.domain == G_RESOLVER_ERROR &&
                                                           error.code != G_RESOLVER_ERROR_TEMPORARY_FAILURE);
      return {.error = connect_error (error), .transient = !certain};
    }
    case Progress::Sent:
      return {
          .error = {.kind = Error::Kind::Read,
                    .message = "The connection was lost before the answer: check the network, then try again",
                    .detail = error.message},
          .transient = true};
    case Progress::Answered:
      break;
  }
  return {.error = {.kind = Error::Kind::Read,
                    .message = "The connection was lost in the middle of the answer: check the network, "
                               "then try again",
                    .detail = error.message},
          .transient = true};
}

}  // namespace

/// One request. What libsoup does for it may outlive it: then the cancellable says so.
class SoupClient::Stream final : public HttpStream {
 public:
  Stream (SoupClient &client, Listener &listener)
      : client_ (client), listener_ (listener), cancellable_ (g_cancellable_new ())
  {
  }

  ~Stream () override { g_cancellable_cancel (cancellable_.get ()); }

  void send (GObjectPtr<SoupMessage> message)
  {
    auto *sending = new Operation (this);
    sending->message = std::move (message);
    auto sent = +[] (SoupMessage *, Operation *operation) { operation->sent = true; };
    g_signal_connect (sending->message.get (), "wrote-headers", G_CALLBACK (sent), sending);
    soup_session_send_async (
        client_.session_.get (), sending->message.get (), G_PRIORITY_DEFAULT, cancellable_.get (),
        [] (GObject *session, GAsyncResult *result, gpointer data) {
          const std::unique_ptr<Operation> done (static_cast<Operation *> (data));
          GError *error = nullptr;
          GInputStreamPtr body (soup_session_send_finish (SOUP_SESSION (session), result, &error));
          const GErrorPtr owned_error (error);
          g_signal_handlers_disconnect_by_data (done->message.get (), done.get ());
          if (done->abandoned ())
            return;
          if (body)
            done->stream->answered (done->message.get (), std::move (body));
          else
            done->stream->listener_.on_failed (
                failure (*error, done->sent ? Progress::Sent : Progress::Connecting));
        },
        sending);
  }

  /// The address is no address. Told from the loop, as everything is.
  void refuse ()
  {
    client_.loop_.post ([stream = this, cancellable = share (cancellable_.get ())] {
      if (!g_cancellable_is_cancelled (cancellable.get ()))
        stream->listener_.on_failed (
            {.error = {.kind = Error::Kind::Settings, .message = "The endpoint is no valid address"}});
    });
  }

  void pause (bool paused) override
  {
    if (std::exchange (paused_, paused) && !paused && body_ && !reading_)
      read ();
  }

 private:
  static std::shared_ptr<GCancellable> share (GCancellable *cancellable)
  {
    return {static_cast<GCancellable *> (g_object_ref (cancellable)), g_object_unref};
  }

  struct Operation {
    Loop &loop;
    Stream *stream;
    std::shared_ptr<GCancellable> cancellable;
    GObjectPtr<SoupMessage> message;
    bool sent = false;

    explicit Operation (Stream *owner)
        : loop (owner->client_.loop_), stream (owner), cancellable (share (owner->cancellable_.get ()))
    {
      loop.hold ();
    }
    ~Operation () { loop.release (); }
    bool abandoned () const { return g_cancellable_is_cancelled (cancellable.get ()); }
  };

  void answered (SoupMessage *message, GInputStreamPtr body)
  {
    body_ = std::move (body);
    Head head{.status = soup_message_get_status (message)};
    if (const char *phrase = soup_message_get_reason_phrase (message))
      head.reason_phrase = phrase;
    if (const char *type =
            soup_message_headers_get_content_type (soup_message_get_response_headers (message), nullptr))
      head.content_type = type;

    const auto alive = share (cancellable_.get ());
    listener_.on_head (head);
    if (!g_cancellable_is_cancelled (alive.get ()))
      read ();
  }

  void read ()
  {
    reading_ = true;
    g_input_stream_read_bytes_async (
        body_.get (), kReadSize, G_PRIORITY_DEFAULT, cancellable_.get (),
        [] (GObject *body, GAsyncResult *result, gpointer data) {
          const std::unique_ptr<Operation> done (static_cast<Operation *> (data));
          GError *error = nullptr;
          const GBytesPtr bytes (g_input_stream_read_bytes_finish (G_INPUT_STREAM (body), result, &error));
          const GErrorPtr owned_error (error);
          if (!done->abandoned ())
            done->stream->has_read (*done, bytes.get (), error);
        },
        new Operation (this));
  }

  void has_read (const Operation &operation, GBytes *bytes, const GError *error)
  {
    reading_ = false;
    if (!bytes)
      return listener_.on_failed (failure (*error, Progress::Answered));
    gsize size = 0;
    const auto *data = static_cast<const char *> (g_bytes_get_data (bytes, &size));
    if (size == 0) {
      // Read to its end and closed, the connection is free for the next request; cancelled, it would be lost.
      g_input_stream_close (body_.get (), nullptr, nullptr);
      body_.reset ();
      return listener_.on_finished ();
    }
    listener_.on_body ({data, size});
    // The listener may have given it up, and `this` be gone.
    if (!operation.abandoned () && !paused_ && !reading_)
      read ();
  }

  SoupClient &client_;
  Listener &listener_;
  GCancellablePtr cancellable_;
  GInputStreamPtr body_;
  bool reading_ = false;
  bool paused_ = false;
};

SoupClient::SoupClient (Loop &loop, NetworkConfig network)
    : loop_ (loop), network_ (std::move (network)), session_ (make_soup_session (network_, kMaxConnections))
{
}

SoupClient::~SoupClient ()
{
  g_cancellable_cancel (preparing_.get ());
  soup_session_abort (session_.get ());
}

void SoupClient::prepare (const Target &target)
{
  auto message = request (target, "");
  if (!message)
    return;
  bypass_proxy (session_.get (), network_, target);
  struct Preparing {
    explicit Preparing (Loop &owner) : loop (owner) { loop.hold (); }
    ~Preparing () { loop.release (); }
    Loop &loop;
  };
  soup_session_preconnect_async (
      session_.get (), message.get (), G_PRIORITY_DEFAULT, preparing_.get (),
      [] (GObject *session, GAsyncResult *result, gpointer data) {
        const std::unique_ptr<Preparing> done (static_cast<Preparing *> (data));
        soup_session_preconnect_finish (SOUP_SESSION (session), result, nullptr);
      },
      new Preparing (loop_));
}

std::unique_ptr<HttpStream> SoupClient::post (const Target &target, const std::string &json,
                                              HttpStream::Listener &listener)
{
  auto stream = std::make_unique<Stream> (*this, listener);
  if (auto message = request (target, json)) {
    bypass_proxy (session_.get (), network_, target);
    stream->send (std::move (message));
  } else
    stream->refuse ();
  return stream;
}

}  // namespace gemini
