// What an application does to a running pipeline, as it is heard: pauses, other clocks, stuck and new
// branches.

#include <algorithm>
#include <future>

#include "elements/listening.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Manual;
using stand_in::Options;
using stand_in::Server;

namespace {

constexpr size_t kFrames = 36000;
/// What a pause in mid-speech makes: the device stops, and there is a gap when it goes on.
constexpr size_t kBreaks = 2;

Options answer (double speed = 2.5, size_t frames = kFrames)
{
  return {.counter_frames = frames, .pace = {.speed = speed}};
}

void wait_on_the_clock (GstClockTime time)
{
  auto *clock = gst_system_clock_obtain ();
  auto id = gst_clock_new_single_shot_id (clock, gst_clock_get_time (clock) + time);
  gst_clock_id_wait (id, nullptr);
  gst_clock_id_unref (id);
  gst_object_unref (clock);
}

/// Half a buffer behind the last one: of a buffer that leaves when the sink has just been paused and the
/// source not yet, the sink loses as much as lies between the two, a few samples. No source can help it.
void pause (Pipeline &pipeline)
{
  if (auto count = pipeline.recorder->buffers ().size (); count > 0) {
    fail_unless (pipeline.recorder->wait_for_buffers (count + 1));
    wait_on_the_clock (10 * GST_MSECOND);
  }
  fail_unless_equals_int (pipeline.set_state (GST_STATE_PAUSED), GST_STATE_CHANGE_NO_PREROLL);
}

/// Holds up all data at a pad until it is gone.
class Block {
 public:
  Block (const Pipeline &pipeline, const char *element)
  {
    GstObjectPtr<GstElement> owner (gst_bin_get_by_name (GST_BIN (pipeline.pipeline), element));
    pad_.reset (gst_element_get_static_pad (owner.get (), "src"));
    probe_ = gst_pad_add_probe (
        pad_.get (), GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM,
        [] (GstPad *, GstPadProbeInfo *, gpointer) { return GST_PAD_PROBE_OK; }, nullptr, nullptr);
  }
  ~Block () { gst_pad_remove_probe (pad_.get (), probe_); }
  Block (const Block &) = delete;
  Block &operator= (const Block &) = delete;

 private:
  GstObjectPtr<GstPad> pad_;
  gulong probe_;
};

}  // namespace

GST_START_TEST (paused_until_the_answer_is_there_it_is_heard_from_its_first_sample)
{
  Server server (answer ());
  Pipeline pipeline (server, kPlay + Speaker::line ("device-time=200000"));
  Speaker speaker (pipeline);
  pause (pipeline);
  pipeline.wait_for_source ("draining");
  pipeline.run ();
  check_heard (pipeline, speaker, counter_samples (kFrames));
}
GST_END_TEST;

GST_START_TEST (paused_while_the_prebuffer_fills_nothing_is_lost)
{
  auto options = answer (0);
  options.shape.chunks = {1200};
  options.pace.stalls = {{2, std::chrono::milliseconds (300)}};
  Server server (options);
  Pipeline pipeline (server, kPlay + Speaker::line ());
  Speaker speaker (pipeline);
  pipeline.play ();
  fail_unless (server.wait_for_chunks (2));
  pause (pipeline);
  fail_unless (pipeline.recorder->speech ().empty ());
  fail_unless (server.wait_for_turns_sent (1));
  pipeline.run ();
  check_heard (pipeline, speaker, counter_samples (kFrames));
}
GST_END_TEST;

GST_START_TEST (paused_in_mid_speech_nothing_is_lost)
{
  Server server (answer (1));
  Pipeline pipeline (server, kPlay + Speaker::line ());
  Speaker speaker (pipeline);
  pipeline.play ();
  for (size_t frames : {6000, 18000}) {
    fail_unless (pipeline.recorder->wait_for_speech (frames));
    pause (pipeline);
    fail_unless (pipeline.recorder->speech ().size () < kFrames);
    wait_on_the_clock (100 * GST_MSECOND);
    pipeline.play ();
  }
  pipeline.wait_for_eos ();
  check_heard (pipeline, speaker, counter_samples (kFrames), 2 * kBreaks);
}
GST_END_TEST;

GST_START_TEST (paused_in_an_underrun_nothing_is_lost)
{
  Server server ({.manual = Manual::Turns});
  Pipeline pipeline (server, kPlay + Speaker::line ());
  Speaker speaker (pipeline);
  pipeline.play ();
  fail_unless (server.wait_for_messages (2));
  fail_unless (pipeline.recorder->wait_for_buffers (20));
  auto said = counter_samples (kFrames);
  server.send_audio (slice (said, 0, 12000));
  fail_unless (pipeline.recorder->wait_for_speech (12000));
  fail_unless (pipeline.recorder->wait_for_buffers (pipeline.recorder->buffers ().size () + 20));
  pause (pipeline);
  server.send_audio (slice (said, 12000, kFrames));
  server.send (R"({"serverContent":{"generationComplete":true}})");
  pipeline.wait_for_source ("draining");
  pipeline.run ();
  fail_unless_equals_uint64 (stat (pipeline, "underruns"), 1);
  check_heard (pipeline, speaker, said);
}
GST_END_TEST;

