#pragma once

#include <cstdint>
#include <vector>

#include "pulse.h"

namespace gemini::bench {

/// What came out of the speaker for one answer.
struct Heard {
  nanoseconds first{0};  ///< when the first sample of speech was played
  size_t lost = 0;       ///< samples that were said and not played
  size_t wrong = 0;      ///< samples that were played and not said, or not in their place
  double pauses = 0;     ///< ms of silence between the first sample and the last
};

/// Records the speaker, and knows when it played each sample.
///
/// The null sink's clock is CLOCK_MONOTONIC itself: sample n is played at origin + n / rate, for as long as
/// it runs. The origin comes from the server, which tells, asked again and again, which sample is being
/// played; the median of its latest answers is it.
class Monitor {
 public:
  explicit Monitor (Pulse &pulse);
  ~Monitor ();
  Monitor (const Monitor &) = delete;
  Monitor &operator= (const Monitor &) = delete;

  /// Forgets what was recorded.
  void clear ();
  /// What was played since, compared with what should have been. To be called when all has been handed to the
  /// sink.
  Heard compare (const std::vector<int16_t> &said);

  /// How far the middle half of the server's answers is spread, in ms.
  double spread () const;
  /// The origin checked in another way, in ms: the sink renders a block at the moment in which its first
  /// sample is due. So no block comes before that moment, and the earliest comes hardly after it.
  double earliest_arrival () const { return earliest_arrival_; }

 private:
  void on_data ();
  void ask ();
  nanoseconds played_at (uint64_t frame) const;

  Pulse &pulse_;
  pa_stream *stream_;
  // all below is guarded by Pulse::Lock
  std::vector<int16_t> samples_;
  uint64_t before_ = 0;          ///< frames recorded before samples_
  std::vector<double> origins_;  ///< in ms
  double earliest_arrival_ = 1e9;
  nanoseconds last_arrival_{0};
};

}  // namespace gemini::bench
