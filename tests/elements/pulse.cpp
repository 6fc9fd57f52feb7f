// A real sink: what the speaker plays is recorded from its monitor and compared sample by sample. Run it
// through tests/support/with-pulse.

#include <algorithm>

#include "support/pipeline.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Server;

namespace {

constexpr size_t kFrames = 48000;
/// What the monitor has not yet told when the player is done.
constexpr size_t kOnTheWay = 24000;

stand_in::Options answer (double speed, size_t frames = kFrames)
{
  stand_in::Options options;
  options.counter_frames = frames;
  options.pace.speed = speed;
  return options;
}

/// From the first sound to the last.
std::vector<int16_t> trim (const std::vector<int16_t> &samples)
{
  auto sounds = [] (int16_t sample) { return sample != 0; };
  auto begin = std::find_if (samples.begin (), samples.end (), sounds);
  auto end = std::find_if (samples.rbegin (), samples.rend (), sounds).base ();
  return begin < end ? std::vector<int16_t> (begin, end) : std::vector<int16_t> ();
}

/// Records the speaker from before anything is played.
class Monitor {
 public:
  Monitor ()
  {
    GError *error = nullptr;
    pipeline_.reset (
        gst_parse_launch ("pulsesrc device=speaker.monitor buffer-time=5000000 latency-time=10000 ! "
                          "audio/x-raw,format=S16LE,rate=24000,channels=1 "
                          "! fakesink name=heard",
                          &error));
    fail_unless (error == nullptr);
    GstObjectPtr<GstElement> heard (gst_bin_get_by_name (GST_BIN (pipeline_.get ()), "heard"));
    GstObjectPtr<GstPad> pad (gst_element_get_static_pad (heard.get (), "sink"));
    recorder_ = std::make_unique<PadRecorder> (pad.get ());
    gst_element_set_state (pipeline_.get (), GST_STATE_PLAYING);
    fail_unless (recorder_->wait_for_buffers (1), "is this run through with-pulse?");
  }
  ~Monitor () { gst_element_set_state (pipeline_.get (), GST_STATE_NULL); }
  Monitor (const Monitor &) = delete;
  Monitor &operator= (const Monitor &) = delete;

  /// All that was heard so far, from the first sound to the last.
  std::vector<int16_t> sound () const
  {
    fail_unless (recorder_->wait_for_speech (recorder_->speech ().size () + kOnTheWay));
    return trim (recorder_->speech ());
  }

 private:
  GstObjectPtr<GstElement> pipeline_;
  std::unique_ptr<PadRecorder> recorder_;
};

void compare (const std::vector<int16_t> &heard, const std::vector<int16_t> &said)
{
  fail_if (heard.empty (), "nothing was heard");
  auto [wrong, right] = std::mismatch (heard.begin (), heard.end (), said.begin (), said.end ());
  fail_unless (heard == said, "%zu samples said, %zu heard; the first of them is %d, number %td is wrong",
               said.size (), heard.size (), heard.front (), wrong - heard.begin ());
}

/// The sink keeps to its own clock: corrections to another one drop 40 ms now and then from any live source
/// when the machine is busy.
const std::string kSpeaker =
    " ! audioconvert ! audioresample "
    "! autoaudiosink name=speaker speaker-actual-sink-pulse::slave-method=none";
const std::string kPlay = "geminisrc name=src ! queue" + kSpeaker;
/// The queue holds what is otherwise held before a turn starts.
const std::string kHeldByTime =
    "geminisrc name=src prebuffer-time=0 lead-time=-1 "
    "! queue min-threshold-time=170000000 max-size-buffers=0 max-size-bytes=0 max-size-time=0" +
    kSpeaker;
const std::string kHeldByChunks =
    "geminisrc name=src prebuffer-time=0 lead-time=-1 samples-per-buffer=0 "
    "! queue min-threshold-buffers=3 max-size-buffers=0 max-size-bytes=0 max-size-time=0" +
    kSpeaker;

/// Everything said was heard, and the pauses in it are those the element made.
void check_heard (Pipeline &pipeline, const Monitor &monitor, const std::vector<int16_t> &said)
{
  pipeline.set_state (GST_STATE_NULL);  // as applications do at the end of the stream
  std::vector<int16_t> left;
  for (auto &buffer : pipeline.recorder->buffers ())
    left.insert (left.end (), buffer.samples.begin (), buffer.samples.end ());
  auto heard = monitor.sound ();
  compare (heard, trim (left));
  std::erase (heard, 0);
  compare (heard, said);
}

void check_heard (const stand_in::Options &options, const std::string &play = kPlay)
{
  Server server (options);
  Monitor monitor;
  Pipeline pipeline (server, play);
  pipeline.run ();
  check_heard (pipeline, monitor, counter_samples (options.counter_frames));
}

}  // namespace

GST_START_TEST (every_sample_is_heard) { check_heard (answer (2.5)); }
GST_END_TEST;

GST_START_TEST (every_sample_of_a_burst_is_heard) { check_heard (answer (0)); }
GST_END_TEST;

GST_START_TEST (every_sample_is_heard_that_comes_no_faster_than_it_is_spoken) { check_heard (answer (1)); }
GST_END_TEST;

GST_START_TEST (every_sample_is_heard_after_a_long_silence)
{
  auto options = answer (2.5);
  options.pace.first_chunk_delay = std::chrono::seconds (2);
  check_heard (options);
}
GST_END_TEST;

