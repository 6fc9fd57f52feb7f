// A conversation as a URI, by itself and in the bins that play URIs.

#include "support/deadline.h"
#include "support/pipeline.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Server;

namespace {

GstObjectPtr<GstElement> make_source ()
{
  GstObjectPtr<GstElement> element (gst_element_factory_make ("geminisrc", nullptr));
  gst_object_ref_sink (element.get ());
  return element;
}

std::string get (GstElement *element, const char *name)
{
  GValue value = G_VALUE_INIT;
  g_value_init (&value, g_object_class_find_property (G_OBJECT_GET_CLASS (element), name)->value_type);
  g_object_get_property (G_OBJECT (element), name, &value);
  CharPtr text (gst_value_serialize (&value));
  g_value_unset (&value);
  return text ? text.get () : "";
}

void fail_unless_refused (const char *uri, GstURIError code, const char *words)
{
  auto element = make_source ();
  GError *error = nullptr;
  fail_if (gst_uri_handler_set_uri (GST_URI_HANDLER (element.get ()), uri, &error), "%s", uri);
  fail_unless (error->domain == GST_URI_ERROR && error->code == code, "%s: %s", uri, error->message);
  fail_unless (std::string (error->message).find (words) != std::string::npos, "%s: %s", uri, error->message);
  fail_unless (std::string (error->message).find ("CANARY") == std::string::npos, "%s", error->message);
  g_clear_error (&error);
  fail_unless (get (element.get (), "prompt").find ("before") == std::string::npos, "half of it was set");
}

}  // namespace

GST_START_TEST (the_scheme_is_the_api_and_the_query_holds_properties)
{
  auto element = make_source ();
  auto *handler = GST_URI_HANDLER (element.get ());
  fail_unless_equals_int (gst_uri_handler_get_uri_type (handler), GST_URI_SRC);
  const char *uri =
      "gemini-tts:?prompt=a%20%26%20b+c%c3%a4&voice=Kore&num-turns=2&is-live=false&idle-mode=none"
      "&temperature=0.5";
  fail_unless (gst_uri_handler_set_uri (handler, uri, nullptr));
  fail_unless_equals_text (CharPtr (gst_uri_handler_get_uri (handler)).get (), uri);
  gchar *prompt = nullptr;
  g_object_get (element.get (), "prompt", &prompt, nullptr);
  fail_unless_equals_text (CharPtr (prompt).get (), "a & b+cä");
  fail_unless_equals_text (get (element.get (), "api"), "tts");
  fail_unless_equals_text (get (element.get (), "voice"), "Kore");
  fail_unless_equals_text (get (element.get (), "num-turns"), "2");
  fail_unless_equals_text (get (element.get (), "is-live"), "false");
  fail_unless_equals_text (get (element.get (), "idle-mode"), "none");
  fail_unless_equals_text (get (element.get (), "temperature"), "0.5");
  fail_unless (gst_uri_handler_set_uri (handler, "gemini-live:", nullptr));
  fail_unless_equals_text (get (element.get (), "api"), "live");
}
GST_END_TEST;

GST_START_TEST (a_uri_cannot_say_where_to_connect_and_as_whom)
{
  for (const char *name : {"api-key", "access-token", "endpoint", "project", "location", "proxy", "proxy-id",
                           "proxy-pw", "ca-file", "user-agent", "extra-headers", "api-version", "api"}) {
    auto uri = "gemini-live:?prompt=before&" + std::string (name) + "=CANARY";
    fail_unless_refused (uri.c_str (), GST_URI_ERROR_BAD_REFERENCE, name);
  }
}
GST_END_TEST;

