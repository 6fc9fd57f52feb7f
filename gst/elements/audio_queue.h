#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

#include "core/error.h"
#include "core/playout.h"
#include "elements/gst_ptr.h"
#include "elements/reports.h"
#include "elements/turns.h"

namespace gemini {

/// The one place where audio crosses from the network to the pad. Keeps turns in order and waits on the
/// clock.
///
/// Nothing here is ever dropped but what an interruption makes out of date.
class AudioQueue {
 public:
  struct Audio {
    BufferPtr buffer;
    guint rate;
    std::optional<TurnReport> starts;        ///< set on the first buffer of a turn
    std::optional<UnderrunReport> underrun;  ///< set on the first buffer after one
  };
  struct TurnEnded {
    TurnReport report;
  };
  struct Eos {
    EventPtr event;  ///< the application's, or null
  };
  struct Failed {
    Error error;
  };
  struct Flushing {};
  using Item = std::variant<Audio, TurnEnded, Eos, Failed, Flushing>;

  explicit AudioQueue (GstElement *element) : element_ (element) {}

  // before the threads run
  void reset (const Playout::Config &config, guint64 max_bytes);

  // network thread
  void await_turn ();
  /// Above the limit this waits until there is room: better the server waits than a word is lost.
  void push (BufferPtr chunk, guint rate);
  /// `last`: end of stream after it.
  void end_turn (std::string_view reason, bool last);
  /// Drops what has not left, and says so. If no turn is `running`, one that was asked for is still to come.
  /// `flushed`: what has left but was not heard is out of date, too, and the timeline begins anew.
  CutReport cut (bool running, bool last, bool flushed);
  /// For the statistics, which are kept here.
  void count_reconnect ();
  /// Whether anything is heard, or about to be.
  bool sounding () const;
  /// After what is queued: end of stream.
  void finish ();
  /// After what is queued or still to be heard: the error. FALSE: there is no such thing, so the caller says
  /// it at once and then calls finish (), for the stream may only end after the error is known.
  bool fail (Error error);

  // streaming thread: blocks until something is due
  Item pop ();

  // any thread
  void set_flushing (bool flushing);
  /// The pipeline was flushed.
  void restart ();
  /// Nothing waits for room any more.
  void shut_down ();
  void set_paused (bool paused);
  /// The pipeline plays a buffer so long after its PTS.
  void set_pipeline_latency (GstClockTime latency);
  /// End of stream without what has not left yet, but not without the tail that lets the sink play the rest,
  /// nor without an end of each turn that had begun. Nothing is taken any more.
  void request_eos (EventPtr event);
  GstClockTime latency () const;
  /// Running time at which what has come so far will have left, as far as that is known now.
  GstClockTime end_time () const;
  /// The turn that was asked for last, or came last without being asked for; from 1.
  guint turn () const;
  StatsReport stats () const;

 private:
  nanoseconds now () const;
  GstClockTime running_time () const;
  Backlog backlog () const;
  Audio speech (const Playout::Speech &slot);
  Audio silence (const Playout::Silence &slot) const;
  std::optional<TurnEnded> ended (std::optional<TurnReport> turn);
  Item end_of_stream ();
  void wait (std::unique_lock<std::mutex> &lock, std::optional<nanoseconds> until, bool settled = false);
  void wake ();
  void wake_for_arrival (std::unique_lock<std::mutex> lock);

  GstElement *const element_;

  mutable std::mutex lock_;
  std::condition_variable changed_;  ///< for pop ()
  std::condition_variable room_;     ///< for push ()
  // all below is guarded by lock_
  std::optional<Playout> playout_;
  bool live_ = true;
  guint rate_ = 24000;
  Turns turns_;
  guint64 max_bytes_ = 0;
  bool full_ = false;  ///< push () waits for room
  StatsReport stats_;
  bool shut_down_ = false;
  std::optional<Error> error_;
  bool finished_ = false;
  EventPtr eos_event_;
  bool eos_requested_ = false;
  bool flushing_ = false;
  bool paused_ = false;
  nanoseconds paused_at_{0};
  GstClockID clock_id_ = nullptr;  ///< what pop () waits on
  bool settled_ = false;           ///< and nothing that arrives can change it
};

}  // namespace gemini
