#pragma once

#include <libsoup/soup.h>

#include <memory>
#include <string>
#include <vector>

#include "stand-in/live/session.h"
#include "stand-in/tts/answer.h"

namespace gemini::stand_in {

/// The HTTP side: listens on the loopback interface, upgrades, and keeps the sessions and the answers.
///
/// Made, used and destroyed on the loop.
class Host {
 public:
  explicit Host (House &house);
  ~Host ();

  const std::string &uri () const { return uri_; }
  /// Why nobody can connect; empty if all is well.
  const std::string &error () const { return error_; }

  /// The session with this number, or the latest if there is none; null if it is over.
  Session *find (size_t number) const;
  /// The same for an answer over HTTP.
  TtsAnswer *find_reading (size_t number) const;

 private:
  bool load_certificate (const std::string &file);
  void listen ();
  void on_request (SoupServerMessage *message);
  void upgrade (SoupServerMessage *message, const Request &request);
  Options take_script ();
  void read_aloud (SoupServerMessage *message, const Request &request, const Options &options);
  bool strike (SoupServerMessage *message, const Request &request, const Tts &tts);
  void hold (SoupServerMessage *message);
  void cut_off (SoupServerMessage *message, bool reset);
  void respond (SoupServerMessage *message, const Request &request, const HttpError &error, const Tts &tts);
  void send (SoupServerMessage *message, unsigned status, const std::string &type, const std::string &body);
  void add_session (SoupServerMessage *message);
  void remove_what_is_over ();

  House &house_;
  GObjectPtr<SoupServer> server_;
  std::vector<GObjectPtr<SoupServerMessage>> upgrading_;  // on their way, or never answered
  Timer reaper_;  // of what is over: it says so while its socket is still on the stack
  std::vector<std::unique_ptr<Session>> sessions_;
  std::vector<std::unique_ptr<TtsAnswer>> readings_;
  std::string uri_;
  std::string error_;
};

}  // namespace gemini::stand_in
