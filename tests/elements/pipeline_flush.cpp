// What a flush does to a live source, whoever wants it.

#include "support/pipeline.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Manual;
using stand_in::Server;

namespace {

constexpr size_t kFrames = 24000;
constexpr size_t kBlock = 480;
const char *const kTurnComplete = R"({"serverContent":{"turnComplete":true}})";
const char *const kInterrupted = R"({"serverContent":{"interrupted":true,"turnComplete":true}})";

guint64 frames (const MessagePtr &message, const char *field)
{
  guint64 value = 0;
  fail_unless (gst_structure_get_uint64 (gst_message_get_structure (message.get ()), field, &value));
  return value;
}

/// Everything the sink still got of the second turn, and of it alone.
void check_second_turn (Pipeline &pipeline, Server &server, const PadRecorder &sink)
{
  server.send_audio (counter_samples (kFrames, 1));
  server.send (kTurnComplete);
  pipeline.wait_for_eos ();
  auto heard = sink.speech ();
  auto second = counter_samples (kFrames, 1);
  fail_unless (heard.size () >= second.size ());
  fail_unless (std::equal (second.rbegin (), second.rend (), heard.rbegin ()));
}

}  // namespace

GST_START_TEST (flushed_what_has_left_is_not_heard_after_an_interruption)
{
  // Far enough ahead of the sink that a machine that is slow does not run dry.
  for (const char *ahead : {"lead-time=0 ! queue min-threshold-time=300000000", "lead-time=300 ! queue",
                            "lead-time=-1 ! queue"}) {
    Server server ({.manual = Manual::Turns});
    Pipeline pipeline (server, std::string ("geminisrc name=src num-turns=2 flush-on-interrupt=true ") +
                                   ahead + " ! fakesink name=sink sync=true");
    auto sink = pipeline.record ("sink", "sink");
    pipeline.play ();
    pipeline.wait_for_playing ();  // while the state changes nothing is flushed
    fail_unless (server.wait_for_messages (2));
    server.send_audio (counter_samples (3 * kFrames));
    fail_unless (sink->wait_for_speech (10 * kBlock));
    fail_unless (pipeline.send_text ("Stop"));
    fail_unless (server.wait_for_messages (3));
    server.send (kInterrupted);

    auto cut = pipeline.wait_for_message ("gemini-interrupted");
    fail_unless_equals_int (pipeline.recorder->flushes (), 2);  // its start and its stop
    auto heard = frames (cut, "heard");
    fail_unless_equals_uint64 (heard + frames (cut, "dropped"), 3 * kFrames);
    // The sink holds one buffer until it is time for it; by the clock, at least the others were heard.
    fail_unless (heard >= 8 * kBlock && heard < 3 * kFrames, "%" G_GUINT64_FORMAT, heard);
    fail_unless (heard <= pipeline.recorder->speech ().size ());
    fail_unless (sink->speech ().size () < 3 * kFrames);
    check_second_turn (pipeline, server, *sink);
  }
}
GST_END_TEST;

GST_START_TEST (what_was_flushed_was_not_heard_of_the_turn)
{
  Server server ({.manual = Manual::Turns});
  Pipeline pipeline (
      server,
      "geminisrc name=src flush-on-interrupt=true lead-time=300 ! queue ! fakesink name=sink sync=true");
  auto sink = pipeline.record ("sink", "sink");
  pipeline.play ();
  pipeline.wait_for_playing ();
  fail_unless (server.wait_for_messages (2));
  server.send_audio (counter_samples (3 * kFrames));
  fail_unless (sink->wait_for_speech (10 * kBlock));
  server.send (kInterrupted);
  auto complete = pipeline.wait_for_message ("gemini-turn-complete");
  auto heard = frames (complete, "heard");
  // Not what the sink has got, which is behind on a slow machine: what had left was ahead by the lead time.
  fail_unless (heard >= 8 * kBlock && heard < pipeline.recorder->speech ().size (), "%" G_GUINT64_FORMAT,
               heard);
}
GST_END_TEST;

GST_START_TEST (an_interruption_flushes_nothing_when_nothing_is_heard)
{
  Server server ({.manual = Manual::Turns});
  Pipeline pipeline (server,
                     "geminisrc name=src flush-on-interrupt=true ! queue ! fakesink name=sink sync=true");
  auto sink = pipeline.record ("sink", "sink");
  pipeline.play ();
  fail_unless (server.wait_for_messages (2));
  fail_unless (sink->wait_for_buffers (2));
  server.send (R"({"serverContent":{"interrupted":true}})");
  check_second_turn (pipeline, server, *sink);
  fail_unless_equals_int (pipeline.recorder->flushes (), 0);
}
GST_END_TEST;

GST_START_TEST (after_a_flush_by_the_application_speech_goes_on)
{
  for (bool reset_time : {false, true}) {
    stand_in::Options options;
    options.counter_frames = 2 * kFrames;
    options.pace.speed = 0;
    Server server (options);
    Pipeline pipeline (server, "geminisrc name=src ! queue ! fakesink sync=true");
    pipeline.play ();
    fail_unless (pipeline.recorder->wait_for_speech (10 * kBlock));
    fail_unless (gst_element_send_event (pipeline.pipeline, gst_event_new_flush_start ()));
    auto before = pipeline.recorder->buffers ().size ();
    fail_unless (gst_element_send_event (pipeline.pipeline, gst_event_new_flush_stop (reset_time)));
    pipeline.wait_for_eos ();
    auto buffers = pipeline.recorder->buffers ();
    fail_unless (buffers.size () > before && buffers[before].discont ());
    auto left = pipeline.recorder->speech ();
    auto said = counter_samples (options.counter_frames);
    // One buffer may have been on its way into the pad.
    fail_unless (left.size () + kBlock >= said.size (), "%zu frames", left.size ());
    fail_unless (std::equal (left.rbegin (), left.rbegin () + kFrames, said.rbegin ()));
  }
}
GST_END_TEST;

