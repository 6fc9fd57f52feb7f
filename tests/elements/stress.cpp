// Everything an application can do, from several threads at once and in no order: nothing hangs, nothing
// breaks, and afterwards the element speaks. GEMINI_TEST_STEPS=10000 does more of it.

#include <array>
#include <mutex>
#include <random>
#include <thread>

#include "support/pipeline.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Options;
using stand_in::Server;

namespace {

constexpr size_t kFrames = 12000;
constexpr unsigned kThreads = 3;

unsigned steps ()
{
  const char *wanted = g_getenv ("GEMINI_TEST_STEPS");
  return wanted != nullptr ? static_cast<unsigned> (g_ascii_strtoull (wanted, nullptr, 10)) : 300;
}

Options talkative ()
{
  return {
      .counter_frames = kFrames, .pace = {.speed = 4, .playback = 0}, .shape = {.chunks = {2400, 480, 4800}}};
}

using Action = void (*) (GstElement *pipeline, GstElement *src, std::mt19937 &dice);

void change_state (GstElement *pipeline, GstElement *, std::mt19937 &dice)
{
  constexpr std::array kStates = {GST_STATE_NULL, GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_PLAYING};
  gst_element_set_state (pipeline, kStates[dice () % kStates.size ()]);
}

void play (GstElement *pipeline, GstElement *, std::mt19937 &)
{
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
}

void send_text (GstElement *, GstElement *src, std::mt19937 &)
{
  gboolean sent = FALSE;
  g_signal_emit_by_name (src, "send-text", "Go on", &sent);
}

void interrupt (GstElement *, GstElement *src, std::mt19937 &) { g_signal_emit_by_name (src, "interrupt"); }

void answer_a_call (GstElement *, GstElement *src, std::mt19937 &)
{
  gboolean sent = FALSE;
  g_signal_emit_by_name (src, "send-tool-response", "nobody", "asked", "{}", &sent);
}

void look (GstElement *pipeline, GstElement *src, std::mt19937 &)
{
  GstStructure *stats = nullptr;
  gint state = 0;
  g_object_get (src, "stats", &stats, "state", &state, nullptr);
  gst_structure_free (stats);
  auto *query = gst_query_new_latency ();
  gst_element_query (pipeline, query);
  gst_query_unref (query);
}

void renew_token (GstElement *, GstElement *src, std::mt19937 &)
{
  g_object_set (src, "access-token", "ya29.another", nullptr);
}

void end_stream (GstElement *pipeline, GstElement *, std::mt19937 &)
{
  gst_element_send_event (pipeline, gst_event_new_eos ());
}

/// One flush after the other, as applications do; but the pipeline may be stopped and started meanwhile.
void flush (GstElement *pipeline, GstElement *, std::mt19937 &)
{
  static std::mutex one;
  std::lock_guard guard (one);
  gst_element_send_event (pipeline, gst_event_new_flush_start ());
  gst_element_send_event (pipeline, gst_event_new_flush_stop (FALSE));
}

void settle (GstElement *, GstElement *, std::mt19937 &dice)
{
  g_usleep (dice () % 20000);  // so that a session gets somewhere between the blows
}

constexpr Action kActions[] = {change_state,  play,   play,   send_text, send_text,   interrupt,
                               answer_a_call, look,   look,   look,      renew_token, settle,
                               settle,        settle, settle, settle};
constexpr Action kRude[] = {change_state, play,  send_text, interrupt, look,
                            end_stream,   flush, settle,    settle};

/// `count` of them from each of several threads.
template <size_t N>
void let_loose (Pipeline &pipeline, const Action (&actions)[N], unsigned count, unsigned seed)
{
  std::vector<std::thread> threads;
  for (unsigned number = 0; number < kThreads; number++)
    threads.emplace_back ([&, number] {
      std::mt19937 dice (seed * kThreads + number);
      for (unsigned step = 0; step < count; step++)
        actions[dice () % N](pipeline.pipeline, pipeline.src, dice);
    });
  for (auto &thread : threads)
    thread.join ();
  pipeline.set_state (GST_STATE_NULL);
}

/// What is left of it speaks as a new one would.
void check_speaks (const std::string &line)
{
  Server server ({.counter_frames = kFrames, .pace = {.speed = 0, .playback = 0}});
  Pipeline pipeline (server, line);
  pipeline.run ();
  fail_unless (pipeline.recorder->speech () == counter_samples (kFrames));
}

template <size_t N>
void check_stress (const Action (&actions)[N])
{
  for (const char *line :
       {"geminisrc name=src num-turns=-1 retry-backoff-factor=0 ! queue ! fakesink sync=true",
        "geminisrc name=src num-turns=-1 idle-mode=none flush-on-interrupt=true ! queue ! fakesink sync=true",
        "geminisrc name=src num-turns=-1 is-live=false ! fakesink",
        "geminisrc name=src num-turns=-1 api=tts ! queue ! fakesink sync=true"}) {
    Server server (talkative ());
    Pipeline pipeline (server, line);
    let_loose (pipeline, actions, steps () / kThreads, 1);
    // The same element, on good terms again.
    pipeline.recorder = pipeline.record ("src", "src");
    g_object_set (pipeline.src, "num-turns", 1, nullptr);
    const GstObjectPtr<GstBus> bus (gst_element_get_bus (pipeline.pipeline));
    gst_bus_set_flushing (bus.get (), TRUE);  // what was said before
    gst_bus_set_flushing (bus.get (), FALSE);
    pipeline.run ();
    auto speech = pipeline.recorder->speech ();
    fail_unless (speech.size () == kFrames, "%s: %zu samples", line, speech.size ());
  }
  check_speaks ("geminisrc name=src is-live=false ! fakesink");
}

}  // namespace

GST_START_TEST (whatever_is_done_from_whichever_thread_it_speaks_afterwards) { check_stress (kActions); }
GST_END_TEST;

GST_START_TEST (so_it_does_after_floods_of_flushes_and_ends) { check_stress (kRude); }
GST_END_TEST;

GEMINI_CHECK_MAIN (stress, whatever_is_done_from_whichever_thread_it_speaks_afterwards,
                   so_it_does_after_floods_of_flushes_and_ends)
