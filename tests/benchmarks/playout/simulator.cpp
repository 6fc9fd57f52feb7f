#include "simulator.h"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <iostream>

namespace gemini::bench {
namespace {

constexpr nanoseconds kNever = std::chrono::hours (24 * 365);

/// A session under way: the loop of a source, with a time that jumps to whatever is next.
class Simulation {
 public:
  Simulation (const Trace &trace, const Policy &policy)
      : trace_ (trace), playout_ (policy.config), gate_ (policy.gate ? policy.gate (trace) : nullptr)
  {
    for (const auto &turn : trace.turns)
      heard_.push_back ({.earliest = earliest_start (turn, patience ()), .length = length (turn)});
  }

  std::vector<Heard> run ()
  {
    while (playing_ < trace_.turns.size ())
      step ();
    return heard_;
  }

 private:
  const Turn &turn () const { return trace_.turns[arriving_]; }

  void deliver ()
  {
    while (arriving_ < trace_.turns.size () && turn ()[arrived_].at <= now_) {
      const auto &chunk = turn ()[arrived_];
      playout_.arrived (chunk.at, span (chunk.frames));
      if (gate_)
        gate_->chunk (chunk.at, span (chunk.frames));
      if (arriving_ > playing_)
        fail ("a turn begins before the one before it has been played");
      chunks_.push_back (chunk.frames);
      frames_ += chunk.frames;
      if (++arrived_ == turn ().size ()) {
        playout_.turn_arrived ();
        if (gate_)
          gate_->turn_ended ();
        arrived_ = 0;
        ++arriving_;
      }
    }
  }

  /// What the playout may know, and when the gate opens.
  Backlog backlog (nanoseconds *opens)
  {
    const bool ended = arriving_ > playing_;
    Backlog all{frames_, chunks_.empty () ? 0 : chunks_.front (), static_cast<unsigned> (chunks_.size ()),
                ended};
    if (!gate_ || speaking_ || frames_ == 0 || ended)
      return all;
    *opens = gate_->opens (now_, span (frames_)).value_or (kNever);
    return *opens <= now_ ? all : Backlog{};
  }

  void step ()
  {
    deliver ();
    auto wake = kNever;
    const auto next = playout_.next (now_, backlog (&wake));
    if (auto *speech = std::get_if<Playout::Speech> (&next))
      return play (*speech);
    if (std::holds_alternative<Playout::Silence> (next)) {
      speaking_ = false;
      return;
    }
    if (std::holds_alternative<Playout::TurnOver> (next)) {
      speaking_ = false;
      ++playing_;
      return;
    }
    if (auto *wait = std::get_if<Playout::WaitUntil> (&next))
      wake = std::min (wake, wait->time);
    if (arriving_ < trace_.turns.size ())
      wake = std::min (wake, turn ()[arrived_].at);
    if (wake <= now_ || wake == kNever)
      fail ("the playout hangs");
    now_ = wake;
  }

  void play (const Playout::Speech &speech)
  {
    auto &heard = heard_[playing_];
    if (speech.dry_for) {
      ++heard.underruns;
      heard.silence += *speech.dry_for;
    } else if (speech.starts) {
      heard.delay = now_ - trace_.turns[playing_].front ().at;
    }
    speaking_ = true;
    frames_ -= speech.frames;
    for (auto left = speech.frames; left > 0;) {
      const auto part = std::min (left, chunks_.front ());
      left -= part;
      if ((chunks_.front () -= part) == 0)
        chunks_.pop_front ();
    }
  }

  [[noreturn]] void fail (const char *what) const
  {
    std::cerr << trace_.family << ", " << static_cast<double> (now_.count ()) / 1e9 << " s: " << what << "\n";
    std::exit (2);
  }

  const Trace &trace_;
  Playout playout_;
  std::unique_ptr<Gate> gate_;
  std::vector<Heard> heard_;
  nanoseconds now_{0};
  size_t arriving_ = 0;  ///< turn
  size_t arrived_ = 0;   ///< chunks of it
  size_t playing_ = 0;   ///< turn
  bool speaking_ = false;
  std::deque<uint64_t> chunks_;
  uint64_t frames_ = 0;
};

}  // namespace

std::vector<Heard> simulate (const Trace &trace, const Policy &policy)
{
  return Simulation (trace, policy).run ();
}

}  // namespace gemini::bench
