#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <vector>

namespace gemini {

using std::chrono::nanoseconds;

/// Says how long a turn's speech has to wait so that it will not run dry. Pure: times come in as arguments.
///
/// `Fixed`: so much audio and so many chunks must be there. `Adaptive`: what is held must outlast whatever
/// comes late. How late that is, the rule learns from the session: chunk j of a turn comes at t(j), after
/// M(j) of audio, so its delay against the playout is r(j) = t(j) - M(j). Speech that starts when chunk k is
/// the last one there never runs dry if M(k) is at least the rise of r after k. The rule keeps the
/// distribution of these rises, old speech counting less, and asks for the amount that costs least: each
/// start waits for it, and those whose rise is higher have a pause as well, which is so much worse than
/// waiting. So a little jitter is waited out even if it is rare, and a long stall only if it is frequent.
/// Before it has heard anything the rule asks for `prebuffer`; with a `prebuffer` of 0 it never asks for
/// anything, because somebody else holds it.
class StartRule {
 public:
  enum class Mode { Adaptive, Fixed };

  struct Config {
    Mode mode = Mode::Adaptive;
    nanoseconds prebuffer{170'000'000};
    unsigned chunks = 3;                  ///< fixed only
    nanoseconds max_wait{1'000'000'000};  ///< nothing waits longer after its first chunk
  };

  explicit StartRule (const Config &config) : config_ (config) {}

  /// A chunk of the turn that is arriving, with its arrival on any steady clock.
  void chunk (nanoseconds arrival, nanoseconds length);
  /// The turn that is arriving is complete: learns from it.
  void turn_ended ();
  /// Speech of the turn that is arriving ran dry: from now on an amount is asked for that makes pauses few.
  void ran_dry ();

  /// How long after the last chunk's arrival speech may start with what is held; nothing: not before more
  /// comes.
  std::optional<nanoseconds> wait (nanoseconds held, unsigned chunks) const;
  /// Audio asked for when a turn begins with a chunk of the usual length.
  nanoseconds target () const;

 private:
  /// Rises by how much audio stood behind them, in steps of kStep; the last step holds all that is longer.
  static constexpr nanoseconds kStep{5'000'000};
  static constexpr size_t kSteps = 401;  ///< 2 s

  struct Chunk {
    nanoseconds media;  ///< M, audio before it
    nanoseconds delay;  ///< r, relative to the first
  };

  nanoseconds learnt () const;
  bool has_learnt () const;
  nanoseconds dry_target () const;

  Config config_;
  std::array<double, kSteps> rises_{};  ///< seconds of speech, faded
  double heard_ = 0;                    ///< their sum

  // the turn that is arriving
  std::vector<Chunk> turn_;
  nanoseconds first_arrival_{0};
  nanoseconds media_{0};
  nanoseconds last_length_{0};
  unsigned dry_ = 0;      ///< how often
  size_t dry_since_ = 0;  ///< first chunk after the last time
};

}  // namespace gemini
