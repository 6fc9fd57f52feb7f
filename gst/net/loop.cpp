#include "net/loop.h"

#include <utility>

#include "net/thread_sanitizer.h"

namespace gemini {
namespace {

constexpr gint64 kNever = -1;

/// Dispatches when its ready time has come; nothing else wakes it.
GSourceFuncs kAlarmFuncs = {
    .dispatch = [] (GSource *, GSourceFunc callback, gpointer data) -> gboolean { return callback (data); },
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
    : source_ (g_source_new (&kAlarmFuncs, sizeof (GSource))),
      ring_ (std::move (ring)),
      due_ (kNever),
      set_for_ (kNever)
{
  g_source_set_callback (
      source_,
      [] (gpointer data) -> gboolean {
        static_cast<LoopAlarm *> (data)->on_ready ();
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

/// An alarm that is put off with every message costs nothing: each change of a ready time wakes the loop up
/// once more, so the time that is set stays, and whether it was the right one is seen when it has come.
void LoopAlarm::ring_in (std::chrono::milliseconds delay)
{
  due_ = g_get_monotonic_time () + std::chrono::microseconds (delay).count ();
  if (set_for_ == kNever || due_ < set_for_)
    set (due_);
}

void LoopAlarm::cancel () { due_ = kNever; }

void LoopAlarm::on_ready ()
{
  if (due_ != kNever && due_ > g_source_get_time (source_))
    return set (due_);
  set (kNever);
  if (std::exchange (due_, kNever) != kNever)
    ring_ ();
}

void LoopAlarm::set (gint64 time)
{
  set_for_ = time;
  g_source_set_ready_time (source_, time);
}

}  // namespace gemini
