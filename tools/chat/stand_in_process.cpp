#include "stand_in_process.h"

#include <unistd.h>

#include <filesystem>
#include <initializer_list>

namespace gemini::chat {
namespace {

constexpr const char *kProgram = "gemini-stand-in";
constexpr std::string_view kGreeting = "Listening on ";

std::string find_program ()
{
  std::error_code error;
  const auto self = std::filesystem::read_symlink ("/proc/self/exe", error).parent_path ();
  if (!error)
    for (auto &path : {self / kProgram, self / "../tests/stand-in" / kProgram})
      if (access (path.c_str (), X_OK) == 0)
        return path;
  const CharPtr in_path (g_find_program_in_path (kProgram));
  return in_path ? in_path.get () : "";
}

}  // namespace

std::variant<std::unique_ptr<StandInProcess>, std::string> StandInProcess::start ()
{
  const auto program = find_program ();
  if (program.empty ())
    return "--offline needs the program gemini-stand-in, which is neither beside this one nor in PATH: "
           "build it with -Dstand-in=enabled";

  const GObjectPtr<GSubprocessLauncher> launcher (g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE));
  // Out of reach of the terminal's Ctrl-C, which is for the answer.
  g_subprocess_launcher_set_child_setup (
      launcher.get (), [] (gpointer) { setpgid (0, 0); }, nullptr, nullptr);
  GError *error = nullptr;
  auto stand_in = std::make_unique<StandInProcess> ();
  stand_in->process_.reset (g_subprocess_launcher_spawn (launcher.get (), &error, program.c_str (), "--port",
                                                         "0", "--die-with-parent", nullptr));
  if (!stand_in->process_)
    return "the stand-in cannot be started: " + std::string (GErrorPtr (error)->message);

  const GObjectPtr<GDataInputStream> output (
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (stand_in->process_.get ())));
  const CharPtr line (g_data_input_stream_read_line (output.get (), nullptr, nullptr, nullptr));
  if (!line || !std::string_view (line.get ()).starts_with (kGreeting))
    return "the stand-in did not start: " + program;  // it has said why itself
  stand_in->endpoint_ = line.get () + kGreeting.size ();
  return stand_in;
}

StandInProcess::~StandInProcess ()
{
  if (!process_)
    return;
  g_subprocess_send_signal (process_.get (), SIGTERM);
  g_subprocess_wait (process_.get (), nullptr, nullptr);
}

}  // namespace gemini::chat
