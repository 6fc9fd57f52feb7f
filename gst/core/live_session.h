#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "core/alarm.h"
#include "core/client_message.h"
#include "core/close_error.h"
#include "core/server_message.h"
#include "core/session.h"
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
///   Awaited, Speaking --interrupt ()--> Cut --generationComplete--> Spoken
///
/// Lives on the loop of its transport.
class LiveSession final : public Session, private Transport::Listener {
 public:
  /// Calls of functions that may wait for an answer at once.
  static constexpr size_t kMostCalls = 256;

  enum class Turn { None, Awaited, Speaking, Spoken, Cut };

  struct Config {
    Target target;
    std::string setup;  ///< the whole first message
    TextInput text_input = TextInput::ClientContent;
    /// Several spoken segments answer one text: only a `turnComplete` with IDLE ends the turn.
    bool segmented = false;
    std::chrono::milliseconds timeout{15000};  ///< for every wait on the server; 0: none
    std::chrono::milliseconds stall{0};  ///< silence in the middle of a turn that is worth a word; 0: none
  };

  LiveSession (Config config, Transport &transport, Alarm &alarm, Session::Listener &listener);

  void start () override;
  size_t texts_waiting () const override;
  void send_text (std::string text) override;
  void send_message (std::string json, std::string call_id) override;
  void interrupt () override;
  void set_target (Target target) override { config_.target = std::move (target); }
  void stop () override;
  void on_alarm () override;

  State state () const { return state_; }
  Turn turn () const { return turn_; }

 private:
  void on_open () override;
  void on_message (std::string_view text) override;
  void on_closed (const Closure &closure) override;

  struct Input {
    enum class Kind { Text, Message } kind;
    std::string text;
    std::string call_id;  ///< of a message that answers a call
  };

  void send (Input input);
  void enter (State state);
  bool closed () const { return state_ == State::Closed; }
  void transmit_unsent ();
  void transmit (const Input &input);
  void tool_call (const ServerMessage::FunctionCall &call);
  void cancel_tool_calls (const std::vector<std::string_view> &ids);
  bool call_is_over (const std::string &id);
  void server_content (const ServerMessage &message);
  void audio (const ServerMessage::InlineData &audio);
  void interrupted ();
  void generation_complete (const ServerMessage &message);
  void turn_complete (const ServerMessage &message);
  void end_turn (std::string_view reason, Turn next);
  void next_turn ();
  void cut_here ();
  void fail (const Error &error);
  void rest ();
  void rearm ();
  bool may_stall () const;
  void turn_complete_is_missing ();

  Config config_;
  Transport &transport_;
  Alarm &alarm_;
  Session::Listener &listener_;

  State state_ = State::Disconnected;
  Turn turn_ = Turn::None;
  std::deque<Input> unsent_;
  unsigned asked_ = 0;              ///< texts sent whose turn has not begun
  unsigned given_up_ = 0;           ///< of these, the first ones: nobody wants to hear them any more
  bool cut_here_ = false;           ///< the running turn, by interrupt (): the server may know nothing of it
  bool cut_unsaid_ = false;         ///< nothing had come of it
  std::vector<std::string> calls_;  ///< unanswered
  bool tool_call_pending_ = false;  ///< `generationComplete` may come before the call was answered
  bool stall_told_ = false;         ///< since the last message
  bool missing_end_told_ = false;
  bool old_turn_complete_due_ =
      false;  ///< an interruption of the turn before: its `turnComplete` is not ours
};

}  // namespace gemini
