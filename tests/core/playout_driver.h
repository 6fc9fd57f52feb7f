#pragma once

#include <algorithm>
#include <deque>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

#include "core/playout.h"
#include "support/check.h"

namespace gemini::test {

using namespace std::chrono_literals;

/// A prebuffer that never changes: 170 ms, in any number of chunks, and 1 s at most.
inline Playout::Config fixed (Playout::Config config = {})
{
  config.start.mode = StartRule::Mode::Fixed;
  config.start.chunks = 1;
  return config;
}

/// A chunk that comes in; the first one after the end of a turn begins the next.
struct Arrival {
  nanoseconds at;
  uint64_t frames = 0;
  bool ends = false;  ///< the last of its turn, or (without frames) the news that there was no more
};

/// Plays a source around a `Playout`: a loop that knows the time, waits when told to, and takes from a queue
/// of turns. Everything handed out is checked against the rules of the timeline; `wrong ()` is the first one
/// broken.
class PlayoutDriver {
 public:
  struct Handed {
    bool speech;
    bool starts;
    Playout::Slot slot;
    nanoseconds at;
  };

  PlayoutDriver (const Playout::Config &config, std::vector<Arrival> arrivals)
      : config_ (config), playout_ (config_), arrivals_ (std::move (arrivals))
  {
  }

  /// Every wait takes this much longer.
  void oversleep (nanoseconds by) { oversleep_ = by; }

  /// Until nothing can happen any more up to that time, that time included.
  void run (nanoseconds until)
  {
    while (wrong_.empty () && step (until))
      ;
    now_ = std::max (now_, until);
    expect (!config_.live || !config_.silence || napped_ || playout_.position () + slack () >= now_,
            "silence has stopped");
  }

  /// Until all turns have been played.
  void finish ()
  {
    while (wrong_.empty () && (arrived_ < arrivals_.size () || !turns_.empty ()))
      step (kNever);
    expect (frames_played + frames_cut == frames_arrived, "frames were lost or doubled");
  }

  /// Nothing more will come: until the stream may end. When that is.
  nanoseconds close (bool heard)
  {
    for (;;) {
      const auto next = playout_.finish (now_, heard);
      if (std::holds_alternative<Playout::TurnOver> (next) || !wrong_.empty ())
        return now_;
      if (auto *silence = std::get_if<Playout::Silence> (&next)) {
        keep_quiet (*silence);
      } else {
        auto *wait = std::get_if<Playout::WaitUntil> (&next);
        expect (wait != nullptr && wait->time > now_, "a wait for nothing");
        now_ = wait != nullptr ? wait->time : now_;
      }
    }
  }

  /// Nothing runs for a while.
  void nap (nanoseconds length)
  {
    now_ += length;
    napped_ = true;
  }

  /// Drops all that is queued, as an interruption does.
  void cut ()
  {
    for (auto &turn : turns_) {
      frames_cut += turn.frames;
      turn = {.chunks = {}, .frames = 0, .ended = true, .since = now_};
    }
    playout_.cut ();
    speaking_ = false;
  }

  void set_rate (unsigned rate)
  {
    anchor_ = end ();
    frames_ = 0;
    config_.rate = rate;
    playout_.set_rate (rate);
    rate_was_set_ = true;
  }

  Playout &playout () { return playout_; }
  const Playout &playout () const { return playout_; }
  const std::vector<Handed> &handed () const { return handed_; }
  const std::string &wrong () const { return wrong_; }

  /// The timeline in ms, as a person would write it; `|` where it jumps: "|silence 0-100 speech 100-300 ".
  std::string story () const
  {
    std::string line;
    for (size_t i = 0; i < handed_.size (); ++i) {
      const Handed &run = handed_[i];
      line += (run.slot.discont ? "|" : "") + std::string (run.speech ? "speech " : "silence ") +
              ms (run.slot.pts);
      while (i + 1 < handed_.size () && handed_[i + 1].speech == run.speech && !handed_[i + 1].slot.discont &&
             !handed_[i + 1].starts)
        ++i;
      line += "-" + ms (handed_[i].slot.pts + handed_[i].slot.duration) + " ";
    }
    return line;
  }

  uint64_t frames_arrived = 0;
  uint64_t frames_played = 0;
  uint64_t frames_cut = 0;
  unsigned turns_over = 0;
  unsigned starts = 0;
  unsigned waits = 0;

