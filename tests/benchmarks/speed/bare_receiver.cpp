// The plain client: what an application does that has libsoup, json-glib and GLib's base64 and writes the
// rest itself.
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include <string>

#include "core/glib_ptr.h"
#include "course.h"
#include "undecoded.h"

namespace gemini::bench {
namespace {

struct Client {
  Course &course;
  GMainLoop *loop;
  SoupWebsocketConnection *connection;
  bool decodes;
};

JsonObject *member (JsonObject *object, const char *name)
{
  return object && json_object_has_member (object, name) ? json_object_get_object_member (object, name)
                                                         : nullptr;
}

void ask (Client &client)
{
  const auto text = client.course.next ();
  if (text.empty ())
    return g_main_loop_quit (client.loop);
  const auto message = R"({"clientContent":{"turns":[{"role":"user","parts":[{"text":")" + text +
                       R"("}]}],"turnComplete":true}})";
  soup_websocket_connection_send_text (client.connection, message.c_str ());
}

void on_message (SoupWebsocketConnection *, int, GBytes *bytes, Client *client)
{
  gsize size = 0;
  const auto *text = static_cast<const char *> (g_bytes_get_data (bytes, &size));
  if (!client->decodes) {
    if (look (client->course, {text, size}))
      ask (*client);
    return;
  }
  const GObjectPtr<JsonParser> parser (json_parser_new ());
  if (!json_parser_load_from_data (parser.get (), text, static_cast<gssize> (size), nullptr))
    return;
  auto *root = json_node_get_object (json_parser_get_root (parser.get ()));
  auto *content = member (root, "serverContent");
  if (auto *turn = member (content, "modelTurn")) {
    auto *parts = json_object_get_array_member (turn, "parts");
    for (guint i = 0; i < json_array_get_length (parts); i++) {
      auto *data = member (json_array_get_object_element (parts, i), "inlineData");
      if (!data)
        continue;
      gsize length = 0;
      const CharPtr audio (
          reinterpret_cast<char *> (g_base64_decode (json_object_get_string_member (data, "data"), &length)));
      client->course.audio (audio.get (), length);
    }
  }
  if (json_object_has_member (root, "setupComplete") ||
      (content && json_object_get_boolean_member_with_default (content, "turnComplete", FALSE)))
    ask (*client);
}

}  // namespace

void receive_bare (Course &course, bool decodes)
{
  Client client{course, g_main_loop_new (nullptr, FALSE), nullptr, decodes};
  const GObjectPtr<SoupSession> session (soup_session_new ());
  soup_session_set_proxy_resolver (session.get (), nullptr);
  if (authorities () && course.plan ().uri.starts_with ("https")) {
    const GObjectPtr<GTlsDatabase> database (g_tls_file_database_new (authorities (), nullptr));
    soup_session_set_tls_database (session.get (), database.get ());
  }
  const GObjectPtr<SoupMessage> message (soup_message_new (
      "GET",
      (course.plan ().uri + "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent")
          .c_str ()));
  soup_session_websocket_connect_async (
      session.get (), message.get (), nullptr, nullptr, G_PRIORITY_DEFAULT, nullptr,
      [] (GObject *object, GAsyncResult *result, gpointer data) {
        auto *to = static_cast<Client *> (data);
        GError *error = nullptr;
        to->connection = soup_session_websocket_connect_finish (SOUP_SESSION (object), result, &error);
        if (!to->connection)
          g_error ("%s", error->message);
        g_signal_connect (to->connection, "message", G_CALLBACK (on_message), to);
        soup_websocket_connection_send_text (to->connection,
                                             R"({"setup":{"model":"models/gemini-3.8-live"}})");
      },
      &client);
  g_main_loop_run (client.loop);
  g_object_unref (client.connection);
  g_main_loop_unref (client.loop);
}

}  // namespace gemini::bench
