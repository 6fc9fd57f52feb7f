#pragma once

#include <optional>
#include <set>
#include <string>

#include "core/base64.h"
#include "core/live_conversation.h"
#include "fuzz/clock.h"
#include "fuzz/server.h"
#include "fuzz/speaker.h"

namespace gemini::fuzz {

/// Hears what a conversation tells and sees what reaches the server, and knows what may follow what. Passes
/// audio and turns on to a speaker, as the element does to its queue.
///
/// Every sample has a number, one higher than the one before, as has every text.
class Hearer final : public Session::Listener, public Office {
 public:
  Hearer (Clock &clock, Speaker &speaker, unsigned scale) : clock_ (clock), speaker_ (speaker), scale_ (scale)
  {
  }

  // what the application does
  unsigned next_text () { return ++texts_; }
  /// Nothing that was said before is answered, and none of it is said again.
  void interrupted_here ()
  {
    for (unsigned number = 1; number <= texts_; number++)
      done_.insert (number);
  }
  void stop () { over_ = stopped_ = true; }
  bool stopped () const { return stopped_; }
  bool over () const { return over_; }
  bool turn_runs () const { return running_; }
  bool closed () const { return state_ == Session::State::Closed; }
  bool ready () const { return state_ == Session::State::Ready; }
  bool every_text_answered () const { return done_.size () == texts_; }
  unsigned heard () const { return heard_; }

  std::function<void ()> meanwhile;  ///< done in the next callback
  bool goes_on = true;               ///< after a loss in the middle of an answer
  std::string secret;                ///< may not be told

 private:
  void note ()
  {
    expect (!over_, "nothing is told after the end");
    if (meanwhile)
      std::exchange (meanwhile, {}) ();
  }

  // the server's side
  void on_connection () override
  {
    expect (!over_, "there are no connections after the end");
    expect (!running_ || asked_again_, "no turn waits on a connection that is gone");
    expect (++hopeless_ < 10, "there is an end to trying");
    ready_since_.reset ();
    sent_.clear ();
    last_sent_ = 0;
  }
  void on_setup (const std::string &handle) override
  {
    if (!handle.empty ())
      secret = handle;
    with_handle_ = !handle.empty ();
  }
  void on_text (unsigned number) override
  {
    expect (number <= texts_ && number > last_sent_, "texts are sent in their order");
    expect (!done_.contains (number), "no text is sent again that was answered or given up");
    last_sent_ = number;
    if (std::exchange (asked_again_, false))
      running_text_ = number;
    else
      sent_.insert (number);
  }
  void on_message (unsigned number) override
  {
    expect (messages_.insert (number).second, "no message is sent twice");
  }

  // the listener's
  void on_state (Session::State state) override
  {
    using enum Session::State;
    switch (state) {
      case Disconnected:
        expect (false, "nobody is disconnected twice");
        break;
      case Connecting:
        expect (!was_ready_, "what was connected reconnects");
        break;
      case SettingUp:
        expect (state_ == Connecting, "a setup follows a connection");
        break;
      case Ready:
        expect (state_ == SettingUp || state_ == Reconnecting, "ready is who was set up");
        ready_since_ = clock_.now ();
        was_ready_ = true;
        break;
      case Reconnecting:
        expect (was_ready_, "only who was connected reconnects");
        break;
      case Closed:
        expect (state_ != Closed, "the end comes once");
        break;
    }
    if (state != Ready && ready_since_) {
      // The connection was good for as long.
      if (clock_.now () - *ready_since_ >= LiveConversation::kStable)
        hopeless_ = 0;
      ready_since_.reset ();
    }
    state_ = state;
    note ();
  }

  void on_turn_awaited () override
  {
    expect (!running_, "one turn runs at a time");
    expect (!sent_.empty (), "an answer is due to a text that was sent");
    running_ = true;
    running_text_ = *sent_.begin ();
    sent_.erase (sent_.begin ());
    audible_ = false;
    speaker_.await_turn ();
    note ();
  }

  std::optional<Error> on_audio (const ServerMessage::InlineData &audio) override
  {
    expect (state_ == Session::State::Ready, "audio comes over a connection");
    std::vector<uint8_t> bytes (base64_decoded_bound (audio.data.size ()));
    const auto size = base64_decode (audio.data, bytes);
    if (!size) {
      note ();
      return Error{.kind = Error::Kind::Decode, .message = "no base64"};
    }
    for (size_t at = 0; at + 1 < *size; at += 2) {
      const unsigned number = bytes[at] + bytes[at + 1] * 256U;
      expect (at == 0 ? number > heard_ : number == heard_ + 1, "samples come in their order, and once");
      heard_ = number;
    }
    running_ = audible_ = true;
    if (running_text_)
      done_.insert (*running_text_);
    if (*size >= 2)
      speaker_.push (*size / 2 * scale_, audio.mime_type.ends_with ("16000") ? 16000 : 24000, clock_.now ());
    note ();
    return std::nullopt;
  }

