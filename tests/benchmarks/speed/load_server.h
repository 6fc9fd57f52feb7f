#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

namespace gemini::bench {

/// A server that costs as little as it can: the Live API reduced to setup, questions and answers whose
/// messages are encoded in advance. Knows no JSON and checks nothing.
///
/// A question is "say CHUNK_MS SPEED_PERCENT LENGTH_MS" anywhere in a message; a speed of 0 means at once.
/// Each chunk begins with a Stamp. A question in the middle of an answer interrupts it.
class LoadServer {
 public:
  /// On a free port of 127.0.0.1.
  LoadServer ();
  ~LoadServer ();
  LoadServer (const LoadServer &) = delete;
  LoadServer &operator= (const LoadServer &) = delete;

  uint16_t port () const { return port_; }
  /// Does not return.
  void run ();

 private:
  struct Connection {
    int socket = -1;
    bool upgraded = false;
    bool wants_room = false;  ///< the network takes no more for now
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
  struct Alarm {
    int64_t time;
    int socket;
    bool operator> (const Alarm &other) const { return time > other.time; }
  };

  void accept_all ();
  void read (Connection &connection);
  bool upgrade (Connection &connection);
  void frames (Connection &connection);
  void message (Connection &connection, std::string_view text);
  void play (Connection &connection);
  void send_chunk (Connection &connection);
  void send (Connection &connection, std::string_view payload, uint8_t opcode);
  bool flush (Connection &connection);
  void close (Connection &connection);
  const std::string &frame_of (int64_t chunk_ms);

  int listener_ = -1;
  int poll_ = -1;
  uint16_t port_ = 0;
  std::map<int, std::unique_ptr<Connection>> connections_;
  std::priority_queue<Alarm, std::vector<Alarm>, std::greater<>> alarms_;
  std::map<int64_t, std::string> frames_;  ///< whole WebSocket frames, by the length of their audio
};

}  // namespace gemini::bench
