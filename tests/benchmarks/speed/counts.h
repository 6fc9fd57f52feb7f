#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace gemini::bench {

/// A histogram.
class Delays {
 public:
  void add (int64_t ns)
  {
    const auto bin = static_cast<size_t> (std::max<int64_t> (0, ns) / kBin);
    bins_[std::min (bin, kBins - 1)]++;
  }
  /// In ms.
  double quantile (double share) const
  {
    uint64_t all = 0;
    for (const auto &bin : bins_)
      all += bin;
    uint64_t seen = 0;
    for (size_t bin = 0; bin < kBins; ++bin)
      if ((seen += bins_[bin]) > 0 && static_cast<double> (seen) >= share * static_cast<double> (all))
        return static_cast<double> ((bin + 1) * kBin) / 1e6;
    return 0;
  }

 private:
  static constexpr size_t kBins = 4000;
  static constexpr int64_t kBin = 50'000;  ///< ns
  std::atomic<uint64_t> bins_[kBins]{};
};

/// What all conversations count together.
struct Counts {
  static constexpr int64_t kInTime = 5'000'000;  ///< a chunk so long after its time was sent in time

  std::atomic<bool> measuring{false};
  std::atomic<unsigned> ready{0};
  std::atomic<unsigned> speaking{0};
  std::atomic<unsigned> complete{0};
  std::atomic<unsigned> failed{0};
  std::atomic<unsigned> underruns{0};
  std::atomic<unsigned> ours{0};   ///< underruns though the server had sent in time
  std::atomic<int64_t> server{0};  ///< the latest the server sent, ns
  std::atomic<uint64_t> buffers{0};

  /// A pause in the middle of a turn, ended by a chunk that the server sent so long after its time.
  void ran_dry (int64_t slip)
  {
    underruns++;
    if (slip < kInTime)
      ours++;
  }
  void server_sent (int64_t slip)
  {
    int64_t before = server;
    while (slip > before && !server.compare_exchange_weak (before, slip)) {
    }
  }

  Delays late;   ///< against the PTS: by more than the reported latency, 20 ms, and a sink plays it too late
  Delays chunk;  ///< from the server to where it is heard, of the first samples of each chunk
  Delays delay;  ///< against the moment a buffer could have left
};

}  // namespace gemini::bench
