// How soon an answer ends that is interrupted: each is cut by the next question after a while.
//
//   interruption URI TURNS
//
// Prints a line of JSON: for each cut, when the last buffer of the old answer left the pad, counted from the
// moment at which the server sent `interrupted` (most leave before), and how many left after it.
#include <gst/gst.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <vector>

#include "elements/gst_ptr.h"
#include "stamp.h"

using namespace gemini;
using namespace gemini::bench;

namespace {

constexpr guint kListenMs = 730;  ///< at no fixed moment of a buffer or a chunk
constexpr size_t kLongest = 4096;

struct Run {
  GstElement *source;
  GMainLoop *loop;
  unsigned turns;
  // streaming thread
  int64_t asked = 0;
  std::vector<int64_t> left;  ///< when the speech of this turn left
  std::vector<double> after_ms;
  std::vector<size_t> buffers;
};

gboolean ask (gpointer data)
{
  auto *run = static_cast<Run *> (data);
  gboolean sent = FALSE;
  g_signal_emit_by_name (run->source, "send-text", "say 240 200 60000", &sent);
  if (run->turns-- > 0)
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (run->loop);
  return G_SOURCE_REMOVE;
}

void on_speech (Run &run, const BufferMap &map)
{
  const auto stamp = Stamp::read (map.data (), map.size ());
  if (stamp && stamp->asked != run.asked) {
    if (!run.left.empty ()) {
      run.after_ms.push_back (static_cast<double> (run.left.back () - stamp->asked) / 1e6);
      size_t late = 0;
      for (const auto time : run.left)
        late += time > stamp->asked;
      run.buffers.push_back (late);
    }
    run.asked = stamp->asked;
    run.left.clear ();
    run.left.reserve (kLongest);
  }
  run.left.push_back (monotonic_ns ());
}

}  // namespace

int main (int argc, char **argv)
{
  if (argc != 3) {
    std::cerr << "usage: interruption URI TURNS\n";
    return 2;
  }
  gst_init (nullptr, nullptr);
  auto *source = gst_element_factory_make ("geminisrc", nullptr);
  auto *sink = gst_element_factory_make ("fakesink", nullptr);
  if (!source || !sink)
    g_error ("no geminisrc: set GST_PLUGIN_PATH");
  Run run{.source = source,
          .loop = g_main_loop_new (nullptr, FALSE),
          .turns = static_cast<unsigned> (std::atoi (argv[2]))};
  auto *pipeline = gst_pipeline_new (nullptr);
  g_object_set (source, "endpoint", argv[1], "num-turns", -1, "api-key", "key", nullptr);
  g_object_set (sink, "sync", FALSE, "async", FALSE, nullptr);
  gst_bin_add_many (GST_BIN (pipeline), source, sink, nullptr);
  gst_element_link (source, sink);
  const GstObjectPtr<GstPad> pad (gst_element_get_static_pad (source, "src"));
  gst_pad_add_probe (
      pad.get (), GST_PAD_PROBE_TYPE_BUFFER,
      [] (GstPad *, GstPadProbeInfo *info, gpointer data) {
        auto *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
        if (!GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DROPPABLE))
          on_speech (*static_cast<Run *> (data), BufferMap (buffer, GST_MAP_READ));
        return GST_PAD_PROBE_OK;
      },
      &run, nullptr);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_timeout_add (kListenMs, ask, &run);
  g_main_loop_run (run.loop);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  std::printf ("{\"after_ms\": [");
  for (size_t i = 0; i < run.after_ms.size (); ++i)
    std::printf (i > 0 ? ", %.2f" : "%.2f", run.after_ms[i]);
  std::printf ("], \"buffers\": [");
  for (size_t i = 0; i < run.buffers.size (); ++i)
    std::printf (i > 0 ? ", %zu" : "%zu", run.buffers[i]);
  std::printf ("]}\n");
  gst_object_unref (pipeline);
  g_main_loop_unref (run.loop);
}