GST_START_TEST (another_clock_in_mid_session_loses_nothing)
{
  Server server (answer (1, 48000));
  Pipeline pipeline (server, kPlay + Speaker::line ());
  Speaker speaker (pipeline);
  pipeline.play ();
  fail_unless (pipeline.recorder->wait_for_speech (9600));

  // The speaker's stands still until it has something to play.
  GstObjectPtr<GstElement> sink (gst_bin_get_by_name (GST_BIN (pipeline.pipeline), "speaker"));
  GstObjectPtr<GstClock> of_the_speaker (gst_element_provide_clock (sink.get ()));
  GstObjectPtr<GstClock> of_the_day (
      GST_CLOCK (g_object_new (GST_TYPE_SYSTEM_CLOCK, "clock-type", GST_CLOCK_TYPE_REALTIME, nullptr)));
  size_t frames = 9600;
  for (auto *clock : {of_the_speaker.get (), of_the_day.get ()}) {
    pause (pipeline);
    gst_pipeline_use_clock (GST_PIPELINE (pipeline.pipeline), clock);
    pipeline.play ();
    fail_unless (pipeline.recorder->wait_for_speech (frames += 9600));
  }
  pipeline.wait_for_eos ();
  check_heard (pipeline, speaker, counter_samples (48000), 2 * kBreaks);
}
GST_END_TEST;

GST_START_TEST (a_stuck_branch_with_room_in_its_queue_is_not_heard)
{
  Server server (answer ());
  Pipeline pipeline (server, "geminisrc name=src ! tee name=t t. ! queue ! audioconvert ! audioresample ! " +
                                 Speaker::line () +
                                 "t. ! queue name=stuck max-size-time=0 ! fakesink name=other async=false");
  Speaker speaker (pipeline);
  auto other = pipeline.record ("other", "sink");
  pipeline.play ();
  fail_unless (pipeline.recorder->wait_for_speech (4800));
  {
    Block block (pipeline, "stuck");
    pipeline.wait_for_message ("gemini-turn-complete");
    fail_unless (other->speech ().size () < kFrames);
  }
  pipeline.wait_for_eos ();
  check_heard (pipeline, speaker, counter_samples (kFrames));
  fail_unless (other->speech () == counter_samples (kFrames));
}
GST_END_TEST;

GST_START_TEST (a_stuck_branch_without_room_makes_a_pause_and_loses_nothing)
{
  Server server (answer ());
  Pipeline pipeline (server,
                     "geminisrc name=src ! tee name=t t. ! queue ! audioconvert ! audioresample ! " +
                         Speaker::line () +
                         "t. ! queue name=stuck max-size-buffers=5 ! fakesink name=other async=false");
  Speaker speaker (pipeline);
  auto other = pipeline.record ("other", "sink");
  pipeline.play ();
  fail_unless (pipeline.recorder->wait_for_speech (4800));
  {
    Block block (pipeline, "stuck");
    wait_on_the_clock (600 * GST_MSECOND);
    fail_unless (pipeline.recorder->speech ().size () < kFrames / 2);
  }
  pipeline.wait_for_eos ();
  fail_unless (stat (pipeline, "underruns") >= 1);
  check_heard (pipeline, speaker, counter_samples (kFrames));
  fail_unless (other->speech () == counter_samples (kFrames));
}
GST_END_TEST;

GST_START_TEST (linked_to_another_branch_in_mid_speech_each_sample_is_in_one_of_them)
{
  Server server (answer (1));
  Pipeline pipeline (server, "geminisrc name=src ! queue name=q ! audioconvert name=old ! audioresample ! " +
                                 Speaker::line () + "queue name=new ! fakesink name=other async=false");
  Speaker speaker (pipeline);
  auto other = pipeline.record ("other", "sink");
  pipeline.play ();
  fail_unless (pipeline.recorder->wait_for_speech (12000));

  auto pad = [&] (const char *element, const char *name) {
    GstObjectPtr<GstElement> owner (gst_bin_get_by_name (GST_BIN (pipeline.pipeline), element));
    return GstObjectPtr<GstPad> (gst_element_get_static_pad (owner.get (), name));
  };
  struct Change {
    GstObjectPtr<GstPad> from, to;
    std::promise<void> done;
  } change{pad ("old", "sink"), pad ("new", "sink"), {}};
  gst_pad_add_probe (
      pad ("q", "src").get (), GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM,
      [] (GstPad *src, GstPadProbeInfo *, gpointer data) {
        auto &links = *static_cast<Change *> (data);
        gst_pad_unlink (src, links.from.get ());
        gst_pad_link (src, links.to.get ());
        links.done.set_value ();
        return GST_PAD_PROBE_REMOVE;
      },
      &change, nullptr);
  change.done.get_future ().wait ();
  gst_pad_send_event (change.from.get (), gst_event_new_eos ());
  pipeline.wait_for_eos ();

  auto said = counter_samples (kFrames);
  speaker.drain ();
  auto heard = speaker.sound ();
  auto border = heard.size () - static_cast<size_t> (std::ranges::count (heard, 0));
  fail_unless (border > 0 && border < kFrames);
  check_heard (pipeline, speaker, slice (said, 0, border));
  fail_unless (other->speech () == slice (said, border, kFrames));
  fail_unless (other->order ().starts_with ("stream-start caps segment "));
}
GST_END_TEST;

GEMINI_CHECK_MAIN (speaker_states, paused_until_the_answer_is_there_it_is_heard_from_its_first_sample,
                   paused_while_the_prebuffer_fills_nothing_is_lost, paused_in_mid_speech_nothing_is_lost,
                   paused_in_an_underrun_nothing_is_lost, another_clock_in_mid_session_loses_nothing,
                   a_stuck_branch_with_room_in_its_queue_is_not_heard,
                   a_stuck_branch_without_room_makes_a_pause_and_loses_nothing,
                   linked_to_another_branch_in_mid_speech_each_sample_is_in_one_of_them)
