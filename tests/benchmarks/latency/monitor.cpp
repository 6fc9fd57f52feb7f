#include "monitor.h"

#include <algorithm>
#include <limits>

#include "common/report.h"

namespace gemini::bench {
namespace {

constexpr size_t kEnoughAnswers = 50;
/// Some seconds: the sink counts in whole microseconds, and its clock is some ms ahead after minutes.
constexpr size_t kLatestAnswers = 300;
/// A block comes in pieces; this long after a piece the next one begins a block.
constexpr std::chrono::milliseconds kBlockBorder{4};
/// 5 ms. The sink renders in blocks as short as the shortest that anybody asks for: with the 50 ms that are
/// its default a player that starts would wait for the end of a block, which a real device would render anew.
constexpr uint32_t kFragment = 5 * sizeof (int16_t) * kRate / 1000;
/// What the sink may not have rendered when the player is done: its longest block, and the way to here.
constexpr std::chrono::milliseconds kOnTheWay{120};

double ms (nanoseconds time) { return static_cast<double> (time.count ()) / 1e6; }

}  // namespace

Monitor::Monitor (Pulse &pulse) : pulse_ (pulse)
{
  Pulse::Lock lock (pulse);
  stream_ = pa_stream_new (pulse.context (), "monitor", &kFormat, nullptr);
  pa_stream_set_state_callback (
      stream_, [] (pa_stream *, void *self) { static_cast<Monitor *> (self)->pulse_.signal (); }, this);
  pa_stream_set_read_callback (
      stream_, [] (pa_stream *, size_t, void *self) { static_cast<Monitor *> (self)->on_data (); }, this);
  constexpr auto kDefault = static_cast<uint32_t> (-1);
  const pa_buffer_attr attributes{.maxlength = kDefault,
                                  .tlength = kDefault,
                                  .prebuf = kDefault,
                                  .minreq = kDefault,
                                  .fragsize = kFragment};
  pa_stream_connect_record (
      stream_, "speaker.monitor", &attributes,
      static_cast<pa_stream_flags_t> (PA_STREAM_NOT_MONOTONIC | PA_STREAM_ADJUST_LATENCY));
  while (origins_.size () < kEnoughAnswers && pa_stream_get_state (stream_) != PA_STREAM_FAILED)
    pulse.wait ();
}

Monitor::~Monitor ()
{
  Pulse::Lock lock (pulse_);
  pa_stream_set_state_callback (stream_, nullptr, nullptr);
  pa_stream_set_read_callback (stream_, nullptr, nullptr);
  pa_stream_disconnect (stream_);
  pa_stream_unref (stream_);
}

void Monitor::on_data ()
{
  const void *data = nullptr;
  size_t bytes = 0;
  while (pa_stream_readable_size (stream_) > 0 && pa_stream_peek (stream_, &data, &bytes) == 0 && bytes > 0) {
    const auto arrival = now ();
    if (origins_.size () >= kEnoughAnswers && arrival - last_arrival_ > kBlockBorder)
      earliest_arrival_ = std::min (earliest_arrival_, ms (arrival - played_at (before_ + samples_.size ())));
    last_arrival_ = arrival;
    const auto *samples = static_cast<const int16_t *> (data);
    if (samples)
      samples_.insert (samples_.end (), samples, samples + bytes / sizeof (int16_t));
    else
      samples_.resize (samples_.size () + bytes / sizeof (int16_t));
    pa_stream_drop (stream_);
  }
  ask ();
  pulse_.signal ();
}

/// Which sample is being played?
void Monitor::ask ()
{
  auto *asked = pa_stream_update_timing_info (
      stream_,
      [] (pa_stream *stream, int answered, void *data) {
        auto *self = static_cast<Monitor *> (data);
        pa_usec_t played = 0;
        if (!answered || pa_stream_get_time (stream, &played) != 0 || played == 0)
          return;
        if (self->origins_.size () >= kLatestAnswers)
          self->origins_.erase (self->origins_.begin ());
        self->origins_.push_back (ms (now () - std::chrono::microseconds (played)));
        self->pulse_.signal ();
      },
      this);
  if (asked)
    pa_operation_unref (asked);
}

nanoseconds Monitor::played_at (uint64_t frame) const
{
  return nanoseconds (static_cast<int64_t> (quantile (origins_, 0.5) * 1e6)) +
         nanoseconds (static_cast<int64_t> (frame * 1'000'000'000 / kRate));
}

double Monitor::spread () const
{
  Pulse::Lock lock (pulse_);
  return quantile (origins_, 0.75) - quantile (origins_, 0.25);
}

void Monitor::clear ()
{
  Pulse::Lock lock (pulse_);
  before_ += samples_.size ();
  samples_.clear ();
}

Heard Monitor::compare (const std::vector<int16_t> &said)
{
  Pulse::Lock lock (pulse_);
  const auto until = now () + kOnTheWay;
  while (played_at (before_ + samples_.size ()) < until)
    pulse_.wait ();

  auto sounds = [] (int16_t sample) { return sample != 0; };
  const auto begin = std::find_if (samples_.begin (), samples_.end (), sounds);
  const auto end = std::find_if (samples_.rbegin (), samples_.rend (), sounds).base ();
  Heard heard;
  if (begin == samples_.end ()) {
    heard.lost = said.size ();
    return heard;
  }
  heard.first = played_at (before_ + static_cast<uint64_t> (begin - samples_.begin ()));
  // Numbered samples: each has its one place.
  size_t next = 0;
  for (auto sample = begin; sample != end; ++sample) {
    if (*sample == 0) {
      heard.pauses += 1000.0 / kRate;
      continue;
    }
    const auto place = static_cast<size_t> (static_cast<uint16_t> (*sample - said.front ()));
    if (place < next || place >= said.size ()) {
      ++heard.wrong;
      continue;
    }
    heard.lost += place - next;
    next = place + 1;
  }
  heard.lost += said.size () - next;
  return heard;
}

}  // namespace gemini::bench
