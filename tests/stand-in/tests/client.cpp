#include "client.h"

namespace gemini::stand_in {
namespace {

constexpr gint64 kDeadline = 10 * G_USEC_PER_SEC;
constexpr guint64 kMaxMessage = 64 << 20;

struct Answer {
  bool done = false;
  SoupWebsocketConnection *connection = nullptr;
};

}  // namespace

Client::Client (const std::string &uri, const char *api_key) : session_ (soup_session_new ())
{
  g_object_set (session_.get (), "proxy-resolver", nullptr, nullptr);
  const GObjectPtr<SoupMessage> message (soup_message_new ("GET", uri.c_str ()));
  g_signal_connect (
      message.get (), "accept-certificate",
      G_CALLBACK (+[] (SoupMessage *, GTlsCertificate *, GTlsCertificateFlags, gpointer) { return TRUE; }),
      nullptr);
  if (api_key)
    soup_message_headers_append (soup_message_get_request_headers (message.get ()), "x-goog-api-key",
                                 api_key);

  Answer answer;
  soup_session_websocket_connect_async (
      session_.get (), message.get (), nullptr, nullptr, G_PRIORITY_DEFAULT, nullptr,
      [] (GObject *session, GAsyncResult *result, gpointer data) {
        auto *to = static_cast<Answer *> (data);
        to->connection = soup_session_websocket_connect_finish (SOUP_SESSION (session), result, nullptr);
        to->done = true;
      },
      &answer);
  wait ([&] { return answer.done; });
  connection_.reset (answer.connection);
  status_ = soup_message_get_status (message.get ());
  if (!connection_)
    return;
  soup_websocket_connection_set_max_incoming_payload_size (connection_.get (), kMaxMessage);
  g_signal_connect (connection_.get (), "message",
                    G_CALLBACK (+[] (SoupWebsocketConnection *, int type, GBytes *bytes, Client *self) {
                      gsize size = 0;
                      const auto *data = static_cast<const char *> (g_bytes_get_data (bytes, &size));
                      self->messages_.push_back ({{data, size}, type == SOUP_WEBSOCKET_DATA_BINARY});
                    }),
                    this);
}

Client::~Client ()
{
  if (connection_)
    g_signal_handlers_disconnect_by_data (connection_.get (), this);
}

void Client::send (const std::string &text)
{
  soup_websocket_connection_send_text (connection_.get (), text.c_str ());
}

std::optional<Client::Message> Client::receive ()
{
  const auto ended = [this] {
    return soup_websocket_connection_get_state (connection_.get ()) == SOUP_WEBSOCKET_STATE_CLOSED;
  };
  wait ([&] { return !messages_.empty () || ended (); });
  if (messages_.empty ())
    return {};
  Message message = std::move (messages_.front ());
  messages_.pop_front ();
  return message;
}

std::string Client::receive_until (const std::string &text)
{
  std::string all;
  while (const auto message = receive ()) {
    all += message->text;
    if (message->text.find (text) != message->text.npos)
      return all;
  }
  g_error ("the connection ended before '%s', after: %s", text.c_str (), all.c_str ());
}

Heard Client::listen_until (const std::string &text)
{
  Heard heard;
  while (const auto message = receive ()) {
    heard.add (message->text);
    if (message->text.find (text) != message->text.npos)
      return heard;
  }
  g_error ("the connection ended before '%s', after: %s", text.c_str (), heard.tale.c_str ());
}

CloseFrame Client::wait_for_end ()
{
  while (receive ())
    ;
  const gushort code = soup_websocket_connection_get_close_code (connection_.get ());
  const char *reason = soup_websocket_connection_get_close_data (connection_.get ());
  return {.code = code == 0 ? uint16_t{1006} : code, .reason = reason ? reason : ""};
}

void Client::close ()
{
  soup_websocket_connection_close (connection_.get (), SOUP_WEBSOCKET_CLOSE_NORMAL, nullptr);
}

void Client::wait (const std::function<bool ()> &condition)
{
  const gint64 deadline = g_get_monotonic_time () + kDeadline;
  // Wakes the wait below, so that a server that does nothing is noticed.
  GSource *alarm = g_timeout_source_new (100);
  g_source_set_callback (
      alarm, [] (gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, nullptr, nullptr);
  g_source_attach (alarm, nullptr);
  while (!condition ()) {
    if (g_get_monotonic_time () > deadline)
      g_error ("the server did nothing for ten seconds");
    g_main_context_iteration (nullptr, TRUE);
  }
  g_source_destroy (alarm);
  g_source_unref (alarm);
}

}  // namespace gemini::stand_in
