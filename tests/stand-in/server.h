#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "stand-in/log.h"
#include "stand-in/options.h"
#include "stand-in/voice/counter.h"

namespace gemini::stand_in {

/// A server that speaks as Gemini does, the Live API and speech over HTTP, in a thread of its own, on a free
/// port of 127.0.0.1.
///
///   Server server ({.counter_frames = 24000, .pace = {.speed = 0}});
///   g_object_set (src, "endpoint", server.uri ().c_str (), nullptr);
///   …
///   fail_unless (server.wait_for_turns (1));
///   fail_unless (server.samples () == counter_samples (24000));
///
/// In manual mode the test is the server:
///
///   Server server ({.manual = Manual::Turns});
///   …
///   fail_unless (server.wait_for_messages (2));              // setup, then a question
///   server.send_audio (counter_samples (4800));
///   server.send (R"({"serverContent":{"turnComplete":true}})");
///
/// Speech over HTTP can be told what becomes of each request:
///
///   Server server;
///   server.script ({.faults = {{.kind = Fault::Kind::Http, .when = Fault::When::Upgrade, .code = 503}}});
///   server.script ({.faults = {{.kind = Fault::Kind::Cut, .chunk = 2}}});
///   …                                                        // refused, then cut short, then all is well
///   fail_unless (server.wait_for_readings (2));
///   fail_unless (server.reading ().text == "Hello");
///
/// Every method may be called from any thread. Waiting ends as soon as the thing is there; `false` means it
/// did not come in the time that tests allow. Destroying the server cuts all connections and frees the port
/// at once.
class Server {
 public:
  /// In place of the number of a connection: the latest.
  static constexpr size_t kLatest = SIZE_MAX;

  explicit Server (const Options &options = {});
  ~Server ();
  Server (const Server &) = delete;
  Server &operator= (const Server &) = delete;

  /// "http://127.0.0.1:PORT", or https with a certificate.
  const std::string &uri () const { return uri_; }
  /// Why nobody can connect; empty if all is well.
  const std::string &error () const { return error_; }

  /// Takes effect with the next connection, turn or message. Port, certificate and faults stay what they are.
  void set_options (const Options &options);
  /// One more fault, for a moment to come.
  void add_fault (const Fault &fault);
  /// Told of every event, on the server's thread. Not to be called once clients are there.
  void set_reporter (std::function<void (const std::string &line)> reporter);

  // What happened. Connections are counted from 0, refused upgrades are requests but no connections.
  Record record () const;
  ConnectionRecord connection (size_t number = kLatest) const;
  std::vector<std::string> messages (size_t connection = kLatest) const;
  /// The samples sent of a turn so far. Turns are counted from 0 on each connection.
  std::vector<int16_t> samples (size_t turn = 0, size_t connection = kLatest) const;

  bool wait (const std::function<bool (const Record &)> &condition) const;
  bool wait_for_requests (size_t count) const;
  bool wait_for_connections (size_t count) const;
  bool wait_for_setup (size_t connection = kLatest) const;
  /// Messages of the client, its setup included.
  bool wait_for_messages (size_t count, size_t connection = kLatest) const;
  /// The audio of so many turns is sent: `generationComplete`, or whatever ends them.
  bool wait_for_turns_sent (size_t count, size_t connection = kLatest) const;
  /// So many turns are over: `turnComplete`, or the time for it.
  bool wait_for_turns (size_t count, size_t connection = kLatest) const;
  bool wait_for_chunks (size_t count, size_t turn = 0, size_t connection = kLatest) const;
  bool wait_for_end (size_t connection = kLatest) const;

  // Speech over HTTP. Answers are counted from 0 in the order of their requests.
  ReadingRecord reading (size_t number = kLatest) const;
  /// So many requests were found good and are being answered.
  bool wait_for_readings (size_t count) const;
  /// Nothing more comes of this answer: all of it is written, or its connection is gone.
  bool wait_for_reading_end (size_t number = kLatest) const;

  /// The next request for speech over HTTP that no earlier script is for, whatever becomes of it, finds the
  /// server as these options say; their faults strike it once.
  void script (const Options &options);

  // Playing the server over HTTP (in manual mode, or in between). Nothing happens if the answer is over.
  void send_event (std::string json, size_t reading = kLatest);
  void finish (size_t reading = kLatest);
  void strike_reading (const Fault &fault, size_t reading = kLatest);

  // Playing the server. Nothing happens if the connection is over.
  void send (std::string message, size_t connection = kLatest);
  void send_text_frame (std::string message, size_t connection = kLatest);
  void send_audio (std::vector<int16_t> samples, size_t connection = kLatest);
  void close (unsigned code, std::string reason = {}, size_t connection = kLatest);
  void reset (size_t connection = kLatest);
  void drop (size_t connection = kLatest);
  void freeze (size_t connection = kLatest);
  void go_away (unsigned seconds, size_t connection = kLatest);
  /// Any fault, now.
  void strike (const Fault &fault, size_t connection = kLatest);

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::string uri_;
  std::string error_;
};

}  // namespace gemini::stand_in
