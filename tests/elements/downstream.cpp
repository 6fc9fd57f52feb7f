// What follows the element fails: it is said once by whoever failed, and afterwards the same element speaks
// as if nothing had been.

#include "support/pipeline.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Options;
using stand_in::Server;

namespace {

constexpr size_t kFrames = 24000;

const struct Trouble {
  const char *name;
  const char *line;    ///< behind the element
  const char *source;  ///< of the error; "src": the element itself, as every source says it
  GQuark (*domain) ();
  gint code;
} kTroubles[] = {
    // Without an encoder: GStreamer's own lose the buffer that meets it.
    {"a full disk", "! filesink name=disk location=/dev/full buffer-mode=unbuffered", "disk",
     gst_resource_error_quark, GST_RESOURCE_ERROR_NO_SPACE_LEFT},
    {"a folder that is not there", "! wavenc ! filesink name=disk location=/nowhere/at/all.wav", "disk",
     gst_resource_error_quark, GST_RESOURCE_ERROR_OPEN_WRITE},
    {"an element that fails in the middle", "! identity name=broken error-after=20 ! fakesink", "broken",
     gst_core_error_quark, GST_CORE_ERROR_FAILED},
    {"nobody there", "fakesink", "src", gst_stream_error_quark, GST_STREAM_ERROR_FAILED},
    {"another format wanted", "! capsfilter caps=audio/x-raw,rate=48000 ! fakesink", "src",
     gst_stream_error_quark, GST_STREAM_ERROR_FAILED},
    {"another format wanted, behind a queue",
     "! queue name=queue ! capsfilter caps=audio/x-raw,rate=48000 ! fakesink", "src", gst_stream_error_quark,
     GST_STREAM_ERROR_FAILED},
};

Options quick () { return {.counter_frames = kFrames, .pace = {.speed = 0, .playback = 0}}; }

/// Whoever failed says so before all others.
ErrorText first_error (const Pipeline &pipeline, std::string *source)
{
  const GstObjectPtr<GstBus> bus (gst_element_get_bus (pipeline.pipeline));
  const MessagePtr message (gst_bus_timed_pop_filtered (bus.get (), GST_CLOCK_TIME_NONE, GST_MESSAGE_ERROR));
  *source = GST_MESSAGE_SRC_NAME (message.get ());
  return error_text (message.get ());
}

/// The element of a pipeline that failed, in one that does not.
void check_speaks (GstElement *element, const std::string &where)
{
  Server server (quick ());
  g_object_set (element, "endpoint", server.uri ().c_str (), nullptr);
  const GstObjectPtr<GstElement> pipeline (GST_ELEMENT (gst_object_ref_sink (gst_pipeline_new (nullptr))));
  auto *sink = gst_element_factory_make ("fakesink", nullptr);
  gst_bin_add_many (GST_BIN (pipeline.get ()), element, sink, nullptr);
  fail_unless (gst_element_link (element, sink));
  const GstObjectPtr<GstPad> pad (gst_element_get_static_pad (element, "src"));
  {
    const PadRecorder recorder (pad.get ());
    gst_element_set_state (pipeline.get (), GST_STATE_PLAYING);
    fail_unless (recorder.wait_for_eos ());
    gst_element_set_state (pipeline.get (), GST_STATE_NULL);
    auto speech = recorder.speech ();
    fail_unless (speech == counter_samples (kFrames), "%s: %zu samples, the first is %d", where.c_str (),
                 speech.size (), speech.empty () ? 0 : speech.front ());
  }
}

}  // namespace

GST_START_TEST (whoever_fails_says_so_and_the_element_speaks_again)
{
  for (auto &trouble : kTroubles)
    for (const char *mode : {"", "is-live=false", "is-live=false api=tts"}) {
      Server server (quick ());
      GstObjectPtr<GstElement> element;
      {
        Pipeline pipeline (server, std::string ("geminisrc name=src ") + mode + " " + trouble.line);
        element.reset (GST_ELEMENT (gst_object_ref (pipeline.src)));
        pipeline.set_state (GST_STATE_PLAYING);
        std::string source;
        auto error = first_error (pipeline, &source);
        fail_unless (source == trouble.source, "%s, %s: told by %s", trouble.name, mode, source.c_str ());
        fail_unless (error.domain == trouble.domain () && error.code == trouble.code, "%s, %s: %s, code %d",
                     trouble.name, mode, error.message.c_str (), error.code);
        pipeline.set_state (GST_STATE_NULL);
        pipeline.recorder.reset ();
        gst_bin_remove (GST_BIN (pipeline.pipeline), pipeline.src);
      }
      check_speaks (element.get (), std::string (trouble.name) + ", " + mode);
    }
}
GST_END_TEST;

GST_START_TEST (a_rate_that_is_refused_in_mid_answer_ends_it_after_what_came_before)
{
  Server server ({.manual = stand_in::Manual::Turns});
  Pipeline pipeline (server,
                     "geminisrc name=src is-live=false ! capsfilter caps=audio/x-raw,rate=24000 ! fakesink");
  pipeline.play ();
  fail_unless (server.wait_for_messages (2));  // setup, text
  auto said = counter_samples (4800);
  server.send_audio (said);
  server.send (R"({"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm;rate=16000",)"
               R"("data":"AQACAAMABAA="}}]}}})");
  server.send (R"({"serverContent":{"turnComplete":true}})");
  std::string source;
  auto error = first_error (pipeline, &source);
  fail_unless (error.domain == GST_STREAM_ERROR, "%s: %s", source.c_str (), error.message.c_str ());
  fail_unless (pipeline.recorder->speech () == said);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (downstream, whoever_fails_says_so_and_the_element_speaks_again,
                   a_rate_that_is_refused_in_mid_answer_ends_it_after_what_came_before)
