#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/live_session.h"
#include "core/retry.h"

namespace gemini {

/// A conversation over as many connections as it takes: when one goes, the next takes up the session.
///
///   Closed --start--> Connecting --ready--> Connected --lost--> Waiting --alarm--> Connecting
///                                           Connected --goAway, and the turn is over--> Connecting
///   every state --nothing helps any more, stop--> Closed
///
/// A text whose answer had not begun is asked again; one whose answer had, is lost with the rest of it, and
/// the listener decides whether it goes on. Whatever is said meanwhile waits in order. The handle by which a
/// session is taken up is a secret: it leaves in a setup message and is told to nobody.
///
/// Lives on the loop of its transports.
class LiveConversation final : public Session, private Session::Listener {
 public:
  struct Config {
    LiveSession::Config session;
    bool resume = true;  ///< the setup asks for handles
    RetryPolicy retry;
    std::function<double ()> random;  ///< 0 to 1, spreads the retries of many clients
  };
  using TransportMaker = std::function<std::unique_ptr<Transport> ()>;

  /// A connection that lasted so long, or answered a text to the end, has made good for those that failed
  /// before it.
  static constexpr std::chrono::seconds kStable{10};
  /// After goAway, if it does not say how much time is left.
  static constexpr std::chrono::seconds kTimeLeft{10};

  LiveConversation (Config config, TransportMaker transports, AlarmMaker alarms, Session::Listener &listener);

  void start () override;
  size_t texts_waiting () const override;
  void send_text (std::string text) override;
  void send_message (std::string json, std::string call_id) override;
  void interrupt () override;
  void set_target (Target target) override { config_.session.target = std::move (target); }
  void stop () override;

 private:
  enum class AlarmFor { Nothing, Retry, Stable, GoAway };

  struct Input {
    std::string text;
    bool is_message = false;
    std::string call_id;
  };

  struct Connection {
    std::unique_ptr<Transport> transport;
    std::unique_ptr<Alarm> alarm;
    std::unique_ptr<LiveSession> session;  // the first to go
    bool with_handle = false;
    bool ready = false;
  };

  void on_state (State state) override;
  void on_turn_awaited () override;
  std::optional<Error> on_audio (const ServerMessage::InlineData &audio) override;
  void on_text (std::string_view text) override;
  void on_transcript (Speaker speaker, const ServerMessage::Transcription &transcription) override;
  void on_tool_call (const ServerMessage::FunctionCall &call) override;
  void on_tool_calls_cancelled (const std::vector<std::string> &ids) override;
  void on_usage (const ServerMessage::Usage &usage) override;
  void on_stall (std::chrono::milliseconds silence) override;
  void on_interrupted (bool turn_over) override;
  void on_turn_end (std::string_view reason) override;
  void on_warning (const Error &warning) override;
  void on_retry (const Error &, std::chrono::milliseconds) override {}
  void on_event (const Event &) override {}
  void on_error (const Error &error) override;
  void on_handle (std::string_view handle) override;
  void on_go_away (std::optional<double> time_left) override;
  void on_rest () override;

  bool closed () const { return state_ == State::Closed; }
  void connect ();
  void connected ();
  void lost (const Error &error, std::chrono::milliseconds delay);
  std::optional<std::chrono::milliseconds> retry_after (const Error &error);
  void ask_again ();
  void swap_if_due ();
  void sent_away_again ();
  void turn_is_over ();
  void connection_is_good ();
  void cancel_calls ();
  void transmit ();
  void set_alarm (AlarmFor purpose, std::chrono::milliseconds delay);
  void ring ();
  void give_up (const Error &error);

  Config config_;
  const TransportMaker transports_;
  const AlarmMaker alarms_;
  Session::Listener &listener_;
  const std::unique_ptr<Alarm> alarm_;
  AlarmFor alarm_for_ = AlarmFor::Nothing;

  State state_ = State::Disconnected;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Connection> old_;  ///< may be on the stack, and may have a farewell to send
  bool ever_ready_ = false;
  unsigned failed_ = 0;       ///< connections in a row
  unsigned hasty_ = 0;        ///< swaps in a row of connections that had done nothing yet
  bool helped_once_ = false;  ///< what helps once was done
  bool was_1011_ = false;     ///< the last of them
  bool refused_ = false;      ///< a handle was; the next time counts as a failure

  std::string handle_;
  std::string shown_;           ///< the last one that left in a setup, which may be dropped by now
  bool handle_is_new_ = false;  ///< and holds all that was said
  bool going_away_ = false;
  bool away_now_ = false;  ///< there is no time left to wait for a newer handle

  std::deque<Input> inputs_;        ///< not sent yet
  std::deque<Input> in_flight_;     ///< texts sent whose turn has not begun
  unsigned given_up_ = 0;           ///< the first of these: nobody wants an answer
  std::optional<Input> awaited_;    ///< the text whose answer is due and has not begun
  bool asked_again_ = false;        ///< a turn was announced and its text is to be sent again
  bool heard_ = false;              ///< audio of the running turn has come
  std::vector<std::string> calls_;  ///< unanswered
};

}  // namespace gemini
