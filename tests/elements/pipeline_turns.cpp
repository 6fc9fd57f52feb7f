// Conversations of several turns, interruptions, and what the element tells those who ask.

#include "support/pipeline.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Server;

namespace {

constexpr size_t kFrames = 24000;

/// `turnComplete` comes with the last audio.
stand_in::Options answer (double speed, size_t frames = kFrames)
{
  stand_in::Options options;
  options.counter_frames = frames;
  options.pace.speed = speed;
  options.pace.playback = 0;
  return options;
}

const std::string kSpeakAndRecord =
    " ! tee name=t t. ! queue ! fakesink sync=true "
    "t. ! queue ! identity drop-buffer-flags=droppable ! wavenc ! filesink location=";

std::vector<int16_t> turns (size_t count, size_t frames = kFrames)
{
  std::vector<int16_t> all;
  for (size_t turn = 0; turn < count; turn++) {
    auto samples = counter_samples (frames, turn);
    all.insert (all.end (), samples.begin (), samples.end ());
  }
  return all;
}

guint64 number (GstMessage *message, const char *field)
{
  auto *structure = gst_message_get_structure (message);
  guint64 wide = 0;
  guint narrow = 0;
  if (gst_structure_get_uint64 (structure, field, &wide))
    return wide;
  fail_unless (gst_structure_get_uint (structure, field, &narrow), "no number %s", field);
  return narrow;
}

bool interrupted (GstMessage *message)
{
  gboolean value = FALSE;
  fail_unless (gst_structure_get_boolean (gst_message_get_structure (message), "interrupted", &value));
  return value;
}

/// The first turn is cut by a text, of the second all is heard.
void check_interruption (stand_in::Options options)
{
  options.pace.first_chunk_delay =
      std::chrono::milliseconds (100);  // the cut is known well before the new turn
  Server server (options);
  TemporaryFolder folder;
  auto file = folder / "answer.wav";
  Pipeline pipeline (server, "geminisrc name=src num-turns=2" + kSpeakAndRecord + file);
  pipeline.play ();
  fail_unless (pipeline.recorder->wait_for_speech (4800));
  fail_unless (pipeline.send_text ("Stop"));
  auto cut = pipeline.wait_for_message ("gemini-turn-complete");
  fail_unless (interrupted (cut.get ()));
  auto heard = static_cast<size_t> (number (cut.get (), "heard"));
  fail_if (heard >= options.counter_frames);
  auto whole = pipeline.wait_for_message ("gemini-turn-complete");
  fail_if (interrupted (whole.get ()));
  fail_unless_equals_uint64 (number (whole.get (), "turn"), 2);
  fail_unless_equals_uint64 (number (whole.get (), "heard"), options.counter_frames);
  pipeline.wait_for_eos ();

  auto expected = counter_samples (heard);
  auto next = counter_samples (options.counter_frames, 1);
  expected.insert (expected.end (), next.begin (), next.end ());
  fail_unless (pipeline.recorder->speech () == expected);
  fail_unless (read_wav (file) == expected);
  fail_unless_equals_int (pipeline.recorder->flushes (), 0);
  pipeline.recorder->check_timeline ();
}

}  // namespace

GST_START_TEST (turns_follow_one_another_and_the_stream_ends_after_the_last)
{
  Server server (answer (2.5));
  TemporaryFolder folder;
  auto file = folder / "answers.wav";
  Pipeline pipeline (server, "geminisrc name=src num-turns=3" + kSpeakAndRecord + file);
  pipeline.play ();
  for (guint turn = 1; turn <= 3; turn++) {
    auto over = pipeline.wait_for_message ("gemini-turn-complete");
    fail_unless_equals_uint64 (number (over.get (), "turn"), turn);
    fail_unless_equals_uint64 (number (over.get (), "samples"), kFrames);
    fail_unless_equals_uint64 (number (over.get (), "heard"), kFrames);
    fail_if (interrupted (over.get ()));
    if (turn < 3)
      fail_unless (pipeline.send_text ("Go on"));
  }
  pipeline.wait_for_eos ();
  fail_unless (read_wav (file) == turns (3));
  pipeline.recorder->check_timeline ();
}
GST_END_TEST;

