#include "core/live_session.h"

#include "core/media_type.h"

namespace gemini {

LiveSession::LiveSession (Config config, Transport &transport, Alarm &alarm, Session::Listener &listener)
    : config_ (std::move (config)), transport_ (transport), alarm_ (alarm), listener_ (listener)
{
}

void LiveSession::start () { enter (State::Connecting); }

void LiveSession::send_text (std::string text)
{
  unsent_.push_back (std::move (text));
  transmit_unsent ();
}

void LiveSession::stop ()
{
  if (closed ())
    return;
  state_ = State::Closed;
  alarm_.cancel ();
  transport_.close (1000);
}

void LiveSession::enter (State state)
{
  state_ = state;
  rearm ();
  listener_.on_state (state);
  if (state_ != state)
    return;
  switch (state) {
    case State::Disconnected:
    case State::Closed:
      break;
    case State::Connecting:
      transport_.open (config_.target, *this);
      break;
    case State::SettingUp:
      transport_.send (config_.setup);
      break;
    case State::Ready:
      transmit_unsent ();
      break;
  }
}

/// In the order they came, also if a callback adds another one or stops the session meanwhile.
void LiveSession::transmit_unsent ()
{
  while (state_ == State::Ready && !unsent_.empty ()) {
    auto text = std::move (unsent_.front ());
    unsent_.pop_front ();
    transmit (text);
  }
}

void LiveSession::transmit (const std::string &text)
{
  transport_.send (text_message (config_.text_input, text));
  asked_++;
  // Anything but None has a turn to finish first; it moves on in next_turn ().
  if (turn_ == Turn::None)
    next_turn ();
  else if (turn_ == Turn::Spoken && asked_ == 1)
    rearm ();  // now there is something to wait for
}

void LiveSession::on_open ()
{
  if (state_ == State::Connecting)
    enter (State::SettingUp);
}

void LiveSession::on_message (std::string_view text)
{
  if (closed ())
    return;
  auto parsed = parse_server_message (text);
  if (auto *error = std::get_if<Error> (&parsed))
    return fail (*error);
  auto &message = std::get<ServerMessage> (parsed);

  rearm ();
  if (message.setup_complete && state_ == State::SettingUp)
    enter (State::Ready);
  server_content (message);
  for (auto &call : message.tool_calls) {
    if (closed ())
      return;
    tool_call_pending_ = true;
    listener_.on_tool_call (call);
  }
  if (!closed () && message.usage)
    listener_.on_usage (*message.usage);
  if (message.error)
    fail (*message.error);
  rearm ();
}

/// The order inside one message: audio, transcripts, interrupted, generationComplete, turnComplete. Any
/// callback may end the session.
void LiveSession::server_content (const ServerMessage &message)
{
  for (auto &media : message.media)
    if (!closed () && is_audio (media.mime_type) && !media.data.empty ())
      audio (media);
  if (!closed () && message.text)
    listener_.on_text (*message.text);
  if (!closed () && message.input_transcription)
    listener_.on_transcript (Speaker::User, *message.input_transcription);
  if (!closed () && message.output_transcription && turn_ != Turn::Cut)
    listener_.on_transcript (Speaker::Model, *message.output_transcription);
  if (!closed () && message.interrupted)
    interrupted ();
  if (!closed () && message.generation_complete)
    generation_complete (message);
  if (!closed () && message.turn_complete)
    turn_complete (message);
}

void LiveSession::audio (const ServerMessage::InlineData &audio)
{
  switch (turn_) {
    case Turn::Spoken:
      if (asked_ == 0)
        return;      // late audio of a turn that is over
      next_turn ();  // its turnComplete never came
      if (closed ())
        return;
      [[fallthrough]];
    case Turn::None:
    case Turn::Awaited:
      turn_ = Turn::Speaking;
      old_turn_complete_due_ = false;
      [[fallthrough]];
    case Turn::Speaking:
      if (auto error = listener_.on_audio (audio))
        fail (*error);
      return;
    case Turn::Cut:
      return;
  }
}

void LiveSession::interrupted ()
{
  switch (turn_) {
    case Turn::None:
      // The server thinks the last answer still plays, and it may: its queue counts.
      listener_.on_interrupted (false);
      return;
    case Turn::Awaited:
      // Nothing of this turn was said. A further text cut it; else it is the one before that was cut.
      if (asked_ > 0)
        turn_ = Turn::Cut;
      else
        old_turn_complete_due_ = true;
      listener_.on_interrupted (turn_ == Turn::Cut);
      return;
    case Turn::Speaking:
    case Turn::Spoken:
      turn_ = Turn::Cut;
      listener_.on_interrupted (true);
      return;
    case Turn::Cut:
      return;
  }
}

void LiveSession::generation_complete (const ServerMessage &message)
{
  // With a call unanswered or further segments to come, this is not the end of what will be said.
  if (turn_ == Turn::Speaking && !tool_call_pending_ && !config_.segmented)
    end_turn (message.turn_complete_reason, Turn::Spoken);
}

void LiveSession::turn_complete (const ServerMessage &message)
{
  if (config_.segmented && message.interaction_status == "IN_PROGRESS")
    return;
  switch (turn_) {
    case Turn::None:
      return;
    case Turn::Awaited:
      if (old_turn_complete_due_) {
        old_turn_complete_due_ = false;
        return;
      }
      [[fallthrough]];
    case Turn::Speaking:
      end_turn (message.turn_complete_reason, Turn::None);
      break;
    case Turn::Spoken:
    case Turn::Cut:
      turn_ = Turn::None;
      tool_call_pending_ = false;
      break;
  }
  // A callback may have begun the next turn already.
  if (state_ == State::Ready && turn_ == Turn::None && asked_ > 0)
    next_turn ();
}

void LiveSession::end_turn (std::string_view reason, Turn next)
{
  turn_ = next;
  tool_call_pending_ = false;
  listener_.on_turn_end (reason);
}

void LiveSession::next_turn ()
{
  asked_--;
  turn_ = Turn::Awaited;
  tool_call_pending_ = false;
  rearm ();
  listener_.on_turn_awaited ();
}

void LiveSession::on_closed (const Closure &closure)
{
  if (closed ())
    return;
  auto phase = state_ != State::Ready                              ? ClosePhase::SettingUp
               : turn_ == Turn::Awaited || turn_ == Turn::Speaking ? ClosePhase::InTurn
                                                                   : ClosePhase::Idle;
  auto error = closure.error ? *closure.error : close_error (closure, phase);
  enter (State::Closed);
  listener_.on_error (error);
}

void LiveSession::on_alarm ()
{
  auto seconds = std::to_string (std::chrono::ceil<std::chrono::seconds> (config_.timeout).count ()) + " s";
  switch (state_) {
    case State::Disconnected:
    case State::Closed:
      return;
    case State::Connecting:
      return fail ({.kind = Error::Kind::Connect,
                    .message = "Could not connect to Gemini within " + seconds + ": check the network",
                    .detail = "no answer to the WebSocket upgrade"});
    case State::SettingUp:
      return fail ({.kind = Error::Kind::Read,
                    .message = "Gemini did not answer the setup within " + seconds + ": try again later",
                    .detail = "no setupComplete"});
    case State::Ready:
      break;
  }
  switch (turn_) {
    case Turn::None:
      return;
    case Turn::Spoken:
    case Turn::Cut:
      // turnComplete never came; what comes from now on is something new.
      turn_ = Turn::None;
      if (asked_ > 0)
        next_turn ();
      return;
    case Turn::Awaited:
    case Turn::Speaking:
      return fail (
          {.kind = Error::Kind::Read,
           .message = "Gemini has sent nothing for " + seconds + ": check the network, or raise timeout",
           .detail = turn_ == Turn::Awaited ? "no answer to the text" : "the answer stopped in the middle"});
  }
}

void LiveSession::fail (const Error &error)
{
  if (closed ())
    return;
  enter (State::Closed);
  transport_.close (error.kind == Error::Kind::Decode ? 1007 : 1000);
  listener_.on_error (error);
}

/// Every wait on the server ends: for a connection, for the setup's answer, for the next message of a turn.
void LiveSession::rearm ()
{
  // After generationComplete nothing is missing: turnComplete comes when the server thinks the answer was
  // heard.
  bool in_turn = turn_ == Turn::Spoken ? asked_ > 0 : turn_ != Turn::None;
  bool waiting =
      state_ == State::Connecting || state_ == State::SettingUp || (state_ == State::Ready && in_turn);
  if (waiting && config_.timeout.count () > 0)
    alarm_.ring_in (config_.timeout);
  else
    alarm_.cancel ();
}

}  // namespace gemini
