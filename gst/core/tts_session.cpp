#include "core/tts_session.h"

#include <algorithm>
#include <utility>

namespace gemini {

TtsSession::TtsSession (Config config, HttpClient &client, AlarmMaker alarms, Session::Listener &listener)
    : config_ (std::move (config)), client_ (client), alarms_ (std::move (alarms)), listener_ (listener)
{
}

/// There is no connection to wait for: each request finds one, or makes one. A text that is given later shall
/// find one.
void TtsSession::start ()
{
  if (turns_.empty ())
    client_.prepare (config_.exchange.target);
  state_ = State::Ready;
  listener_.on_state (state_);
  on_progress ();
}

size_t TtsSession::texts_waiting () const
{
  return static_cast<size_t> (std::ranges::count (turns_, false, &Turn::announced));
}

void TtsSession::send_text (std::string text)
{
  if (closed ())
    return;
  auto requests = tts_requests (config_.speech, text);
  if (auto *error = std::get_if<Error> (&requests))
    return fail (*error);
  Turn turn;
  TtsExchange::Owner &owner = *this;
  for (auto &body : std::get<std::vector<std::string>> (requests))
    turn.requests.push_back (
        std::make_unique<TtsExchange> (config_.exchange, std::move (body), client_, alarms_, owner));
  turn.blank = turn.requests.empty ();
  turns_.push_back (std::move (turn));
  on_progress ();
}

void TtsSession::interrupt ()
{
  if (closed ())
    return;
  const bool running = !turns_.empty () && turns_.front ().announced;
  drop_all ();
  listener_.on_interrupted (running);
}

void TtsSession::stop ()
{
  if (closed ())
    return;
  state_ = State::Closed;
  drop_all ();
}

/// A callback of the listener may bring us here again: then the loop that made it goes on. If not, whoever
/// calls is nobody who is over.
void TtsSession::on_progress ()
{
  if (stepping_)
    return;
  over_.clear ();
  step_on ();
}

void TtsSession::on_retry (const Error &reason, std::chrono::milliseconds delay)
{
  stepping_ = true;
  listener_.on_retry (reason, delay);
  step_on ();
}

void TtsSession::step_on ()
{
  stepping_ = true;
  while (state_ == State::Ready && step ()) {
  }
  stepping_ = false;
  // A listener whose queue is full lets us wait, for as long as a pipeline is paused.
  for (auto &turn : turns_)
    for (auto &request : turn.requests) {
      if (request->waiting ())
        return;
      request->be_patient ();
    }
}

/// Does the next thing; false: there is nothing to do but wait. The last thing each way through does is one
/// call of the listener, who may change everything.
bool TtsSession::step ()
{
  if (turns_.empty ())
    return false;
  ask_ahead ();
  auto &turn = turns_.front ();
  if (!std::exchange (turn.announced, true)) {
    listener_.on_turn_awaited ();
    return true;
  }
  if (!turn.requests.empty ())
    return listen (*turn.requests.front ());
  if (std::exchange (turn.blank, false)) {
    listener_.on_warning (
        {.kind = Error::Kind::Failed, .message = "The text is blank: there is nothing to read aloud"});
    return true;
  }
  const auto reason = std::move (turn.reason);
  turns_.pop_front ();
  listener_.on_turn_end (reason);
  return true;
}

/// Counted with those that are done and wait for their place, or a slow first one would let all others pile
/// up. Not beyond one that has failed: nothing behind it will be heard.
void TtsSession::ask_ahead ()
{
  unsigned asked = 0;
  for (auto &turn : turns_)
    for (auto &request : turn.requests) {
      if (asked++ == kAtATime || (request->done () && request->verdict ().error))
        return;
      if (request->waiting ())
        request->start ();
    }
}

bool TtsSession::listen (TtsExchange &exchange)
{
  if (auto audio = exchange.take ()) {
    const bool fresh = std::exchange (turns_.front ().fresh, false);
    if (auto error = listener_.on_audio ({.mime_type = audio->mime_type,
                                          .data = audio->data,
                                          .continues = audio->continues,
                                          .fresh = fresh}))
      fail (*error);
    return true;
  }
  return exchange.done () && next_request ();
}

/// All of the front request has been passed on; first what is to be said of it, then it goes.
bool TtsSession::next_request ()
{
  auto &turn = turns_.front ();
  auto done = std::move (turn.requests.front ());
  turn.requests.pop_front ();
  turn.fresh = true;
  auto &exchange = *over_.emplace_back (std::move (done));

  if (auto &error = exchange.verdict ().error) {
    fail (*error);
    return false;
  }
  if (exchange.facts ().finish_reason != "STOP")
    turn.reason = exchange.facts ().finish_reason;
  if (exchange.facts ().usage)
    listener_.on_usage (*exchange.facts ().usage);
  if (!closed () && exchange.verdict ().warning)
    listener_.on_warning (*exchange.verdict ().warning);
  return true;
}

/// Stopped, but kept: one of them may be who called us.
void TtsSession::drop_all ()
{
  for (auto &turn : turns_)
    for (auto &request : turn.requests) {
      request->stop ();
      over_.push_back (std::move (request));
    }
  turns_.clear ();
}

void TtsSession::fail (const Error &error)
{
  if (closed ())
    return;
  const Error copy = error;
  state_ = State::Closed;
  drop_all ();
  listener_.on_state (state_);
  listener_.on_error (copy);
}

}  // namespace gemini
