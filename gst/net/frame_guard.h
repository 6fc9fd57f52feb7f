#pragma once

#include <libsoup/soup.h>

#include <cstdint>

#include "net/loop.h"

namespace gemini {

/// Looks at every frame of a WebSocket before libsoup takes it, and ends the connection where there would be
/// no end: the message of fragments without a last one, pings of a server that does not read their answers,
/// and whatever comes while the loop is to end.
///
/// libsoup 3.2 limits a frame and nothing else, and does not go back to the loop while there is something to
/// read. The one place where it lets others look is a WebSocket extension; so this is one, of which no server
/// hears: it is written into the handshake when the answer has come. Lives on the thread of its loop.
namespace frame_guard {

/// What all fragments of a message may hold, and what each of them counts besides its bytes: one that is
/// empty has to be read as well.
inline constexpr uint64_t kMaxMessage = 128 * 1024 * 1024;
inline constexpr uint64_t kFragmentCost = 1024;
/// Answers to pings that may wait until the server reads them, about 300 bytes each.
inline constexpr unsigned kMostPings = 2000;
/// Frames that may come before anybody can have asked for one.
inline constexpr unsigned kMostUnasked = 1000;

/// Before the session connects this message.
void add (SoupSession *session, SoupMessage *message);
/// Somebody listens to the connection from here on.
void attach (SoupWebsocketConnection *connection, const Loop &loop);

/// What it ends a connection with, by the code of the error.
inline constexpr int kTooLarge = SOUP_WEBSOCKET_CLOSE_TOO_BIG;
inline constexpr int kFlood = SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION;
inline constexpr int kEnding = SOUP_WEBSOCKET_CLOSE_NORMAL;

}  // namespace frame_guard
}  // namespace gemini
