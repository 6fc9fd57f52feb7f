#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base64.h"
#include "core/tts_session.h"
#include "fuzz/clock.h"
#include "fuzz/speaker.h"

namespace gemini::fuzz {

/// One request over HTTP, seen by its server. Calls nobody back while it is called, as the real one.
struct Request {
  HttpStream::Listener *listener;
  unsigned piece;
  bool given_up = false;  ///< by the client
  bool over = false;      ///< the answer is
  bool headed = false;
  bool paused = false;
  bool spoilt = false;  ///< by what is no event
  unsigned status = 0;
  unsigned said = 0;  ///< samples
  bool open () const { return !given_up && !over; }
};

/// Hears what a session tells that reads texts aloud, sees what it asks for, and knows what may follow what.
///
/// Texts are made of pieces, each of which is a request. A sample has the number of its piece in the upper
/// byte, and its place in it in the lower one.
class Reader final : public Session::Listener, public HttpClient {
 public:
  Reader (Clock &clock, Speaker &speaker, int retries)
      : clock_ (clock), speaker_ (speaker), retries_ (retries)
  {
  }

  /// A text of so many pieces.
  std::string next_text (unsigned pieces)
  {
    std::string text;
    for (unsigned i = 0; i < pieces; i++)
      text += "Piece " + std::to_string (++pieces_) + " is read aloud. ";
    texts_.push_back (pieces_);
    return text;
  }
  unsigned pieces () const { return pieces_; }
  bool closed () const { return closed_; }
  /// Nothing that was said before is read any more.
  void interrupted_here ()
  {
    withdrawn_ = pieces_;
    texts_.clear ();
  }
  void stop () { over_ = true; }
  bool over () const { return over_; }
  bool every_text_read () const { return texts_.empty () && !running_; }

  std::vector<std::unique_ptr<Request>> requests;
  std::function<void ()> meanwhile;  ///< done in the next callback

 private:
  class Stream final : public HttpStream {
   public:
    explicit Stream (Request &request) : request_ (request) {}
    ~Stream () override { request_.given_up = true; }
    void pause (bool paused) override
    {
      expect (paused != request_.paused, "who is paused goes on");
      request_.paused = paused;
    }

   private:
    Request &request_;
  };

  // the client's side
  void prepare (const Target &) override { expect (requests.empty (), "a connection is prepared first"); }
  std::unique_ptr<HttpStream> post (const Target &, const std::string &json,
                                    HttpStream::Listener &listener) override
  {
    expect (!over_, "nothing is asked for after the end");
    constexpr std::string_view kMark = "Piece ";
    const auto at = json.find (kMark);
    expect (at != json.npos && json.find (kMark, at + 1) == json.npos, "a request is for one piece");
    const auto piece = static_cast<unsigned> (std::stoul (json.substr (at + kMark.size ())));
    expect (piece > withdrawn_, "what was withdrawn is not asked for");
    expect (piece >= ended_, "what was read is not asked for again");
    expect (heard_.find (piece) == heard_.end (), "what is heard is not asked for again");
    for (unsigned before = std::max (withdrawn_, ended_) + 1; before < piece; before++)
      expect (attempts_.contains (before), "pieces are asked for in their order");
    expect (static_cast<int> (++attempts_[piece]) <= retries_ + 1, "there is an end to trying");
    unsigned open = 0;
    for (auto &request : requests) {
      expect (!request->open () || request->piece != piece, "nothing is asked for twice at a time");
      open += request->open ();
    }
    expect (open < TtsSession::kAtATime, "a few requests run at a time");
    requests.push_back (std::make_unique<Request> (Request{&listener, piece}));
    return std::make_unique<Stream> (*requests.back ());
  }

  void note ()
  {
    expect (!over_, "nothing is told after the end");
    if (meanwhile)
      std::exchange (meanwhile, {}) ();
  }

