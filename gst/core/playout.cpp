#include "core/playout.h"

#include <algorithm>
#include <utility>

namespace gemini {
namespace {

/// Days of frames times 1e9 need more than 64 bits.
__extension__ using uint128 = unsigned __int128;

constexpr uint64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr uint64_t kDefaultBlock = 480;
/// Up to here silence fills what was missed; beyond, the machine slept or the pipeline was stuck, and the
/// timeline jumps. A sink waits no longer than this either before it gives up on a gap (its discont-wait).
constexpr nanoseconds kLongestFill{1'000'000'000};
/// A sink ends by the clock, and its device may lag behind that by as much as the sink tolerates: 40 ms
/// (alignment-threshold of GstAudioBaseSink).
constexpr nanoseconds kTail{100'000'000};
/// What a device may stand still longer than the pipeline, with all threads in between on a busy machine.
constexpr nanoseconds kResumeGap{40'000'000};

}  // namespace

Playout::Playout (const Config &config) : config_ (config), start_ (config.start)
{
  block_ = config.frames_per_buffer > 0 ? config.frames_per_buffer : kDefaultBlock;
  block_time_ = span (block_);
  latency_ = config.live ? block_time_ + config.downstream : nanoseconds (0);
  // Whoever holds a number of chunks waits for the last of them: that one may be late by about another.
  tolerance_ =
      block_time_ + (config.start.chunks > 0 ? config.downstream / config.start.chunks : nanoseconds (0));
  silence_lag_ = block_time_ / 2;
  if (config.lead >= 2 * block_time_ && config.frames_per_buffer > 0)
    nap_ = block_time_;
}

/// Rounded down, from the anchor each time: errors do not add up. 128 bits: days of frames times 1e9 need
/// more than 64.
nanoseconds Playout::span (uint64_t frames) const
{
  return nanoseconds (
      static_cast<int64_t> (static_cast<uint128> (frames) * kNanosecondsPerSecond / config_.rate));
}

uint64_t Playout::frames_in (nanoseconds time) const { return gemini::frames_in (time, config_.rate); }

nanoseconds Playout::position () const { return anchor_ + span (frames_); }

Playout::Slot Playout::advance (uint64_t frames)
{
  auto start = position ();
  frames_ += frames;
  handed_out_ = true;
  urgent_ = false;
  return {frames, start, position () - start, std::exchange (discont_, false)};
}

void Playout::jump (nanoseconds now)
{
  anchor_ = now;
  frames_ = 0;
  discont_ = true;
}

void Playout::set_rate (unsigned rate)
{
  if (rate == config_.rate)
    return;
  anchor_ = position ();
  frames_ = 0;
  config_.rate = rate;
  // Buffers keep their length in time, and so the latency stays true. That length was rounded down.
  block_ = std::max<uint64_t> (1, frames_in (block_time_ + nanoseconds (1)));
}

void Playout::restart ()
{
  cut ();
  anchored_ = false;
  spoke_until_.reset ();
  spoken_.clear ();
}

uint64_t Playout::unheard (nanoseconds now) const
{
  return config_.live ? spoken_.after (now - pipeline_latency_) : 0;
}

void Playout::cut ()
{
  speaking_ = false;
  dry_since_.reset ();
  waiting_since_.reset ();
  start_.turn_ended ();
}

void Playout::arrived (nanoseconds arrival, nanoseconds length)
{
  start_.chunk (arrival, length);
  fresh_ = true;
}

/// Without a queue behind us, a sink may hold a buffer until it is played. What follows is then not late.
nanoseconds Playout::late_after () const
{
  return held_ ? std::max (tolerance_, pipeline_latency_ - silence_lag_) : tolerance_;
}

Playout::Step Playout::next (nanoseconds now, const Backlog &backlog)
{
  held_ = std::exchange (handed_out_, false);
  if (!config_.live)
    return speak (now, backlog);

  // Time went back: a flush began it anew, or somebody moved the base time.
  if (now + kLongestFill < std::exchange (last_now_, now))
    restart ();
  if (!anchored_ && (config_.silence || backlog.frames > 0)) {
    if (now < config_.opens_at)
      return WaitUntil{config_.opens_at};
    jump (now);
    anchored_ = true;
    if (config_.silence && !may_start (now, backlog))
      return Silence{advance (block_)};
  }

  // A sink that still has much to play needs no help.
  if (std::exchange (resumed_, false) &&
      position () <= now + block_time_ + std::max (config_.lead, nanoseconds (0))) {
    jump (position () + kResumeGap);
    urgent_ = true;
  }

  if (!speaking_) {
    if (backlog.frames == 0 && backlog.ended) {
      waiting_since_.reset ();
      dry_since_.reset ();
      return TurnOver{};
    }
    if (!may_start (now, backlog)) {
      std::optional<nanoseconds> wake;
      if (waiting_since_)
        wake = start_at_;
      return idle (now, wake);
    }
    // Silence due before the speech comes first, so that speech begins where the time is.
    auto lag = held_ && pipeline_latency_ > tolerance_ ? late_after () : silence_lag_;
    if (config_.silence && position () + lag <= now)
      return idle (now, std::nullopt);
    if (!config_.silence && position () < now)
      jump (now);
    speaking_ = true;
    starts_ = true;
    waiting_since_.reset ();
  }
  return speak (now, backlog);
}

Playout::Step Playout::finish (nanoseconds now, bool heard)
{
  if (!config_.live || !spoke_until_ || (!config_.silence && !heard))
    return TurnOver{};
  auto until = *spoke_until_ + kTail + (heard ? pipeline_latency_ : nanoseconds (0));
  return now < until ? idle (now, until) : Step (TurnOver{});
}

bool Playout::may_start (nanoseconds now, const Backlog &backlog)
{
  if (backlog.frames == 0)
    return false;
  if (!waiting_since_)
    waiting_since_ = now;
  if (std::exchange (fresh_, false))
    last_seen_ = now;
  start_at_ = *waiting_since_ + config_.start.max_wait;
  if (auto wait = start_.wait (span (backlog.frames), backlog.chunks))
    start_at_ = std::min (start_at_, last_seen_ + *wait);
  return backlog.ended || backlog.full || now >= start_at_;
}

Playout::Step Playout::idle (nanoseconds now, std::optional<nanoseconds> wake)
{
  if (!config_.silence)
    return wake ? Step (WaitUntil{*wake}) : Step (Wait{});

  auto behind = now - position ();
  if (behind > silence_lag_ + kLongestFill) {
    jump (now - silence_lag_);
    behind = silence_lag_;
  }
  if (behind >= silence_lag_ || urgent_)
    return Silence{advance (std::max (block_, frames_in (std::max (behind, nanoseconds (0)))))};
  auto due = position () + silence_lag_;
  return WaitUntil{wake ? std::min (*wake, due) : due};
}

Playout::Step Playout::speak (nanoseconds now, const Backlog &backlog)
{
  if (backlog.frames == 0 && backlog.ended) {
    speaking_ = false;
    return TurnOver{};
  }
  if (!config_.live) {
    if (backlog.frames == 0)
      return Wait{};
    if (!std::exchange (speaking_, true))
      starts_ = true;
  } else {
    // Late is what can no longer be played at its time: only then the timeline is left.
    bool dry = urgent_ && config_.silence && backlog.frames == 0;
    if (dry || position () + late_after () < now) {
      speaking_ = false;
      dry_since_ = position ();
      if (backlog.frames > 0)
        return next (now, backlog);  // not the network's fault: somebody downstream held us up
      start_.ran_dry ();
      return idle (now, std::nullopt);
    }
    if (backlog.frames == 0)
      return WaitUntil{position () + tolerance_ + nanoseconds (1)};
    // The first buffer need not wait where silence ended half a buffer from now; behind the turn before,
    // which may have been one long buffer, it must.
    auto due = position () - config_.lead;
    if (!urgent_ && config_.lead >= nanoseconds (0) && due > now + (starts_ ? block_time_ : nanoseconds (0)))
      return WaitUntil{due + nap_, true};
  }
  auto frames = config_.frames_per_buffer > 0 ? std::min (block_, backlog.frames) : backlog.head_chunk;
  Speech speech{advance (frames), std::exchange (starts_, false), std::nullopt};
  spoke_until_ = position ();
  if (config_.live) {
    spoken_.forget (now - pipeline_latency_);
    spoken_.add (speech.pts, *spoke_until_, frames, config_.rate);
  }
  if (auto since = std::exchange (dry_since_, std::nullopt)) {
    underruns_++;
    speech.dry_for = speech.pts - *since;
  }
  return speech;
}

}  // namespace gemini
