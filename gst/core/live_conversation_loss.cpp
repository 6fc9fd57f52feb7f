// What is done about connections that have ended by themselves.
#include <algorithm>
#include <utility>

#include "core/live_conversation.h"
#include "core/resume.h"

namespace gemini {

using std::chrono::milliseconds;

/// A reason may be cut off, and the handle in it.
static void mask (const std::string &handle, std::string &detail)
{
  for (auto size = handle.size (); size >= std::min<size_t> (handle.size (), 8) && size > 0; size--)
    for (size_t at = 0; (at = detail.find (handle.substr (0, size), at)) != detail.npos; at += 3)
      detail.replace (at, size, "***");
}

/// A connection has ended by itself.
void LiveConversation::on_error (const Error &error)
{
  if (closed ())
    return;
  auto told = error;
  mask (handle_, told.detail);
  mask (shown_, told.detail);
  const auto delay = retry_after (told);
  if (!delay || !listener_.on_lost (told, heard_))
    return give_up (told);
  if (!closed ())
    lost (told, *delay);
}

/// By a server that has answered nothing in between: to connect again at once would go on for ever.
void LiveConversation::sent_away_again ()
{
  const Error error{.kind = Error::Kind::Busy,
                    .message = "Gemini sends every connection away at once: try again in a while",
                    .detail = "goAway before anything was answered"};
  const auto delay = retry_delay (config_.retry, {.helps = true}, ++failed_, config_.random ());
  if (delay)
    lost (error, *delay);
  else
    give_up (error);
}

/// When to connect again; nothing: it is of no use.
std::optional<milliseconds> LiveConversation::retry_after (const Error &error)
{
  const bool is_1011 = error.close_code == 1011U;
  const auto advice = resume_advice ({.error = error,
                                      .was_ready = connection_->ready,
                                      .ever_ready = ever_ready_,
                                      .with_handle = connection_->with_handle,
                                      .again_1011 = is_1011 && was_1011_});
  was_1011_ = is_1011;
  if (advice.drop_handle && !std::exchange (handle_, {}).empty () && !std::exchange (refused_, true))
    return milliseconds (0);  // a new session at once
  // Once is once for each reason to try again, not for all failures together.
  auto retry = advice.retry;
  if (std::exchange (retry.once, false) && std::exchange (helped_once_, true))
    return std::nullopt;
  return retry_delay (config_.retry, retry, ++failed_, config_.random ());
}

void LiveConversation::lost (const Error &error, milliseconds delay)
{
  state_ = ever_ready_ ? State::Reconnecting : State::Connecting;
  ask_again ();
  set_alarm (AlarmFor::Retry, delay);
  listener_.on_state (state_);
  cancel_calls ();
  if (!closed ())
    listener_.on_retry (error, delay);
}

/// What nothing was heard of goes to the front again, in the order it was said.
void LiveConversation::ask_again ()
{
  in_flight_.erase (in_flight_.begin (), in_flight_.begin () + std::exchange (given_up_, 0));
  for (; !in_flight_.empty (); in_flight_.pop_back ())
    inputs_.push_front (std::move (in_flight_.back ()));
  if (awaited_) {
    inputs_.push_front (*std::exchange (awaited_, std::nullopt));
    asked_again_ = true;
  }
  heard_ = false;
}

/// They were made in a session of which the next connection knows nothing.
void LiveConversation::cancel_calls ()
{
  if (const auto calls = std::exchange (calls_, {}); !calls.empty () && !closed ())
    listener_.on_tool_calls_cancelled (calls);
}

void LiveConversation::give_up (const Error &error)
{
  if (closed ())
    return;
  state_ = State::Closed;
  alarm_->cancel ();
  listener_.on_state (state_);
  listener_.on_error (error);
}

}  // namespace gemini
