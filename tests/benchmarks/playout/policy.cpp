#include "policy.h"

#include <algorithm>
#include <array>
#include <deque>

namespace gemini::bench {
namespace {

using namespace std::chrono_literals;

Policy fixed (const std::string &name, nanoseconds prebuffer, unsigned chunks = 0)
{
  Playout::Config config;
  config.start.mode = StartRule::Mode::Fixed;
  config.start.prebuffer = prebuffer;
  config.start.chunks = chunks;
  return {name, true, config, {}};
}

/// After the jitter buffer of WebRTC: the relative delay of each packet against the fastest one of the last
/// two seconds, a histogram of it that forgets, and of that the 95 % quantile as the amount to hold. It is
/// made for packets of 20 ms without turns and stretches sound to get where it wants to be, which a source
/// of exact samples does not do: here the amount counts at starts only.
class NetEq final : public Gate {
 public:
  void chunk (nanoseconds arrival, nanoseconds length) override
  {
    const auto delay = arrival - media_;
    media_ += length;
    while (!recent_.empty () && recent_.front ().first < arrival - 2s)
      recent_.pop_front ();
    recent_.emplace_back (arrival, delay);
    auto fastest = delay;
    for (const auto &[at, other] : recent_)
      fastest = std::min (fastest, other);
    const auto bucket = std::min<size_t> (static_cast<size_t> ((delay - fastest) / kBucket), kBuckets - 1);
    // A fast start: at first each packet counts as much as all before it.
    const double forget = std::min (0.983, 1 - 1 / (static_cast<double> (++count_) + 1));
    for (auto &weight : histogram_)
      weight *= forget;
    histogram_[bucket] += 1 - forget;
  }

  // The pause between turns is no delay.
  void turn_ended () override { recent_.clear (); }

  std::optional<nanoseconds> opens (nanoseconds now, nanoseconds held) override
  {
    return held >= target () ? std::optional (now) : std::nullopt;
  }

 private:
  static constexpr nanoseconds kBucket = 20ms;
  static constexpr size_t kBuckets = 100;

  nanoseconds target () const
  {
    if (count_ < 2)
      return 80ms;
    double sum = 0;
    double all = 0;
    for (const auto weight : histogram_)
      all += weight;
    size_t bucket = 0;
    while (bucket + 1 < kBuckets && (sum += histogram_[bucket]) < 0.95 * all)
      ++bucket;
    return static_cast<int64_t> (bucket + 1) * kBucket;
  }

  nanoseconds media_{0};
  std::deque<std::pair<nanoseconds, nanoseconds>> recent_;
  std::array<double, kBuckets> histogram_{};
  unsigned count_ = 0;
};

/// Knows the whole session.
class Oracle final : public Gate {
 public:
  explicit Oracle (const Trace &trace) : trace_ (trace) {}

  void chunk (nanoseconds arrival, nanoseconds) override
  {
    while (turn_ + 1 < trace_.turns.size () && trace_.turns[turn_ + 1].front ().at <= arrival)
      ++turn_;
  }

  std::optional<nanoseconds> opens (nanoseconds, nanoseconds) override
  {
    const auto &turn = trace_.turns[turn_];
    return turn.front ().at + earliest_start (turn, patience ());
  }

 private:
  const Trace &trace_;
  size_t turn_ = 0;
};

}  // namespace

nanoseconds patience ()
{
  // Speech may begin half a buffer before now, and is late a whole one after its PTS.
  return Playout (Playout::Config ()).latency () / 2;
}

std::vector<Policy> all_policies ()
{
  auto seed = fixed ("3 chunks and 4000 samples", span (4000), 3);
  seed.config.start.max_wait = 1h;
  const auto open = fixed ("", 0ms).config;
  return {
      {"adaptive (default)", false, {}, {}},
      seed,
      fixed ("fixed 0 ms", 0ms),
      fixed ("fixed 60 ms", 60ms),
      fixed ("fixed 100 ms", 100ms),
      fixed ("fixed 170 ms", 170ms),
      fixed ("fixed 500 ms", 500ms),
      fixed ("3 buffers of 250 ms", 750ms),
      {"like NetEQ", false, open, [] (const Trace &) { return std::make_unique<NetEq> (); }},
      {"oracle", false, open, [] (const Trace &trace) { return std::make_unique<Oracle> (trace); }},
  };
}

}  // namespace gemini::bench