GST_START_TEST (a_uri_that_is_none_of_ours_is_refused_whole)
{
  fail_unless_refused ("gemini:?prompt=before", GST_URI_ERROR_UNSUPPORTED_PROTOCOL, "supported");
  for (const char *uri :
       {"gemini-tts://CANARY?prompt=before", "gemini-tts:CANARY", "gemini-tts:?prompt=before#CANARY"})
    fail_unless_refused (uri, GST_URI_ERROR_BAD_URI, "query");
  fail_unless_refused ("gemini-tts:?prompt=before&CANARY=1", GST_URI_ERROR_BAD_REFERENCE, "no property");
  fail_unless_refused ("gemini-tts:?prompt=before&stats=1", GST_URI_ERROR_BAD_REFERENCE, "'stats'");
  fail_unless_refused ("gemini-tts:?prompt=before&pre-buffer=CANARY", GST_URI_ERROR_BAD_REFERENCE,
                       "'pre-buffer' in the Gemini URI is no property");
  fail_unless_refused ("gemini-tts:?prompt=before&voice=%ff", GST_URI_ERROR_BAD_REFERENCE, "voice");
  for (const char *undecodable :
       {"gemini-tts:?prompt=before&voi%2=a", "gemini-tts:?prompt=before&%00", "gemini-tts:?%"})
    fail_unless_refused (undecodable, GST_URI_ERROR_BAD_URI, "'%'");
  for (const char *number : {"CANARY", "-7", "99999999999999", ""})
    fail_unless_refused (("gemini-tts:?prompt=before&num-turns=" + std::string (number)).c_str (),
                         GST_URI_ERROR_BAD_REFERENCE, "num-turns");
}
GST_END_TEST;

GST_START_TEST (while_it_runs_the_uri_stays)
{
  Server server;
  Pipeline pipeline (server, "geminisrc name=src ! fakesink");
  pipeline.set_state (GST_STATE_PAUSED);
  GError *error = nullptr;
  fail_if (gst_uri_handler_set_uri (GST_URI_HANDLER (pipeline.src), "gemini-live:", &error));
  fail_unless (error->code == GST_URI_ERROR_BAD_STATE);
  g_clear_error (&error);
}
GST_END_TEST;

/// A bin with this URI, its sink the one named `sink`; what reaches that is the answer and silence around it.
static void fail_unless_plays (const std::string &line)
{
  Server server ({.counter_frames = 12000, .pace = {.speed = 0}});
  g_setenv ("GOOGLE_GEMINI_BASE_URL", server.uri ().c_str (), TRUE);
  GError *error = nullptr;
  GstObjectPtr<GstElement> pipeline (gst_parse_launch (line.c_str (), &error));
  fail_unless (error == nullptr, "%s: %s", line.c_str (), error ? error->message : "");
  GstElement *sink = nullptr;
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (pipeline.get ()), "audio-sink"))
    g_object_get (pipeline.get (), "audio-sink", &sink, nullptr);
  else
    sink = gst_bin_get_by_name (GST_BIN (pipeline.get ()), "sink");
  GstObjectPtr<GstElement> owned (sink);
  GstObjectPtr<GstPad> pad (gst_element_get_static_pad (sink, "sink"));
  PadRecorder recorder (pad.get ());
  gst_element_set_state (pipeline.get (), GST_STATE_PLAYING);
  GstObjectPtr<GstBus> bus (gst_element_get_bus (pipeline.get ()));
  MessagePtr end (
      gst_bus_timed_pop_filtered (bus.get (), std::chrono::nanoseconds (deadline ()).count (),
                                  static_cast<GstMessageType> (GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
  fail_unless (end && GST_MESSAGE_TYPE (end.get ()) == GST_MESSAGE_EOS, "%s", line.c_str ());
  gst_element_set_state (pipeline.get (), GST_STATE_NULL);
  fail_unless (recorder.speech () == counter_samples (12000), "%s: %zu frames", line.c_str (),
               recorder.speech ().size ());
  g_setenv ("GOOGLE_GEMINI_BASE_URL", "", TRUE);
}

GST_START_TEST (bins_that_play_uris_play_it)
{
  for (const char *uri : {"gemini-tts:?prompt=Hello", "gemini-live:?prompt=Hello"}) {
    for (const char *bin : {"playbin", "playbin3"})
      fail_unless_plays (std::string (bin) + " uri=" + uri + " audio-sink=\"fakesink sync=true\"");
    for (const char *bin : {"uridecodebin", "uridecodebin3"})
      fail_unless_plays (std::string (bin) + " uri=" + uri + " ! queue ! fakesink name=sink sync=true");
  }
}
GST_END_TEST;

GEMINI_CHECK_MAIN (uri, the_scheme_is_the_api_and_the_query_holds_properties,
                   a_uri_cannot_say_where_to_connect_and_as_whom, a_uri_that_is_none_of_ours_is_refused_whole,
                   while_it_runs_the_uri_stays, bins_that_play_uris_play_it)