  // the listener's
  void on_state (Session::State state) override
  {
    using enum Session::State;
    expect (state == (ready_ ? Closed : Ready), "it is ready, and then closed");
    expect (!closed_, "the end comes once");
    (ready_ ? closed_ : ready_) = true;
    note ();
  }
  void on_turn_awaited () override
  {
    expect (!running_ && !texts_.empty (), "one turn runs at a time, and for a text");
    running_ = true;
    speaker_.await_turn ();
    note ();
  }
  std::optional<Error> on_audio (const ServerMessage::InlineData &audio) override
  {
    expect (running_, "audio belongs to a turn");
    if (audio.fresh)
      rest_.clear ();
    fresh_ = fresh_ || audio.fresh;
    std::vector<uint8_t> bytes (base64_decoded_bound (audio.data.size ()));
    const auto size = base64_decode (audio.data, bytes);
    if (!size) {
      note ();
      return Error{.kind = Error::Kind::Decode, .message = "no base64"};
    }
    rest_.insert (rest_.end (), bytes.begin (), bytes.begin () + static_cast<std::ptrdiff_t> (*size));
    size_t at = 0;
    for (; at + 1 < rest_.size (); at += 2)
      hear (rest_[at + 1], rest_[at]);
    rest_.erase (rest_.begin (), rest_.begin () + static_cast<std::ptrdiff_t> (at));
    if (at > 0)
      speaker_.push (at / 2, audio.mime_type.ends_with ("16000") ? 16000 : 24000, clock_.now ());
    note ();
    return std::nullopt;
  }
  void hear (unsigned piece, unsigned place)
  {
    expect (piece > withdrawn_, "what was withdrawn is not heard");
    expect (piece > ended_ && piece <= texts_.front (), "a turn is of one text");
    if (piece != last_piece_) {
      expect (fresh_, "another answer says so");
      expect (piece > last_piece_, "pieces are heard in their order");
      last_piece_ = piece;
    }
    fresh_ = false;
    expect (heard_[piece]++ % 256 == place, "samples come in their order, and once");
  }
  void on_turn_end (std::string_view) override
  {
    expect (running_ && !texts_.empty (), "a turn ends once");
    running_ = false;
    ended_ = texts_.front ();
    texts_.erase (texts_.begin ());
    std::map<unsigned, unsigned> said;  // by the last attempt
    for (auto &request : requests)
      said[request->piece] = request->said;
    for (auto &[piece, samples] : said)
      expect (piece > ended_ || piece <= withdrawn_ || heard_[piece] == samples, "what was said is heard");
    speaker_.end_turn ();
    note ();
  }
  void on_interrupted (bool turn_over) override
  {
    expect (turn_over == running_, "a turn that runs is over");
    running_ = false;
    speaker_.cut (turn_over, false);
    note ();
  }
  void on_error (const Error &error) override
  {
    note ();
    check (error);
    expect (closed_, "who fails is closed");
    over_ = true;
    speaker_.finish (true);
  }
  void on_usage (const ServerMessage::Usage &) override { note (); }
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
  static void check (const Error &error)
  {
    expect (!error.message.empty () && is_utf8 (error.message) && is_utf8 (error.detail),
            "an error can be told");
  }

  void on_text (std::string_view) override { never (); }
  void on_transcript (Session::Speaker, const ServerMessage::Transcription &) override { never (); }
  void on_tool_call (const ServerMessage::FunctionCall &) override { never (); }
  void on_tool_calls_cancelled (const std::vector<std::string> &) override { never (); }
  void on_stall (milliseconds) override { never (); }
  void on_event (const Session::Event &) override { never (); }
  static void never () { expect (false, "who reads aloud does nothing else"); }

  Clock &clock_;
  Speaker &speaker_;
  const int retries_;

  bool ready_ = false;
  bool closed_ = false;
  bool over_ = false;
  bool running_ = false;
  unsigned pieces_ = 0;
  std::vector<unsigned> texts_;  ///< not read yet: the last piece of each
  unsigned ended_ = 0;           ///< the last piece of what was read
  unsigned withdrawn_ = 0;
  std::map<unsigned, unsigned> attempts_;
  std::map<unsigned, unsigned> heard_;  ///< samples of each piece
  unsigned last_piece_ = 0;
  bool fresh_ = false;  ///< an answer has begun, and none of its samples was heard
  std::vector<uint8_t> rest_;
};

}  // namespace gemini::fuzz
