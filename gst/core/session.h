#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/server_message.h"
#include "core/transport.h"

namespace gemini {

/// What turns texts into spoken turns, one API or another: told what to say, it tells what it hears.
///
/// Knows nothing of audio formats, queues or clocks. Lives on the loop of its transport; the listener is
/// called there, and may stop the session in any call.
class Session {
 public:
  /// `Reconnecting`: it was ready, and will be again.
  enum class State { Disconnected, Connecting, SettingUp, Ready, Reconnecting, Closed };
  enum class Speaker { User, Model };

  /// What became of a connection of a conversation that goes on.
  struct Event {
    enum class Kind {
      Ready,    ///< the first session is open
      GoAway,   ///< the server will end the connection soon
      Resumed,  ///< a new connection, the same session
      Fresh,    ///< a new connection and a new session that knows nothing of the one before
    };
    Kind kind;
    std::optional<double> time_left;  ///< seconds, of GoAway
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
    /// These are not to be answered any more.
    virtual void on_tool_calls_cancelled (const std::vector<std::string> &ids) = 0;
    virtual void on_usage (const ServerMessage::Usage &usage) = 0;
    /// What was not yet heard is out of date. `turn_over`: so is the turn that runs, and it ends here.
    virtual void on_interrupted (bool turn_over) = 0;
    /// All audio of the turn has been passed on. `reason` is the server's, usually empty.
    virtual void on_turn_end (std::string_view reason) = 0;
    /// In the middle of a turn nothing has come for so long.
    virtual void on_stall (std::chrono::milliseconds silence) = 0;
    /// Something a person should know of, such as an answer that was cut off. The session goes on.
    virtual void on_warning (const Error &warning) = 0;
    /// What was asked for did not come and is asked for again, after a while.
    virtual void on_retry (const Error &reason, std::chrono::milliseconds delay) = 0;
    virtual void on_event (const Event &event) = 0;
    /// A connection is gone, `in_turn`: in the middle of an answer, which will not be completed. FALSE: that
    /// is the end; on_error () follows.
    virtual bool on_lost (const Error & /*error*/, bool /*in_turn*/) { return false; }

    // for whoever makes one session after the other
    /// By this the session can be taken up as it is now. A secret.
    virtual void on_handle (std::string_view /*handle*/) {}
    virtual void on_go_away (std::optional<double> /*seconds*/) {}
    /// Nothing is due from the server but, maybe, a `turnComplete`. May stop the session.
    virtual void on_rest () {}

    /// The session is over. Nothing comes after it.
    virtual void on_error (const Error &error) = 0;

   protected:
    ~Listener () = default;
  };

  virtual ~Session () = default;
  virtual void start () = 0;
  /// Texts whose turn has not begun, without those that were given up.
  virtual size_t texts_waiting () const = 0;
  /// Asks for a turn, now or as soon as the session is ready.
  virtual void send_text (std::string text) = 0;
  /// Sends a client message as it is, now or as soon as the session is ready. With the id of a tool call it
  /// is its answer, and goes nowhere if the call was answered or cancelled.
  virtual void send_message (std::string /*json*/, std::string /*call_id*/) {}
  /// For connections to come: the credentials were renewed.
  virtual void set_target (Target target) = 0;
  /// Gives up all that was asked for and has not come yet, and what was said and is not heard.
  virtual void interrupt () {}
  /// Says goodbye; no callback follows.
  virtual void stop () = 0;
  /// The alarm of this session rang, if it has one.
  virtual void on_alarm () {}
};

}  // namespace gemini
