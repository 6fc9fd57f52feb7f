#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "stand-in/fault_plan.h"
#include "stand-in/http/websocket.h"
#include "stand-in/live/activity.h"
#include "stand-in/live/message.h"
#include "stand-in/live/setup.h"
#include "stand-in/live/turn.h"
#include "stand-in/log.h"

namespace gemini::stand_in {

/// What a session or an answer needs of the server it belongs to. Outlives it.
struct House {
  Options options;
  FaultPlan faults;
  Log log;
  std::deque<Options> scripts;            ///< for requests to come, one each
  std::map<std::string, size_t> handles;  ///< of sessions to resume, with the number of their next turn
  std::function<void (size_t session, const std::string &event)> report;  ///< one line per event; no secrets
};

/// One conversation: answers a client as the service would, or goes wrong as it was told to.
///
///   AwaitingSetup --setup--> SettingUp --setupComplete--> Ready <--> Speaking
///                                                           |
///                                                  ToolCalling --toolResponse--> Speaking
///   every state --close, end of stream--> Over
///
/// Knows nothing of HTTP and nothing of frames. Lives on the server's loop.
class Session final : private WebSocket::Listener {
 public:
  /// `over` is called when the socket is closed, and must not destroy the session.
  Session (House &house, size_t number, Route route, Credential credential, GObjectPtr<GIOStream> stream,
           GObjectPtr<GSocket> socket, Task over);

  size_t number () const { return number_; }
  /// Nothing more will come of it: the socket is closed.
  bool is_over () const { return closed_; }

  // What a test may do itself
  void send (std::string_view message, Opcode opcode);
  void send_audio (const std::vector<int16_t> &samples);
  void strike (const Fault &fault);
  void close (unsigned code, std::string_view reason);

 private:
  enum class State { AwaitingSetup, SettingUp, Ready, Speaking, ToolCalling, Over };

  void on_message (std::string_view text) override;
  void on_closed (const CloseFrame *from_client) override;

  void handle (const ClientMessage &message);
  void handle_setup (const Fields &fields);
  void complete_setup ();
  void handle_client_content (const Fields &fields);
  void handle_realtime_input (const Fields &fields);
  void handle_activity (Activity activity);
  void handle_tool_response (const Fields &fields);

  void ask (const std::string &question, bool interrupts);
  void begin_turn (const std::string &question);
  void call_tool (const std::string &name);
  void say (const std::string &question, const std::string &text);
  void play ();
  void send_step (const Step &step);
  void interrupt ();
  void end_turn ();
  void send_handle ();

  void send (const ServerMessage &message);
  void refuse (const Refusal &refusal);
  bool strike_at (Fault::When when, size_t chunk = 0);
  void strike_later (const Fault &fault);
  void go_away (unsigned seconds);
  void report (const std::string &event) const { house_.report (number_, event); }
  template <typename Change>
  void note (Change change)
  {
    house_.log.write ([&] (Record &record) { change (record.connections[number_]); });
  }
  template <typename Change>
  void note_turn (Change change)
  {
    note ([&] (ConnectionRecord &connection) { change (connection.turns.back ()); });
  }

  House &house_;
  const size_t number_;
  const Route route_;
  const Credential credential_;
  Task over_;
  WebSocket socket_;

  State state_ = State::AwaitingSetup;
  bool closed_ = false;
  Setup setup_;
  Dialect dialect_;
  ActivityDetector activity_;
  std::minstd_rand random_;
  Timer setup_timer_;
  std::vector<std::unique_ptr<Timer>> later_;  // faults that wait

  Turn turn_;
  Answer answer_;
  Timer turn_timer_;
  gint64 turn_begin_ = 0;
  size_t next_step_ = 0;
  size_t chunks_sent_ = 0;
  size_t bytes_sent_ = 0;
  size_t turn_number_ = 0;
  std::string history_;  // clientContent that no turn has answered yet
  std::string queued_;   // asked while speaking, without interruption
  std::string pending_call_;
  unsigned calls_ = 0;
};

}  // namespace gemini::stand_in
