#include "options.h"

#include <gst/gst.h>

#include <tuple>

#include "core/glib_ptr.h"

namespace gemini::chat {
namespace {

/// Texts of an option group, each owned by GLib's rules.
struct Texts {
  char *voice = nullptr;
  char *model = nullptr;
  char *system = nullptr;
  char *record = nullptr;
  char *sink = nullptr;
  char *server = nullptr;
};

std::string take (char *text) { return text != nullptr ? CharPtr (text).get () : ""; }

}  // namespace

std::variant<Options, std::string> parse_options (int *argc, char ***argv)
{
  Texts texts;
  gboolean tts = FALSE, stats = FALSE, json = FALSE, offline = FALSE, version = FALSE;
  const GOptionEntry entries[] = {
      {"voice", 0, 0, G_OPTION_ARG_STRING, &texts.voice, "The voice that speaks, such as Kore or Puck",
       "NAME"},
      {"model", 0, 0, G_OPTION_ARG_STRING, &texts.model, "The model that answers", "NAME"},
      {"system", 0, 0, G_OPTION_ARG_STRING, &texts.system, "How the model is to behave", "TEXT"},
      {"tts", 0, 0, G_OPTION_ARG_NONE, &tts, "Read each line aloud in place of answering it", nullptr},
      {"record", 0, 0, G_OPTION_ARG_FILENAME, &texts.record,
       "Record what is said to this WAV file; to a folder, a file for each turn", "FILE|DIR"},
      {"sink", 0, 0, G_OPTION_ARG_STRING, &texts.sink, "Element that plays, with its properties", "ELEMENT"},
      {"server", 0, 0, G_OPTION_ARG_STRING, &texts.server, "Another endpoint, such as the stand-in's", "URL"},
      {"offline", 0, 0, G_OPTION_ARG_NONE, &offline, "Talk to a stand-in on this machine, without a key",
       nullptr},
      {"stats", 0, 0, G_OPTION_ARG_NONE, &stats, "Say after each answer how it came", nullptr},
      {"json", 0, 0, G_OPTION_ARG_NONE, &json, "For programs: one JSON object a line for each event",
       nullptr},
      {"version", 0, 0, G_OPTION_ARG_NONE, &version, "Show the version", nullptr},
      {},
  };
  const std::unique_ptr<GOptionContext, Freer<g_option_context_free>> context (
      g_option_context_new ("- type a question, hear Gemini answer"));
  g_option_context_set_description (
      context.get (),
      "The key is GOOGLE_API_KEY or GEMINI_API_KEY, of the environment or of the file .env in this folder.\n"
      "Questions come line by line from standard input. At a terminal, a question that is typed while\n"
      "Gemini speaks interrupts it, Ctrl-C interrupts it, and Ctrl-C again or Ctrl-D leaves.\n"
      "More is in the manual page: man gemini-chat");
  g_option_context_add_main_entries (context.get (), entries, nullptr);
  g_option_context_add_group (context.get (), gst_init_get_option_group ());
  GError *error = nullptr;
  const bool good = g_option_context_parse (context.get (), argc, argv, &error) != FALSE;
  Options options{.voice = take (texts.voice),
                  .model = take (texts.model),
                  .system = take (texts.system),
                  .record = take (texts.record),
                  .server = take (texts.server),
                  .tts = tts != FALSE,
                  .stats = stats != FALSE,
                  .json = json != FALSE,
                  .offline = offline != FALSE};
  if (texts.sink != nullptr)
    options.sink = take (texts.sink);
  if (!good)
    return std::string (GErrorPtr (error)->message) + "; see --help";
  if (version) {
    g_print ("gemini-chat %s\n", GST_GEMINI_VERSION);
    std::exit (EXIT_SUCCESS);
  }
  if (*argc > 1)
    return std::string ("'") + (*argv)[1] + "' is no option: questions come from standard input; see --help";
  for (auto &[name, value, given] : {std::tuple ("--record", options.record, texts.record != nullptr),
                                     std::tuple ("--sink", options.sink, texts.sink != nullptr),
                                     std::tuple ("--server", options.server, texts.server != nullptr)})
    if (given && value.empty ())
      return std::string (name) + " is given without a value; see --help";
  if (options.offline && !options.server.empty ())
    return "--offline has a server of its own, so --server makes no sense with it";
  return options;
}

}  // namespace gemini::chat
