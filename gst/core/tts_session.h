#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "core/session.h"
#include "core/tts_exchange.h"
#include "core/tts_request.h"

namespace gemini {

/// Reads texts aloud over HTTP: each text is a turn of one request, or of several one after the other.
///
/// A few requests run at a time, so that the next piece is there when one has been spoken; what comes of a
/// later one is held back until all before it has come, so that the order is that of the texts. What fails
/// for good ends the session at its place in that order: everything before it is passed on, nothing behind
/// it, for a text with a hole in it is worse than one that ends.
///
/// Lives on the loop of its client.
class TtsSession final : public Session, private TtsExchange::Owner {
 public:
  struct Config {
    TtsExchange::Config exchange;
    TtsConfig speech;
  };

  /// Requests that are made and not passed on yet: one that is heard, one that is next and one in reserve.
  static constexpr unsigned kAtATime = 3;

  TtsSession (Config config, HttpClient &client, AlarmMaker alarms, Session::Listener &listener);

  void start () override;
  size_t texts_waiting () const override;
  void send_text (std::string text) override;
  void interrupt () override;
  void set_target (Target target) override { config_.exchange.target = std::move (target); }
  void stop () override;

 private:
  struct Turn {
    std::deque<std::unique_ptr<TtsExchange>> requests;
    bool announced = false;
    bool blank = false;  ///< nothing was asked for, and that is still to be said
    bool fresh = true;   ///< the next audio is the first of its answer
    std::string reason;  ///< why its speech ended, if not as usual
  };

  void on_progress () override;
  void on_retry (const Error &reason, std::chrono::milliseconds delay) override;

  void step_on ();
  bool step ();
  void ask_ahead ();
  bool listen (TtsExchange &exchange);
  bool next_request ();
  void drop_all ();
  void fail (const Error &error);
  bool closed () const { return state_ == State::Closed; }

  Config config_;
  HttpClient &client_;
  const AlarmMaker alarms_;
  Session::Listener &listener_;

  State state_ = State::Disconnected;
  std::deque<Turn> turns_;                          ///< what is not passed on yet, the front one being heard
  std::vector<std::unique_ptr<TtsExchange>> over_;  ///< may still be on the stack
  bool stepping_ = false;
};

}  // namespace gemini
