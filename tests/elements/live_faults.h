#pragma once

#include "elements/fault_matrix.h"

namespace gemini::test {

/// How a conversation takes a fault, whatever its moment.
enum class Kind {
  Harmless,  ///< it is none
  Lost,      ///< the connection is gone; the next one takes up the session
  Refused,   ///< the server says why it will not go on, and means it
  Nonsense,  ///< what comes is not the protocol: nothing after it can be trusted
  Silence,   ///< nothing comes for `timeout`
};

/// One fault of the stand-in. The failure is what is told if it strikes while an answer is heard.
struct Row {
  const char *fault;
  Kind kind;
  unsigned moments;
  Failure failure = {};
  bool old_handle = false;  ///< while a session is resumed it may be the handle: a new session mends it
};

inline constexpr unsigned kInAnswer = kAsked | kPrebuffer | kSpeech | kEnd | kMany;
inline constexpr unsigned kInSession = kSetup | kInAnswer | kIdle | kSwap | kAfterEnd;

inline Expected expected (const Row &row, Moment moment)
{
  auto fails_as = [&row] { return Expected{Outcome::Fails, row.failure}; };
  if (moment == kAfterEnd)
    return {};
  switch (row.kind) {
    case Kind::Harmless:
      return {};
    case Kind::Nonsense:
      return fails_as ();
    case Kind::Refused:
      return moment == kSwap && row.old_handle ? Expected{} : fails_as ();
    case Kind::Lost:
    case Kind::Silence:
      break;
  }
  switch (moment) {
    case kUpgrade:
      return fails (Domain::Resource, GST_RESOURCE_ERROR_OPEN_READ, "check the network");
    case kSetup:
      if (row.kind == Kind::Silence)
        return fails (Domain::Resource, GST_RESOURCE_ERROR_READ, "not answer the setup within 1 s");
      return {};
    case kPrebuffer:
    case kSpeech:
    case kEnd:
      return fails_as ();
    case kMany:
      return {Outcome::Warns, row.failure};
    case kAsked:
    case kIdle:
    case kSwap:
    case kAfterEnd:
      break;
  }
  return {};
}

/// One fault at one moment, live or not: from the question to the next session on the same element.
class LiveCell {
 public:
  LiveCell (const Row &row, Moment moment, bool live)
      : row_ (row),
        moment_ (moment),
        live_ (live),
        expected_ (expected (row, moment)),
        fault_ (fault ()),
        server_ (options ()),
        source_ (server_)
  {
  }

  void run ()
  {
    source_.set ("api-key", kSecretKey)
        .set ("is-live", live_)
        .set ("num-turns", two_turns () ? 2 : 1)
        .set ("timeout", row_.kind == Kind::Silence ? 1U : 15U)
        .set ("retry-backoff-factor", 0.0);
    source_.play ();
    if (moment_ == kIdle || moment_ == kSwap)
      strike_between_turns ();
    else if (moment_ == kMany)
      go_on_after_a_warning ();
    else if (moment_ == kAfterEnd)
      strike_after_the_end ();
    finish ();
    check ();
    source_.set ("num-turns", 1).set ("timeout", 15U);
    check_plays_again (source_, live_, stand_in::counter_samples (kAnswer));
  }

 private:
  bool two_turns () const { return (moment_ & (kIdle | kSwap | kMany)) != 0; }
  bool talks_on () const
  {
    const std::string_view what = row_.fault;
    return moment_ != kAfterEnd && (row_.kind == Kind::Nonsense || what.starts_with ("error:") ||
                                    (row_.kind == Kind::Silence && what.starts_with ("drip:")));
  }
  bool strikes_later () const { return (moment_ & (kIdle | kSwap | kAfterEnd)) != 0; }

  stand_in::Fault fault () const
  {
    const std::string what = row_.fault;
    const bool refusal = what.starts_with ("http") || what.starts_with ("html");
    auto at = moment_ == kUpgrade || (moment_ == kSwap && refusal) ? std::string ("@upgrade")
              : moment_ & kInAnswer ? "@chunk:" + std::to_string (chunk_of (moment_))
                                    : std::string ("@setup");
    auto made = fault_of (what + at);
    made.times = refusal ? 2 : 1;  // a refused upgrade is asked for its reason once more
    return made;
  }

  stand_in::Options options () const
  {
    stand_in::Options made{
        .counter_frames = kAnswer, .pace = {.speed = 0, .playback = 0}, .shape = {.chunks = kChunks}};
    if (!strikes_later ())
      made.faults = {fault_};
    return made;
  }

