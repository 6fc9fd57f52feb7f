#pragma once

#include <libsoup/soup.h>

#include <functional>
#include <string>

#include "core/glib_ptr.h"

namespace gemini::stand_in {

/// An HTTP server on 127.0.0.1 that leaves everything to whoever made it: what a relay and a replay share.
class Listener {
 public:
  Listener (uint16_t port, std::function<void (SoupServerMessage *)> on_request);
  ~Listener ();

  SoupServer *server () const { return server_.get (); }
  const std::string &uri () const { return uri_; }
  const std::string &error () const { return error_; }

 private:
  GObjectPtr<SoupServer> server_;
  std::function<void (SoupServerMessage *)> on_request_;
  std::string uri_;
  std::string error_;
};

constexpr guint64 kLargestMessage = 128 * 1024 * 1024;

using SocketPtr = GObjectPtr<SoupWebsocketConnection>;

bool wants_websocket (SoupServerMessage *message);

/// Agrees to become a WebSocket, and calls back with it when that is done. False: the request is refused.
bool upgrade (SoupServerMessage *message, std::function<void (SocketPtr)> done);

/// Ends the connection without a word, in the middle of an answer; `reset`: as a crash does.
void cut_off (SoupServerMessage *message, bool reset);

void send (SoupWebsocketConnection *socket, const std::string &text, bool binary);
void close (SoupWebsocketConnection *socket, unsigned code, const std::string &reason);
std::string to_string (GBytes *bytes);

}  // namespace gemini::stand_in
