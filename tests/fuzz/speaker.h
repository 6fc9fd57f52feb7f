#pragma once

#include <deque>
#include <optional>

#include "core/playout.h"
#include "fuzz/fuzz.h"

namespace gemini::fuzz {

/// What AudioQueue does with a `Playout`, without buffers and threads; what is handed out is checked against
/// the rules of the timeline.
class Speaker {
 public:
  explicit Speaker (const Playout::Config &config) : config_ (config), playout_ (config) {}

  // what has come
  void push (uint64_t frames, unsigned rate, nanoseconds now)
  {
    auto *turn = &open_turn ();
    if (turn->frames == 0 && turn->received == 0) {
      turn->rate = rate;
    } else if (turn->rate != rate) {
      turn->ended = true;
      turn = &turns_.emplace_back ();
      turn->rate = rate;
    }
    turn->chunks.push_back (frames);
    turn->frames += frames;
    turn->received += frames;
    arrived_ += frames;
    playout_.arrived (now, span (frames, rate));
  }
  void end_turn ()
  {
    open_turn ().ended = true;
    playout_.turn_arrived ();
  }
  void await_turn () { open_turn (); }
  void cut (bool running, bool flushed)
  {
    for (auto &turn : turns_) {
      if (!running && !turn.ended)
        continue;
      cut_ += turn.frames;
      turn.frames = 0;
      turn.chunks.clear ();
      turn.ended = true;
    }
    if (flushed) {
      playout_.restart ();
      disturbed_ = true;
    } else {
      playout_.cut ();
    }
    speaking_ = false;
  }
  /// Nothing more will come; `failed`: and the error is told when all was heard.
  void finish (bool failed)
  {
    for (auto &turn : turns_)
      turn.ended = true;
    finished_ = true;
    failed_ = failed;
  }

  // what happens around it
  void pause (nanoseconds now)
  {
    if (!config_.live)
      return;
    if (paused_since_)
      stood_still_ += now - *paused_since_;
    if (paused_since_)
      playout_.resumed ();
    paused_since_ = paused_since_ ? std::nullopt : std::optional (now);
    disturbed_ = true;
  }
  bool paused () const { return paused_since_.has_value (); }
  /// Nothing was handed out for a while though it was due.
  void was_held_up () { disturbed_ = true; }
  void set_pipeline_latency (nanoseconds latency)
  {
    pipeline_latency_ = std::max (pipeline_latency_, latency);
    playout_.set_pipeline_latency (latency);
  }

