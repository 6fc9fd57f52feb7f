// The streaming thread's side: what leaves, and when.
#include <utility>

#include "elements/audio_queue.h"

namespace gemini {
namespace {

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
    if (!finishing && turns_.backlog ().frames > 0)
      playout_->set_rate (rate_ = turns_.head ().rate);

    std::optional<Item> item;
    std::visit (Visitor{
                    [&] (const Playout::Speech &slot) { item = speech (slot); },
                    [&] (const Playout::Silence &slot) { item = silence (slot); },
                    [&] (const Playout::WaitUntil &step) { wait (lock, step.time, step.settled); },
                    [&] (const Playout::Wait &) { wait (lock, std::nullopt); },
                    [&] (const Playout::TurnOver &) {
                      if (finishing)
                        item = end_of_stream ();
                      else if (auto turn = ended (turns_.finish ()))
                        item = std::move (*turn);
                    },
                },
                // An error makes applications stop everything: what came before it is heard first.
                finishing ? playout_->finish (now (), error_ && !eos_requested_)
                          : playout_->next (now (), backlog ()));
    if (item)
      return std::move (*item);
  }
}

AudioQueue::Audio AudioQueue::speech (const Playout::Speech &slot)
{
  Audio audio{turns_.take (slot.frames), rate_, std::nullopt, std::nullopt};
  stamp (audio.buffer.get (), slot);
  stats_.frames_pushed += slot.frames;
  room_.notify_all ();

  auto &report = turns_.head ();
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

std::optional<AudioQueue::TurnEnded> AudioQueue::ended (std::optional<TurnReport> turn)
{
  if (!turn)
    return std::nullopt;
  stats_.turns++;
  stats_.last = *turn;
  return TurnEnded{std::move (*turn)};
}

AudioQueue::Item AudioQueue::end_of_stream ()
{
  if (eos_requested_) {
    auto cut = turns_.cut_short ();
    stats_.frames_dropped += cut.dropped;
    if (auto turn = ended (std::move (cut.turn)))
      return std::move (*turn);
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

}  // namespace gemini
