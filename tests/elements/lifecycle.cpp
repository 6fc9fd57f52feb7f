// Beginnings and ends: many of them, many at once, and at every moment.

#include <malloc.h>

#include <algorithm>
#include <filesystem>

#include "net/endless.h"
#include "support/pipeline.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Fault;
using stand_in::Options;
using stand_in::Server;

namespace {

constexpr size_t kFrames = 4800;

Options quick () { return {.counter_frames = kFrames, .pace = {.speed = 0, .playback = 0}}; }

/// Tools that slow everything down need not count to 200.
size_t many () { return g_getenv ("GEMINI_TEST_DEADLINE") != nullptr ? 20 : 200; }

const char *const kLines[] = {"geminisrc name=src ! fakesink", "geminisrc name=src is-live=false ! fakesink",
                              "geminisrc name=src api=tts ! fakesink"};

struct Evidence {
  size_t memory = mallinfo2 ().uordblks;
  size_t threads = entries ("/proc/self/task");
  size_t files = entries ("/proc/self/fd");

  static size_t entries (const char *folder)
  {
    const std::filesystem::directory_iterator all (folder);
    return static_cast<size_t> (std::distance (begin (all), end (all)));
  }
};

void check_speaks (Pipeline &pipeline, const char *name = "src")
{
  auto recorder = pipeline.record (name, "src");
  pipeline.run ();
  fail_unless (recorder->speech () == counter_samples (kFrames), "%s: %zu frames", name,
               recorder->speech ().size ());
}

/// Some ways to be started and stopped, with a server that takes its record away with it.
void start_and_stop (Pipeline &pipeline, size_t times)
{
  Server server (quick ());
  g_object_set (pipeline.src, "endpoint", server.uri ().c_str (), nullptr);
  for (size_t i = 0; i < times; i++) {
    if (i % 50 == 0)
      pipeline.run ();
    else if (i % 10 == 1)
      pipeline.set_state (GST_STATE_PAUSED);
    else
      pipeline.play ();
    pipeline.set_state (GST_STATE_NULL);
  }
}

}  // namespace

GST_START_TEST (one_element_started_and_stopped_many_times_takes_no_more_than_before)
{
  constexpr size_t kSlack = 4;  // idle threads of a pool come and go
  // Bytes. libsoup's server, in this process, loses a socket object for each connection (valgrind.supp).
  constexpr size_t kPerCycle = 1000;
  for (const char *line : kLines) {
    Pipeline pipeline (Server (), line);
    pipeline.recorder.reset ();  // it keeps all it ever heard
    start_and_stop (pipeline, many () / 2);
    const Evidence before;
    start_and_stop (pipeline, many ());
    const Evidence after;
    g_print ("%s\n  %zu cycles: %zd bytes, %zd threads, %zd descriptors more\n", line, many (),
             static_cast<ssize_t> (after.memory - before.memory),
             static_cast<ssize_t> (after.threads - before.threads),
             static_cast<ssize_t> (after.files - before.files));
    fail_if (after.memory > before.memory + many () * kPerCycle, "%zu bytes have become %zu", before.memory,
             after.memory);
    fail_if (after.threads > before.threads + kSlack, "%zu threads have become %zu", before.threads,
             after.threads);
    fail_if (after.files > before.files + kSlack, "%zu open files have become %zu", before.files,
             after.files);
  }
}
GST_END_TEST;

GST_START_TEST (fifty_elements_of_one_process_speak_at_once)
{
  constexpr size_t kCount = 50;
  Server server (quick ());
  std::string line;
  for (size_t i = 0; i < kCount; i++) {
    const char *modes[] = {"", "is-live=false ", "api=tts "};
    line += "geminisrc name=src" + (i == 0 ? "" : std::to_string (i)) + " " + modes[i % 3] + "! fakesink ";
  }
  Pipeline pipeline (server, line);
  std::vector<std::unique_ptr<PadRecorder>> recorders;
  for (size_t i = 1; i < kCount; i++)
    recorders.push_back (pipeline.record (("src" + std::to_string (i)).c_str (), "src"));
  check_speaks (pipeline);
  auto said = server.record ().readings;
  for (auto &recorder : recorders) {
    auto heard = recorder->speech ();
    if (heard == counter_samples (kFrames))
      continue;
    // What is read aloud is numbered on, request by request.
    auto reading = std::ranges::find (said, heard, &stand_in::ReadingRecord::samples);
    fail_if (reading == said.end (), "%zu frames", heard.size ());
    said.erase (reading);
  }
}
GST_END_TEST;

GST_START_TEST (an_element_may_go_at_every_moment)
{
  const struct {
    const char *when;
    GstState state;
    std::function<bool (const Server &)> reached;
    std::vector<Fault> faults;
  } kMoments[] = {
      {"never started", GST_STATE_NULL, [] (auto &) { return true; }, {}},
      {"ready", GST_STATE_READY, [] (auto &) { return true; }, {}},
      {"paused", GST_STATE_PAUSED, [] (auto &) { return true; }, {}},
      {"playing", GST_STATE_PLAYING, [] (auto &) { return true; }, {}},
      {"connecting",
       GST_STATE_PLAYING,
       [] (auto &server) { return server.wait_for_requests (1); },
       {{.kind = Fault::Kind::Freeze, .when = Fault::When::Upgrade, .times = 9}}},
      {"setting up",
       GST_STATE_PAUSED,
       [] (auto &server) { return server.wait_for_messages (1); },
       {{.kind = Fault::Kind::Freeze, .when = Fault::When::Setup, .times = 9}}},
      {"in speech", GST_STATE_PLAYING, [] (auto &server) { return server.wait_for_chunks (2); }, {}},
  };
  for (auto &moment : kMoments)
    for (bool alone : {false, true}) {
      auto options = quick ();
      options.faults = moment.faults;
      options.shape.chunks = {480};
      options.pace.speed = 2;
      Server server (options);
      bool gone = false;
      {
        Pipeline pipeline (server, kLines[0]);
        g_object_weak_ref (
            G_OBJECT (pipeline.src), [] (gpointer flag, GObject *) { *static_cast<bool *> (flag) = true; },
            &gone);
        pipeline.set_state (moment.state);
        fail_unless (moment.reached (server), "%s", moment.when);
        if (alone) {  // the rest of its pipeline goes on
          gst_bin_remove (GST_BIN (pipeline.pipeline), pipeline.src);
          gst_element_set_state (pipeline.src, GST_STATE_NULL);
        }
      }
      fail_unless (gone, "%s: it is still there", moment.when);
    }
}
GST_END_TEST;

GST_START_TEST (an_element_that_is_flooded_can_be_stopped_and_speaks_again)
{
  std::string words;
  for (int i = 0; i < 1000; i++)
    words += "\x82\x02{}";
  const EndlessServer flood (EndlessServer::kUpgrade + words, words);
  Server server (quick ());
  Pipeline pipeline (server, kLines[0]);
  g_object_set (pipeline.src, "endpoint", ("http://" + flood.authority ()).c_str (), nullptr);
  pipeline.play ();
  flood.wait_for_flood ();
  pipeline.set_state (GST_STATE_NULL);
  g_object_set (pipeline.src, "endpoint", server.uri ().c_str (), nullptr);
  check_speaks (pipeline);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (lifecycle, one_element_started_and_stopped_many_times_takes_no_more_than_before,
                   fifty_elements_of_one_process_speak_at_once, an_element_may_go_at_every_moment,
                   an_element_that_is_flooded_can_be_stopped_and_speaks_again)
