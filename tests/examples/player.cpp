// The smallest application: says what is on its command line to Gemini and plays the answer.
//
//   GEMINI_API_KEY=… ./player "Tell me a joke"

#include <gst/gst.h>

#include <cstdio>

int main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  if (argc != 2) {
    std::fprintf (stderr, "Usage: player QUESTION\n");
    return 2;
  }

  GError *error = nullptr;
  GstElement *pipeline = gst_parse_launch (
      "geminisrc name=gemini ! queue ! audioconvert ! audioresample ! autoaudiosink", &error);
  if (pipeline == nullptr) {
    std::fprintf (stderr, "%s\n", error->message);
    g_error_free (error);
    return 1;
  }
  GstElement *gemini = gst_bin_get_by_name (GST_BIN (pipeline), "gemini");
  g_object_set (gemini, "prompt", argv[1], nullptr);
  gst_object_unref (gemini);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  GstBus *bus = gst_element_get_bus (pipeline);
  auto last = static_cast<GstMessageType> (GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  GstMessage *message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE, last);
  bool failed = GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR;
  if (failed) {
    gst_message_parse_error (message, &error, nullptr);
    std::fprintf (stderr, "%s\n", error->message);  // a sentence to act on
    g_error_free (error);
  }

  gst_message_unref (message);
  gst_object_unref (bus);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  return failed ? 1 : 0;
}
