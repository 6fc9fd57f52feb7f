#pragma once

#include <deque>
#include <optional>
#include <string_view>

#include "core/playout.h"
#include "elements/gst_ptr.h"
#include "elements/reports.h"

namespace gemini {

inline constexpr gsize kBytesPerFrame = 2;  ///< S16LE, one channel

/// The turns that have not been heard to their end, in order: their audio, and what is to be told of each.
/// Knows no lock and no clock; times are running times.
class Turns {
 public:
  void clear ();
  bool empty () const { return turns_.empty (); }
  /// How many there have been; from 1, the turn that was asked for last, or came last without being asked
  /// for.
  guint count () const { return count_; }
  GstClockTime buffered_time () const;
  /// Whether a chunk can be held within a limit. The first one always can.
  bool has_room (gsize bytes, guint64 limit) const;

  // what comes; `rate` is that of a turn without audio
  void ask (guint rate, GstClockTime now);
  void add (BufferPtr chunk, guint rate, GstClockTime now);
  void end (std::string_view reason, guint rate, GstClockTime now);
  /// Nothing more comes: what was asked last and got no answer is forgotten.
  void end_all ();

  // what leaves, from the first turn
  TurnReport &head () { return turns_.front ().report; }
  Backlog backlog () const;
  /// The next frames without copying them: buffers share the memory they arrived in.
  BufferPtr take (guint64 frames);
  /// Removes the first turn, which is over. Empty: it goes on at another rate.
  std::optional<TurnReport> finish ();

  // what is dropped
  /// Everything that has not left. If no turn is `running`, one that was asked for is still to come.
  CutReport cut (bool running);
  /// Everything, and the next turn of which anything came.
  struct CutShort {
    std::optional<TurnReport> turn;
    guint64 dropped = 0;
  };
  CutShort cut_short ();

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

  Turn &arriving (guint rate);

  std::deque<Turn> turns_;
  guint count_ = 0;
  guint64 bytes_ = 0;    ///< of audio that has not left
  guint64 padding_ = 0;  ///< of chunks that are shorter than what a chunk costs
};

}  // namespace gemini