GST_START_TEST (not_live_all_turns_are_one_timeline_from_zero)
{
  Server server (answer (0));
  Pipeline pipeline (server, "geminisrc name=src is-live=false num-turns=3 ! fakesink");
  pipeline.play ();
  for (int more = 0; more < 2; more++) {
    pipeline.wait_for_message ("gemini-turn-complete");
    fail_unless (pipeline.send_text ("Go on"));
  }
  pipeline.wait_for_eos ();
  fail_unless (pipeline.recorder->speech () == turns (3));
  GstClockTime end = 0;
  for (auto &buffer : pipeline.recorder->buffers ()) {
    fail_unless_equals_uint64 (buffer.pts, end);
    fail_unless_equals_int (buffer.discont (), end == 0);
    end = buffer.pts + buffer.duration;
  }
  fail_unless_equals_uint64 (end, 3 * GST_SECOND);
}
GST_END_TEST;

GST_START_TEST (an_open_conversation_ends_with_the_application)
{
  Server server (answer (0));
  Pipeline pipeline (server, "geminisrc name=src num-turns=-1 ! fakesink sync=true");
  pipeline.play ();
  pipeline.wait_for_message ("gemini-turn-complete");
  fail_unless (pipeline.send_text ("Go on"));
  pipeline.wait_for_message ("gemini-turn-complete");
  pipeline.send_eos ();
  pipeline.wait_for_eos ();
  fail_unless (pipeline.recorder->speech () == turns (2));
}
GST_END_TEST;

GST_START_TEST (a_text_can_be_sent_only_while_the_element_runs)
{
  Server server (answer (0));
  Pipeline pipeline (server, "geminisrc name=src ! fakesink sync=true");
  fail_if (pipeline.send_text ("Too early"));
  pipeline.set_state (GST_STATE_PAUSED);
  fail_unless (pipeline.send_text ("Before the session is open"));
  fail_unless (server.wait_for_messages (3));
  fail_unless (server.messages ()[2].find ("Before the session is open") != std::string::npos);
  pipeline.set_state (GST_STATE_NULL);
  fail_if (pipeline.send_text ("Too late"));
}
GST_END_TEST;

GST_START_TEST (after_the_last_turn_no_text_is_taken)
{
  Server server (answer (0));
  Pipeline pipeline (server, "geminisrc name=src ! fakesink sync=true");
  pipeline.run ();
  fail_if (pipeline.send_text ("One more"));
  pipeline.set_state (GST_STATE_NULL);
  fail_unless_equals_int (server.messages ().size (), 2);
}
GST_END_TEST;

GST_START_TEST (a_text_interrupts_an_answer_that_still_arrives) { check_interruption (answer (1.5, 48000)); }
GST_END_TEST;

GST_START_TEST (a_text_interrupts_an_answer_of_which_all_has_arrived)
{
  auto options = answer (0, 48000);
  options.pace.playback = 1;  // the server thinks, rightly, that it is still heard
  check_interruption (options);
}
GST_END_TEST;

