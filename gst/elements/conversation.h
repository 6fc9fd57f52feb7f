#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <variant>

#include "core/live_conversation.h"
#include "core/tts_session.h"
#include "core/turn_verdict.h"
#include "elements/audio_decoder.h"
#include "elements/audio_queue.h"
#include "elements/flush.h"
#include "elements/state_tracker.h"
#include "elements/tool_calls.h"
#include "net/http_client.h"
#include "net/loop.h"
#include "net/websocket_transport.h"

namespace gemini {

/// The network side of a running element: a session of one API or the other on a thread of
/// its own, whose audio goes into the queue.
///
/// Knows nothing of pads and time. Made and destroyed by the element; destroying it never waits for the
/// network.
class Conversation final : private Session::Listener {
 public:
  /// Texts that may wait for their turn. Whoever sends more does not listen.
  static constexpr unsigned kMostTexts = 1000;

  struct Config {
    std::variant<LiveConversation::Config, TtsSession::Config> session;
    NetworkConfig network;
    std::string prompt;
    gint num_turns = 1;  ///< then the queue is finished; negative: never
    bool skip_leading_silence = false;
    std::chrono::milliseconds tool_patience{0};  ///< so long a call may be unanswered; 0: for ever
    Flush *flush = nullptr;  ///< of the pipeline, when an answer is interrupted; null: none is wanted
  };

  Conversation (GstElement *element, AudioQueue &queue, StateTracker &state, Config config);
  ~Conversation ();

  // any thread
  /// What is given from here on comes too late.
  void refuse ();
  /// Nothing is said, asked or told any more.
  void end ();
  /// What is wrong with it; empty: nothing.
  std::string send_text (std::string text);
  void interrupt ();
  void set_target (Target target);
  // what is wrong with it, empty: nothing
  std::string send_tool_response (const std::string &id, const std::string &name, const std::string &json);
  std::string send_message (const std::string &json);

 private:
  // network thread
  void start ();
  void make_session (LiveConversation::Config &config);
  void make_session (TtsSession::Config &config);
  void on_state (Session::State state) override;
  void on_turn_awaited () override;
  std::optional<Error> on_audio (const ServerMessage::InlineData &audio) override;
  void on_text (std::string_view text) override;
  void on_transcript (Session::Speaker speaker, const ServerMessage::Transcription &transcription) override;
  void on_tool_call (const ServerMessage::FunctionCall &call) override;
  void on_tool_calls_cancelled (const std::vector<std::string> &ids) override;
  void on_usage (const ServerMessage::Usage &usage) override;
  void on_stall (std::chrono::milliseconds silence) override;
  void on_interrupted (bool turn_over) override;
  void on_turn_end (std::string_view reason) override;
  void on_warning (const Error &warning) override;
  void on_retry (const Error &reason, std::chrono::milliseconds delay) override;
  void on_event (const Session::Event &event) override;
  bool on_lost (const Error &error, bool in_turn) override;
  void on_error (const Error &error) override;
  AlarmMaker alarms ();
  void progress (GstProgressType type, const char *text);
  void on_unanswered ();
  void count_texts (size_t arrived = 0);
  void turn_is_over ();
  bool last_turn ();

  std::atomic<bool> over_ = false;  ///< no text will be answered any more; read on any thread
  std::atomic<bool> gone_ = false;  ///< and nothing else is sent; read on any thread

  std::mutex texts_lock_;
  // guarded by texts_lock_
  size_t posted_texts_ = 0;   ///< on their way to the session
  size_t waiting_texts_ = 0;  ///< whose turn has not begun, as the session says

  GstElement *const element_;
  AudioQueue &queue_;
  StateTracker &state_;
  Config config_;
  const bool live_api_;
  ToolCalls calls_;

  // network thread
  AudioDecoder decoder_;
  gint turns_ = 0;
  bool done_ = false;        ///< num_turns have come: what follows belongs to no turn
  bool turn_runs_ = false;   ///< one is due or arrives
  TurnFacts facts_;          ///< of the running turn
  bool connecting_ = false;  ///< for the first time
  bool connected_once_ = false;
  std::unique_ptr<SoupClient> client_;
  std::unique_ptr<LoopAlarm> call_alarm_;
  std::unique_ptr<Session> session_;

  Loop loop_;  // last made, first gone: nothing above is touched by its thread afterwards
};

}  // namespace gemini
