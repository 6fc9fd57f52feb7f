#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <variant>

#include "core/spoken.h"
#include "core/start_rule.h"

namespace gemini {

/// What of the turn at the head of the queue is there to be played.
struct Backlog {
  uint64_t frames = 0;      ///< in all its chunks
  uint64_t head_chunk = 0;  ///< in the first of them
  unsigned chunks = 0;
  bool ended = false;  ///< no more will come for this turn
  bool full = false;   ///< no more can come before something has left
};

/// Decides what leaves the source when. Pure: takes the running time as an argument, knows no thread and no
/// buffer.
///
/// Live, one timeline runs through everything: silence in real time, and speech, handed out at its PTS.
/// Silence leaves half a buffer after its PTS: so speech begins at any moment right where the silence ended,
/// which is at most half a buffer from now on either side, and half of the reported latency is left for
/// whoever is slow downstream.
///
///   Idle --start rule met--> Speaking --turn played--> Idle      Speaking --too late, nothing there--> Idle
///
/// With a lead of two buffers and more, speech leaves two at a time: to wake a thread costs more than all it
/// does then.
///
/// After a pause whatever is next leaves at once, a little later on the timeline: a sink starts its device,
/// and the clock it may provide, only with a new buffer, and places it as if the device had stood still no
/// longer than the pipeline. The gap is what keeps it from writing over the last samples before the pause.
///
/// Not live: everything at once, contiguous from 0.
class Playout {
 public:
  struct Config {
    bool live = true;
    bool silence = true;  ///< hand out silence in real time when there is nothing to say
    unsigned rate = 24000;
    uint64_t frames_per_buffer = 480;  ///< 0: speech one buffer a chunk
    nanoseconds lead{0};               ///< most; negative: speech leaves at once, to be held downstream
    nanoseconds opens_at{0};           ///< nothing leaves before
    nanoseconds downstream{0};         ///< what is held there without telling: part of the reported latency
    StartRule::Config start;
  };

  /// Where a buffer stands on the timeline.
  struct Slot {
    uint64_t frames;
    nanoseconds pts;
    nanoseconds duration;
    bool discont;
  };
  struct Speech : Slot {
    bool starts;                         ///< first of its turn, or first after an underrun
    std::optional<nanoseconds> dry_for;  ///< speech had stopped in the middle of the turn for so long
  };
  struct Silence : Slot {};
  struct WaitUntil {
    nanoseconds time;      ///< or until something arrives
    bool settled = false;  ///< nothing that arrives changes it
  };
  struct Wait {};      ///< until something arrives
  struct TurnOver {};  ///< the turn at the head has been played
  using Step = std::variant<Speech, Silence, WaitUntil, Wait, TurnOver>;

  explicit Playout (const Config &config);

  /// A chunk of the turn that is arriving, by any steady clock.
  void arrived (nanoseconds arrival, nanoseconds length);
  /// The turn that is arriving is complete.
  void turn_arrived () { start_.turn_ended (); }
  /// What to do now. Speech and Silence are to be handed out at once and count as handed out.
  Step next (nanoseconds now, const Backlog &backlog);
  /// The same when nothing more will come: silence for a while after the last frame, so that no sink cuts
  /// its tail when the stream ends. TurnOver: the stream may end. `heard`: not before the pipeline has played
  /// it, either.
  Step finish (nanoseconds now, bool heard);
  /// The turn being played was cut; the timeline goes on.
  void cut ();
  /// The pipeline was flushed: the timeline begins anew, now.
  void restart ();
  /// How much of what has left the pipeline still has to play.
  uint64_t unheard (nanoseconds now) const;
  /// Time stood still, and runs again.
  void resumed () { resumed_ = anchored_; }
  /// From the next frame on there are so many a second.
  void set_rate (unsigned rate);
  /// The pipeline plays a frame so long after its PTS; 0: not known.
  void set_pipeline_latency (nanoseconds latency) { pipeline_latency_ = latency; }

  /// Longest time a frame may leave after its PTS: the latency to report.
  nanoseconds latency () const { return latency_; }
  /// PTS of the next frame.
  nanoseconds position () const;
  /// Times that speech stopped in the middle of a turn, and went on.
  unsigned underruns () const { return underruns_; }
  /// Audio a turn has to hold before it starts, as things are.
  nanoseconds prebuffer () const { return start_.target (); }

 private:
  Step idle (nanoseconds now, std::optional<nanoseconds> wake);
  Step speak (nanoseconds now, const Backlog &backlog);
  bool may_start (nanoseconds now, const Backlog &backlog);
  Slot advance (uint64_t frames);
  void jump (nanoseconds now);
  nanoseconds late_after () const;
  nanoseconds span (uint64_t frames) const;
  uint64_t frames_in (nanoseconds time) const;

  Config config_;
  uint64_t block_;          ///< frames of a buffer
  nanoseconds block_time_;  ///< the same as time
  nanoseconds latency_;
  nanoseconds tolerance_;    ///< a frame is late so long after its PTS
  nanoseconds silence_lag_;  ///< silence leaves this long after its PTS
  nanoseconds nap_{0};       ///< speech waits so much longer, for the next buffer to leave with it
  nanoseconds pipeline_latency_{0};
  bool handed_out_ = false;  ///< by the last step
  bool held_ = false;        ///< all the time since the last step was spent downstream

  nanoseconds anchor_{0};  ///< PTS of frame 0 of the current run
  uint64_t frames_ = 0;    ///< handed out since the anchor
  bool anchored_ = false;
  nanoseconds last_now_{0};
  bool resumed_ = false;
  bool urgent_ = false;  ///< the next buffer leaves at once
  bool discont_ = true;
  bool speaking_ = false;
  bool starts_ = false;
  std::optional<nanoseconds> spoke_until_;  ///< end of the last speech
  Spoken spoken_;                           ///< what the pipeline may still have to play

  StartRule start_;
  bool fresh_ = false;                        ///< something arrived since `last_seen_`
  std::optional<nanoseconds> waiting_since_;  ///< when the first chunk to be started with was seen
  nanoseconds last_seen_{0};                  ///< when the last one was
  nanoseconds start_at_{0};                   ///< what the rule says
  std::optional<nanoseconds>
      dry_since_;  ///< the turn's speech stopped; whether too early, its next chunk will tell
  unsigned underruns_ = 0;
};

}  // namespace gemini