 private:
  static constexpr nanoseconds kNever = std::chrono::hours (24 * 365);

  struct Turn {
    std::deque<uint64_t> chunks;
    uint64_t frames = 0;
    bool ended = false;
    nanoseconds since{0};  ///< since when something of it waits at the head
  };

  static std::string ms (nanoseconds time)
  {
    const auto micros = (time.count () + 500) / 1000;
    std::string text = std::to_string (micros / 1000);
    if (micros % 1000 != 0)
      text += "." + std::to_string (1000 + micros % 1000).substr (1);
    return text;
  }

  nanoseconds span (uint64_t frames) const
  {
    __extension__ using Wide = unsigned __int128;
    return nanoseconds (static_cast<int64_t> (static_cast<Wide> (frames) * 1'000'000'000 / config_.rate));
  }

  nanoseconds end () const { return anchor_ + span (frames_); }

  /// How long after its PTS silence may leave: an underrun shows one nanosecond after the latency.
  nanoseconds slack () const { return playout_.latency () + 1ns + oversleep_; }

  void expect (bool holds, const char *rule)
  {
    if (!holds && wrong_.empty ())
      wrong_ = std::string (rule) + " at " + ms (now_) + " ms";
  }

  void deliver ()
  {
    for (; arrived_ < arrivals_.size () && arrivals_[arrived_].at <= now_; ++arrived_) {
      const Arrival &arrival = arrivals_[arrived_];
      if (turns_.empty () || turns_.back ().ended)
        turns_.emplace_back ();
      Turn &turn = turns_.back ();
      if (turn.frames == 0)
        turn.since = arrival.at;
      if (arrival.frames > 0)
        turn.chunks.push_back (arrival.frames);
      turn.frames += arrival.frames;
      turn.ended = arrival.ends;
      frames_arrived += arrival.frames;
      if (arrival.frames > 0)
        playout_.arrived (arrival.at, span (arrival.frames));
      if (arrival.ends)
        playout_.turn_arrived ();
    }
  }

  Backlog backlog () const
  {
    if (turns_.empty ())
      return {};
    const Turn &turn = turns_.front ();
    return {turn.frames, turn.chunks.empty () ? 0 : turn.chunks.front (),
            static_cast<unsigned> (turn.chunks.size ()), turn.ended};
  }

  /// What lets speech start, and what alone must: an adaptive rule has reasons of its own.
  bool may_start () const { return config_.start.mode == StartRule::Mode::Adaptive || must_start (); }

  bool must_start () const
  {
    const Turn &turn = turns_.front ();
    const bool full = config_.start.mode == StartRule::Mode::Fixed &&
                      turn.chunks.size () >= config_.start.chunks &&
                      span (turn.frames) >= config_.start.prebuffer;
    return now_ >= config_.opens_at && (turn.ended || full || now_ >= turn.since + config_.start.max_wait);
  }

  /// FALSE: nothing more happens up to `until`.
  bool step (nanoseconds until)
  {
    deliver ();
    const auto next = playout_.next (now_, backlog ());
    if (auto *speech = std::get_if<Playout::Speech> (&next))
      return play (*speech);
    if (auto *silence = std::get_if<Playout::Silence> (&next))
      return keep_quiet (*silence);
    if (std::holds_alternative<Playout::TurnOver> (next)) {
      expect (!turns_.empty () && turns_.front ().ended && turns_.front ().frames == 0,
              "a turn was over too early");
      if (!turns_.empty ())
        turns_.pop_front ();
      if (!turns_.empty ())
        turns_.front ().since = now_;  // it is looked at from now on
      speaking_ = false;
      ++turns_over;
      return true;
    }

    expect (speaking_ || turns_.empty () || turns_.front ().frames == 0 || !must_start () ||
                playout_.position () > now_ + playout_.latency (),
            "speech could start and does not");
    nanoseconds wake = kNever;
    bool settled = false;
    if (auto *wait = std::get_if<Playout::WaitUntil> (&next)) {
      expect (config_.live, "not live there is nothing to wait for");
      expect (wait->time > now_, "a wait ends before it begins");
      wake = wait->time + oversleep_;
      settled = wait->settled;
    }
    ++waits;
    if (arrived_ < arrivals_.size () && !settled)
      wake = std::min (wake, arrivals_[arrived_].at);
    if (wake >= kNever)
      expect (until < kNever, "a turn is never over");
    if (wake > until || !wrong_.empty ())
      return false;
    now_ = std::max (now_, wake);
    return true;
  }

  bool play (const Playout::Speech &speech)
  {
    Turn *turn = turns_.empty () ? nullptr : &turns_.front ();
    expect (turn && speech.frames <= turn->frames, "more is played than there is");
    if (!wrong_.empty ())
      return false;
    const uint64_t due = config_.frames_per_buffer > 0 ? std::min (config_.frames_per_buffer, turn->frames)
                                                       : turn->chunks.front ();
    expect (speech.frames == due || rate_was_set_, "a buffer has another size than it should");
    expect (!config_.live || now_ <= speech.pts + playout_.latency (), "speech leaves too late");
    expect (!config_.live || config_.lead < 0ns ||
                now_ >= speech.pts - config_.lead - (speech.starts ? playout_.latency () : 0ns),
            "speech leaves too early");
    expect (speech.starts || speaking_, "speech starts without saying so");
    expect (!speech.starts || !config_.live || may_start (), "speech starts too early");
    expect (!speech.discont || speech.starts, "the timeline jumps in mid-speech");
    hand_out (true, speech.starts, speech);
    starts += speech.starts ? 1 : 0;
    speaking_ = true;
    frames_played += speech.frames;
    turn->frames -= speech.frames;
    turn->since = now_;
    for (uint64_t left = speech.frames; left > 0;) {
      const uint64_t part = std::min (left, turn->chunks.front ());
      left -= part;
      if ((turn->chunks.front () -= part) == 0)
        turn->chunks.pop_front ();
    }
    return true;
  }

  bool keep_quiet (const Playout::Silence &silence)
  {
    expect (config_.live && config_.silence, "silence that nobody wants");
    expect (now_ >= silence.pts, "silence leaves too early");
    expect (now_ <= silence.pts + slack () || napped_, "silence leaves too late");
    if (std::exchange (speaking_, false) && !turns_.empty ())
      turns_.front ().since = now_;  // speech that came too late waits anew
    return hand_out (false, false, silence);
  }

  bool hand_out (bool speech, bool is_first, const Playout::Slot &slot)
  {
    expect (slot.frames > 0, "an empty buffer");
    expect (!handed_.empty () || slot.discont, "the first buffer of all is no discont");
    if (slot.discont) {
      expect (handed_.empty () || slot.pts > end (), "the timeline jumps back");
      expect (handed_.empty () || !config_.silence || napped_, "the timeline jumps");
      anchor_ = slot.pts;
      frames_ = 0;
    }
    expect (slot.pts == end (), "the timeline has a hole");
    frames_ += slot.frames;
    expect (slot.duration == end () - slot.pts, "a duration does not reach the next buffer");
    expect (playout_.position () == end (), "the position is not where the last buffer ends");
    expect (config_.live || slot.pts != 0ns || handed_.empty (), "not live, it begins at 0 and once");
    handed_.push_back ({speech, is_first, slot, now_});
    return wrong_.empty ();
  }

  Playout::Config config_;
  Playout playout_;
  std::vector<Arrival> arrivals_;
  size_t arrived_ = 0;
  std::deque<Turn> turns_;
  nanoseconds now_{0};
  nanoseconds oversleep_{0};
  bool napped_ = false;
  bool rate_was_set_ = false;
  bool speaking_ = false;

  nanoseconds anchor_{0};  ///< our own account of the timeline
  uint64_t frames_ = 0;
  std::vector<Handed> handed_;
  std::string wrong_;
};

inline void fail_unless_right (const PlayoutDriver &driver,
                               std::source_location at = std::source_location::current ())
{
  fail_unless (driver.wrong ().empty (), "line %u: %s\n%s", at.line (), driver.wrong ().c_str (),
               driver.story ().substr (0, 2000).c_str ());
}

inline void fail_unless_story (const PlayoutDriver &driver, const char *expected,
                               std::source_location at = std::source_location::current ())
{
  fail_unless_right (driver, at);
  const std::string story = driver.story ();
  fail_unless (story == expected, "line %u: '%s'\nis not '%s'", at.line (), story.c_str (), expected);
}

}  // namespace gemini::test