GST_START_TEST (an_answer_shorter_than_the_prebuffer_is_heard_whole)
{
  auto options = answer (2.5, 2400);
  options.shape.chunks = {0};
  check_heard (options);
}
GST_END_TEST;

GST_START_TEST (after_waiting_in_paused_every_sample_is_heard)
{
  Server server (answer (2.5));
  Monitor monitor;
  Pipeline pipeline (server, kPlay);
  fail_unless_equals_int (pipeline.set_state (GST_STATE_PAUSED), GST_STATE_CHANGE_NO_PREROLL);
  pipeline.wait_for_source ("draining");
  pipeline.run ();
  check_heard (pipeline, monitor, counter_samples (kFrames));
}
GST_END_TEST;

GST_START_TEST (every_sample_of_several_turns_is_heard)
{
  auto options = answer (2.5, 12000);
  options.pace.playback = 0;
  Server server (options);
  Monitor monitor;
  Pipeline pipeline (server, kPlay);
  g_object_set (pipeline.src, "num-turns", 2, nullptr);
  pipeline.play ();
  pipeline.wait_for_message ("gemini-turn-complete");
  fail_unless (pipeline.send_text ("Go on"));
  pipeline.wait_for_eos ();
  auto said = counter_samples (12000);
  auto second = counter_samples (12000, 1);
  said.insert (said.end (), second.begin (), second.end ());
  check_heard (pipeline, monitor, said);
}
GST_END_TEST;

GST_START_TEST (every_sample_is_heard_if_the_application_ends_the_stream_with_the_turn)
{
  constexpr size_t kOdd = 24107;  // the last of it fills no block of the device
  Server server (answer (2.5, kOdd));
  Monitor monitor;
  Pipeline pipeline (server, kPlay);
  g_object_set (pipeline.src, "num-turns", -1, nullptr);
  pipeline.play ();
  pipeline.wait_for_message ("gemini-turn-complete");
  pipeline.send_eos ();
  pipeline.wait_for_eos ();
  check_heard (pipeline, monitor, counter_samples (kOdd));
}
GST_END_TEST;

GST_START_TEST (every_sample_is_heard_that_a_queue_holds_by_time)
{
  for (double speed : {0.0, 1.0, 4.0})
    check_heard (answer (speed, 14400), kHeldByTime);
}
GST_END_TEST;

GST_START_TEST (every_sample_is_heard_that_a_queue_holds_by_chunks)
{
  for (double speed : {0.0, 1.0, 4.0})
    check_heard (answer (speed, 14400), kHeldByChunks);
}
GST_END_TEST;

namespace {

void pactl (const char *command)
{
  int status = -1;
  const auto line = std::string ("pactl ") + command;
  fail_unless (g_spawn_command_line_sync (line.c_str (), nullptr, nullptr, &status, nullptr) && status == 0,
               "%s", line.c_str ());
}

}  // namespace

GST_START_TEST (a_speaker_that_is_unplugged_is_an_error_of_the_sink_and_the_next_start_is_heard)
{
  Server server (answer (0, 3 * kFrames));
  Pipeline pipeline (server,
                     "geminisrc name=src ! queue ! audioconvert ! audioresample "
                     "! pulsesink name=sink device=speaker slave-method=none");
  pipeline.play ();
  pipeline.wait_for_source ("draining");  // all of it has come, and a part has been heard
  fail_unless (pipeline.recorder->wait_for_speech (kFrames / 2));
  pactl ("unload-module module-null-sink");
  const GstObjectPtr<GstBus> bus (gst_element_get_bus (pipeline.pipeline));
  const MessagePtr message (gst_bus_timed_pop_filtered (bus.get (), 30 * GST_SECOND, GST_MESSAGE_ERROR));
  fail_unless (message != nullptr, "nobody says that the speaker is gone");
  fail_unless_equals_text (GST_MESSAGE_SRC_NAME (message.get ()), "sink");
  auto error = error_text (message.get ());
  fail_unless (error.domain == GST_RESOURCE_ERROR, "%s, %s", error.message.c_str (), error.debug.c_str ());
  pipeline.set_state (GST_STATE_NULL);

  pactl ("load-module module-null-sink sink_name=speaker format=s16le rate=24000 channels=1 norewinds=1");
  gst_bus_set_flushing (bus.get (), TRUE);
  gst_bus_set_flushing (bus.get (), FALSE);
  server.set_options (answer (2.5));
  Monitor monitor;
  pipeline.recorder = pipeline.record ("src", "src");
  pipeline.run ();
  check_heard (pipeline, monitor, counter_samples (kFrames));
}
GST_END_TEST;

GEMINI_CHECK_MAIN (pulse, every_sample_is_heard_that_a_queue_holds_by_time,
                   every_sample_is_heard_that_a_queue_holds_by_chunks, every_sample_is_heard,
                   every_sample_of_a_burst_is_heard,
                   every_sample_is_heard_that_comes_no_faster_than_it_is_spoken,
                   every_sample_is_heard_after_a_long_silence,
                   an_answer_shorter_than_the_prebuffer_is_heard_whole,
                   after_waiting_in_paused_every_sample_is_heard, every_sample_of_several_turns_is_heard,
                   every_sample_is_heard_if_the_application_ends_the_stream_with_the_turn,
                   a_speaker_that_is_unplugged_is_an_error_of_the_sink_and_the_next_start_is_heard)
