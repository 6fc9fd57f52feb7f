#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <random>

namespace gemini::bench {

using std::chrono::nanoseconds;

/// Random numbers that are the same on every machine, as those of the standard distributions are not.
class Dice {
 public:
  explicit Dice (uint64_t seed) : engine_ (seed) {}
  double uniform (double low = 0, double high = 1);
  double exponential (double mean);
  /// 0 and up, with a long tail: the smaller `shape`, the longer.
  double pareto (double scale, double shape);
  bool chance (double probability) { return uniform () < probability; }

 private:
  std::mt19937_64 engine_;
};

/// A way from the server to us: when what is sent at a time (in seconds) comes in, if nothing sent before it
/// comes later.
using Link = std::function<double (double sent, unsigned bytes)>;

Link uniform_jitter (Dice &dice, double most);
Link pareto_jitter (Dice &dice, double scale, double shape, double most);
/// Gilbert and Elliott's: packets are lost one by one in good times and in rows in bad ones. TCP sends them
/// again after a round trip if enough follows to notice, or after a timeout that doubles.
Link lossy (Dice &dice, double round_trip, double bad_share);
/// Small jitter; now and then the air is taken, and seldom the radio is away to scan.
Link wifi (Dice &dice);
/// Grants every 10 ms, a rate that fades below speech's own, and handovers.
Link mobile (Dice &dice);

}  // namespace gemini::bench
