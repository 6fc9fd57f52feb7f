#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

#include "tls.h"

namespace gemini::bench {

/// A server that costs as little as it can: the Live API reduced to setup, questions and answers whose
/// messages are encoded in advance. Knows no JSON and checks nothing.
///
/// A question is "say CHUNK_MS SPEED_PERCENT LENGTH_MS" anywhere in a message; a speed of 0 means at once.
/// Each chunk begins with a Stamp. A question in the middle of an answer interrupts it. A POST with a
/// question in it is answered as text that is read aloud.
class LoadServer {
 public:
  /// On a free port of 127.0.0.1, with TLS if it has an identity.
  explicit LoadServer (const Identity *identity = nullptr);
  ~LoadServer ();
  LoadServer (const LoadServer &) = delete;
  LoadServer &operator= (const LoadServer &) = delete;

  uint16_t port () const { return port_; }
  /// Does not return.
  void run ();

 private:
  struct Connection {
    int socket = -1;
    std::unique_ptr<Tls> tls;
    bool upgraded = false;
    bool wants_room = false;  ///< the network takes no more for now
    bool closes = false;      ///< when all is written
    int64_t accepted = 0;
    int64_t secured = 0;
    int64_t setup = 0;
    std::string in;
    std::string out;
    size_t written = 0;
    // the turn
    bool speaking = false;
    int64_t asked = 0;
    int64_t chunk_ms = 0;
    int64_t period = 0;  ///< ns from chunk to chunk; 0: at once
    uint32_t chunks = 0;
    uint32_t next = 0;

    int64_t due () const { return asked + period * next; }
  };
  struct Order {
    long chunk_ms, speed, length_ms;
  };
  struct Alarm {
    int64_t time;
    int socket;
    bool operator> (const Alarm &other) const { return time > other.time; }
  };

  void accept_all ();
  void read (Connection &connection);
  bool upgrade (Connection &connection);
  void read_aloud (Connection &connection, const std::string &body);
  void frames (Connection &connection);
  void message (Connection &connection, std::string_view text);
  void play (Connection &connection);
  void send_chunk (Connection &connection);
  void send (Connection &connection, std::string_view payload, uint8_t opcode);
  bool flush (Connection &connection);
  void close (Connection &connection);
  static std::optional<Order> find_order (std::string_view text);
  static std::string audio_of (int64_t length_ms);
  const std::string &frame_of (int64_t chunk_ms);

  const Identity *const identity_;
  int listener_ = -1;
  int poll_ = -1;
  uint16_t port_ = 0;
  std::map<int, std::unique_ptr<Connection>> connections_;
  std::priority_queue<Alarm, std::vector<Alarm>, std::greater<>> alarms_;
  std::map<int64_t, std::string> frames_;  ///< whole WebSocket frames, by the length of their audio
};

}  // namespace gemini::bench
