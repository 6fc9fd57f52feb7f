#pragma once

#include <libsoup/soup.h>

#include <deque>
#include <string>

#include "core/glib_ptr.h"
#include "core/transport.h"
#include "net/frame_guard.h"
#include "net/loop.h"
#include "net/network.h"

namespace gemini {

using GCancellablePtr = GObjectPtr<GCancellable>;

/// A WebSocket by libsoup. Takes binary and text messages alike, whole; a message holds up to
/// `kMaxMessage` bytes.
///
/// Redirects are refused: a key follows nobody to another host. Lives on the thread of its loop.
class WebSocketTransport final : public Transport {
 public:
  /// An hour of speech in one message would be 230 MB of base64; nothing near this has been seen.
  static constexpr uint64_t kMaxMessage = frame_guard::kMaxMessage;

  WebSocketTransport (Loop &loop, NetworkConfig network = {});
  ~WebSocketTransport () override;

  void open (const Target &target, Listener &listener) override;
  void send (std::string_view text) override;
  void close (unsigned code) override;

 private:
  struct Connecting;

  void connected (GObjectPtr<SoupWebsocketConnection> connection);
  void refused (SoupMessage *message, GErrorPtr error);
  void ask_for_reason (SoupMessage *refused_message);
  void broken (const GError &error);
  void closed (const Closure &closure);
  void drop_connection ();
  Closure peer_closure ();

  Loop &loop_;
  NetworkConfig network_;
  Listener *listener_ = nullptr;  ///< also once the end was told
  GObjectPtr<SoupSession> session_;
  GCancellablePtr cancellable_;
  SoupWebsocketConnection *connection_ = nullptr;
};

}  // namespace gemini