  void on_turn_end (std::string_view) override
  {
    expect (running_, "a turn ends once");
    hopeless_ = 0;
    turn_is_over ();
    speaker_.end_turn ();
    note ();
  }

  void on_interrupted (bool turn_over) override
  {
    // The turn may have ended and still play.
    const bool over = running_ && turn_over;
    if (over)
      turn_is_over ();
    speaker_.cut (over, false);
    note ();
  }

  bool on_lost (const Error &error, bool in_turn) override
  {
    check (error);
    expect (in_turn ? running_ && audible_ : !running_ || !audible_, "a loss is told as it is");
    if (in_turn && !goes_on)
      return false;
    if (in_turn) {
      turn_is_over ();
      speaker_.end_turn ();
    } else if (running_) {
      asked_again_ = true;
      running_text_.reset ();
    }
    note ();
    return true;
  }

  void on_error (const Error &error) override
  {
    note ();
    check (error);
    expect (state_ == Session::State::Closed, "who fails is closed");
    over_ = true;
    speaker_.finish (true);
  }

  void on_event (const Session::Event &event) override
  {
    using enum Session::Event::Kind;
    switch (event.kind) {
      case Ready:
        expect (!std::exchange (told_ready_, true), "the first session opens once");
        break;
      case Resumed:
      case Fresh:
        expect (told_ready_ && state_ == Session::State::Ready, "another session follows the first");
        expect (with_handle_ == (event.kind == Resumed), "a session is taken up by its handle");
        break;
      case GoAway:
        break;
    }
    note ();
  }

  void on_tool_call (const ServerMessage::FunctionCall &call) override
  {
    calls_.insert (std::string (call.id));
    note ();
  }
  void on_tool_calls_cancelled (const std::vector<std::string> &ids) override
  {
    expect (!ids.empty (), "somebody is cancelled");
    for (auto &id : ids)
      expect (calls_.contains (id), "only a call that was made is cancelled");
    note ();
  }
  void on_text (std::string_view text) override
  {
    expect (is_utf8 (text), "text is UTF-8");
    note ();
  }
  void on_transcript (Session::Speaker, const ServerMessage::Transcription &said) override
  {
    expect (is_utf8 (said.text), "a transcript is UTF-8");
    note ();
  }
  void on_usage (const ServerMessage::Usage &) override { note (); }
  void on_stall (milliseconds) override
  {
    expect (running_, "only an answer stalls");
    note ();
  }
  void on_warning (const Error &error) override
  {
    check (error);
    note ();
  }
  void on_retry (const Error &error, milliseconds delay) override
  {
    check (error);
    expect (delay.count () >= 0 && delay <= std::chrono::minutes (1), "a delay is within the policy");
    note ();
  }

  void check (const Error &error) const
  {
    expect (!error.message.empty () && is_utf8 (error.message) && is_utf8 (error.detail),
            "an error can be told");
    expect (secret.empty () || error.detail.find (secret) == error.detail.npos, "a handle is told to nobody");
  }

  void turn_is_over ()
  {
    running_ = audible_ = asked_again_ = false;
    if (running_text_)
      done_.insert (*running_text_);
    running_text_.reset ();
  }

  Clock &clock_;
  Speaker &speaker_;
  const unsigned scale_;

  Session::State state_ = Session::State::Disconnected;
  bool was_ready_ = false;
  bool told_ready_ = false;
  bool over_ = false;
  bool stopped_ = false;
  std::optional<nanoseconds> ready_since_;
  unsigned hopeless_ = 0;  ///< connections since one was of use

  bool running_ = false;
  bool audible_ = false;
  bool asked_again_ = false;  ///< the text of the running turn is to be sent once more
  std::optional<unsigned> running_text_;
  unsigned heard_ = 0;  ///< the last sample

  unsigned texts_ = 0;
  unsigned last_sent_ = 0;   ///< over this connection
  std::set<unsigned> sent_;  ///< over this connection, their turns still to come
  std::set<unsigned> done_;  ///< answered, cut or given up
  std::set<unsigned> messages_;
  bool with_handle_ = false;
  std::set<std::string> calls_;
};

}  // namespace gemini::fuzz
