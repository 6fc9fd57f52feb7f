#include "core/start_rule.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gemini {
namespace {

/// A pause in mid-speech is as bad as waiting so long before it: 80 ms more at each start pay if one start in
/// a hundred is better for it.
constexpr double kPauseSeconds = 8;
/// Speech counts for 1/e when so much has been heard after it.
constexpr double kMemorySeconds = 60;
/// Less speech than this says nothing about a connection.
constexpr double kEnoughSeconds = 1;
/// After a run dry, delivery slower than real time is expected to go on for so much speech.
constexpr double kSpeechAhead = 5;

double seconds (nanoseconds time) { return std::chrono::duration<double> (time).count (); }

nanoseconds from_seconds (double time)
{
  return std::chrono::duration_cast<nanoseconds> (std::chrono::duration<double> (time));
}

}  // namespace

void StartRule::chunk (nanoseconds arrival, nanoseconds length)
{
  if (turn_.empty ())
    first_arrival_ = arrival;
  turn_.push_back ({media_, arrival - first_arrival_ - media_});
  media_ += length;
  last_length_ = length;
}

void StartRule::turn_ended ()
{
  if (turn_.size () > 1) {
    auto length = seconds (media_);
    auto fade = std::exp (-length / kMemorySeconds);
    for (auto &weight : rises_)
      weight *= fade;
    heard_ = heard_ * fade + length;
    // The rise after each chunk, from the end: the highest delay still to come, against its own.
    auto highest = turn_.back ().delay;
    for (size_t k = turn_.size () - 1; k-- > 0;) {
      auto rise = std::max (highest - turn_[k].delay, nanoseconds (0));
      highest = std::max (highest, turn_[k].delay);
      // Rounded up: what was needed is never forgotten by a part of a step.
      auto step =
          std::min<size_t> (static_cast<size_t> ((rise + kStep - nanoseconds (1)) / kStep), kSteps - 1);
      rises_[step] += length / static_cast<double> (turn_.size () - 1);
    }
  }
  turn_.clear ();
  media_ = last_length_ = nanoseconds (0);
  dry_ = 0;
}

void StartRule::ran_dry ()
{
  dry_++;
  dry_since_ = turn_.size ();
}

/// Few long pauses: twice as much each time, and what a connection this slow will be short of. A stall that
/// is over is not slow: only what came since counts.
nanoseconds StartRule::dry_target () const
{
  auto target = config_.prebuffer * (1 << std::min (dry_, 8U));
  if (turn_.size () > dry_since_ + 1) {
    auto &first = turn_[dry_since_];
    auto &last = turn_.back ();
    auto slope = seconds (last.delay - first.delay) / std::max (seconds (last.media - first.media), 0.001);
    target = std::max (target, from_seconds (std::min (slope, 10.0) * kSpeechAhead));
  }
  return std::min (target, std::max (config_.max_wait, config_.prebuffer));
}

bool StartRule::has_learnt () const { return heard_ >= kEnoughSeconds; }

nanoseconds StartRule::learnt () const
{
  const auto longest = std::min<int64_t> (config_.max_wait / kStep, kSteps - 2);
  auto higher = heard_;  // rises that waiting for so many steps does not outlast
  auto least = std::numeric_limits<double>::max ();
  int64_t best = 0;
  for (int64_t step = 0; step <= longest; step++) {
    higher -= rises_[static_cast<size_t> (step)];
    auto cost = seconds (step * kStep) + kPauseSeconds * higher / heard_;
    if (cost < least) {
      least = cost;
      best = step;
    }
  }
  return best * kStep;
}

std::optional<nanoseconds> StartRule::wait (nanoseconds held, unsigned chunks) const
{
  constexpr nanoseconds kNow{0};
  if (config_.mode == Mode::Fixed) {
    bool full = held >= config_.prebuffer && chunks >= config_.chunks;
    return full ? std::optional (kNow) : std::nullopt;
  }
  if (config_.prebuffer == nanoseconds (0))
    return kNow;  // somebody else holds what is needed
  // After a run dry an amount is asked for: time alone would bring the next one.
  if (dry_ == 0 && has_learnt ())
    return std::max (learnt () - (held - last_length_), kNow);
  auto needed = dry_ > 0 ? dry_target () : config_.prebuffer;
  return held >= needed ? std::optional (kNow) : std::nullopt;
}

nanoseconds StartRule::target () const
{
  if (config_.mode == Mode::Fixed || config_.prebuffer == nanoseconds (0))
    return config_.prebuffer;
  if (dry_ > 0)
    return dry_target ();
  return has_learnt () ? learnt () : config_.prebuffer;
}

}  // namespace gemini
