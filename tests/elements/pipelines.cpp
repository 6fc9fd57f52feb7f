// Recorders, encoders, mixers and pictures around the element: what arrives there is what was said.

#include "support/pipeline.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Manual;
using stand_in::Server;

namespace {

constexpr size_t kFrames = 24000;

stand_in::Options answer (size_t frames = kFrames)
{
  stand_in::Options options;
  options.counter_frames = frames;
  return options;
}

/// The answer comes when there has been silence.
stand_in::Options late_answer ()
{
  auto options = answer ();
  options.pace.first_chunk_delay = std::chrono::milliseconds (150);
  return options;
}

const std::string kSpeaker = "queue ! audioconvert ! audioresample ! fakesink sync=true ";
const std::string kRecorder = "queue ! identity drop-buffer-flags=droppable ! wavenc ! filesink location=";

size_t frames_that_left (const Pipeline &pipeline)
{
  size_t frames = 0;
  for (auto &buffer : pipeline.recorder->buffers ())
    frames += buffer.samples.size ();
  return frames;
}

/// Codecs put some padding around what they are given.
constexpr size_t kPadding = 3000;

void check_length_of_recording (const std::string &encoder)
{
  Server server (late_answer ());
  TemporaryFolder folder;
  auto file = folder / "answer";
  Pipeline pipeline (server, "geminisrc name=src ! tee name=t t. ! " + kSpeaker + "t. ! queue ! " + encoder +
                                 " ! filesink location=" + file);
  pipeline.run ();
  auto left = frames_that_left (pipeline);
  auto decoded = decode (file).size ();
  fail_unless (decoded + kPadding >= left && decoded <= left + kPadding, "%zu frames left, %zu in the file",
               left, decoded);
}

}  // namespace

GST_START_TEST (a_recording_alone_holds_every_sample)
{
  Server server (answer (69120));
  TemporaryFolder folder;
  auto file = folder / "answer.wav";
  Pipeline pipeline (server, "geminisrc name=src is-live=false ! wavenc ! filesink location=" + file);
  pipeline.run ();
  fail_unless (read_wav (file) == counter_samples (69120));
}
GST_END_TEST;

GST_START_TEST (beside_a_speaker_the_recording_holds_the_speech_and_no_silence)
{
  for (const char *async : {"", " async=false"}) {
    Server server (late_answer ());
    TemporaryFolder folder;
    auto file = folder / "answer.wav";
    Pipeline pipeline (
        server, "geminisrc name=src ! tee name=t t. ! " + kSpeaker + "t. ! " + kRecorder + file + async);
    pipeline.run ();
    fail_unless (frames_that_left (pipeline) > kFrames, "no silence left");
    fail_unless (read_wav (file) == counter_samples (kFrames), "with '%s'", async);
    pipeline.recorder->check_timeline ();
  }
}
GST_END_TEST;

GST_START_TEST (without_silence_the_stream_is_the_speech)
{
  Server server (late_answer ());
  TemporaryFolder folder;
  auto file = folder / "answer.wav";
  Pipeline pipeline (server, "geminisrc name=src idle-mode=none ! tee name=t t. ! " + kSpeaker +
                                 "t. ! queue ! wavenc ! filesink location=" + file);
  pipeline.run ();
  fail_unless (read_wav (file) == counter_samples (kFrames));
  fail_unless_equals_text (pipeline.recorder->order (), "stream-start caps segment speech eos ");
}
GST_END_TEST;

GST_START_TEST (a_sink_that_holds_buffers_until_they_are_played_needs_no_queue)
{
  for (const char *idle_mode : {"silence", "none"}) {
    Server server (late_answer ());
    Pipeline pipeline (server, std::string ("geminisrc name=src idle-mode=") + idle_mode +
                                   " ! audioconvert ! fakesink sync=true");
    pipeline.run ();
    fail_unless (pipeline.recorder->speech () == counter_samples (kFrames));
    pipeline.recorder->check_timeline ();
    // A busy machine may make a pause. A source that takes the sink's waiting for lateness makes one after
    // each buffer.
    size_t pauses = 0;
    for (bool spoken = false; auto &buffer : pipeline.recorder->buffers ()) {
      pauses += spoken && (buffer.silence () || buffer.discont ()) ? 1 : 0;
      spoken = !buffer.silence ();
    }
    fail_if (pauses > 10, "%zu pauses in the answer", pauses);
  }
}
GST_END_TEST;

