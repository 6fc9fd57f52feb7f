#include "stand-in/loop.h"

#include "net/thread_sanitizer.h"

#include <future>

namespace gemini::stand_in {

Loop::Loop () : context_ (g_main_context_new ()), loop_ (g_main_loop_new (context_.get (), FALSE))
{
  thread_ = std::thread ([this] {
    g_main_context_push_thread_default (context_.get ());
    g_main_loop_run (loop_.get ());
    g_main_context_pop_thread_default (context_.get ());
  });
}

Loop::~Loop ()
{
  // Posted, as a loop that does not run yet would miss the call.
  post ([this] { g_main_loop_quit (loop_.get ()); });
  thread_.join ();
}

void Loop::post (Task task)
{
  // Not g_main_context_invoke (): on the loop itself that would run the task right here.
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
  g_source_attach (source, context_.get ());
  g_source_unref (source);
}

void Loop::run (const Task &task)
{
  std::promise<void> done;
  post ([&] {
    task ();
    done.set_value ();
  });
  done.get_future ().wait ();
}

Timer::Timer (Task expired) : expired_ (std::move (expired))
{
  static GSourceFuncs funcs = {
      .prepare = nullptr,
      .check = nullptr,
      .dispatch = [] (GSource *source, GSourceFunc callback, gpointer data) -> gboolean {
        g_source_set_ready_time (source, -1);
        return callback (data);
      },
      .finalize = nullptr,
      .closure_callback = nullptr,
      .closure_marshal = nullptr,
  };
  source_ = g_source_new (&funcs, sizeof (GSource));
  g_source_set_callback (
      source_,
      [] (gpointer self) -> gboolean {
        static_cast<Timer *> (self)->expired_ ();
        return G_SOURCE_CONTINUE;
      },
      this, nullptr);
  g_source_attach (source_, g_main_context_get_thread_default ());
}

Timer::~Timer ()
{
  g_source_destroy (source_);
  g_source_unref (source_);
}

}  // namespace gemini::stand_in
