// What the element calls may do whatever it likes, from where it is called, and take its time.

#include <atomic>
#include <cstring>
#include <future>

#include "support/pipeline.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Options;
using stand_in::Server;

namespace {

constexpr size_t kFrames = 4800;

Options quick () { return {.counter_frames = kFrames, .pace = {.speed = 0, .playback = 0}}; }

void check_speaks (Pipeline &pipeline)
{
  auto recorder = pipeline.record ("src", "src");
  pipeline.run ();
  fail_unless (recorder->speech () == counter_samples (kFrames), "%zu frames", recorder->speech ().size ());
}

/// Whatever was said on the bus so far.
void forget (const Pipeline &pipeline)
{
  const GstObjectPtr<GstBus> bus (gst_element_get_bus (pipeline.pipeline));
  gst_bus_set_flushing (bus.get (), TRUE);
  gst_bus_set_flushing (bus.get (), FALSE);
}

/// An application that does something in everything it is called with.
struct Busy {
  using Act = void (*) (Busy &);
  Pipeline &pipeline;
  Act act;
  std::atomic<int> left = 40;  ///< else it would never end
  std::atomic<int> pending = 0;
  std::mutex lock;
  std::condition_variable changed;

  void called ()
  {
    const int rest = left.fetch_sub (1);
    if (rest > 0)
      act (*this);
    const std::lock_guard guard (lock);
    changed.notify_all ();
  }
  /// It has been called, and no more comes of it.
  void calm_down ()
  {
    std::unique_lock guard (lock);
    const auto soon = std::chrono::seconds (60);
    fail_unless (changed.wait_for (guard, soon, [&] { return left <= 38; }), "%d calls", 40 - left.load ());
    left = 0;
    fail_unless (changed.wait_for (guard, soon, [&] { return pending == 0; }));
  }
  /// As an application must change states from inside of a callback.
  void later (GstState state)
  {
    pending++;
    struct Task {
      Busy &busy;
      GstState state;
    };
    gst_element_call_async (
        pipeline.pipeline,
        [] (GstElement *element, gpointer data) {
          auto &task = *static_cast<Task *> (data);
          gst_element_set_state (element, task.state);
          const std::lock_guard guard (task.busy.lock);
          task.busy.pending--;
          task.busy.changed.notify_all ();
        },
        new Task{*this, state}, [] (gpointer data) { delete static_cast<Task *> (data); });
  }
};

constexpr Busy::Act kActs[] = {
    [] (Busy &busy) { busy.pipeline.send_text ("Go on"); },
    [] (Busy &busy) { g_signal_emit_by_name (busy.pipeline.src, "interrupt"); },
    [] (Busy &busy) {
      gboolean sent = FALSE;
      g_signal_emit_by_name (busy.pipeline.src, "send-message", "{}", &sent);
      g_object_set (busy.pipeline.src, "access-token", "ya29.another", nullptr);
    },
    [] (Busy &busy) {
      GstStructure *stats = nullptr;
      gint state = 0;
      g_object_get (busy.pipeline.src, "stats", &stats, "state", &state, nullptr);
      gst_structure_free (stats);
    },
    [] (Busy &busy) { busy.later (GST_STATE_NULL); },
    [] (Busy &busy) {
      busy.later (busy.left % 3 == 0   ? GST_STATE_NULL
                  : busy.left % 3 == 1 ? GST_STATE_PAUSED
                                       : GST_STATE_PLAYING);
    },
    [] (Busy &busy) { gst_element_send_event (busy.pipeline.src, gst_event_new_eos ()); },
};

}  // namespace

GST_START_TEST (whatever_is_done_inside_of_a_callback_it_speaks_afterwards)
{
  for (auto act : kActs)
    for (bool message : {true, false}) {
      Server server (quick ());
      Pipeline pipeline (server, "geminisrc name=src num-turns=2 flush-on-interrupt=true ! queue ! fakesink");
      Busy busy{pipeline, act};
      const GstObjectPtr<GstBus> bus (gst_element_get_bus (pipeline.pipeline));
      auto on_message = +[] (GstBus *, GstMessage *told, gpointer data) {
        auto &owner = *static_cast<Busy *> (data);
        if (GST_MESSAGE_SRC (told) == GST_OBJECT (owner.pipeline.src))
          owner.called ();
        return GST_BUS_PASS;
      };
      auto on_state = +[] (GObject *, GParamSpec *, Busy *owner) { owner->called (); };
      if (message)
        gst_bus_set_sync_handler (bus.get (), on_message, &busy, nullptr);
      else
        g_signal_connect (pipeline.src, "notify::state", G_CALLBACK (on_state), &busy);
      pipeline.play ();
      pipeline.send_text ("And on");
      busy.calm_down ();
      gst_bus_set_sync_handler (bus.get (), nullptr, nullptr, nullptr);
      g_signal_handlers_disconnect_by_data (pipeline.src, &busy);
      pipeline.set_state (GST_STATE_NULL);
      forget (pipeline);
      g_object_set (pipeline.src, "num-turns", 1, nullptr);
      check_speaks (pipeline);
    }
}
GST_END_TEST;

GST_START_TEST (a_callback_that_blocks_harms_no_other_element_and_loses_nothing)
{
  for (const char *when : {"state", "message"}) {
    Server server (quick ());
    Pipeline slow (server, "geminisrc name=src ! queue ! fakesink");
    std::promise<void> open;
    struct Door {
      std::shared_future<void> open;
      std::promise<void> reached;
      std::atomic<bool> used = false;
      void pass ()
      {
        if (!used.exchange (true)) {
          reached.set_value ();
          open.wait ();
        }
      }
    } door{open.get_future ().share (), {}};
    const GstObjectPtr<GstBus> bus (gst_element_get_bus (slow.pipeline));
    auto on_message = +[] (GstBus *, GstMessage *told, gpointer data) {
      if (gst_message_has_name (told, "gemini-session"))
        static_cast<Door *> (data)->pass ();
      return GST_BUS_PASS;
    };
    auto on_state = +[] (GObject *, GParamSpec *, Door *owner) { owner->pass (); };
    if (strcmp (when, "message") == 0)
      gst_bus_set_sync_handler (bus.get (), on_message, &door, nullptr);
    else
      g_signal_connect (slow.src, "notify::state", G_CALLBACK (on_state), &door);
    slow.play ();
    door.reached.get_future ().wait ();
    {
      Pipeline other (server, "geminisrc name=src ! fakesink");
      check_speaks (other);
    }
    open.set_value ();
    slow.wait_for_eos ();
    fail_unless (slow.recorder->speech () == counter_samples (kFrames));
    gst_bus_set_sync_handler (bus.get (), nullptr, nullptr, nullptr);
    g_signal_handlers_disconnect_by_data (slow.src, &door);
  }
}
GST_END_TEST;

GEMINI_CHECK_MAIN (callbacks, whatever_is_done_inside_of_a_callback_it_speaks_afterwards,
                   a_callback_that_blocks_harms_no_other_element_and_loses_nothing)
