// gemini-stand-in: the server as a program. See --help.
#include <glib-unix.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>

#include "stand-in/loop.h"
#include "stand-in/program/command_line.h"
#include "stand-in/recording/relay.h"
#include "stand-in/recording/replay.h"
#include "stand-in/server.h"
#include "stand-in/voice/voice.h"

namespace {

using namespace gemini::stand_in;

constexpr int kCannotRun = 1, kWrongOption = 2;

/// The first word of a real answer must not wait for espeak-ng to start, and a bad recording is told at once.
std::string try_voice (const Options &options)
{
  const auto samples = speak ({.text = "Hello", .voice_name = "", .language = ""}, options);
  const auto *error = std::get_if<std::string> (&samples);
  return error ? *error : "";
}

void report (const std::string &line) { std::fprintf (stderr, "gemini-stand-in: %s\n", line.c_str ()); }

int complain (int status, const std::string &sentence)
{
  report (sentence);
  return status;
}

/// Until a signal says so.
int serve (const std::string &uri)
{
  const MainLoopPtr loop (g_main_loop_new (nullptr, FALSE));
  const GSourceFunc quit = [] (gpointer data) -> gboolean {
    g_main_loop_quit (static_cast<GMainLoop *> (data));
    return G_SOURCE_CONTINUE;
  };
  g_unix_signal_add (SIGINT, quit, loop.get ());
  g_unix_signal_add (SIGTERM, quit, loop.get ());
  std::printf ("Listening on %s\n", uri.c_str ());
  std::fflush (stdout);
  g_main_loop_run (loop.get ());
  return 0;
}

int run (const Options &options, bool verbose)
{
  if (const std::string error = try_voice (options); !error.empty ())
    return complain (kCannotRun, error);
  Server server (options);
  if (!server.error ().empty ())
    return complain (kCannotRun, server.error ());
  if (verbose)
    server.set_reporter ([] (const std::string &line) { std::fprintf (stderr, "%s\n", line.c_str ()); });
  return serve (server.uri ());
}

int record (const Command &command)
{
  const Relay relay (command.options.port, command.upstream, command.record, report);
  return relay.error ().empty () ? serve (relay.uri ()) : complain (kCannotRun, relay.error ());
}

int replay (const Command &command)
{
  auto events = read_wire_log (command.replay);
  if (const auto *error = std::get_if<std::string> (&events))
    return complain (kCannotRun, *error);
  const Replay replay (command.options.port, std::move (std::get<0> (events)), command.fast, report);
  return replay.error ().empty () ? serve (replay.uri ()) : complain (kCannotRun, replay.error ());
}

}  // namespace

int main (int argc, char **argv)
{
  const pid_t parent = getppid ();
  const auto parsed = parse_command_line ({argv + 1, argv + argc});
  if (const auto *error = std::get_if<std::string> (&parsed))
    return complain (kWrongOption, *error);
  const Command &command = std::get<Command> (parsed);
  if (command.help)
    return std::fputs (manual ().c_str (), stdout) < 0;
  if (command.version)
    return std::puts ("gemini-stand-in " GST_GEMINI_VERSION) < 0;
  if (command.die_with_parent) {
    prctl (PR_SET_PDEATHSIG, SIGTERM);
    if (getppid () != parent)
      return 0;
  }
  if (!command.record.empty ())
    return record (command);
  if (!command.replay.empty ())
    return replay (command);
  return run (command.options, command.verbose);
}
