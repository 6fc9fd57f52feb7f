#include "elements/audio_queue.h"

#include <algorithm>
#include <utility>

namespace gemini {
namespace {

constexpr gsize kBytesPerFrame = 2;
/// A chunk takes about as much memory as this besides its audio; so shorter ones count as if they had it.
constexpr gsize kLeastChunk = 512;

guint64 padding (gsize bytes) { return bytes < kLeastChunk ? kLeastChunk - bytes : 0; }

template <typename... T>
struct Visitor : T... {
  using T::operator()...;
};
template <typename... T>
Visitor (T...) -> Visitor<T...>;  // clang 14 does not find it out itself

void stamp (GstBuffer *buffer, const Playout::Slot &slot)
{
  GST_BUFFER_PTS (buffer) = static_cast<GstClockTime> (slot.pts.count ());
  GST_BUFFER_DURATION (buffer) = static_cast<GstClockTime> (slot.duration.count ());
  if (slot.discont)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
}

}  // namespace

void AudioQueue::reset (const Playout::Config &config, guint64 max_bytes)
{
  std::lock_guard guard (lock_);
  playout_.emplace (config);
  live_ = config.live;
  rate_ = config.rate;
  turns_.clear ();
  turn_count_ = 0;
  max_bytes_ = max_bytes;
  buffered_bytes_ = padding_bytes_ = 0;
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

AudioQueue::Turn &AudioQueue::open_turn ()
{
  if (turns_.empty () || turns_.back ().ended) {
    turns_.emplace_back ();
    turns_.back ().report.turn = ++turn_count_;
    turns_.back ().report.rate = rate_;
  }
  return turns_.back ();
}

void AudioQueue::await_turn ()
{
  std::lock_guard guard (lock_);
  auto &report = open_turn ().report;
  if (!GST_CLOCK_TIME_IS_VALID (report.requested))
    report.requested = running_time ();
}

void AudioQueue::push (BufferPtr chunk, guint rate)
{
  std::unique_lock guard (lock_);
  auto bytes = gst_buffer_get_size (chunk.get ());
  auto fits = [&] {
    auto held = buffered_bytes_ + padding_bytes_;
    return buffered_bytes_ == 0 || held + bytes + padding (bytes) <= max_bytes_ || shut_down_ ||
           eos_requested_;
  };
  full_ = !fits ();
  if (full_)
    wake ();
  room_.wait (guard, fits);
  full_ = false;
  if (eos_requested_)
    return;  // nobody takes it any more
  buffered_bytes_ += bytes;
  padding_bytes_ += padding (bytes);
  stats_.chunks++;
  stats_.frames_received += bytes / kBytesPerFrame;
  auto *turn = &open_turn ();
  if (turn->report.received == 0) {
    turn->report.rate = rate;
  } else if (turn->report.rate != rate) {
    turn->ended = turn->continues = true;
    auto report = turn->report;
    turn = &turns_.emplace_back ();
    turn->report = report;
    turn->report.rate = rate;
  }
  if (!GST_CLOCK_TIME_IS_VALID (turn->report.first_byte))
    turn->report.first_byte = running_time ();
  turn->report.received += bytes / kBytesPerFrame;
  turn->frames += bytes / kBytesPerFrame;
  turn->chunks.push_back ({std::move (chunk), 0, bytes});
  auto length = gst_util_uint64_scale (bytes / kBytesPerFrame, GST_SECOND, rate);
  playout_->arrived (std::chrono::microseconds (g_get_monotonic_time ()),
                     nanoseconds (static_cast<int64_t> (length)));
  wake_for_arrival (std::move (guard));
}

void AudioQueue::end_turn (std::string_view reason, bool last)
{
  std::lock_guard guard (lock_);
  auto &turn = open_turn ();
  turn.ended = true;
  turn.report.reason = reason;
  turn.report.generation_complete = running_time ();
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
  CutReport cut;
  for (auto &turn : turns_) {
    if (!running && !turn.ended)
      continue;  // asked for, and still to come
    if (cut.turn == 0 || turn.report.pushed > 0) {
      cut.turn = turn.report.turn;
      cut.pushed = turn.report.pushed;
    }
    cut.dropped += turn.frames;
    turn.report.interrupted = turn.report.interrupted || turn.frames > 0 || !turn.ended;
    turn.chunks.clear ();
    turn.frames = 0;
    turn.ended = true;
  }
  if (flushed) {
    if (cut.turn == 0) {  // all of it had left
      cut.turn = stats_.last.turn;
      cut.pushed = stats_.last.pushed;
    }
    auto unheard = std::min<guint64> (playout_->unheard (now ()), cut.pushed);
    cut.pushed -= unheard;
    cut.dropped += unheard;
    if (!turns_.empty () && turns_.front ().report.turn == cut.turn)
      turns_.front ().report.pushed = cut.pushed;
    playout_->restart ();
  } else {
    playout_->cut ();
  }
  stats_.frames_dropped += cut.dropped;
  buffered_bytes_ = padding_bytes_ = 0;
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
    return true;  // everything was said already
  while (!turns_.empty () && !turns_.back ().ended && turns_.back ().report.received == 0)
    turns_.pop_back ();  // what was asked last got no answer
  for (auto &turn : turns_)
    turn.ended = true;  // what came is heard
  if (turns_.empty () && (!playout_ || playout_->unheard (now ()) == 0))
    return false;
  error_ = std::move (error);
  finished_ = true;
  wake ();
  return true;
}

Backlog AudioQueue::backlog () const
{
  if (turns_.empty ())
    return {};
  auto &turn = turns_.front ();
  auto &chunks = turn.chunks;
  auto head = chunks.empty () ? 0 : (chunks.front ().bytes - chunks.front ().taken) / kBytesPerFrame;
  return {turn.frames, head, static_cast<unsigned> (chunks.size ()), turn.ended, full_};
}

AudioQueue::Item AudioQueue::pop ()
{
  std::unique_lock lock (lock_);
  for (;;) {
    if (flushing_)
      return Flushing{};
    if (paused_ && eos_requested_)
      return end_of_stream ();
    if (paused_) {
      wait (lock, std::nullopt);
      continue;
    }
    bool finishing = eos_requested_ || (turns_.empty () && finished_);
    if (!finishing && !turns_.empty () && turns_.front ().frames > 0)
      playout_->set_rate (rate_ = turns_.front ().report.rate);

    std::optional<Item> item;
    std::visit (Visitor{
                    [&] (const Playout::Speech &slot) { item = speech (slot); },
                    [&] (const Playout::Silence &slot) { item = silence (slot); },
                    [&] (const Playout::WaitUntil &step) { wait (lock, step.time, step.settled); },
                    [&] (const Playout::Wait &) { wait (lock, std::nullopt); },
                    [&] (const Playout::TurnOver &) {
                      if (finishing)
                        item = end_of_stream ();
                      else if (auto ended = turn_over ())
                        item = std::move (*ended);
                    },
                },
                // An error makes applications stop everything: what came before it is heard first.
                finishing ? playout_->finish (now (), error_ && !eos_requested_)
                          : playout_->next (now (), backlog ()));
    if (item)
      return std::move (*item);
  }
}

/// The next frames of a turn without copying them: buffers share the memory they arrived in.
BufferPtr AudioQueue::take (Turn &turn, guint64 frames)
{
  turn.frames -= frames;
  buffered_bytes_ -= frames * kBytesPerFrame;
  stats_.frames_pushed += frames;
  room_.notify_all ();
  BufferPtr out;
  for (gsize wanted = frames * kBytesPerFrame; wanted > 0;) {
    auto &chunk = turn.chunks.front ();
    auto bytes = std::min (wanted, chunk.bytes - chunk.taken);
    if (!out && bytes == chunk.bytes)
      out = std::move (chunk.buffer);
    else if (!out)
      out.reset (gst_buffer_copy_region (chunk.buffer.get (), GST_BUFFER_COPY_MEMORY, chunk.taken, bytes));
    else
      gst_buffer_copy_into (out.get (), chunk.buffer.get (), GST_BUFFER_COPY_MEMORY, chunk.taken,
                            static_cast<gssize> (bytes));
    chunk.taken += bytes;
    wanted -= bytes;
    if (chunk.taken == chunk.bytes) {
      padding_bytes_ -= padding (chunk.bytes);
      turn.chunks.pop_front ();
    }
  }
  return out;
}

AudioQueue::Audio AudioQueue::speech (const Playout::Speech &slot)
{
  auto &turn = turns_.front ();
  Audio audio{take (turn, slot.frames), rate_, std::nullopt, std::nullopt};
  stamp (audio.buffer.get (), slot);

  auto &report = turn.report;
  report.pushed += slot.frames;
  report.ended = static_cast<GstClockTime> ((slot.pts + slot.duration).count ());
  if (!GST_CLOCK_TIME_IS_VALID (report.started)) {
    report.started = static_cast<GstClockTime> (slot.pts.count ());
    audio.starts = report;
  }
  if (slot.dry_for) {
    auto duration = static_cast<GstClockTime> (slot.dry_for->count ());
    audio.underrun = UnderrunReport{report.turn, GST_BUFFER_PTS (audio.buffer.get ()) - duration, duration};
    report.underruns++;
    report.underrun_time += duration;
    stats_.underruns++;
    stats_.underrun_time += duration;
  }
  stats_.last = report;
  return audio;
}

AudioQueue::Audio AudioQueue::silence (const Playout::Silence &slot) const
{
  BufferPtr buffer (gst_buffer_new_allocate (nullptr, slot.frames * kBytesPerFrame, nullptr));
  gst_buffer_memset (buffer.get (), 0, 0, slot.frames * kBytesPerFrame);
  stamp (buffer.get (), slot);
  // A branch that wants speech alone drops these. No GAP: a sink would sleep until it is over instead of
  // filling its device.
  GST_BUFFER_FLAG_SET (buffer.get (), GST_BUFFER_FLAG_DROPPABLE);
  return {std::move (buffer), rate_, std::nullopt, std::nullopt};
}

std::optional<AudioQueue::TurnEnded> AudioQueue::turn_over ()
{
  auto turn = std::move (turns_.front ());
  turns_.pop_front ();
  if (!turn.continues) {
    stats_.turns++;
    stats_.last = turn.report;
    return TurnEnded{std::move (turn.report)};
  }
  auto &report = turns_.front ().report;
  report.started = turn.report.started;
  report.ended = turn.report.ended;
  report.pushed = turn.report.pushed;
  report.underruns = turn.report.underruns;
  report.underrun_time = turn.report.underrun_time;
  return std::nullopt;
}

/// The next turn of which something came, without what has not left; what was only asked for is no turn.
std::optional<AudioQueue::TurnEnded> AudioQueue::cut_short ()
{
  buffered_bytes_ = padding_bytes_ = 0;
  while (!turns_.empty ()) {
    auto &turn = turns_.front ();
    stats_.frames_dropped += std::exchange (turn.frames, 0);
    turn.report.interrupted = turn.report.pushed < turn.report.received || !turn.ended;
    if (turn.report.received == 0 && !turn.ended)
      turns_.pop_front ();
    else if (auto ended = turn_over ())
      return ended;
  }
  return std::nullopt;
}

AudioQueue::Item AudioQueue::end_of_stream ()
{
  if (eos_requested_) {
    if (auto ended = cut_short ())
      return std::move (*ended);
    return Eos{std::move (eos_event_)};
  }
  if (error_)
    return Failed{*std::exchange (error_, std::nullopt)};
  return Eos{};
}

/// Waits for a change or, on the pipeline's clock, for a running time.
void AudioQueue::wait (std::unique_lock<std::mutex> &lock, std::optional<nanoseconds> until, bool settled)
{
  GstObjectPtr<GstClock> clock (until ? gst_element_get_clock (element_) : nullptr);
  if (!clock) {
    changed_.wait (lock);
    return;
  }
  auto time = gst_element_get_base_time (element_) + static_cast<GstClockTime> (until->count ());
  auto id = clock_id_ = gst_clock_new_single_shot_id (clock.get (), time);
  settled_ = settled;
  lock.unlock ();
  gst_clock_id_wait (id, nullptr);
  lock.lock ();
  clock_id_ = nullptr;
  settled_ = false;
  gst_clock_id_unref (id);
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
  for (auto &turn : turns_)
    report.buffered_time += gst_util_uint64_scale (turn.frames, GST_SECOND, turn.report.rate);
  if (playout_)
    report.prebuffer = static_cast<GstClockTime> (playout_->prebuffer ().count ());
  return report;
}

guint AudioQueue::turn () const
{
  std::lock_guard guard (lock_);
  return turn_count_;
}

GstClockTime AudioQueue::end_time () const
{
  std::lock_guard guard (lock_);
  if (!playout_)
    return GST_CLOCK_TIME_NONE;
  auto end = static_cast<GstClockTime> (std::max (playout_->position (), now ()).count ());
  for (auto &turn : turns_)
    end += gst_util_uint64_scale (turn.frames, GST_SECOND, turn.report.rate);
  return end;
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
