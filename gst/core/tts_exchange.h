#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/alarm.h"
#include "core/http_stream.h"
#include "core/retry.h"
#include "core/tts_response.h"
#include "core/tts_verdict.h"

namespace gemini {

/// One request for speech and its answer, asked again where that helps.
///
///   Waiting --start--> Asking --end of the body, error--> Done
///   Asking --error that passes, nothing taken yet--> BackingOff --alarm--> Asking
///
/// Holds the audio until somebody takes it; holding much, it lets the server wait. Once some was taken it is
/// not asked again, for nothing is said twice. Lives on the loop of its client.
class TtsExchange final : private HttpStream::Listener {
 public:
  struct Config {
    Target target;
    RetryPolicy retry;
    std::chrono::milliseconds timeout{15000};  ///< without a byte; 0: none
    std::function<double ()> random;           ///< 0 to 1
  };

  class Owner {
   public:
    /// There is audio to take, or it is done. The owner may not destroy the exchange in it, only stop it.
    virtual void on_progress () = 0;
    virtual void on_retry (const Error &reason, std::chrono::milliseconds delay) = 0;

   protected:
    ~Owner () = default;
  };

  /// Base64 of two minutes; beyond it an answer whose turn has not come is not read on.
  static constexpr size_t kMostHeld = 8 * 1024 * 1024;

  /// Config, client and owner outlive it.
  TtsExchange (const Config &config, std::string body, HttpClient &client, const AlarmMaker &alarms,
               Owner &owner);

  bool waiting () const { return state_ == State::Waiting; }
  void start ();
  /// Gives up; nothing follows.
  void stop ();

  /// Time has passed that was not the server's: its own begins anew.
  void be_patient ();

  /// The next audio, if there is some.
  std::optional<TtsResponse::Audio> take ();
  /// All audio can be taken, and the verdict stands.
  bool done () const { return state_ == State::Done; }
  const TtsVerdict &verdict () const { return verdict_; }
  const TtsResponse::Facts &facts () const { return response_->facts (); }

 private:
  enum class State { Waiting, Asking, BackingOff, Done };

  void on_head (const HttpStream::Head &head) override;
  void on_body (std::string_view bytes) override;
  void on_finished () override;
  void on_failed (const HttpStream::Failure &failure) override;

  void ask ();
  void on_alarm ();
  void keep_waiting ();
  void conclude (TtsVerdict verdict);

  const Config &config_;
  const std::string body_;
  HttpClient &client_;
  Owner &owner_;
  std::unique_ptr<Alarm> alarm_;

  State state_ = State::Waiting;
  std::unique_ptr<HttpStream> stream_;
  unsigned failed_ = 0;
  bool taken_ = false;
  TtsVerdict verdict_;

  // of the running attempt
  HttpStream::Head head_;
  std::string refusal_;  ///< body of a status that is no answer
  bool empty_ = true;
  std::unique_ptr<TtsResponse> response_;
  size_t held_ = 0;  ///< characters
  bool paused_ = false;
};

}  // namespace gemini
