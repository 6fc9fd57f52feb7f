#include <gst/base/gstbasesink.h>

#include "elements/gst_ptr.h"
#include "player.h"

namespace gemini::bench {
namespace {

constexpr GstClockTime kDeadline = 30 * GST_SECOND;

struct MessageUnref {
  void operator() (GstMessage *message) const { gst_message_unref (message); }
};
using MessagePtr = std::unique_ptr<GstMessage, MessageUnref>;

/// The sink itself, however deep it is.
GstObjectPtr<GstElement> find_sink (GstElement *pipeline)
{
  GstElement *found = nullptr;
  auto *sinks = gst_bin_iterate_sinks (GST_BIN (pipeline));
  GValue item = G_VALUE_INIT;
  if (gst_iterator_next (sinks, &item) == GST_ITERATOR_OK)
    found = GST_ELEMENT (g_value_dup_object (&item));
  g_value_unset (&item);
  gst_iterator_free (sinks);
  GstObjectPtr<GstElement> owner (found);
  return found && GST_IS_BIN (found) ? find_sink (found) : std::move (owner);
}

struct Probed {
  GstElement *src;
  Passed passed;
  bool seen = false;
};

/// Looks at the clock when the first speech leaves the source.
GstPadProbeReturn on_buffer (GstPad *, GstPadProbeInfo *info, gpointer data)
{
  auto *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  if (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DROPPABLE))
    return GST_PAD_PROBE_OK;
  auto &probed = *static_cast<Probed *> (data);
  probed.passed.out = now ();
  const GstObjectPtr<GstClock> clock (gst_element_get_clock (probed.src));
  const auto stamp = gst_element_get_base_time (probed.src) + GST_BUFFER_PTS (buffer);
  probed.passed.stamp =
      probed.passed.out + nanoseconds (GST_CLOCK_DIFF (gst_clock_get_time (clock.get ()), stamp));
  probed.seen = true;
  return GST_PAD_PROBE_REMOVE;
}

Passed play (const std::string &line, const std::string &uri)
{
  GError *error = nullptr;
  const GstObjectPtr<GstElement> pipeline (gst_parse_launch (line.c_str (), &error));
  const GErrorPtr owner (error);
  if (error)
    return {.error = error->message};
  const GstObjectPtr<GstElement> src (gst_bin_get_by_name (GST_BIN (pipeline.get ()), "src"));
  g_object_set (src.get (), "endpoint", uri.c_str (), "prompt", "Hello", nullptr);
  Probed probed{.src = src.get ()};
  const GstObjectPtr<GstPad> pad (gst_element_get_static_pad (src.get (), "src"));
  gst_pad_add_probe (pad.get (), GST_PAD_PROBE_TYPE_BUFFER, on_buffer, &probed, nullptr);

  gst_element_set_state (pipeline.get (), GST_STATE_PLAYING);
  const GstObjectPtr<GstBus> bus (gst_element_get_bus (pipeline.get ()));
  const MessagePtr message (gst_bus_timed_pop_filtered (
      bus.get (), kDeadline, static_cast<GstMessageType> (GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
  auto passed = probed.passed;
  const auto sink = find_sink (pipeline.get ());
  if (passed.stamp && GST_IS_BASE_SINK (sink.get ()))
    passed.due = *passed.stamp +
                 nanoseconds (static_cast<int64_t> (gst_base_sink_get_latency (GST_BASE_SINK (sink.get ()))));
  gst_element_set_state (pipeline.get (), GST_STATE_NULL);
  if (!message || GST_MESSAGE_TYPE (message.get ()) == GST_MESSAGE_ERROR || !probed.seen)
    passed.error = "the pipeline played nothing to its end: " + line;
  return passed;
}

}  // namespace

Player pipeline_player (const std::string &name, const std::string &line)
{
  return {name, true, [line] (const std::string &uri) { return play (line, uri); }};
}

}  // namespace gemini::bench
