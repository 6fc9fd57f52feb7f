// How the load server is asked: a WebSocket, or a text to read aloud in a request of its own.
#include <glib.h>

#include <cstdlib>

#include "core/glib_ptr.h"
#include "load_server.h"
#include "stamp.h"

namespace gemini::bench {
namespace {

constexpr std::string_view kBlank = "\r\n\r\n";

std::string accept_of (const std::string &key)
{
  const std::string all = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  guint8 digest[20];
  gsize size = sizeof digest;
  GChecksum *checksum = g_checksum_new (G_CHECKSUM_SHA1);
  g_checksum_update (checksum, reinterpret_cast<const guchar *> (all.data ()),
                     static_cast<gssize> (all.size ()));
  g_checksum_get_digest (checksum, digest, &size);
  g_checksum_free (checksum);
  return CharPtr (g_base64_encode (digest, size)).get ();
}

/// `name` in small letters, with its colon.
std::string header (const std::string &head, std::string_view name)
{
  const CharPtr lower (g_ascii_strdown (head.c_str (), -1));
  const auto at = std::string_view (lower.get ()).find (name);
  if (at == std::string_view::npos)
    return "";
  const auto begin = head.find_first_not_of (' ', at + name.size ());
  return head.substr (begin, head.find ("\r\n", begin) - begin);
}

}  // namespace

bool LoadServer::upgrade (Connection &connection)
{
  const auto end = connection.in.find (kBlank);
  if (end == connection.in.npos)
    return false;
  const auto head = connection.in.substr (0, end + 2);
  if (head.starts_with ("POST ")) {
    const auto size = std::strtoul (header (head, "content-length:").c_str (), nullptr, 10);
    if (connection.in.size () >= end + kBlank.size () + size) {
      const auto body = connection.in.substr (end + kBlank.size (), size);
      connection.in.erase (0, end + kBlank.size () + size);
      read_aloud (connection, body);
    }
    return false;
  }
  const auto key = header (head, "sec-websocket-key:");
  if (key.empty ())
    return false;
  connection.out +=
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
      "Upgrade\r\nSec-WebSocket-Accept: " +
      accept_of (key) + std::string (kBlank);
  connection.in.erase (0, end + kBlank.size ());
  connection.upgraded = true;
  flush (connection);
  return true;
}

/// "say CHUNK_MS 0 LENGTH_MS" in one event, for what is measured is how it gets here; with "close" behind it
/// the connection is good for this request only.
void LoadServer::read_aloud (Connection &connection, const std::string &body)
{
  const int64_t now = monotonic_ns ();
  const auto order = find_order (body);
  if (!order)
    return;
  const bool last = body.find ("close") != body.npos;
  const Stamp stamp{.due = now,
                    .sent = monotonic_ns (),
                    .asked = now,
                    .accepted = connection.accepted,
                    .secured = connection.secured,
                    .setup = now};
  std::string audio = audio_of (order->length_ms);
  stamp.write (audio.data ());
  const CharPtr data (g_base64_encode (reinterpret_cast<const guchar *> (audio.data ()), audio.size ()));
  const auto event = std::string (R"(data: {"candidates": [{"content": {"parts": [{"inlineData": {)") +
                     R"("mimeType": "audio/L16;codec=pcm;rate=24000","data": ")" + data.get () +
                     R"("}}],"role": "model"},"finishReason": "STOP","index": 0}]})" + std::string (kBlank);
  connection.out += "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: " +
                    std::to_string (event.size ()) + (last ? "\r\nConnection: close" : "") +
                    std::string (kBlank) + event;
  connection.closes = last;
  flush (connection);
}

}  // namespace gemini::bench
