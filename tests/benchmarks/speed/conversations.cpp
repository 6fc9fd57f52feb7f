// Many conversations in one process, each a pipeline, all answered at the same time.
//
//   conversations geminisrc|audiotestsrc|sockets|threads COUNT URI QUESTION SECONDS
//
// Prints a line of JSON. The time of a measurement begins when all of them speak; an audiotestsrc with
// buffers of the same length says what a live source costs that has no conversation.
#include <gst/gst.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "counts.h"
#include "elements/gst_ptr.h"
#include "listener.h"
#include "stamp.h"

using namespace gemini;
using namespace gemini::bench;

namespace {

constexpr int64_t kLead = 40'000'000, kBuffer = 20'000'000;

class Conversation {
 public:
  Conversation (Counts &counts, const std::string &kind, const std::string &uri, int frames)
      : counts_ (counts), pipeline_ (gst_pipeline_new (nullptr)), is_gemini_ (kind == "geminisrc")
  {
    source_ = gst_element_factory_make (kind.c_str (), nullptr);
    auto *sink = gst_element_factory_make ("fakesink", nullptr);
    if (!source_ || !sink)
      g_error ("no %s: set GST_PLUGIN_PATH", kind.c_str ());
    g_object_set (sink, "sync", FALSE, "async", FALSE, nullptr);
    gst_bin_add_many (GST_BIN (pipeline_.get ()), source_, sink, nullptr);
    if (is_gemini_) {
      g_object_set (source_, "endpoint", uri.c_str (), "num-turns", -1, "api-key", "key", nullptr);
      gst_element_link (source_, sink);
    } else {
      g_object_set (source_, "is-live", TRUE, "samplesperbuffer", frames, nullptr);
      const CapsPtr caps (gst_caps_from_string ("audio/x-raw,format=S16LE,rate=24000,channels=1"));
      gst_element_link_filtered (source_, sink, caps.get ());
    }
    const GstObjectPtr<GstPad> pad (gst_element_get_static_pad (source_, "src"));
    gst_pad_add_probe (
        pad.get (), GST_PAD_PROBE_TYPE_BUFFER,
        [] (GstPad *, GstPadProbeInfo *info, gpointer self) {
          static_cast<Conversation *> (self)->on_buffer (GST_PAD_PROBE_INFO_BUFFER (info));
          return GST_PAD_PROBE_OK;
        },
        this, nullptr);
    const GstObjectPtr<GstBus> bus (gst_element_get_bus (pipeline_.get ()));
    gst_bus_set_sync_handler (
        bus.get (),
        [] (GstBus *, GstMessage *message, gpointer self) {
          static_cast<Conversation *> (self)->on_message (message);
          gst_message_unref (message);
          return GST_BUS_DROP;
        },
        this, nullptr);
  }
  ~Conversation () { gst_element_set_state (pipeline_.get (), GST_STATE_NULL); }
  Conversation (const Conversation &) = delete;
  Conversation &operator= (const Conversation &) = delete;

  void play () { gst_element_set_state (pipeline_.get (), GST_STATE_PLAYING); }
  void ask (const std::string &text)
  {
    gboolean sent = FALSE;
    g_signal_emit_by_name (source_, "send-text", text.c_str (), &sent);
  }

 private:
  void on_message (GstMessage *message)
  {
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
      counts_.failed++;
    else if (gst_message_has_name (message, "gemini-session"))
      counts_.ready++;
    else if (gst_message_has_name (message, "gemini-turn-started"))
      counts_.speaking++;
    else if (gst_message_has_name (message, "gemini-turn-complete"))
      counts_.complete++;
    else if (gst_message_has_name (message, "gemini-underrun") && counts_.measuring)
      dry_ = true;
  }

  void on_buffer (GstBuffer *buffer)
  {
    const bool silence = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DROPPABLE);
    if (!is_gemini_ && counts_.speaking < 1)
      counts_.speaking = 1;
    if (is_gemini_ && !silence)
      look (buffer);
    if (!counts_.measuring)
      return;
    const GstObjectPtr<GstClock> clock (gst_element_get_clock (source_));
    const auto base = static_cast<int64_t> (gst_element_get_base_time (source_));
    const auto now = static_cast<int64_t> (gst_clock_get_time (clock.get ())) - base;
    const auto pts = static_cast<int64_t> (GST_BUFFER_PTS (buffer));
    // audiotestsrc hands a buffer out at its PTS, we silence half a buffer later. Speech
    // cannot leave before it has come; the pipeline's clock is the server's.
    const int64_t leaves = !is_gemini_ ? pts
                           : silence   ? pts + kBuffer / 2
                                       : std::max (pts - kLead, sent_ - base);
    counts_.late.add (now - (is_gemini_ && !silence ? pts : leaves));
    counts_.delay.add (now - leaves);
    counts_.buffers++;
  }

  /// The message of an underrun comes right before the buffer that ends it.
  void look (GstBuffer *buffer)
  {
    BufferMap map (buffer, GST_MAP_READ);
    const auto stamp = Stamp::read (map.data (), map.size ());
    if (stamp) {
      sent_ = stamp->sent;
      slip_ = stamp->sent - stamp->due;
    }
    if (!counts_.measuring)
      return;
    if (stamp) {
      counts_.server_sent (slip_);
      counts_.chunk.add (monotonic_ns () - sent_);
    }
    if (std::exchange (dry_, false))
      counts_.ran_dry (slip_);
  }

