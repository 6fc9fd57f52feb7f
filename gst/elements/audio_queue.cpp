#include "elements/audio_queue.h"

#include <algorithm>
#include <utility>

namespace gemini {

void AudioQueue::reset (const Playout::Config &config, guint64 max_bytes)
{
  std::lock_guard guard (lock_);
  playout_.emplace (config);
  live_ = config.live;
  rate_ = config.rate;
  turns_.clear ();
  max_bytes_ = max_bytes;
  full_ = false;
  stats_ = {};
  shut_down_ = false;
  error_.reset ();
  finished_ = false;
  eos_event_.reset ();
  eos_requested_ = false;
  paused_ = live_;  // a live source starts to run in PLAYING
  paused_at_ = nanoseconds (0);
}

GstClockTime AudioQueue::latency () const
{
  std::lock_guard guard (lock_);
  return playout_ ? static_cast<GstClockTime> (playout_->latency ().count ()) : 0;
}

/// Running time; stands still while paused, and until a base time in the future has come. Not live there is
/// none.
nanoseconds AudioQueue::now () const
{
  if (!live_)
    return nanoseconds (0);
  if (paused_)
    return paused_at_;
  GstObjectPtr<GstClock> clock (gst_element_get_clock (element_));
  if (!clock)
    return nanoseconds (0);
  auto base = gst_element_get_base_time (element_);
  return nanoseconds (
      std::max<GstClockTimeDiff> (GST_CLOCK_DIFF (base, gst_clock_get_time (clock.get ())), 0));
}

/// For reports; not live, there is no time but that of the samples.
GstClockTime AudioQueue::running_time () const
{
  return live_ ? static_cast<GstClockTime> (now ().count ()) : GST_CLOCK_TIME_NONE;
}

void AudioQueue::await_turn ()
{
  std::lock_guard guard (lock_);
  if (eos_requested_)
    return;
  turns_.ask (rate_, running_time ());
}

void AudioQueue::push (BufferPtr chunk, guint rate)
{
  std::unique_lock guard (lock_);
  auto bytes = gst_buffer_get_size (chunk.get ());
  auto fits = [&] { return turns_.has_room (bytes, max_bytes_) || shut_down_ || eos_requested_; };
  full_ = !fits ();
  if (full_)
    wake ();
  room_.wait (guard, fits);
  full_ = false;
  if (eos_requested_)
    return;  // nobody takes it any more
  stats_.chunks++;
  stats_.frames_received += bytes / kBytesPerFrame;
  turns_.add (std::move (chunk), rate, running_time ());
  auto length = gst_util_uint64_scale (bytes / kBytesPerFrame, GST_SECOND, rate);
  playout_->arrived (std::chrono::microseconds (g_get_monotonic_time ()),
                     nanoseconds (static_cast<int64_t> (length)));
  wake_for_arrival (std::move (guard));
}

void AudioQueue::end_turn (std::string_view reason, bool last)
{
  std::lock_guard guard (lock_);
  if (eos_requested_)
    return;
  turns_.end (reason, rate_, running_time ());
  playout_->turn_arrived ();
  finished_ = finished_ || last;
  wake ();
}

void AudioQueue::count_reconnect ()
{
  std::lock_guard guard (lock_);
  stats_.reconnects++;
}

bool AudioQueue::sounding () const
{
  std::lock_guard guard (lock_);
  return playout_->unheard (now ()) > 0;
}

void AudioQueue::restart ()
{
  std::lock_guard guard (lock_);
  if (playout_)
    playout_->restart ();
  wake ();
}

CutReport AudioQueue::cut (bool running, bool last, bool flushed)
{
  std::lock_guard guard (lock_);
  auto cut = turns_.cut (running);
  if (flushed) {
    if (cut.turn == 0) {  // all of it had left
      cut.turn = stats_.last.turn;
      cut.pushed = stats_.last.pushed;
    }
    auto unheard = std::min<guint64> (playout_->unheard (now ()), cut.pushed);
    cut.pushed -= unheard;
    cut.dropped += unheard;
    if (!turns_.empty () && turns_.head ().turn == cut.turn)
      turns_.head ().pushed = cut.pushed;
    playout_->restart ();
  } else {
    playout_->cut ();
  }
  stats_.frames_dropped += cut.dropped;
  room_.notify_all ();
  finished_ = finished_ || last;
  wake ();
  return cut;
}

void AudioQueue::finish ()
{
  std::lock_guard guard (lock_);
  finished_ = true;
  wake ();
}

bool AudioQueue::fail (Error error)
{
  std::lock_guard guard (lock_);
  if (finished_)
    return true;      // everything was said already
  turns_.end_all ();  // what came is heard
  if (turns_.empty () && (!playout_ || playout_->unheard (now ()) == 0))
    return false;
  error_ = std::move (error);
  finished_ = true;
  wake ();
  return true;
}

Backlog AudioQueue::backlog () const
{
  auto backlog = turns_.backlog ();
  backlog.full = !turns_.empty () && full_;
  return backlog;
}

/// Called with the lock held. Unscheduling before the wait has begun is remembered by the clock.
void AudioQueue::wake ()
{
  changed_.notify_all ();
  if (clock_id_ != nullptr)
    gst_clock_id_unschedule (clock_id_);
}

/// Audio comes in a few pieces a second, speech leaves in many: most of the time the next one to leave is
/// known, and nobody need be woken. Gives up the lock first, so that who wakes up does not wait for it.
void AudioQueue::wake_for_arrival (std::unique_lock<std::mutex> lock)
{
  if (settled_)
    return;
  if (clock_id_ != nullptr)
    gst_clock_id_unschedule (clock_id_);
  lock.unlock ();
  changed_.notify_all ();
}

void AudioQueue::set_flushing (bool flushing)
{
  std::lock_guard guard (lock_);
  flushing_ = flushing;
  wake ();
}

void AudioQueue::shut_down ()
{
  std::lock_guard guard (lock_);
  shut_down_ = true;
  room_.notify_all ();
}

StatsReport AudioQueue::stats () const
{
  std::lock_guard guard (lock_);
  auto report = stats_;
  report.buffered_time = turns_.buffered_time ();
  if (playout_)
    report.prebuffer = static_cast<GstClockTime> (playout_->prebuffer ().count ());
  return report;
}

guint AudioQueue::turn () const
{
  std::lock_guard guard (lock_);
  return turns_.count ();
}

GstClockTime AudioQueue::end_time () const
{
  std::lock_guard guard (lock_);
  if (!playout_)
    return GST_CLOCK_TIME_NONE;
  return static_cast<GstClockTime> (std::max (playout_->position (), now ()).count ()) +
         turns_.buffered_time ();
}

void AudioQueue::set_paused (bool paused)
{
  std::lock_guard guard (lock_);
  if (!live_ || paused == paused_)
    return;
  if (paused)
    paused_at_ = now ();
  else if (playout_)
    playout_->resumed ();
  paused_ = paused;
  wake ();
}

void AudioQueue::set_pipeline_latency (GstClockTime latency)
{
  std::lock_guard guard (lock_);
  if (playout_)
    playout_->set_pipeline_latency (nanoseconds (static_cast<int64_t> (latency)));
}

void AudioQueue::request_eos (EventPtr event)
{
  std::lock_guard guard (lock_);
  eos_requested_ = true;
  finished_ = true;  // an error after it is no news to anybody
  eos_event_ = std::move (event);
  room_.notify_all ();
  wake ();
}

}  // namespace gemini
