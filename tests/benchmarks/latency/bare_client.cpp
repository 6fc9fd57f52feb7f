#include "bare_client.h"

#include <algorithm>

namespace gemini::bench {
namespace {

constexpr const char *kPath = "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";
constexpr const char *kSetup =
    R"({"setup":{"model":"models/gemini-3.8-live","generationConfig":{"responseModalities":["AUDIO"]}}})";
constexpr const char *kQuestion =
    R"({"clientContent":{"turns":[{"role":"user","parts":[{"text":"Hello"}]}],"turnComplete":true}})";

JsonObject *member (JsonObject *object, const char *name)
{
  auto *node = object ? json_object_get_member (object, name) : nullptr;
  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : nullptr;
}

}  // namespace

BareClient::BareClient (const std::string &uri)
{
  loop_.post ([this, uri] { connect (uri); });
}

BareClient::~BareClient ()
{
  loop_.run ([this] {
    if (connection_) {
      g_signal_handlers_disconnect_by_data (connection_.get (), this);
      g_io_stream_close (soup_websocket_connection_get_io_stream (connection_.get ()), nullptr, nullptr);
    }
    connection_.reset ();
    session_.reset ();
  });
}

void BareClient::connect (const std::string &uri)
{
  session_.reset (soup_session_new ());
  soup_session_set_proxy_resolver (session_.get (), nullptr);
  const GObjectPtr<SoupMessage> message (soup_message_new ("GET", (uri + kPath).c_str ()));
  soup_session_websocket_connect_async (
      session_.get (), message.get (), nullptr, nullptr, G_PRIORITY_DEFAULT, nullptr,
      [] (GObject *session, GAsyncResult *result, gpointer data) {
        auto *self = static_cast<BareClient *> (data);
        GError *error = nullptr;
        self->connection_.reset (
            soup_session_websocket_connect_finish (SOUP_SESSION (session), result, &error));
        const GErrorPtr owner (error);
        if (!self->connection_) {
          const std::lock_guard guard (self->lock_);
          self->error_ = error->message;
          self->ended_ = true;
          self->changed_.notify_all ();
          return;
        }
        g_signal_connect (self->connection_.get (), "message",
                          G_CALLBACK (+[] (SoupWebsocketConnection *, int, GBytes *bytes, BareClient *to) {
                            to->on_message (bytes);
                          }),
                          self);
        soup_websocket_connection_send_text (self->connection_.get (), kSetup);
      },
      this);
}

void BareClient::on_message (GBytes *message)
{
  gsize size = 0;
  const auto *text = static_cast<const char *> (g_bytes_get_data (message, &size));
  const GObjectPtr<JsonParser> parser (json_parser_new ());
  if (!json_parser_load_from_data (parser.get (), text, static_cast<gssize> (size), nullptr))
    return;
  auto *root = json_node_get_object (json_parser_get_root (parser.get ()));
  if (json_object_has_member (root, "setupComplete"))
    soup_websocket_connection_send_text (connection_.get (), kQuestion);
  auto *content = member (root, "serverContent");
  const std::lock_guard guard (lock_);
  if (auto *turn = member (content, "modelTurn")) {
    auto *parts = json_object_get_array_member (turn, "parts");
    for (guint i = 0; parts && i < json_array_get_length (parts); i++) {
      auto *data = member (json_array_get_object_element (parts, i), "inlineData");
      if (!data)
        continue;
      gsize bytes = 0;
      const CharPtr decoded (
          reinterpret_cast<char *> (g_base64_decode (json_object_get_string_member (data, "data"), &bytes)));
      const auto *samples = reinterpret_cast<const int16_t *> (decoded.get ());
      samples_.insert (samples_.end (), samples, samples + bytes / sizeof (int16_t));
      frames_ += bytes / sizeof (int16_t);
      ++chunks_;
    }
  }
  if (content && json_object_has_member (content, "generationComplete"))
    ended_ = true;
  changed_.notify_all ();
}

void BareClient::wait_for (size_t chunks, size_t frames)
{
  std::unique_lock guard (lock_);
  changed_.wait (guard, [&] { return ended_ || (chunks_ >= chunks && frames_ >= frames); });
}

std::vector<int16_t> BareClient::take (size_t frames)
{
  const std::lock_guard guard (lock_);
  const auto end = samples_.begin () + static_cast<std::ptrdiff_t> (std::min (frames, samples_.size ()));
  std::vector<int16_t> taken (samples_.begin (), end);
  samples_.erase (samples_.begin (), end);
  return taken;
}

bool BareClient::is_over ()
{
  const std::lock_guard guard (lock_);
  return ended_ && samples_.empty ();
}

}  // namespace gemini::bench
