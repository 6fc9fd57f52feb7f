#include "elements/conversation.h"

#include <utility>

#include "core/client_message.h"

namespace gemini {
namespace {

constexpr const char *kGone = "the conversation is over: EOS was sent, or its connection failed";
constexpr const char *kStopped = "Stopped while connecting to Gemini";

}  // namespace

Conversation::Conversation (GstElement *element, AudioQueue &queue, StateTracker &state, Config config)
    : over_ (config.num_turns == 0),
      element_ (element),
      queue_ (queue),
      state_ (state),
      config_ (std::move (config)),
      live_api_ (std::holds_alternative<LiveConversation::Config> (config_.session)),
      done_ (config_.num_turns == 0)
{
  loop_.post ([this] { start (); });
}

void Conversation::refuse () { over_ = gone_ = true; }

void Conversation::end ()
{
  loop_.post ([this] {
    done_ = true;
    session_->stop ();
    if (call_alarm_)
      call_alarm_->cancel ();
    progress (GST_PROGRESS_TYPE_CANCELED, kStopped);
    state_.update ([] (auto &facts) { facts = {}; });
  });
}

Conversation::~Conversation ()
{
  loop_.end ();
  loop_.post ([this] {
    session_->stop ();
    progress (GST_PROGRESS_TYPE_CANCELED, kStopped);
    // One round later, so that the close frame is on its way.
    loop_.post ([this] {
      session_.reset ();
      call_alarm_.reset ();
      client_.reset ();
    });
  });
}

void Conversation::start ()
{
  decoder_.skip_leading_silence (config_.skip_leading_silence);
  std::visit ([this] (auto &config) { make_session (config); }, config_.session);
  if (done_)
    queue_.finish ();
  if (!config_.prompt.empty ())
    session_->send_text (config_.prompt);
  count_texts ();
  session_->start ();
}

void Conversation::make_session (LiveConversation::Config &config)
{
  call_alarm_ = std::make_unique<LoopAlarm> (loop_.context (), [this] { on_unanswered (); });
  auto transports = [this] { return std::make_unique<WebSocketTransport> (loop_, config_.network); };
  Session::Listener &listener = *this;
  session_ = std::make_unique<LiveConversation> (std::move (config), transports, alarms (), listener);
}

AlarmMaker Conversation::alarms ()
{
  return [this] (std::function<void ()> ring) {
    return std::make_unique<LoopAlarm> (loop_.context (), std::move (ring));
  };
}

void Conversation::make_session (TtsSession::Config &config)
{
  client_ = std::make_unique<SoupClient> (loop_, config_.network);
  Session::Listener &listener = *this;
  session_ = std::make_unique<TtsSession> (std::move (config), *client_, alarms (), listener);
}

std::string Conversation::send_text (std::string text)
{
  if (over_)
    return "the conversation is over: num-turns have come, EOS was sent, or its connection failed";
  {
    const std::lock_guard guard (texts_lock_);
    if (posted_texts_ + waiting_texts_ >= kMostTexts)
      return "too many texts wait for their turn: send the next when gemini-turn-complete has come";
    posted_texts_++;
  }
  loop_.post ([this, text = std::move (text)] () mutable {
    if (session_) {
      session_->send_text (std::move (text));
      count_texts (1);
    }
  });
  return "";
}

/// Asked each time, not counted: what is merged, cut or asked again would be counted wrong one day.
void Conversation::count_texts (size_t arrived)
{
  const std::lock_guard guard (texts_lock_);
  posted_texts_ -= arrived;
  waiting_texts_ = session_->texts_waiting ();
}

void Conversation::set_target (Target target)
{
  loop_.post ([this, target = std::move (target)] () mutable {
    if (session_)
      session_->set_target (std::move (target));
  });
}

void Conversation::interrupt ()
{
  loop_.post ([this] {
    if (!session_)
      return;
    session_->interrupt ();
    count_texts ();  // it withdraws them
  });
}

std::string Conversation::send_tool_response (const std::string &id, const std::string &name,
                                              const std::string &json)
{
  auto message = tool_response_message (id, name, json);
  if (auto *error = std::get_if<Error> (&message))
    return error->message;
  if (gone_)
    return kGone;
  if (!calls_.remove (id))
    return "no call '" + id + "' waits for an answer: it was cancelled, answered, or never made";
  loop_.post ([this, id, message = std::move (std::get<std::string> (message))] () mutable {
    if (session_)
      session_->send_message (std::move (message), id);
  });
  return "";
}

std::string Conversation::send_message (const std::string &json)
{
  if (!live_api_)
    return "a text that is read aloud takes no messages; api=live does";
  if (gone_)
    return kGone;
  auto message = checked_message (json);
  if (auto *error = std::get_if<Error> (&message))
    return error->message;
  loop_.post ([this, message = std::move (std::get<std::string> (message))] () mutable {
    if (session_)
      session_->send_message (std::move (message), "");
  });
  return "";
}

}  // namespace gemini