GST_START_TEST (flac_gives_back_every_sample)
{
  for (const char *source : {"geminisrc name=src is-live=false",
                             "geminisrc name=src ! queue ! identity drop-buffer-flags=droppable"}) {
    Server server (late_answer ());
    TemporaryFolder folder;
    auto file = folder / "answer.flac";
    Pipeline pipeline (server, std::string (source) + " ! flacenc ! filesink location=" + file);
    pipeline.run ();
    fail_unless (decode (file) == counter_samples (kFrames), "of %s", source);
  }
}
GST_END_TEST;

GST_START_TEST (ogg_records_as_long_as_it_took)
{
  check_length_of_recording ("audioconvert ! audioresample ! opusenc ! oggmux");
}
GST_END_TEST;

GST_START_TEST (mp3_records_as_long_as_it_took)
{
  check_length_of_recording ("audioconvert ! audioresample ! lamemp3enc");
}
GST_END_TEST;

GST_START_TEST (matroska_records_as_long_as_it_took)
{
  check_length_of_recording ("audioconvert ! audioresample ! opusenc ! matroskamux");
}
GST_END_TEST;

GST_START_TEST (a_mixer_goes_on_before_the_answer_and_mixes_every_sample_of_it)
{
  Server server ({.manual = Manual::Turns});
  // A second of latency: so the mixer waits, on a busy machine too, for what is still on its way.
  Pipeline pipeline (
      server,
      "audiomixer name=m latency=1000000000 ! queue ! fakesink name=mixed sync=true "
      "audiotestsrc name=other is-live=true wave=silence ! audio/x-raw,rate=24000,channels=1 ! m. "
      "geminisrc name=src ! queue ! m.");
  auto mixed = pipeline.record ("mixed", "sink");
  pipeline.play ();
  fail_unless (mixed->wait_for_buffers (20));
  fail_unless (server.wait_for_messages (2));
  server.send_audio (counter_samples (kFrames));
  server.send (R"({"serverContent":{"generationComplete":true}})");
  pipeline.wait_for_message ("gemini-turn-complete");
  GstObjectPtr<GstElement> other (gst_bin_get_by_name (GST_BIN (pipeline.pipeline), "other"));
  gst_element_send_event (other.get (), gst_event_new_eos ());
  pipeline.wait_for_eos ();

  auto heard = mixed->speech ();
  std::erase (heard, 0);
  fail_unless (heard == counter_samples (kFrames));
}
GST_END_TEST;

GST_START_TEST (a_picture_beside_it_runs_before_the_answer)
{
  Server server ({.manual = Manual::Turns});
  Pipeline pipeline (server,
                     "videotestsrc is-live=true num-buffers=15 ! video/x-raw,width=64,height=48 ! "
                     "queue ! fakesink name=screen sync=true "
                     "geminisrc name=src ! " +
                         kSpeaker);
  auto screen = pipeline.record ("screen", "sink");
  pipeline.play ();
  pipeline.wait_for_playing ();
  fail_unless (screen->wait_for_buffers (15));
  fail_unless (pipeline.recorder->speech ().empty ());
  fail_unless (server.wait_for_messages (2));
  server.send_audio (counter_samples (kFrames));
  server.send (R"({"serverContent":{"generationComplete":true}})");
  pipeline.wait_for_eos ();
  fail_unless (pipeline.recorder->speech () == counter_samples (kFrames));
}
GST_END_TEST;

GST_START_TEST (several_sources_in_one_process_do_not_mix)
{
  Server server (answer ());
  TemporaryFolder folder;
  std::string line;
  const std::vector<std::string> names = {"src", "second", "third", "fourth"};
  for (auto &name : names)
    line += "geminisrc name=" + name + " ! " + kRecorder + (folder / name) + " ";
  Pipeline pipeline (server, line);
  pipeline.run ();
  for (auto &name : names)
    fail_unless (read_wav (folder / name) == counter_samples (kFrames), "%s", name.c_str ());
  fail_unless_equals_int (server.record ().connections.size (), names.size ());
}
GST_END_TEST;

GEMINI_CHECK_MAIN (pipelines, a_recording_alone_holds_every_sample,
                   beside_a_speaker_the_recording_holds_the_speech_and_no_silence,
                   without_silence_the_stream_is_the_speech,
                   a_sink_that_holds_buffers_until_they_are_played_needs_no_queue,
                   flac_gives_back_every_sample, ogg_records_as_long_as_it_took,
                   mp3_records_as_long_as_it_took, matroska_records_as_long_as_it_took,
                   a_mixer_goes_on_before_the_answer_and_mixes_every_sample_of_it,
                   a_picture_beside_it_runs_before_the_answer, several_sources_in_one_process_do_not_mix)
