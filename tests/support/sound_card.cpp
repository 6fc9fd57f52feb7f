#include "support/sound_card.h"

#include <algorithm>

namespace gemini::test {

SoundCard::SoundCard () : clock_ (gst_system_clock_obtain ()) {}

SoundCard::~SoundCard () { gst_object_unref (clock_); }

void SoundCard::use_clock (GstClock *clock)
{
  std::lock_guard guard (lock_);
  gst_object_replace (reinterpret_cast<GstObject **> (&clock_), GST_OBJECT (clock));
}

void SoundCard::open (unsigned rate, size_t frames)
{
  std::lock_guard guard (lock_);
  rate_ = rate;
  capacity_ = frames;
}

/// How much of the tape has been heard.
size_t SoundCard::played () const
{
  if (!running_)
    return waiting_;
  auto &run = runs_.back ();
  auto since = gst_clock_get_time (clock_) - run.at;
  return std::min<size_t> (tape_.size (), run.first + gst_util_uint64_scale (since, run.rate, GST_SECOND));
}

void SoundCard::start ()
{
  runs_.push_back ({gst_clock_get_time (clock_), waiting_, rate_});
  running_ = true;
}

void SoundCard::write (const int16_t *samples, size_t frames)
{
  std::unique_lock lock (lock_);
  for (auto stops = stops_; stops == stops_;) {
    auto heard = played ();
    if (running_ && heard == tape_.size ()) {
      running_ = false;
      waiting_ = heard;
      ran_dry_++;
    }
    // A sink that pauses must not be kept waiting: one segment more has to fit in.
    if (running_ && tape_.size () - heard + frames > capacity_) {
      auto id = id_ = gst_clock_new_single_shot_id (clock_, time_of (tape_.size () + frames - capacity_));
      lock.unlock ();
      gst_clock_id_wait (id, nullptr);
      lock.lock ();
      id_ = nullptr;
      gst_clock_id_unref (id);
      continue;
    }
    tape_.insert (tape_.end (), samples, samples + frames);
    if (!running_ && !paused_ && tape_.size () - waiting_ + frames > capacity_)
      start ();
    return;
  }
}

/// When so much of the tape has been heard.
GstClockTime SoundCard::time_of (size_t frames) const
{
  auto &run = runs_.back ();
  return run.at + gst_util_uint64_scale_ceil (frames - run.first, GST_SECOND, run.rate);
}

void SoundCard::drain () const
{
  std::unique_lock lock (lock_);
  if (!running_)
    return;
  auto id = gst_clock_new_single_shot_id (clock_, time_of (tape_.size ()));
  lock.unlock ();
  gst_clock_id_wait (id, nullptr);
  gst_clock_id_unref (id);
}

void SoundCard::wake ()
{
  if (id_ != nullptr)
    gst_clock_id_unschedule (id_);
}

size_t SoundCard::delay () const
{
  std::lock_guard guard (lock_);
  return tape_.size () - played ();
}

void SoundCard::pause ()
{
  std::lock_guard guard (lock_);
  waiting_ = played ();
  running_ = false;
  paused_ = true;
  wake ();
}

void SoundCard::resume ()
{
  std::lock_guard guard (lock_);
  paused_ = false;
  if (tape_.size () > waiting_)
    start ();
  wake ();
}

void SoundCard::stop ()
{
  std::lock_guard guard (lock_);
  waiting_ = played ();
  tape_.resize (waiting_);
  running_ = false;
  paused_ = false;
  stops_++;
  wake ();
}

SoundCard::Record SoundCard::record () const
{
  std::lock_guard guard (lock_);
  return {{tape_.begin (), tape_.begin () + static_cast<std::ptrdiff_t> (played ())}, runs_, ran_dry_};
}

}  // namespace gemini::test