  /// Hands out what is due, and says when to ask again.
  std::optional<nanoseconds> pump (nanoseconds clock)
  {
    if (paused_since_ || over_)
      return std::nullopt;
    const auto now = config_.live ? clock - stood_still_ : nanoseconds (0);
    for (unsigned steps = 0, silences = 0;; steps++) {
      expect (steps < 100'000, "playout comes to rest at one instant");
      const bool finishing = finished_ && turns_.empty ();
      if (!turns_.empty () && turns_.front ().frames > 0)
        set_rate (turns_.front ().rate);
      const auto next = finishing ? playout_.finish (now, failed_) : playout_.next (now, backlog ());
      if (auto *speech = std::get_if<Playout::Speech> (&next)) {
        play (*speech, now);
      } else if (auto *silence = std::get_if<Playout::Silence> (&next)) {
        expect (config_.live && config_.silence, "silence is wanted");
        expect (++silences < 10, "silence comes in real time");
        speaking_ = false;
        hand_out (*silence);
      } else if (auto *wait = std::get_if<Playout::WaitUntil> (&next)) {
        expect (config_.live && wait->time > now, "a wait ends behind its beginning");
        return wait->time + (clock - now);
      } else if (std::holds_alternative<Playout::Wait> (next)) {
        expect (!finishing, "a stream ends");
        return std::nullopt;
      } else if (finishing) {
        over_ = true;
        return std::nullopt;
      } else {
        expect (!turns_.empty () && turns_.front ().ended && turns_.front ().frames == 0,
                "a turn is over when all of it was played");
        turns_.pop_front ();
        speaking_ = false;
      }
    }
  }

  /// Live, silence or speech has reached the present.
  void check_present (nanoseconds clock) const
  {
    if (config_.live && config_.silence && !disturbed_ && !over_ && clock >= config_.opens_at)
      expect (playout_.position () + slack () >= clock, "there is sound at every time");
  }
  bool over () const { return over_; }
  bool finished () const { return finished_; }
  void check_end () const { expect (arrived_ == played_ + cut_, "what came was played or cut"); }

 private:
  struct Turn {
    std::deque<uint64_t> chunks;
    uint64_t frames = 0;
    uint64_t received = 0;
    unsigned rate = 24000;
    bool ended = false;
  };

  static nanoseconds span (uint64_t frames, unsigned rate)
  {
    __extension__ using Wide = unsigned __int128;
    return nanoseconds (static_cast<int64_t> (static_cast<Wide> (frames) * 1'000'000'000 / rate));
  }
  nanoseconds end () const { return anchor_ + span (frames_, config_.rate); }
  nanoseconds slack () const { return std::max (playout_.latency (), pipeline_latency_) + nanoseconds (1); }

  Turn &open_turn ()
  {
    if (turns_.empty () || turns_.back ().ended)
      turns_.emplace_back ();
    return turns_.back ();
  }
  Backlog backlog () const
  {
    if (turns_.empty ())
      return {};
    auto &turn = turns_.front ();
    return {turn.frames, turn.chunks.empty () ? 0 : turn.chunks.front (),
            static_cast<unsigned> (turn.chunks.size ()), turn.ended};
  }
  void set_rate (unsigned rate)
  {
    if (rate == config_.rate)
      return;
    anchor_ = end ();
    frames_ = 0;
    config_.rate = rate;
    playout_.set_rate (rate);
  }

  void play (const Playout::Speech &speech, nanoseconds now)
  {
    auto &turn = turns_.front ();
    expect (!turns_.empty () && speech.frames <= turn.frames, "no more is played than there is");
    expect (speech.starts || speaking_, "speech says where it starts");
    if (config_.live && !disturbed_) {
      expect (now <= speech.pts + slack (), "speech leaves in time");
      expect (!speech.discont || speech.starts, "the timeline does not jump in mid-speech");
    }
    expect (!speech.dry_for || (speech.starts && speech.dry_for->count () >= 0), "an underrun has a length");
    speaking_ = true;
    hand_out (speech);
    played_ += speech.frames;
    turn.frames -= speech.frames;
    for (auto left = speech.frames; left > 0;) {
      const auto part = std::min (left, turn.chunks.front ());
      left -= part;
      if ((turn.chunks.front () -= part) == 0)
        turn.chunks.pop_front ();
    }
  }

  void hand_out (const Playout::Slot &slot)
  {
    expect (slot.frames > 0, "no buffer is empty");
    expect (!first_ || slot.discont, "the first buffer is a discont");
    if (slot.discont) {
      expect (first_ || disturbed_ || slot.pts >= end (), "the timeline does not jump back");
      expect (first_ || disturbed_ || !config_.silence, "the timeline does not jump");
      expect (first_ || config_.live, "not live, the timeline is one");
      anchor_ = slot.pts;
      frames_ = 0;
    }
    expect (slot.pts == end (), "the timeline has no hole");
    frames_ += slot.frames;
    expect (slot.pts + slot.duration == end (), "a duration reaches the next buffer");
    first_ = false;
  }

  Playout::Config config_;
  Playout playout_;
  std::deque<Turn> turns_;
  bool finished_ = false;
  bool failed_ = false;
  bool over_ = false;
  bool speaking_ = false;
  uint64_t arrived_ = 0;
  uint64_t played_ = 0;
  uint64_t cut_ = 0;

  std::optional<nanoseconds> paused_since_;
  nanoseconds stood_still_{0};
  nanoseconds pipeline_latency_{0};
  bool disturbed_ = false;  ///< by something that may move the timeline

  bool first_ = true;
  nanoseconds anchor_{0};
  uint64_t frames_ = 0;
};

}  // namespace gemini::fuzz
