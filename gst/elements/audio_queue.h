#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

#include "core/error.h"
#include "core/playout.h"
#include "elements/gst_ptr.h"

namespace gemini {

/// What is known of a turn when it starts to be heard, and when its last sample has left. Times are running
/// times.
struct TurnReport {
  guint turn = 0;
  GstClockTime requested = GST_CLOCK_TIME_NONE;   ///< the text was sent
  GstClockTime first_byte = GST_CLOCK_TIME_NONE;  ///< its first audio came
  GstClockTime started = GST_CLOCK_TIME_NONE;     ///< PTS of its first frame
  GstClockTime ended = GST_CLOCK_TIME_NONE;       ///< end of its last frame
  guint64 received = 0;                           ///< frames
  guint64 pushed = 0;                             ///< frames that have left
  guint rate = 24000;
  bool interrupted = false;
  std::string reason;  ///< the server's, usually empty
};

/// The one place where audio crosses from the network to the pad. Keeps turns in order and waits on the
/// clock.
///
/// Nothing here is ever dropped but what an interruption makes out of date.
class AudioQueue {
 public:
  struct Audio {
    BufferPtr buffer;
    guint rate;
    std::optional<TurnReport> starts;  ///< set on the first buffer of a turn
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
  void reset (const Playout::Config &config);

  // network thread
  void await_turn ();
  void push (BufferPtr chunk, guint rate);
  /// `last`: end of stream after it.
  void end_turn (std::string_view reason, bool last);
  /// Drops what has not left.
  void cut (bool last);
  /// After what is queued: end of stream.
  void finish ();
  /// After what is queued: the error. FALSE: nothing is queued, so the caller says it at once and then calls
  /// finish (), for the stream may only end after the error is known.
  bool fail (Error error);

  // streaming thread: blocks until something is due
  Item pop ();

  // any thread
  void set_flushing (bool flushing);
  void set_paused (bool paused);
  /// End of stream at once.
  void request_eos (EventPtr event);
  GstClockTime latency () const;

 private:
  struct Chunk {
    BufferPtr buffer;
    gsize taken = 0;  ///< bytes that have left
    gsize bytes = 0;
  };
  struct Turn {
    TurnReport report;
    std::deque<Chunk> chunks;
    guint64 frames = 0;  ///< in `chunks`
    bool ended = false;
    bool continues = false;  ///< the same turn goes on in the next entry, at another rate
  };

  nanoseconds now () const;
  GstClockTime running_time () const;
  Turn &open_turn ();
  Backlog backlog () const;
  BufferPtr take (Turn &turn, guint64 frames);
  Audio speech (const Playout::Speech &slot);
  Audio silence (const Playout::Silence &slot) const;
  std::optional<TurnEnded> turn_over ();
  void wait (std::unique_lock<std::mutex> &lock, std::optional<nanoseconds> until);
  void wake ();

  GstElement *const element_;

  mutable std::mutex lock_;
  std::condition_variable changed_;
  // all below is guarded by lock_
  std::optional<Playout> playout_;
  bool live_ = true;
  guint rate_ = 24000;
  std::deque<Turn> turns_;
  guint turn_count_ = 0;
  std::optional<Error> error_;
  bool finished_ = false;
  EventPtr eos_event_;
  bool eos_requested_ = false;
  bool flushing_ = false;
  bool paused_ = false;
  nanoseconds paused_at_{0};
  GstClockID clock_id_ = nullptr;  ///< what pop () waits on
};

}  // namespace gemini
