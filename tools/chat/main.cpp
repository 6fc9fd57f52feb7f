// gemini-chat: type a question, hear the answer, type the next one. See --help.

#include <glib-unix.h>
#include <langinfo.h>
#include <unistd.h>

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "chat.h"
#include "key_file.h"
#include "line_reader.h"
#include "plain_view.h"
#include "stand_in_process.h"
#include "terminal_view.h"

namespace {

using namespace gemini::chat;

constexpr int kWrongOption = 2;

/// A key is for Gemini, and what leads to Vertex AI leads away from the stand-in.
void forget_the_service ()
{
  for (auto *name : {"GOOGLE_API_KEY", "GEMINI_API_KEY", "GOOGLE_GENAI_USE_ENTERPRISE",
                     "GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_GEMINI_BASE_URL", "GOOGLE_VERTEX_BASE_URL"})
    g_unsetenv (name);
}

void on_signal (int number, GSourceFunc handle, gpointer data) { g_unix_signal_add (number, handle, data); }

void handle_signals (Chat &chat)
{
  on_signal (
      SIGINT,
      [] (gpointer c) -> gboolean {
        static_cast<Chat *> (c)->on_interrupt_key ();
        return G_SOURCE_CONTINUE;
      },
      &chat);
  on_signal (
      SIGTERM,
      [] (gpointer c) -> gboolean {
        static_cast<Chat *> (c)->leave (128 + SIGTERM);
        return G_SOURCE_CONTINUE;
      },
      &chat);
  on_signal (
      SIGHUP,
      [] (gpointer c) -> gboolean {
        static_cast<Chat *> (c)->leave (128 + SIGHUP);
        return G_SOURCE_CONTINUE;
      },
      &chat);
}

/// With line editing, on a terminal.
int talk (Pipeline &pipeline, Chat::Manners manners)
{
  Chat *listener = nullptr;
  TerminalView view ([&listener] (const std::string &line) { listener->on_line (line); },
                     [&listener] { listener->on_end_of_input (); });
  Chat chat (pipeline, view, manners);
  listener = &chat;
  handle_signals (chat);
  on_signal (
      SIGWINCH,
      [] (gpointer v) -> gboolean {
        static_cast<TerminalView *> (v)->on_resize ();
        return G_SOURCE_CONTINUE;
      },
      &view);
  view.open ();
  return chat.run ();
}

int read_questions (Pipeline &pipeline, View &view, Chat::Manners manners)
{
  Chat chat (pipeline, view, manners);
  handle_signals (chat);
  const LineReader reader ([&chat] (const std::string &line) { chat.on_line (line); },
                           [&chat] { chat.on_end_of_input (); });
  return chat.run ();
}

int run (const Options &options)
{
  PlainView plain;
  JsonView json;
  View &view = options.json ? static_cast<View &> (json) : plain;
  auto fail = [&view] (const std::string &sentence) {
    tell_trouble (view, "error", sentence);
    return EXIT_FAILURE;
  };
  std::unique_ptr<StandInProcess> stand_in;
  std::optional<std::string> key;
  auto endpoint = options.server;
  if (options.offline) {
    forget_the_service ();
    auto started = StandInProcess::start ();
    if (auto *wrong = std::get_if<std::string> (&started))
      return fail (*wrong);
    stand_in = std::move (std::get<std::unique_ptr<StandInProcess>> (started));
    endpoint = stand_in->endpoint ();
  } else {
    key = find_key ();
  }
  Pipeline pipeline;
  if (const auto wrong = pipeline.build (options, endpoint, key); !wrong.empty ())
    return fail (wrong);

  const bool typed = isatty (STDIN_FILENO) != 0;
  const Chat::Manners manners{.person = typed, .tts = options.tts, .stats = options.stats};
  if (typed && isatty (STDOUT_FILENO) && !options.json)
    return talk (pipeline, manners);
  return read_questions (pipeline, view, manners);
}

}  // namespace

int main (int argc, char **argv)
{
  std::setlocale (LC_ALL, "");
  auto parsed = parse_options (&argc, &argv);
  std::setlocale (LC_NUMERIC, "C");  // points in numbers, whatever the language
  if (std::strcmp (nl_langinfo (CODESET), "UTF-8") != 0)
    std::setlocale (LC_CTYPE, "C.UTF-8");
  if (auto *wrong = std::get_if<std::string> (&parsed)) {
    std::fprintf (stderr, "gemini-chat: %s\n", wrong->c_str ());
    return kWrongOption;
  }
  return run (std::get<Options> (parsed));
}
