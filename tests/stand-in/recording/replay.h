#pragma once

#include <libsoup/soup.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "stand-in/http/listener.h"
#include "stand-in/recording/wire_log.h"

namespace gemini::stand_in {

/// Answers as a recorded server did, each connection and each request as the next one of its kind in the
/// recording; behind the last comes the first again.
///
/// What the server said is said again as long after the client's last word as it was then. Where the client
/// had a word more, it is waited for. Lives on the main context it was made on.
class Replay {
 public:
  /// `at_once`: nothing is waited for but the client. `report` is told what a person should know, on the
  /// same context.
  Replay (uint16_t port, std::vector<WireEvent> events, bool at_once,
          std::function<void (const std::string &line)> report);
  ~Replay ();

  const std::string &uri () const { return listener_.uri (); }
  const std::string &error () const { return listener_.error (); }

 private:
  class Player;
  using Script = std::vector<WireEvent>;  // of one connection, from its request on

  void on_request (SoupServerMessage *message);

  bool at_once_;
  std::function<void (const std::string &line)> report_;
  std::vector<Script> websockets_, requests_;
  size_t next_websocket_ = 0, next_request_ = 0;
  std::vector<std::unique_ptr<Player>> players_;
  Listener listener_;
};

}  // namespace gemini::stand_in
