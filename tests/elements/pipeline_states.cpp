// The element through the states of a whole pipeline: starting, pausing, ending and stopping at any moment.

#include <algorithm>
#include <functional>

#include "elements/listening.h"
#include "support/pipeline.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Fault;
using stand_in::Manual;
using stand_in::Server;

namespace {

constexpr size_t kFrames = 48000;
constexpr size_t kBlock = 480;  // samples of a buffer

stand_in::Options answer (double speed)
{
  stand_in::Options options;
  options.counter_frames = kFrames;
  options.pace.speed = speed;
  return options;
}

stand_in::Options frozen (Fault::When when)
{
  stand_in::Options options;
  options.faults = {{.kind = Fault::Kind::Freeze, .when = when}};
  return options;
}

/// Too little to be heard, and then nothing for longer than a test lasts.
stand_in::Options one_short_chunk ()
{
  auto options = answer (0);
  options.shape.chunks = {480};
  options.pace.stalls = {{1, std::chrono::minutes (10)}};
  return options;
}

/// Something an application can find the element doing, and how to know that it does.
struct Moment {
  const char *name;
  stand_in::Options options;
  std::function<void (Server &, Pipeline &)> wait;
  bool connected = false;  ///< and the server reads
};

const std::vector<Moment> &moments ()
{
  static const std::vector<Moment> all = {
      {"starting", {}, [] (Server &, Pipeline &) {}},
      {"connecting", frozen (Fault::When::Upgrade),
       [] (Server &server, Pipeline &) { fail_unless (server.wait_for_requests (1)); }},
      {"setting up", frozen (Fault::When::Setup),
       [] (Server &server, Pipeline &) { fail_unless (server.wait_for_messages (1)); }},
      {"thinking",
       {.manual = Manual::Turns},
       [] (Server &server, Pipeline &) { fail_unless (server.wait_for_messages (2)); },
       true},
      {"prebuffering", one_short_chunk (),
       [] (Server &server, Pipeline &) { fail_unless (server.wait_for_chunks (1)); }, true},
      {"speaking", answer (2.5),
       [] (Server &, Pipeline &pipeline) { fail_unless (pipeline.recorder->wait_for_speech (9600)); }, true},
      {"draining", answer (0),
       [] (Server &, Pipeline &pipeline) { fail_unless (pipeline.recorder->wait_for_speech (9600)); }, true},
  };
  return all;
}

constexpr const char *kIdleModes[] = {"silence", "none"};

std::string recording_line (const std::string &properties, const std::string &file)
{
  return "geminisrc name=src max-prebuffer-wait=60000 " + properties +
         " ! tee name=t t. ! queue ! fakesink sync=true t. ! queue ! identity drop-buffer-flags=droppable ! "
         "wavenc ! filesink location=" +
         file;
}

size_t entries (const char *folder)
{
  size_t count = 0;
  auto *open = g_dir_open (folder, 0, nullptr);
  while (g_dir_read_name (open) != nullptr)
    count++;
  g_dir_close (open);
  return count;
}

}  // namespace

GST_START_TEST (waiting_in_paused_the_whole_answer_is_heard_from_its_start)
{
  Server server (answer (0));
  TemporaryFolder folder;
  Pipeline pipeline (server, recording_line ("", folder / "answer.wav"));
  fail_unless_equals_int (pipeline.set_state (GST_STATE_PAUSED), GST_STATE_CHANGE_NO_PREROLL);
  pipeline.wait_for_source ("draining");
  fail_unless (pipeline.recorder->buffers ().empty ());
  pipeline.run ();
  fail_unless (read_wav (folder / "answer.wav") == counter_samples (kFrames));
  auto order = pipeline.recorder->order ();
  fail_unless (order.starts_with ("stream-start caps segment speech "), "%s", order.c_str ());
}
GST_END_TEST;

