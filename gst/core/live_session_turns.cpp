// The turns of a session: which of them a message belongs to, and when it is over.
#include <algorithm>
#include <utility>

#include "core/live_session.h"
#include "core/media_type.h"

namespace gemini {

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
  const bool unheard = turn_ == Turn::Cut || (turn_ == Turn::Spoken && cut_here_);
  if (!closed () && message.output_transcription && !unheard)
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
        return;  // late audio of a turn that is over
      if (!cut_here_)
        turn_complete_is_missing ();
      if (closed () || turn_ != Turn::Spoken)
        return;
      next_turn ();
      if (closed () || turn_ == Turn::Cut)
        return;
      [[fallthrough]];
    case Turn::None:
    case Turn::Awaited:
      turn_ = Turn::Speaking;
      old_turn_complete_due_ = false;
      [[fallthrough]];
    case Turn::Speaking:
      tool_call_pending_ = tool_call_pending_ && !calls_.empty ();
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
      // Before anything was said it may be the turn before that the server cuts, as in Awaited.
      if (cut_here_ && cut_unsaid_ && asked_ == 0)
        old_turn_complete_due_ = true;
      else
        cut_here_ = false;  // now the server knows
      return;
  }
}

size_t LiveSession::texts_waiting () const
{
  const auto unsent = std::ranges::count (unsent_, Input::Kind::Text, &Input::kind);
  return static_cast<size_t> (unsent) + asked_ - std::min (asked_, given_up_);
}

/// By the application.
void LiveSession::interrupt ()
{
  if (closed ())
    return;
  std::erase_if (unsent_, [] (const Input &input) { return input.kind == Input::Kind::Text; });
  given_up_ = asked_;
  if (turn_ == Turn::Awaited || turn_ == Turn::Speaking)
    cut_here ();
  else
    listener_.on_interrupted (false);
}

void LiveSession::cut_here ()
{
  cut_unsaid_ = turn_ == Turn::Awaited;
  turn_ = Turn::Cut;
  cut_here_ = true;
  rearm ();
  listener_.on_interrupted (true);
}

void LiveSession::generation_complete (const ServerMessage &message)
{
  // With a call unanswered or further segments to come, this is not the end of what will be said.
  if (turn_ == Turn::Speaking && !tool_call_pending_ && !config_.segmented)
    end_turn (message.turn_complete_reason, Turn::Spoken);
  // A turn that was cut here ends as any other, only unheard.
  if (turn_ == Turn::Cut && cut_here_ && !tool_call_pending_ && !config_.segmented)
    turn_ = Turn::Spoken;
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
    case Turn::Cut:
      if (cut_here_ && std::exchange (old_turn_complete_due_, false))
        return;
      [[fallthrough]];
    case Turn::Spoken:
      turn_ = Turn::None;
      cut_here_ = false;
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
  cut_here_ = false;
  listener_.on_turn_awaited ();
  if (!closed () && turn_ == Turn::Awaited && given_up_ > 0) {
    given_up_--;
    cut_here ();
  }
}

/// Told once: a server that leaves it out will do so each time.
void LiveSession::turn_complete_is_missing ()
{
  if (!std::exchange (missing_end_told_, true))
    listener_.on_warning ({.kind = Error::Kind::Read,
                           .message =
                               "Gemini did not say that its answer was over: the next one may come late, "
                               "try another model if it does",
                           .detail = "turnComplete is missing"});
}

void LiveSession::tool_call (const ServerMessage::FunctionCall &call)
{
  if (calls_.size () == kMostCalls)
    return fail ({.kind = Error::Kind::Decode,
                  .message = "Gemini calls more functions than can be answered: check the tools in setup",
                  .detail = std::to_string (kMostCalls) + " calls are unanswered"});
  tool_call_pending_ = true;
  calls_.emplace_back (call.id);
  listener_.on_tool_call (call);
}

void LiveSession::cancel_tool_calls (const std::vector<std::string_view> &ids)
{
  std::vector<std::string> cancelled;
  for (auto id : ids)
    if (call_is_over (std::string (id)))
      cancelled.emplace_back (id);
  if (!cancelled.empty ())
    listener_.on_tool_calls_cancelled (cancelled);
}

/// FALSE: it was already, or there was no such call.
bool LiveSession::call_is_over (const std::string &id)
{
  auto call = std::find (calls_.begin (), calls_.end (), id);
  if (call == calls_.end ())
    return false;
  calls_.erase (call);
  return true;
}

}  // namespace gemini
