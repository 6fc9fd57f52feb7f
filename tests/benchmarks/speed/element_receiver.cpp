// geminisrc, as an application has it: a pipeline, and the time is taken where a buffer leaves the source's
// pad.
#include <gst/gst.h>

#include "course.h"
#include "elements/gst_ptr.h"

namespace gemini::bench {
namespace {

void ask (Course &course, GstElement *source, GMainLoop *loop)
{
  const auto text = course.next ();
  if (text.empty ())
    return g_main_loop_quit (loop);
  gboolean sent = FALSE;
  g_signal_emit_by_name (source, "send-text", text.c_str (), &sent);
}

GstPadProbeReturn on_buffer (GstPad *, GstPadProbeInfo *info, gpointer data)
{
  auto *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  if (!GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DROPPABLE)) {
    BufferMap map (buffer, GST_MAP_READ);
    static_cast<Course *> (data)->audio (map.data (), map.size ());
  }
  return GST_PAD_PROBE_OK;
}

}  // namespace

void receive_element (Course &course, Mode mode)
{
  const bool live = mode == Mode::Live;
  struct Run {
    Course &course;
    GstElement *source;
    GMainLoop *loop;
  } run{course, gst_element_factory_make ("geminisrc", nullptr), g_main_loop_new (nullptr, FALSE)};
  auto *sink = gst_element_factory_make ("fakesink", nullptr);
  auto *pipeline = gst_pipeline_new (nullptr);
  if (!run.source)
    g_error ("no geminisrc: set GST_PLUGIN_PATH");
  g_object_set (run.source, "endpoint", course.plan ().uri.c_str (), "num-turns", -1, "is-live", live,
                "api-key", "key", nullptr);
  if (course.plan ().uri.starts_with ("https"))
    g_object_set (run.source, "ca-file", authorities (), nullptr);
  if (mode == Mode::Tts)
    gst_util_set_object_arg (G_OBJECT (run.source), "api", "tts");
  if (!live)
    g_object_set (run.source, "samples-per-buffer", 0, nullptr);
  g_object_set (sink, "sync", FALSE, "async", FALSE, nullptr);
  gst_bin_add_many (GST_BIN (pipeline), run.source, sink, nullptr);
  gst_element_link (run.source, sink);
  const GstObjectPtr<GstPad> pad (gst_element_get_static_pad (run.source, "src"));
  gst_pad_add_probe (pad.get (), GST_PAD_PROBE_TYPE_BUFFER, on_buffer, &course, nullptr);
  const GstObjectPtr<GstBus> bus (gst_element_get_bus (pipeline));
  gst_bus_add_watch (
      bus.get (),
      [] (GstBus *, GstMessage *message, gpointer data) -> gboolean {
        auto *to = static_cast<Run *> (data);
        if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
          g_error ("the element failed");
        if (gst_message_has_name (message, "gemini-turn-complete"))
          ask (to->course, to->source, to->loop);
        return G_SOURCE_CONTINUE;
      },
      &run);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  ask (course, run.source, run.loop);
  g_main_loop_run (run.loop);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_bus_remove_watch (bus.get ());
  gst_object_unref (pipeline);
  g_main_loop_unref (run.loop);
}

}  // namespace gemini::bench
