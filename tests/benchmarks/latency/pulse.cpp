#include "pulse.h"

#include <glib.h>

namespace gemini::bench {

nanoseconds now () { return std::chrono::microseconds (g_get_monotonic_time ()); }

Pulse::Pulse () : loop_ (pa_threaded_mainloop_new ())
{
  context_ = pa_context_new (pa_threaded_mainloop_get_api (loop_), "latency");
  pa_context_set_state_callback (
      context_, [] (pa_context *, void *self) { static_cast<Pulse *> (self)->signal (); }, this);
  pa_threaded_mainloop_start (loop_);
  Lock lock (*this);
  pa_context_connect (context_, nullptr, PA_CONTEXT_NOAUTOSPAWN, nullptr);
  while (PA_CONTEXT_IS_GOOD (pa_context_get_state (context_)) &&
         pa_context_get_state (context_) != PA_CONTEXT_READY)
    wait ();
  if (pa_context_get_state (context_) != PA_CONTEXT_READY)
    error_ = std::string ("PulseAudio: ") + pa_strerror (pa_context_errno (context_)) +
             "; run this through tests/support/with-pulse";
}

Pulse::~Pulse ()
{
  {
    Lock lock (*this);
    pa_context_set_state_callback (context_, nullptr, nullptr);
    pa_context_disconnect (context_);
    pa_context_unref (context_);
  }
  pa_threaded_mainloop_stop (loop_);
  pa_threaded_mainloop_free (loop_);
}

Speaker::Speaker (Pulse &pulse) : pulse_ (pulse)
{
  Pulse::Lock lock (pulse);
  stream_ = pa_stream_new (pulse.context (), "speaker", &kFormat, nullptr);
  auto wake = [] (pa_stream *, void *to) { static_cast<Pulse *> (to)->signal (); };
  pa_stream_set_state_callback (stream_, wake, &pulse);
  pa_stream_set_write_callback (
      stream_, [] (pa_stream *, size_t, void *to) { static_cast<Pulse *> (to)->signal (); }, &pulse);
  constexpr uint32_t kBytes = kBlock * sizeof (int16_t);
  constexpr auto kDefault = static_cast<uint32_t> (-1);
  const pa_buffer_attr attributes{
      .maxlength = kDefault, .tlength = 2 * kBytes, .prebuf = kBytes, .minreq = kBytes, .fragsize = kDefault};
  pa_stream_connect_playback (stream_, nullptr, &attributes, PA_STREAM_EARLY_REQUESTS, nullptr, nullptr);
  while (pa_stream_get_state (stream_) == PA_STREAM_CREATING)
    pulse.wait ();
}

Speaker::~Speaker ()
{
  Pulse::Lock lock (pulse_);
  pa_stream_set_state_callback (stream_, nullptr, nullptr);
  pa_stream_set_write_callback (stream_, nullptr, nullptr);
  pa_stream_disconnect (stream_);
  pa_stream_unref (stream_);
}

void Speaker::write (std::span<const int16_t> block)
{
  Pulse::Lock lock (pulse_);
  while (pa_stream_get_state (stream_) == PA_STREAM_READY &&
         pa_stream_writable_size (stream_) < block.size_bytes ())
    pulse_.wait ();
  pa_stream_write (stream_, block.data (), block.size_bytes (), nullptr, 0, PA_SEEK_RELATIVE);
}

void Speaker::drain ()
{
  Pulse::Lock lock (pulse_);
  auto *drained = pa_stream_drain (
      stream_, [] (pa_stream *, int, void *to) { static_cast<Pulse *> (to)->signal (); }, &pulse_);
  while (drained && pa_operation_get_state (drained) == PA_OPERATION_RUNNING)
    pulse_.wait ();
  if (drained)
    pa_operation_unref (drained);
}

}  // namespace gemini::bench
