// The life of one connection; its turns are in live_session_turns.cpp.
#include "core/live_session.h"

namespace gemini {

LiveSession::LiveSession (Config config, Transport &transport, Alarm &alarm, Session::Listener &listener)
    : config_ (std::move (config)), transport_ (transport), alarm_ (alarm), listener_ (listener)
{
}

void LiveSession::start () { enter (State::Connecting); }

void LiveSession::send_text (std::string text) { send ({Input::Kind::Text, std::move (text), {}}); }

void LiveSession::send_message (std::string json, std::string call_id)
{
  send ({Input::Kind::Message, std::move (json), std::move (call_id)});
}

void LiveSession::send (Input input)
{
  unsent_.push_back (std::move (input));
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
    case State::Reconnecting:  // of whoever owns us
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
    auto input = std::move (unsent_.front ());
    unsent_.pop_front ();
    transmit (input);
  }
}

void LiveSession::transmit (const Input &input)
{
  if (input.kind == Input::Kind::Message) {
    if (!input.call_id.empty () && !call_is_over (input.call_id))
      return;
    transport_.send (input.text);
    rearm ();  // the model has something to go on with
    return;
  }
  transport_.send (text_message (config_.text_input, input.text));
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
  if (state_ == State::Ready)  // before, nothing is an answer
    server_content (message);
  for (auto &call : message.tool_calls) {
    if (state_ != State::Ready)
      break;
    tool_call (call);
  }
  if (!closed () && !message.cancelled_tool_calls.empty ())
    cancel_tool_calls (message.cancelled_tool_calls);
  if (!closed () && message.usage)
    listener_.on_usage (*message.usage);
  if (!closed () && message.resumption && message.resumption->resumable &&
      !message.resumption->new_handle.empty ())
    listener_.on_handle (message.resumption->new_handle);
  if (!closed () && message.go_away)
    listener_.on_go_away (message.go_away->time_left);
  if (message.error)
    return fail (*message.error);
  rearm ();
  rest ();
}

/// The last thing done: the listener may be through with us.
void LiveSession::rest ()
{
  if (state_ == State::Ready && asked_ == 0 && (turn_ == Turn::None || turn_ == Turn::Spoken))
    listener_.on_rest ();
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
    case State::Reconnecting:
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
      // What comes from now on is something new.
      turn_ = Turn::None;
      turn_complete_is_missing ();
      if (state_ == State::Ready && turn_ == Turn::None && asked_ > 0)
        next_turn ();
      return rest ();
    case Turn::Awaited:
    case Turn::Speaking:
      if (may_stall ()) {
        stall_told_ = true;
        if (config_.timeout.count () > 0)
          alarm_.ring_in (config_.timeout - config_.stall);
        return listener_.on_stall (config_.stall);
      }
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
  // While a call is unanswered, it is the application who is waited for.
  bool ours = tool_call_pending_ && !calls_.empty () && (turn_ == Turn::Awaited || turn_ == Turn::Speaking);
  bool in_turn = turn_ == Turn::Spoken ? asked_ > 0 : turn_ != Turn::None && !ours;
  bool waiting =
      state_ == State::Connecting || state_ == State::SettingUp || (state_ == State::Ready && in_turn);
  stall_told_ = false;
  if (waiting && may_stall ())
    alarm_.ring_in (config_.stall);
  else if (waiting && config_.timeout.count () > 0)
    alarm_.ring_in (config_.timeout);
  else
    alarm_.cancel ();
}

bool LiveSession::may_stall () const
{
  bool sooner =
      config_.stall.count () > 0 && (config_.timeout.count () == 0 || config_.stall < config_.timeout);
  return state_ == State::Ready && turn_ == Turn::Speaking && sooner && !stall_told_;
}

}  // namespace gemini