GST_START_TEST (an_interruption_in_a_flush_of_the_application_begins_no_other)
{
  Server server ({.manual = Manual::Turns});
  Pipeline pipeline (server,
                     "geminisrc name=src num-turns=2 flush-on-interrupt=true lead-time=-1 "
                     "! queue max-size-time=0 max-size-buffers=0 ! fakesink sync=true");
  // A flush that is ended by stopping is over, too.
  for (size_t connection : {1, 2}) {
    pipeline.recorder = pipeline.record ("src", "src");
    pipeline.play ();
    fail_unless (server.wait_for_connections (connection));
    fail_unless (server.wait_for_messages (2));
    server.send_audio (counter_samples (30 * kFrames));  // sounds for as long as this may take
    fail_unless (pipeline.recorder->wait_for_speech (kBlock));
    pipeline.wait_for_playing ();
    if (connection == 1)
      fail_unless (gst_element_send_event (pipeline.pipeline, gst_event_new_flush_start ()));
    server.send (kInterrupted);
    pipeline.wait_for_message ("gemini-interrupted");
    if (connection == 1)
      fail_unless (gst_element_send_event (pipeline.pipeline, gst_event_new_flush_stop (FALSE)));
    fail_unless_equals_int (pipeline.recorder->flushes (), 2);  // its start and its stop
    gst_element_send_event (pipeline.pipeline, gst_event_new_flush_start ());
    pipeline.set_state (GST_STATE_NULL);
  }
}
GST_END_TEST;

GST_START_TEST (stopping_in_the_middle_of_a_flush_does_not_hang)
{
  for (int attempt = 0; attempt < 20; attempt++) {
    Server server ({.manual = Manual::Turns});
    Pipeline pipeline (server,
                       "geminisrc name=src num-turns=2 flush-on-interrupt=true ! queue ! fakesink sync=true");
    pipeline.play ();
    fail_unless (server.wait_for_messages (2));
    server.send_audio (counter_samples (kFrames));
    fail_unless (pipeline.recorder->wait_for_speech (kBlock));
    server.send (kInterrupted);
    if (attempt % 2 == 0)
      pipeline.wait_for_message ("gemini-interrupted");
    pipeline.set_state (GST_STATE_NULL);
  }
}
GST_END_TEST;

GST_START_TEST (the_end_of_a_flush_that_was_ended_by_stopping_does_not_hang)
{
  Server server ({.counter_frames = kFrames, .pace = {.speed = 0, .playback = 0}});
  Pipeline pipeline (server, "geminisrc name=src ! queue ! fakesink sync=true");
  pipeline.set_state (GST_STATE_PAUSED);
  for (auto stopped : {GST_STATE_READY, GST_STATE_NULL})
    for (int attempt = 0; attempt < 5; attempt++) {
      pipeline.recorder = pipeline.record ("src", "src");
      fail_unless (gst_element_send_event (pipeline.pipeline, gst_event_new_flush_start ()));
      pipeline.set_state (stopped);
      pipeline.set_state (GST_STATE_PAUSED);
      // Its thread waits for PLAYING from here on, with the lock that the end of a flush wants.
      fail_unless (pipeline.recorder->wait_for_start ());
      fail_unless (gst_element_send_event (pipeline.pipeline, gst_event_new_flush_stop (TRUE)));
    }
  pipeline.run ();
  fail_unless (pipeline.recorder->speech () == counter_samples (kFrames));
}
GST_END_TEST;

GST_START_TEST (the_end_of_the_stream_right_after_a_flush_has_a_segment)
{
  Server server ({.manual = Manual::Turns});
  Pipeline pipeline (
      server, "geminisrc name=src flush-on-interrupt=true idle-mode=none ! queue ! fakesink sync=true");
  pipeline.play ();
  fail_unless (server.wait_for_messages (2));
  server.send_audio (counter_samples (3 * kFrames));
  fail_unless (pipeline.recorder->wait_for_speech (10 * kBlock));
  server.send (kInterrupted);
  pipeline.wait_for_eos ();
  fail_unless_equals_int (pipeline.recorder->flushes (), 2);
  auto order = pipeline.recorder->order ();
  fail_unless (order.ends_with ("segment eos "), "%s", order.c_str ());
}
GST_END_TEST;

GEMINI_CHECK_MAIN (pipeline_flush, what_was_flushed_was_not_heard_of_the_turn,
                   flushed_what_has_left_is_not_heard_after_an_interruption,
                   an_interruption_flushes_nothing_when_nothing_is_heard,
                   after_a_flush_by_the_application_speech_goes_on,
                   an_interruption_in_a_flush_of_the_application_begins_no_other,
                   stopping_in_the_middle_of_a_flush_does_not_hang,
                   the_end_of_a_flush_that_was_ended_by_stopping_does_not_hang,
                   the_end_of_the_stream_right_after_a_flush_has_a_segment)