  Counts &counts_;
  std::unique_ptr<GstElement, Freer<gst_object_unref>> pipeline_;
  GstElement *source_;
  const bool is_gemini_;
  bool dry_ = false;
  int64_t sent_ = 0;
  int64_t slip_ = 0;
};

long from_status (const char *name)
{
  std::ifstream status ("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == name) {
      long value = 0;
      status >> value;
      return value;
    }
  return 0;
}

double cpu_ms ()
{
  rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  return static_cast<double> (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
         static_cast<double> (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

void sleep_ms (double ms) { g_usleep (static_cast<gulong> (ms * 1e3)); }

/// FALSE: not in this time.
bool reach (const std::atomic<unsigned> &count, unsigned least, double seconds)
{
  const int64_t until = monotonic_ns () + static_cast<int64_t> (seconds * 1e9);
  while (count < least)
    if (monotonic_ns () > until)
      return false;
    else
      sleep_ms (1);
  return true;
}

}  // namespace

int main (int argc, char **argv)
{
  if (argc != 6) {
    std::cerr << "usage: conversations geminisrc|audiotestsrc|sockets|threads COUNT URI QUESTION SECONDS\n";
    return 2;
  }
  rlimit limit;
  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
  gst_init (nullptr, nullptr);
  const std::string kind = argv[1];
  const auto count = static_cast<unsigned> (std::atoi (argv[2]));
  const bool is_gemini = kind == "geminisrc", two_threads = kind == "threads";
  const bool has_sockets = two_threads || kind == "sockets";
  const double seconds = std::atof (argv[5]);

  Counts counts;
  std::vector<std::unique_ptr<Conversation>> all;
  std::vector<std::unique_ptr<Listener>> sockets;
  const long memory = from_status ("VmRSS:"), threads = from_status ("Threads:");
  const int64_t begun = monotonic_ns ();
  for (unsigned i = 0; i < count; ++i) {
    all.push_back (std::make_unique<Conversation> (counts, has_sockets ? "audiotestsrc" : kind, argv[3],
                                                   two_threads ? 960 : 480));
    all.back ()->play ();
    if (has_sockets)
      sockets.push_back (std::make_unique<Listener> (counts, argv[3], i, two_threads));
  }
  if ((is_gemini || has_sockets) && !reach (counts.ready, count, 60))
    std::cerr << "conversations: " << counts.ready << " of " << count << " are ready\n";
  const double start = static_cast<double> (monotonic_ns () - begun) / 1e6;
  // Nobody asks in the same moment as everybody else.
  if (is_gemini || has_sockets) {
    std::minstd_rand random;
    for (unsigned i = 0; i < count; ++i) {
      if (is_gemini)
        all[i]->ask (argv[4]);
      else
        sockets[i]->ask (argv[4]);
      sleep_ms (1000.0 / count * static_cast<double> (random () % 1000) / 500);
    }
    reach (counts.speaking, count, 10);
  }
  sleep_ms (1000);
  const double before = cpu_ms ();
  const long switches = [] {
    rusage usage;
    getrusage (RUSAGE_SELF, &usage);
    return usage.ru_nvcsw;
  }();
  const int64_t from = monotonic_ns ();
  counts.measuring = true;
  sleep_ms (seconds * 1e3);
  counts.measuring = false;
  const double wall = static_cast<double> (monotonic_ns () - from) / 1e6;
  rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  std::printf (
      "{\"count\": %u, \"failed\": %u, \"complete\": %u, \"start_ms\": %.1f, \"wall_ms\": %.1f, \"cpu_ms\": "
      "%.1f, "
      "\"switches\": %ld, \"kb\": %ld, \"threads\": %ld, \"buffers\": %llu, \"late_p50_ms\": %.2f, "
      "\"late_p99_ms\": %.2f, \"late_max_ms\": %.2f, \"delay_p50_ms\": %.2f, \"delay_p99_ms\": %.2f, "
      "\"chunk_p50_ms\": %.2f, \"chunk_p99_ms\": %.2f, \"chunk_p999_ms\": %.2f, "
      "\"underruns\": %u, \"ours\": %u, \"server_late_ms\": "
      "%.2f}\n",
      count, counts.failed.load (), counts.complete.load (), start, wall, cpu_ms () - before,
      usage.ru_nvcsw - switches, from_status ("VmRSS:") - memory, from_status ("Threads:") - threads,
      static_cast<unsigned long long> (counts.buffers.load ()), counts.late.quantile (0.5),
      counts.late.quantile (0.99), counts.late.quantile (1), counts.delay.quantile (0.5),
      counts.delay.quantile (0.99), counts.chunk.quantile (0.5), counts.chunk.quantile (0.99),
      counts.chunk.quantile (0.999), counts.underruns.load (), counts.ours.load (),
      static_cast<double> (counts.server) / 1e6);
  std::fflush (stdout);
}
