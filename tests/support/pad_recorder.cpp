#include "support/pad_recorder.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "support/deadline.h"

namespace gemini::test {

PadRecorder::PadRecorder (GstPad *pad) : pad_ (static_cast<GstPad *> (gst_object_ref (pad)))
{
  auto what = static_cast<GstPadProbeType> (GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM |
                                            GST_PAD_PROBE_TYPE_EVENT_FLUSH);
  probe_ = gst_pad_add_probe (pad_, what, on_data, this, [] (gpointer data) {
    auto *self = static_cast<PadRecorder *> (data);
    const std::lock_guard guard (self->lock_);
    self->removed_ = true;
    self->changed_.notify_all ();
  });
}

PadRecorder::~PadRecorder ()
{
  gst_pad_remove_probe (pad_, probe_);  // the pad's thread may be in on_data () still
  {
    std::unique_lock guard (lock_);
    fail_unless (changed_.wait_for (guard, deadline (), [this] { return removed_; }), "its pad is stuck");
  }
  gst_object_unref (pad_);
}

GstPadProbeReturn PadRecorder::on_data (GstPad *, GstPadProbeInfo *info, gpointer data)
{
  auto *self = static_cast<PadRecorder *> (data);
  std::lock_guard guard (self->lock_);
  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER)
    self->add_buffer (GST_PAD_PROBE_INFO_BUFFER (info));
  else
    self->add_event (GST_PAD_PROBE_INFO_EVENT (info));
  self->changed_.notify_all ();
  return GST_PAD_PROBE_OK;
}

void PadRecorder::add_event (GstEvent *event)
{
  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_FLUSH_START:
    case GST_EVENT_FLUSH_STOP:
      flushes_++;
      break;
    case GST_EVENT_CAPS: {
      GstCaps *caps = nullptr;
      gst_event_parse_caps (event, &caps);
      int rate = 0;
      gst_structure_get_int (gst_caps_get_structure (caps, 0), "rate", &rate);
      rate_ = static_cast<guint> (rate);
      break;
    }
    case GST_EVENT_EOS:
      eos_ = true;
      break;
    case GST_EVENT_TAG: {
      GstTagList *tags = nullptr;
      gst_event_parse_tag (event, &tags);
      CharPtr text (gst_tag_list_to_string (tags));
      tags_ += std::string (speech_frames_ == 0 ? "" : "late: ") + text.get ();
      return;  // says something of the stream, and is no part of it
    }
    default:
      break;
  }
  last_word_.clear ();
  add_word (GST_EVENT_TYPE_NAME (event));
}

void PadRecorder::add_buffer (GstBuffer *buffer)
{
  BufferMap map (buffer, GST_MAP_READ);
  std::vector<int16_t> samples (map.size () / sizeof (int16_t));
  std::memcpy (samples.data (), map.data (), map.size ());
  buffers_.push_back ({GST_BUFFER_PTS (buffer), GST_BUFFER_DURATION (buffer), GST_BUFFER_FLAGS (buffer),
                       rate_, std::move (samples)});
  auto &added = buffers_.back ();
  if (!added.silence ())
    speech_frames_ += added.samples.size ();
  add_word (added.silence () ? "silence" : "speech");
}

void PadRecorder::add_word (const std::string &word)
{
  if (word == last_word_)
    return;
  last_word_ = word;
  order_ += word + " ";
}

std::vector<PadRecorder::Buffer> PadRecorder::buffers () const
{
  std::lock_guard guard (lock_);
  return buffers_;
}

std::vector<int16_t> PadRecorder::speech () const
{
  std::lock_guard guard (lock_);
  std::vector<int16_t> all;
  for (auto &buffer : buffers_)
    if (!buffer.silence ())
      all.insert (all.end (), buffer.samples.begin (), buffer.samples.end ());
  return all;
}

std::string PadRecorder::order () const
{
  std::lock_guard guard (lock_);
  return order_;
}

std::string PadRecorder::tags () const
{
  std::lock_guard guard (lock_);
  return tags_;
}

size_t PadRecorder::flushes () const
{
  std::lock_guard guard (lock_);
  return flushes_;
}

bool PadRecorder::wait_for_start () const
{
  std::unique_lock lock (lock_);
  return changed_.wait_for (lock, deadline (), [&] { return !order_.empty (); });
}

bool PadRecorder::wait_for_speech (size_t frames) const
{
  std::unique_lock lock (lock_);
  return changed_.wait_for (lock, deadline (), [&] { return speech_frames_ >= frames; });
}

bool PadRecorder::wait_for_buffers (size_t count) const
{
  std::unique_lock lock (lock_);
  return changed_.wait_for (lock, deadline (), [&] { return buffers_.size () >= count; });
}

bool PadRecorder::wait_for_eos () const
{
  std::unique_lock lock (lock_);
  return changed_.wait_for (lock, deadline (), [&] { return eos_; });
}

bool PadRecorder::eos () const
{
  std::lock_guard guard (lock_);
  return eos_;
}

void PadRecorder::check_timeline () const
{
  std::lock_guard guard (lock_);
  fail_if (buffers_.empty (), "nothing has left the pad");
  fail_unless (buffers_.front ().discont (), "the first buffer is a discontinuity");
  for (size_t i = 0; i < buffers_.size (); i++) {
    auto &buffer = buffers_[i];
    auto exact = gst_util_uint64_scale (buffer.samples.size (), GST_SECOND, buffer.rate);
    fail_unless (buffer.duration == exact || buffer.duration == exact + 1, "duration of buffer %zu", i);
    if (buffer.silence ())
      fail_unless (
          std::all_of (buffer.samples.begin (), buffer.samples.end (), [] (int16_t s) { return s == 0; }),
          "buffer %zu says it is silence", i);
    if (i > 0 && !buffer.discont ())
      fail_unless_equals_uint64 (buffer.pts, buffers_[i - 1].pts + buffers_[i - 1].duration);
    if (i > 0)
      fail_if (buffer.pts < buffers_[i - 1].pts + buffers_[i - 1].duration, "buffer %zu goes back in time",
               i);
  }
}

}  // namespace gemini::test