  /// The first answer is heard to its last sample, and the server knows that it is over.
  void hear_one ()
  {
    fail_unless (server_.wait_for_turns (1));
    if (live_)
      source_.crank_until ([this] { return source_.recorder->speech ().size () == kAnswer; });
    else
      fail_unless (source_.recorder->wait_for_speech (kAnswer));
  }

  void strike_between_turns ()
  {
    hear_one ();
    if (moment_ == kIdle) {
      server_.strike (fault_);
    } else {
      const auto before = server_.record ().requests.size ();
      server_.add_fault (fault_);
      server_.go_away (60);
      fail_unless (server_.wait_for_requests (before + 1));
    }
    if (expected_.outcome == Outcome::Fails)
      source_.wait_for_state ("disconnected");
    else
      say ("Go on");
  }

  void strike_after_the_end ()
  {
    fail_unless (server_.wait_for_turns (1));
    server_.strike (fault_,
                    server_.record ().connections.size () - 1);  // not the one that is made afterwards
  }

  void go_on_after_a_warning ()
  {
    if (expected_.outcome == Outcome::Fails)
      return;
    if (expected_.outcome == Outcome::Warns) {
      auto warning = source_.wait_for_message (GST_MESSAGE_WARNING);
      fail_unless (warning != nullptr);
      said_.push_back (std::move (warning));
    }
    say ("Go on");
  }

  void say (const char *text)
  {
    gboolean taken = FALSE;
    g_signal_emit_by_name (source_.element, "send-text", text, &taken);
    fail_unless (taken);
  }

  void finish ()
  {
    if (!live_)
      return fail_unless (source_.recorder->wait_for_eos (), "no end: %s", source_.states ().c_str ());
    if (expected_.outcome == Outcome::Fails)
      source_.wait_for_state (
          frames_before (moment_) == 0 || (moment_ & (kIdle | kSwap)) != 0 ? "disconnected" : "draining");
    else
      fail_unless (server_.wait ([this] (const stand_in::Record &record) {
        // One who talks on after an error ends a turn that nobody listens to.
        size_t count = 0;
        for (size_t i = talks_on () ? 1 : 0; i < record.connections.size (); i++)
          for (auto &turn : record.connections[i].turns)
            count += turn.generation_complete ? 1 : 0;
        return count >= (two_turns () && expected_.outcome != Outcome::Warns ? 2U : 1U);
      }));
    source_.crank_to_eos ();
  }

  /// All that was sent before the fault was delivered, sample by sample, and what is said of it helps.
  void check ()
  {
    for (auto &message : messages_of (source_.element))
      said_.push_back (std::move (message));
    check_told (said_, expected_);

    std::vector<int16_t> sent;
    const auto record = server_.record ();
    for (auto &connection : record.connections) {
      for (auto &turn : connection.turns)
        sent.insert (sent.end (), turn.samples.begin (), turn.samples.end ());
      // A server that only talks nonsense goes on talking, and is not listened to.
      if (talks_on () && connection.turns.data () == record.connections.front ().turns.data ())
        sent.resize (std::min (sent.size (), frames_before (moment_)));
    }
    const auto frames = expected_.outcome == Outcome::Fails   ? frames_before (moment_)
                        : expected_.outcome == Outcome::Warns ? frames_before (moment_) + kAnswer
                        : two_turns ()                        ? 2 * kAnswer
                                                              : kAnswer;
    const auto heard = source_.recorder->speech ();
    fail_unless (heard.size () == frames, "heard %zu of %zu frames", heard.size (), frames);
    fail_unless (heard == sent, "heard is not what was sent");
    const auto order = source_.recorder->order ();
    fail_unless (order.ends_with ("eos ") && order.find ("caps segment") != order.npos, "%s", order.c_str ());
    if (!heard.empty ())
      source_.recorder->check_timeline ();
  }

  const Row &row_;
  const Moment moment_;
  const bool live_;
  const Expected expected_;
  const stand_in::Fault fault_;
  stand_in::Server server_;
  Source source_;
  std::vector<MessagePtr> said_;
};

inline void check_rows (const char *name, std::span<const Row> rows,
                        std::initializer_list<bool> modes = {true, false})
{
  size_t cells = 0;
  for (auto &row : rows)
    for (unsigned bit = 1; bit <= kAfterEnd; bit <<= 1)
      for (bool live : modes) {
        if ((row.moments & bit) == 0)
          continue;
        const auto moment = static_cast<Moment> (bit);
        if (!begin_cell (row.fault, moment, live))
          continue;
        LiveCell (row, moment, live).run ();
        cells++;
      }
  g_print ("%s: %zu cells\n", name, cells);
}

}  // namespace gemini::test
