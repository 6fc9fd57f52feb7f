#include "net/loop.h"

#include "core/thread_sanitizer.h"

namespace gemini {
namespace {

/// Dispatches when its ready time has come; nothing else wakes it.
GSourceFuncs kAlarmFuncs = {
    .dispatch = [] (GSource *source, GSourceFunc callback, gpointer data) -> gboolean {
      g_source_set_ready_time (source, -1);
      return callback (data);
    },
};

}  // namespace

Loop::Loop ()
    : ending_ (g_cancellable_new ()),
      context_ (g_main_context_new ()),
      loop_ (g_main_loop_new (context_, FALSE)),
      thread_ (&Loop::run, this)
{
}

Loop::~Loop ()
{
  post ([this] { g_main_loop_quit (loop_); });
  thread_.join ();
  g_main_loop_unref (loop_);
  g_main_context_unref (context_);
  g_object_unref (ending_);
}

void Loop::run ()
{
  g_main_context_push_thread_default (context_);
  g_main_loop_run (loop_);
  for (;;) {
    while (g_main_context_iteration (context_, FALSE)) {
    }
    if (held_ == 0)
      break;
    g_main_context_iteration (context_, TRUE);
  }
  g_main_context_pop_thread_default (context_);
}

void Loop::post (Task task)
{
  auto *given = new Task (std::move (task));
  handed_over (given);
  GSource *source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (
      source,
      [] (gpointer data) -> gboolean {
        taken_over (data);
        (*static_cast<Task *> (data)) ();
        return G_SOURCE_REMOVE;
      },
      given, [] (gpointer data) { delete static_cast<Task *> (data); });
  g_source_attach (source, context_);
  g_source_unref (source);
}

LoopAlarm::LoopAlarm (GMainContext *context, std::function<void ()> ring)
    : source_ (g_source_new (&kAlarmFuncs, sizeof (GSource))), ring_ (std::move (ring))
{
  g_source_set_callback (
      source_,
      [] (gpointer data) -> gboolean {
        static_cast<LoopAlarm *> (data)->ring_ ();
        return G_SOURCE_CONTINUE;
      },
      this, nullptr);
  g_source_attach (source_, context);
}

LoopAlarm::~LoopAlarm ()
{
  g_source_destroy (source_);
  g_source_unref (source_);
}

void LoopAlarm::ring_in (std::chrono::milliseconds delay)
{
  g_source_set_ready_time (source_, g_get_monotonic_time () + std::chrono::microseconds (delay).count ());
}

void LoopAlarm::cancel () { g_source_set_ready_time (source_, -1); }

}  // namespace gemini
