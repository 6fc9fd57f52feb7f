// A conversation in good order; what is done about lost connections is in live_conversation_loss.cpp.
#include "core/live_conversation.h"

#include <algorithm>
#include <utility>

namespace gemini {

using std::chrono::milliseconds;

LiveConversation::LiveConversation (Config config, TransportMaker transports, AlarmMaker alarms,
                                    Session::Listener &listener)
    : config_ (std::move (config)),
      transports_ (std::move (transports)),
      alarms_ (std::move (alarms)),
      listener_ (listener),
      alarm_ (alarms_ ([this] { ring (); }))
{
}

void LiveConversation::start () { connect (); }

void LiveConversation::stop ()
{
  if (closed ())
    return;
  state_ = State::Closed;
  alarm_->cancel ();
  if (connection_)
    connection_->session->stop ();
}

/// The connection before is kept until this one is ready: it may be who called.
void LiveConversation::connect ()
{
  state_ = ever_ready_ ? State::Reconnecting : State::Connecting;
  alarm_->cancel ();  // what it was set for went with the connection
  alarm_for_ = AlarmFor::Nothing;
  going_away_ = away_now_ = false;
  old_ = std::move (connection_);
  connection_ = std::make_unique<Connection> ();
  auto &next = *connection_;
  auto config = config_.session;
  next.with_handle = !handle_.empty ();
  if (next.with_handle)
    config.setup = resumed_setup (config.setup, shown_ = handle_);
  next.transport = transports_ ();
  next.alarm = alarms_ ([&next] { next.session->on_alarm (); });
  Session::Listener &listener = *this;
  next.session = std::make_unique<LiveSession> (std::move (config), *next.transport, *next.alarm, listener);
  next.session->start ();
}

void LiveConversation::on_state (State state)
{
  switch (state) {
    case State::Disconnected:
    case State::Reconnecting:
    case State::Closed:  // whether it is the end, on_error () decides
      return;
    case State::Connecting:
      return listener_.on_state (state_);
    case State::SettingUp:
      if (!ever_ready_)
        listener_.on_state (state);
      return;
    case State::Ready:
      return connected ();
  }
}

void LiveConversation::connected ()
{
  const auto kind = !std::exchange (ever_ready_, true) ? Event::Kind::Ready
                    : connection_->with_handle         ? Event::Kind::Resumed
                                                       : Event::Kind::Fresh;
  state_ = State::Ready;
  connection_->ready = true;
  old_.reset ();
  set_alarm (AlarmFor::Stable, kStable);
  listener_.on_state (state_);
  if (!closed ())
    listener_.on_event ({kind, {}});
  transmit ();
}

/// A text that is to be sent again waits no more: its turn was announced.
size_t LiveConversation::texts_waiting () const
{
  const auto unsent = static_cast<size_t> (std::ranges::count (inputs_, false, &Input::is_message));
  const auto all = unsent + in_flight_.size () - std::min<size_t> (given_up_, in_flight_.size ());
  return asked_again_ && all > 0 ? all - 1 : all;
}

void LiveConversation::send_text (std::string text)
{
  inputs_.push_back ({.text = std::move (text)});
  transmit ();
}

void LiveConversation::send_message (std::string json, std::string call_id)
{
  inputs_.push_back ({.text = std::move (json), .is_message = true, .call_id = std::move (call_id)});
  transmit ();
}

/// In the order they came, also if a callback adds another one or stops everything meanwhile.
void LiveConversation::transmit ()
{
  while (state_ == State::Ready && connection_->session->state () == State::Ready && !inputs_.empty ()) {
    auto input = std::move (inputs_.front ());
    inputs_.pop_front ();
    if (input.is_message) {
      handle_is_new_ = false;
      std::erase (calls_, input.call_id);
      connection_->session->send_message (std::move (input.text), std::move (input.call_id));
    } else {
      in_flight_.push_back (input);
      connection_->session->send_text (std::move (input.text));
    }
  }
}

void LiveConversation::interrupt ()
{
  if (closed ())
    return;
  std::erase_if (inputs_, [] (const Input &input) { return !input.is_message; });
  given_up_ = static_cast<unsigned> (in_flight_.size ());
  if (state_ == State::Ready)
    connection_->session->interrupt ();
  else
    listener_.on_interrupted (std::exchange (asked_again_, false));
}

void LiveConversation::on_turn_awaited ()
{
  handle_is_new_ = false;
  awaited_.reset ();
  if (!in_flight_.empty ()) {
    awaited_ = std::move (in_flight_.front ());
    in_flight_.pop_front ();
    given_up_ -= given_up_ > 0 ? 1 : 0;
  }
  if (!std::exchange (asked_again_, false))
    listener_.on_turn_awaited ();
}

std::optional<Error> LiveConversation::on_audio (const ServerMessage::InlineData &audio)
{
  handle_is_new_ = false;
  heard_ = true;
  awaited_.reset ();
  return listener_.on_audio (audio);
}

void LiveConversation::on_turn_end (std::string_view reason)
{
  turn_is_over ();
  connection_is_good ();
  listener_.on_turn_end (reason);
}

/// By what it has done, or by its age: those that failed before it no longer count.
void LiveConversation::connection_is_good ()
{
  failed_ = hasty_ = 0;
  refused_ = was_1011_ = helped_once_ = false;
}

void LiveConversation::on_interrupted (bool turn_over)
{
  if (turn_over)
    turn_is_over ();
  listener_.on_interrupted (turn_over);
}

void LiveConversation::turn_is_over ()
{
  awaited_.reset ();
  heard_ = false;
}

void LiveConversation::on_text (std::string_view text) { listener_.on_text (text); }

void LiveConversation::on_transcript (Speaker speaker, const ServerMessage::Transcription &transcription)
{
  listener_.on_transcript (speaker, transcription);
}

void LiveConversation::on_tool_call (const ServerMessage::FunctionCall &call)
{
  calls_.emplace_back (call.id);
  listener_.on_tool_call (call);
}

void LiveConversation::on_tool_calls_cancelled (const std::vector<std::string> &ids)
{
  for (auto &id : ids)
    std::erase (calls_, id);
  listener_.on_tool_calls_cancelled (ids);
}

void LiveConversation::on_usage (const ServerMessage::Usage &usage) { listener_.on_usage (usage); }

void LiveConversation::on_stall (milliseconds silence) { listener_.on_stall (silence); }

void LiveConversation::on_warning (const Error &warning) { listener_.on_warning (warning); }

void LiveConversation::on_handle (std::string_view handle)
{
  handle_ = config_.resume ? handle : "";
  handle_is_new_ = true;
}

void LiveConversation::on_go_away (std::optional<double> time_left)
{
  going_away_ = true;
  const milliseconds left =
      time_left ? milliseconds (static_cast<int64_t> (std::clamp (*time_left, 0.0, 3600.0) * 1000))
                : milliseconds (kTimeLeft);
  set_alarm (AlarmFor::GoAway, left * 3 / 4);
  listener_.on_event ({Event::Kind::GoAway, time_left});
}

void LiveConversation::on_rest () { swap_if_due (); }

/// The last thing done in a callback: the session that is on the stack ends here.
void LiveConversation::swap_if_due ()
{
  if (!going_away_ || state_ != State::Ready || heard_ || awaited_ || !in_flight_.empty ())
    return;
  // Before turnComplete, and until the handle after it has come, what was said last would be forgotten.
  const bool all_said = connection_->session->turn () == LiveSession::Turn::None && calls_.empty ();
  const bool remembered = handle_is_new_ || !config_.resume;
  if (!away_now_ && !(all_said && remembered))
    return;
  connection_->session->stop ();
  cancel_calls ();
  if (closed ())
    return;
  if (hasty_++ == 0)
    return connect ();
  sent_away_again ();
}

void LiveConversation::set_alarm (AlarmFor purpose, milliseconds delay)
{
  alarm_for_ = purpose;
  alarm_->ring_in (delay);
}

void LiveConversation::ring ()
{
  if (closed ())
    return;
  switch (std::exchange (alarm_for_, AlarmFor::Nothing)) {
    case AlarmFor::Nothing:
      return;
    case AlarmFor::Retry:
      return connect ();
    case AlarmFor::Stable:
      // A text that is not answered yet may be what breaks one connection after the other: its answer tells.
      if (!awaited_ && in_flight_.empty ())
        connection_is_good ();
      return;
    case AlarmFor::GoAway:
      away_now_ = true;
      return swap_if_due ();
  }
}

}  // namespace gemini