GST_START_TEST (paused_in_the_middle_of_speech_nothing_is_lost)
{
  Server server (answer (1));
  TemporaryFolder folder;
  Pipeline pipeline (server, recording_line ("", folder / "answer.wav"));
  pipeline.play ();
  fail_unless (pipeline.recorder->wait_for_speech (9600));
  fail_unless_equals_int (pipeline.set_state (GST_STATE_PAUSED), GST_STATE_CHANGE_NO_PREROLL);
  fail_unless (server.wait_for_turns_sent (1));
  fail_if (pipeline.recorder->speech ().size () > kFrames / 2);
  pipeline.run ();
  fail_unless (read_wav (folder / "answer.wav") == counter_samples (kFrames));
  pipeline.recorder->check_timeline ();
}
GST_END_TEST;

GST_START_TEST (end_of_stream_by_the_application_comes_at_once_and_leaves_a_whole_file)
{
  for (auto &moment : moments ())
    for (const char *idle_mode : kIdleModes) {
      Server server (moment.options);
      TemporaryFolder folder;
      auto file = folder / "answer.wav";
      Pipeline pipeline (server, recording_line (std::string ("idle-mode=") + idle_mode, file));
      pipeline.play ();
      moment.wait (server, pipeline);
      pipeline.send_eos ();
      auto left = pipeline.recorder->speech ().size ();
      if (left > 0) {
        auto over = pipeline.wait_for_message ("gemini-turn-complete");
        gboolean interrupted = FALSE;
        fail_unless (gst_structure_get_boolean (gst_message_get_structure (over.get ()), "interrupted",
                                                &interrupted) &&
                         interrupted,
                     "%s, %s", moment.name, idle_mode);
        fail_unless_equals_uint64 (number (over, "heard"), pipeline.recorder->speech ().size ());
      }
      pipeline.wait_for_eos ();
      pipeline.wait_for_source ("disconnected");
      fail_if (pipeline.send_text ("Is anybody there?"));
      if (moment.connected)
        fail_unless (server.wait_for_end (), "%s: the connection stays", moment.name);
      auto more = pipeline.recorder->speech ().size () - left;
      fail_if (more > kBlock, "%s, %s: %zu more samples", moment.name, idle_mode, more);
      auto order = pipeline.recorder->order ();
      fail_unless (order.starts_with ("stream-start caps segment ") && order.ends_with (" eos "),
                   "%s, %s: %s", moment.name, idle_mode, order.c_str ());
      auto recorded = read_wav (file);
      fail_unless (recorded == pipeline.recorder->speech (), "%s, %s", moment.name, idle_mode);
      fail_unless (recorded == counter_samples (recorded.size ()), "%s, %s", moment.name, idle_mode);
    }
}
GST_END_TEST;

GST_START_TEST (end_of_stream_before_the_first_word_leaves_an_empty_file)
{
  Server server ({.manual = Manual::Turns});
  TemporaryFolder folder;
  auto file = folder / "answer.wav";
  Pipeline pipeline (server, recording_line ("idle-mode=silence", file));
  pipeline.play ();
  fail_unless (pipeline.recorder->wait_for_buffers (3));  // silence, of which the recorder gets nothing
  pipeline.send_eos ();
  pipeline.wait_for_eos ();
  fail_unless (read_wav (file).empty ());
}
GST_END_TEST;

GST_START_TEST (end_of_stream_sent_while_paused_ends_the_stream)
{
  Server server (answer (0));
  TemporaryFolder folder;
  Pipeline pipeline (server, recording_line ("", folder / "answer.wav"));
  pipeline.set_state (GST_STATE_PAUSED);
  pipeline.wait_for_source ("draining");
  pipeline.send_eos ();
  pipeline.run ();
  fail_unless (read_wav (folder / "answer.wav").empty ());
  fail_unless_equals_text (pipeline.recorder->order (), "stream-start caps segment eos ");
}
GST_END_TEST;