GST_START_TEST (an_interruption_told_with_the_next_turn_already_asked_for_takes_nothing_of_it)
{
  Server server ({.manual = stand_in::Manual::Turns});
  Pipeline pipeline (server, "geminisrc name=src num-turns=2 ! fakesink sync=true");
  pipeline.play ();
  fail_unless (server.wait_for_messages (2));
  server.send_audio (counter_samples (48000));
  server.send (R"({"serverContent":{"turnComplete":true}})");
  fail_unless (pipeline.recorder->wait_for_speech (4800));
  fail_unless (pipeline.send_text ("Stop"));
  fail_unless (server.wait_for_messages (3));
  server.send (R"({"serverContent":{"interrupted":true}})");
  fail_unless (interrupted (pipeline.wait_for_message ("gemini-turn-complete").get ()));
  server.send_audio (counter_samples (kFrames, 1));
  server.send (R"({"serverContent":{"turnComplete":true}})");
  auto whole = pipeline.wait_for_message ("gemini-turn-complete");
  fail_unless_equals_uint64 (number (whole.get (), "turn"), 2);
  fail_unless_equals_uint64 (number (whole.get (), "heard"), kFrames);
  fail_if (interrupted (whole.get ()));
  fail_unless (GST_CLOCK_TIME_IS_VALID (number (whole.get (), "requested")));
  pipeline.wait_for_eos ();
}
GST_END_TEST;

GST_START_TEST (live_it_reports_the_latency_of_one_buffer_and_no_maximum)
{
  Server server (answer (0));
  for (bool live : {true, false}) {
    Pipeline pipeline (server, "geminisrc name=src ! fakesink");
    g_object_set (pipeline.src, "is-live", static_cast<gboolean> (live), nullptr);
    pipeline.play ();
    fail_unless (pipeline.recorder->wait_for_buffers (1));
    auto *query = gst_query_new_latency ();
    fail_unless (gst_element_query (pipeline.src, query));
    gboolean is_live = FALSE;
    GstClockTime min = 0;
    GstClockTime max = 0;
    gst_query_parse_latency (query, &is_live, &min, &max);
    gst_query_unref (query);
    fail_unless_equals_int (is_live, live);
    fail_unless_equals_uint64 (min, live ? 20 * GST_MSECOND : 0);
    fail_unless_equals_uint64 (max, GST_CLOCK_TIME_NONE);
  }
}
GST_END_TEST;

GST_START_TEST (it_cannot_seek_has_no_duration_and_its_position_advances)
{
  Server server (answer (0));
  Pipeline pipeline (server, "geminisrc name=src num-turns=-1 ! fakesink sync=true");
  pipeline.play ();
  fail_unless (pipeline.recorder->wait_for_buffers (2));

  auto *query = gst_query_new_seeking (GST_FORMAT_TIME);
  gboolean seekable = TRUE;
  fail_unless (gst_element_query (pipeline.src, query));
  gst_query_parse_seeking (query, nullptr, &seekable, nullptr, nullptr);
  gst_query_unref (query);
  fail_if (seekable);
  fail_if (gst_element_seek_simple (pipeline.pipeline, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, 0));
  gint64 duration = 0;
  fail_if (gst_element_query_duration (pipeline.src, GST_FORMAT_TIME, &duration) && duration != -1);

  gint64 earlier = -1;
  gint64 later = -1;
  fail_unless (gst_element_query_position (pipeline.src, GST_FORMAT_TIME, &earlier));
  fail_unless (pipeline.recorder->wait_for_buffers (pipeline.recorder->buffers ().size () + 2));
  fail_unless (gst_element_query_position (pipeline.src, GST_FORMAT_TIME, &later));
  fail_unless (later > earlier && earlier > 0);
  auto buffers = pipeline.recorder->buffers ();
  fail_if (static_cast<GstClockTime> (later) > buffers.back ().pts + 2 * buffers.back ().duration);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (pipeline_turns, after_the_last_turn_no_text_is_taken,
                   turns_follow_one_another_and_the_stream_ends_after_the_last,
                   not_live_all_turns_are_one_timeline_from_zero,
                   an_open_conversation_ends_with_the_application,
                   a_text_can_be_sent_only_while_the_element_runs,
                   a_text_interrupts_an_answer_that_still_arrives,
                   a_text_interrupts_an_answer_of_which_all_has_arrived,
                   an_interruption_told_with_the_next_turn_already_asked_for_takes_nothing_of_it,
                   live_it_reports_the_latency_of_one_buffer_and_no_maximum,
                   it_cannot_seek_has_no_duration_and_its_position_advances)
