#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "core/alarm.h"
#include "core/client_message.h"
#include "core/close_error.h"
#include "core/error.h"
#include "core/server_message.h"
#include "core/transport.h"

namespace gemini {

/// One session of the Live API: sets it up, sends texts, and says what the answers are made of.
///
///   Disconnected --start--> Connecting --open--> SettingUp --setupComplete--> Ready --close, error--> Closed
///
/// A turn of the model, while Ready:
///
///   None --text sent--> Awaited --audio--> Speaking --generationComplete--> Spoken --turnComplete--> None
///   Speaking --turnComplete--> None
///   Awaited, Speaking, Spoken --interrupted--> Cut --turnComplete--> None
///
/// Knows nothing of audio formats, queues or clocks. Lives on the loop of its transport; the listener is
/// called there.
class LiveSession final : private Transport::Listener {
 public:
  enum class State { Disconnected, Connecting, SettingUp, Ready, Closed };
  enum class Turn { None, Awaited, Speaking, Spoken, Cut };
  enum class Speaker { User, Model };

  struct Config {
    Target target;
    std::string setup;  ///< the whole first message
    TextInput text_input = TextInput::ClientContent;
    /// Several spoken segments answer one text: only a `turnComplete` with IDLE ends the turn.
    bool segmented = false;
    std::chrono::milliseconds timeout{15000};  ///< for every wait on the server; 0: none
  };

  class Listener {
   public:
    virtual void on_state (State state) = 0;
    /// A text was sent and an answer is due.
    virtual void on_turn_awaited () = 0;
    /// Audio of the running turn, base64 as it came. An error ends the session.
    virtual std::optional<Error> on_audio (const ServerMessage::InlineData &audio) = 0;
    virtual void on_text (std::string_view text) = 0;
    virtual void on_transcript (Speaker speaker, const ServerMessage::Transcription &transcription) = 0;
    virtual void on_tool_call (const ServerMessage::FunctionCall &call) = 0;
    virtual void on_usage (const ServerMessage::Usage &usage) = 0;
    /// What was not yet heard is out of date. The turn, if one runs, is over.
    virtual void on_interrupted () = 0;
    /// All audio of the turn has been passed on. `reason` is the server's, usually empty.
    virtual void on_turn_end (std::string_view reason) = 0;
    /// The session is over. Nothing comes after it.
    virtual void on_error (const Error &error) = 0;

   protected:
    ~Listener () = default;
  };

  LiveSession (Config config, Transport &transport, Alarm &alarm, Listener &listener);

  void start ();
  /// Sends a user turn, now or as soon as the session is ready.
  void send_text (std::string text);
  /// Says goodbye; no callback follows.
  void stop ();

  /// The alarm of this session rang.
  void on_alarm ();

  State state () const { return state_; }
  Turn turn () const { return turn_; }

 private:
  void on_open () override;
  void on_message (std::string_view text) override;
  void on_closed (const Closure &closure) override;

  void enter (State state);
  bool closed () const { return state_ == State::Closed; }
  void transmit_unsent ();
  void transmit (const std::string &text);
  void server_content (const ServerMessage &message);
  void audio (const ServerMessage::InlineData &audio);
  void interrupted ();
  void generation_complete (const ServerMessage &message);
  void turn_complete (const ServerMessage &message);
  void end_turn (std::string_view reason, Turn next);
  void next_turn ();
  void fail (const Error &error);
  void rearm ();

  Config config_;
  Transport &transport_;
  Alarm &alarm_;
  Listener &listener_;

  State state_ = State::Disconnected;
  Turn turn_ = Turn::None;
  std::deque<std::string> unsent_;
  unsigned asked_ = 0;              ///< texts sent whose turn has not begun
  bool tool_call_pending_ = false;  ///< `generationComplete` may come before the call was answered
  bool old_turn_complete_due_ =
      false;  ///< an interruption of the turn before: its `turnComplete` is not ours
};

}  // namespace gemini