GST_START_TEST (stopping_never_waits_for_the_server)
{
  for (auto &moment : moments ())
    for (GstState state : {GST_STATE_PAUSED, GST_STATE_PLAYING})
      for (const char *properties : {"", "idle-mode=none", "is-live=false"}) {
        bool flows = state == GST_STATE_PLAYING || std::string (properties) == "is-live=false";
        if (moment.options.counter_frames == kFrames && !flows)
          continue;  // there is no speech while paused
        Server server (moment.options);
        Pipeline pipeline (server, std::string ("geminisrc name=src max-prebuffer-wait=60000 ") + properties +
                                       " ! tee name=t t. ! queue ! fakesink sync=true t. ! queue ! fakesink");
        fail_if (pipeline.set_state (state) == GST_STATE_CHANGE_FAILURE);
        moment.wait (server, pipeline);
        server.freeze ();
        fail_unless_equals_int (pipeline.set_state (GST_STATE_NULL), GST_STATE_CHANGE_SUCCESS);
      }
}
GST_END_TEST;

GST_START_TEST (starting_again_begins_a_new_session_and_a_new_timeline)
{
  Server server (answer (0));
  Pipeline pipeline (server, "geminisrc name=src ! queue ! fakesink sync=true");
  for (GstState between : {GST_STATE_READY, GST_STATE_NULL}) {
    pipeline.run ();
    fail_unless (pipeline.recorder->speech () == counter_samples (kFrames));
    fail_unless (pipeline.recorder->buffers ().front ().pts < GST_SECOND);
    pipeline.recorder->check_timeline ();
    pipeline.set_state (between);
    pipeline.recorder = pipeline.record ("src", "src");
  }
  fail_unless_equals_int (server.record ().connections.size (), 2);
}
GST_END_TEST;

GST_START_TEST (starting_and_stopping_leaves_nothing_behind)
{
  constexpr size_t kWarmUp = 15;  // until pools of threads have their size
  constexpr size_t kCycles = 50;
  constexpr size_t kSlack = 4;  // idle threads of a pool come and go
  size_t threads = 0;
  size_t files = 0;
  Server server ({.manual = Manual::Turns});
  for (size_t i = 0; i < kWarmUp + kCycles; i++) {
    if (i == kWarmUp) {
      threads = entries ("/proc/self/task");
      files = entries ("/proc/self/fd");
    }
    Pipeline pipeline (server, "geminisrc name=src ! fakesink sync=true");
    pipeline.play ();
    if (i % 2 == 0) {
      // Not the latest: the one before, which was cut at once, may be accepted after it.
      fail_unless (server.wait ([] (auto &record) {
        return std::ranges::any_of (record.connections, [] (auto &connection) {
          return connection.messages.size () == 2 && !connection.over;
        });
      }));
      pipeline.set_state (GST_STATE_NULL);
      fail_unless (server.wait ([] (auto &record) {
        return std::ranges::all_of (record.connections, [] (auto &connection) { return connection.over; });
      }));
    }
  }
  fail_if (entries ("/proc/self/task") > threads + kSlack, "%zu threads have become %zu", threads,
           entries ("/proc/self/task"));
  fail_if (entries ("/proc/self/fd") > files + kSlack, "%zu open files have become %zu", files,
           entries ("/proc/self/fd"));
}
GST_END_TEST;

GEMINI_CHECK_MAIN (pipeline_states, end_of_stream_before_the_first_word_leaves_an_empty_file,
                   waiting_in_paused_the_whole_answer_is_heard_from_its_start,
                   paused_in_the_middle_of_speech_nothing_is_lost,
                   end_of_stream_by_the_application_comes_at_once_and_leaves_a_whole_file,
                   end_of_stream_sent_while_paused_ends_the_stream, stopping_never_waits_for_the_server,
                   starting_again_begins_a_new_session_and_a_new_timeline,
                   starting_and_stopping_leaves_nothing_behind)
