// What the session tells: on to the queue, to the bus, and into the state.
#include <utility>

#include "elements/conversation.h"
#include "elements/debug.h"
#include "elements/element_error.h"
#include "elements/messages.h"

namespace gemini {
namespace {

const char *to_string (Session::State state)
{
  switch (state) {
    case Session::State::Disconnected:
      return "disconnected";
    case Session::State::Connecting:
      return "connecting";
    case Session::State::SettingUp:
      return "setting up";
    case Session::State::Ready:
      return "ready";
    case Session::State::Reconnecting:
      return "reconnecting";
    case Session::State::Closed:
      return "closed";
  }
  return "?";
}

}  // namespace

void Conversation::on_state (Session::State state)
{
  GST_INFO_OBJECT (element_, "session: %s", to_string (state));
  switch (state) {
    case Session::State::Disconnected:
      break;
    case Session::State::SettingUp:
      progress (GST_PROGRESS_TYPE_CONTINUE, "Setting up the session");
      break;
    case Session::State::Connecting:
      progress (GST_PROGRESS_TYPE_START, "Connecting to Gemini");
      state_.update ([] (auto &facts) { facts.session = StateTracker::Session::Connecting; });
      break;
    case Session::State::Ready:
      progress (GST_PROGRESS_TYPE_COMPLETE, "Connected to Gemini");
      state_.update ([] (auto &facts) { facts.session = StateTracker::Session::Ready; });
      break;
    case Session::State::Reconnecting:
      state_.update ([] (auto &facts) { facts.session = StateTracker::Session::Reconnecting; });
      break;
    case Session::State::Closed:
      progress (GST_PROGRESS_TYPE_ERROR, "Could not connect to Gemini");
      state_.update ([] (auto &facts) {
        facts.session = StateTracker::Session::Closed;
        facts.answering = false;
      });
      break;
  }
}

/// Tells those who wait for the first connection; of later ones nothing depends.
void Conversation::progress (GstProgressType type, const char *text)
{
  bool starts = type == GST_PROGRESS_TYPE_START;
  if (starts ? connected_once_ : !connecting_)
    return;
  connected_once_ = true;
  connecting_ = starts || type == GST_PROGRESS_TYPE_CONTINUE;
  gst_element_post_message (element_,
                            gst_message_new_progress (GST_OBJECT (element_), type, "connect", text));
}

void Conversation::on_turn_awaited ()
{
  count_texts ();
  if (done_)
    return;
  GST_DEBUG_OBJECT (element_, "text sent, an answer is due");
  turn_runs_ = true;
  queue_.await_turn ();
  state_.update ([] (auto &facts) { facts.answering = true; });
}

std::optional<Error> Conversation::on_audio (const ServerMessage::InlineData &audio)
{
  if (done_)
    return std::nullopt;
  auto decoded = decoder_.decode (audio);
  if (auto *error = std::get_if<Error> (&decoded))
    return std::move (*error);
  auto &chunk = std::get<AudioDecoder::Chunk> (decoded);
  if (!chunk.buffer)
    return std::nullopt;
  GST_LOG_OBJECT (element_, "chunk of %" G_GSIZE_FORMAT " bytes at %u Hz",
                  gst_buffer_get_size (chunk.buffer.get ()), chunk.format.rate);
  turn_runs_ = true;
  if (!std::exchange (facts_.audio, true))
    state_.update ([] (auto &facts) {
      facts.answering = true;
      facts.unheard++;
    });
  queue_.push (std::move (chunk.buffer), chunk.format.rate);
  return std::nullopt;
}

void Conversation::on_text (std::string_view text)
{
  GST_DEBUG_OBJECT (element_, "%" G_GSIZE_FORMAT " bytes of text instead of speech", text.size ());
  facts_.text = true;
}

void Conversation::on_transcript (Session::Speaker speaker, const ServerMessage::Transcription &transcription)
{
  GST_LOG_OBJECT (element_, "transcript of %" G_GSIZE_FORMAT " bytes", transcription.text.size ());
  if (transcription.text.empty () && !transcription.finished)
    return;
  post_transcript (element_, speaker == Session::Speaker::User ? "user" : "model", transcription,
                   queue_.turn (), queue_.end_time ());
}

void Conversation::on_tool_call (const ServerMessage::FunctionCall &call)
{
  GST_DEBUG_OBJECT (element_, "the model calls function %.*s", static_cast<int> (call.name.size ()),
                    call.name.data ());
  facts_.tool_call = true;
  calls_.add ({std::string (call.id), std::string (call.name)});
  if (config_.tool_patience.count () > 0)
    call_alarm_->ring_in (config_.tool_patience);
  post_tool_call (element_, call);
}

void Conversation::on_tool_calls_cancelled (const std::vector<std::string> &ids)
{
  for (auto &id : ids)
    calls_.remove (id);
  post_tool_call_cancelled (element_, ids);
}

/// Once for all that wait: a model may be silent until it has its answer.
void Conversation::on_unanswered ()
{
  auto names = calls_.names ();
  if (!names.empty ())
    post_warning (element_,
                  {.kind = Error::Kind::Failed,
                   .message = "The model waits for the answer of a function: answer gemini-tool-call "
                              "messages with send-tool-response, if only with an error",
                   .detail = "unanswered: " + names});
}

void Conversation::on_usage (const ServerMessage::Usage &usage)
{
  GST_DEBUG_OBJECT (element_, "tokens: %" G_GINT64_FORMAT " in, %" G_GINT64_FORMAT " out",
                    usage.prompt_tokens, usage.response_tokens);
  post_usage (element_, usage);
}

void Conversation::on_stall (std::chrono::milliseconds silence)
{
  GST_INFO_OBJECT (element_, "nothing has come for %d ms in the middle of an answer",
                   static_cast<int> (silence.count ()));
  post_stalled (element_, static_cast<GstClockTime> (silence.count ()) * GST_MSECOND);
}

void Conversation::on_interrupted (bool turn_over)
{
  GST_DEBUG_OBJECT (element_, "interrupted");
  // It may be only the turn before that is out of date: all of that has come, and was counted.
  bool over = turn_runs_ && turn_over;
  bool flushed = config_.flush != nullptr && queue_.sounding () && config_.flush->begin ();
  if (over)
    turn_is_over ();  // before the queue: the streaming thread must not see an answer that is still due
  auto cut = queue_.cut (over, over && last_turn (), flushed);
  if (flushed)
    config_.flush->end ();
  if (cut.turn > 0)
    post_interrupted (element_, cut);
}

void Conversation::on_turn_end (std::string_view reason)
{
  if (done_)
    return;
  GST_DEBUG_OBJECT (element_, "all audio of the turn has come %.*s", static_cast<int> (reason.size ()),
                    reason.data ());
  facts_.audible = decoder_.audible ();
  if (live_api_)
    facts_.reason = reason;  // of speech over HTTP, the session itself tells what it means
  if (auto warning = live_api_ || facts_.audio ? turn_warning (facts_) : std::nullopt)
    post_warning (element_, *warning);
  turn_is_over ();
  queue_.end_turn (reason, last_turn ());
}

void Conversation::on_warning (const Error &warning)
{
  if (!done_)
    post_warning (element_, warning);
}

void Conversation::on_retry (const Error &reason, std::chrono::milliseconds delay)
{
  GST_WARNING_OBJECT (element_, "trying again in %d ms: %s (%s)", static_cast<int> (delay.count ()),
                      reason.message.c_str (), reason.detail.c_str ());
}

void Conversation::turn_is_over ()
{
  decoder_.reset ();
  turn_runs_ = false;
  facts_ = {};
  state_.update ([] (auto &facts) { facts.answering = false; });
}

/// Counts the turn that ends here.
bool Conversation::last_turn ()
{
  done_ = config_.num_turns >= 0 && ++turns_ >= config_.num_turns;
  if (done_)
    over_ = true;
  return done_;
}

void Conversation::on_event (const Session::Event &event)
{
  if (event.kind == Session::Event::Kind::Resumed || event.kind == Session::Event::Kind::Fresh)
    queue_.count_reconnect ();
  post_session (element_, event);
}

/// The last answer is not replaced by another connection, and after it none is needed.
bool Conversation::on_lost (const Error &error, bool in_turn)
{
  if (done_ || (in_turn && turns_ + 1 == config_.num_turns))
    return false;
  GST_INFO_OBJECT (element_, "connection lost: %s (%s)", error.message.c_str (), error.detail.c_str ());
  if (in_turn) {
    post_warning (element_, error);
    turn_is_over ();
    queue_.end_turn ("CONNECTION_LOST", last_turn ());
  } else {
    facts_ = {};  // of an answer that begins again
  }
  return true;
}

void Conversation::on_error (const Error &error)
{
  GST_DEBUG_OBJECT (element_, "session failed: %s (%s)", error.message.c_str (), error.detail.c_str ());
  over_ = gone_ = true;
  if (queue_.fail (error))
    return;
  post_error (element_, error);
  queue_.finish ();
}

}  // namespace gemini
