#include "net/frame_guard.h"

#include "core/glib_ptr.h"

struct GeminiFrameGuard {
  SoupWebsocketExtension parent;
  GCancellable *ending;           // of the loop
  GPollableOutputStream *output;  // of the connection, which owns this
  uint64_t message;               // what has come of the one that is not complete
  unsigned unasked, pings;
};
struct GeminiFrameGuardClass {
  SoupWebsocketExtensionClass parent;
};
G_DEFINE_TYPE (GeminiFrameGuard, gemini_frame_guard, SOUP_TYPE_WEBSOCKET_EXTENSION)

namespace {

constexpr const char *kName = "gst-gemini-frame-guard";
constexpr const char *kHeader = "Sec-WebSocket-Extensions";
constexpr unsigned kPing = 0x09;
constexpr unsigned kControl = 0x08;

using namespace gemini::frame_guard;

/// What is wrong with a frame; 0: nothing.
int judge (GeminiFrameGuard *guard, guint8 head, uint64_t size)
{
  const bool last = (head & 0x80) != 0;
  const unsigned opcode = head & 0x0f;
  if (g_cancellable_is_cancelled (guard->ending))
    return kEnding;
  if (guard->output == nullptr && ++guard->unasked > kMostUnasked)
    return kFlood;
  if (opcode == kPing) {
    const bool answered = guard->output != nullptr && g_pollable_output_stream_is_writable (guard->output);
    return !answered && ++guard->pings > kMostPings ? kFlood : 0;
  }
  if ((opcode & kControl) != 0)
    return 0;
  guard->message += size + kFragmentCost;
  if (guard->message > kMaxMessage + kFragmentCost)
    return kTooLarge;
  if (last)
    guard->message = 0;
  return 0;
}

}  // namespace

static void gemini_frame_guard_class_init (GeminiFrameGuardClass *klass)
{
  klass->parent.name = kName;
  klass->parent.process_incoming_message = [] (SoupWebsocketExtension *self, guint8 *header, GBytes *payload,
                                               GError **error) -> GBytes * {
    auto *guard = reinterpret_cast<GeminiFrameGuard *> (self);
    const int wrong = judge (guard, *header, g_bytes_get_size (payload));
    if (wrong == 0)
      return payload;
    g_bytes_unref (payload);
    g_set_error (error, SOUP_WEBSOCKET_ERROR, wrong, "%" G_GUINT64_FORMAT " bytes of a message, %u pings",
                 guard->message, guard->pings);
    return nullptr;
  };
  G_OBJECT_CLASS (klass)->finalize = [] (GObject *object) {
    g_object_unref (reinterpret_cast<GeminiFrameGuard *> (object)->ending);
    G_OBJECT_CLASS (gemini_frame_guard_parent_class)->finalize (object);
  };
}

static void gemini_frame_guard_init (GeminiFrameGuard *self) { self->ending = g_cancellable_new (); }

namespace gemini::frame_guard {

void add (SoupSession *session, SoupMessage *message)
{
  const GType type = gemini_frame_guard_get_type ();
  if (!soup_session_has_feature (session, SOUP_TYPE_WEBSOCKET_EXTENSION_MANAGER)) {
    soup_session_add_feature_by_type (session, SOUP_TYPE_WEBSOCKET_EXTENSION_MANAGER);
    // What is packed could be unpacked without a limit.
    soup_session_remove_feature_by_type (session, SOUP_TYPE_WEBSOCKET_EXTENSION_DEFLATE);
    soup_session_add_feature_by_type (session, type);
  }
  // Nobody is offered it...
  soup_message_disable_feature (message, type);
  // ... and yet it was accepted. Connected before libsoup looks itself.
  auto agreed = +[] (SoupMessage *answered, gpointer) {
    if (soup_message_get_status (answered) != SOUP_STATUS_SWITCHING_PROTOCOLS)
      return;
    soup_message_headers_replace (soup_message_get_request_headers (answered), kHeader, kName);
    soup_message_headers_append (soup_message_get_response_headers (answered), kHeader, kName);
  };
  g_signal_connect (message, "got-informational", G_CALLBACK (agreed), nullptr);
}

void attach (SoupWebsocketConnection *connection, const Loop &loop)
{
  for (GList *one = soup_websocket_connection_get_extensions (connection); one != nullptr; one = one->next) {
    if (!G_TYPE_CHECK_INSTANCE_TYPE (one->data, gemini_frame_guard_get_type ()))
      continue;
    auto *guard = static_cast<GeminiFrameGuard *> (one->data);
    auto *stream = soup_websocket_connection_get_io_stream (connection);
    guard->output = G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (stream));
    g_set_object (&guard->ending, loop.ending ());
  }
}

}  // namespace gemini::frame_guard
