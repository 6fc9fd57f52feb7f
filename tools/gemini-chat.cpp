// gemini-chat: type a question, hear the answer, type the next one.

#include <gst/gst.h>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <string>

namespace {

struct Options {
  char *voice = nullptr;
  char *model = nullptr;
  char *system = nullptr;
  char *record = nullptr;
  char *server = nullptr;
  char *sink = nullptr;
};

/// One session from the first question to the last sample. Lives on the main loop.
class Chat {
 public:
  explicit Chat (const Options &options);
  ~Chat ();

  int run ();

 private:
  void build (const Options &options);
  GstElement *add (const char *factory);
  void on_line (const std::string &line);
  void ask_next ();
  void on_end_of_input ();
  void on_message (GstMessage *message);
  void on_element_message (const GstStructure *structure);
  void prompt ();
  void finish_if_done ();
  void stop (int code);

  GMainLoop *loop_;
  GstElement *pipeline_;
  GstElement *source_ = nullptr;
  bool interactive_;
  bool input_ended_ = false;
  std::deque<std::string> questions_;  ///< not asked yet
  unsigned asked_ = 0;
  unsigned answered_ = 0;
  int code_ = EXIT_SUCCESS;
};

Chat::Chat (const Options &options)
    : loop_ (g_main_loop_new (nullptr, FALSE)),
      pipeline_ (gst_pipeline_new ("chat")),
      interactive_ (isatty (fileno (stdin)) != 0)
{
  build (options);

  auto *bus = gst_element_get_bus (pipeline_);
  auto on_bus = +[] (GstBus *, GstMessage *message, gpointer self) -> gboolean {
    static_cast<Chat *> (self)->on_message (message);
    return G_SOURCE_CONTINUE;
  };
  gst_bus_add_watch (bus, on_bus, this);
  gst_object_unref (bus);

  auto *input = g_io_channel_unix_new (fileno (stdin));
  auto on_input = +[] (GIOChannel *channel, GIOCondition, gpointer self) -> gboolean {
    char *line = nullptr;
    gsize terminator = 0;
    auto status = g_io_channel_read_line (channel, &line, nullptr, &terminator, nullptr);
    if (status == G_IO_STATUS_NORMAL) {
      line[terminator] = '\0';
      static_cast<Chat *> (self)->on_line (line);
      g_free (line);
      return G_SOURCE_CONTINUE;
    }
    static_cast<Chat *> (self)->on_end_of_input ();
    return G_SOURCE_REMOVE;
  };
  g_io_add_watch (input, static_cast<GIOCondition> (G_IO_IN | G_IO_HUP), on_input, this);
  g_io_channel_unref (input);
}

Chat::~Chat ()
{
  gst_element_set_state (pipeline_, GST_STATE_NULL);
  auto *bus = gst_element_get_bus (pipeline_);
  gst_bus_remove_watch (bus);
  gst_object_unref (bus);
  gst_object_unref (pipeline_);
  g_main_loop_unref (loop_);
}

GstElement *Chat::add (const char *factory)
{
  auto *element = gst_element_factory_make (factory, nullptr);
  if (element == nullptr) {
    std::fprintf (stderr, "gemini-chat: there is no element %s; is GStreamer's plugin for it installed?\n",
                  factory);
    std::exit (EXIT_FAILURE);
  }
  gst_bin_add (GST_BIN (pipeline_), element);
  return element;
}

void Chat::build (const Options &options)
{
  source_ = add ("geminisrc");
  g_object_set (source_, "num-turns", -1, nullptr);
  const std::pair<const char *, const char *> texts[] = {{"voice", options.voice},
                                                         {"model", options.model},
                                                         {"system-instruction", options.system},
                                                         {"endpoint", options.server}};
  for (auto [name, value] : texts)
    if (value != nullptr)
      g_object_set (source_, name, value, nullptr);

  auto *tee = add ("tee");
  auto *speaker = add ("queue");
  auto *convert = add ("audioconvert");
  auto *resample = add ("audioresample");
  auto *sink = add (options.sink != nullptr ? options.sink : "autoaudiosink");
  gst_element_link_many (source_, tee, speaker, convert, resample, sink, nullptr);
  if (options.record == nullptr)
    return;

  auto *branch = add ("queue");
  auto *speech_only = add ("identity");
  auto *encoder = add ("wavenc");
  auto *file = add ("filesink");
  gst_util_set_object_arg (G_OBJECT (speech_only), "drop-buffer-flags", "droppable");
  g_object_set (file, "location", options.record, "async", FALSE, nullptr);
  gst_element_link_many (tee, branch, speech_only, encoder, file, nullptr);
}

int Chat::run ()
{
  if (gst_element_set_state (pipeline_, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    code_ = EXIT_FAILURE;  // the reason is on the bus
  prompt ();
  g_main_loop_run (loop_);
  return code_;
}

void Chat::prompt ()
{
  if (interactive_ && !input_ended_) {
    std::fputs ("Input > ", stdout);
    std::fflush (stdout);
  }
}

/// A person interrupts, a file waits for its answer.
void Chat::on_line (const std::string &line)
{
  if (line.find_first_not_of (" \t\r") == std::string::npos)
    return prompt ();
  questions_.push_back (line);
  if (interactive_ || asked_ == answered_)
    ask_next ();
}

void Chat::ask_next ()
{
  gboolean sent = FALSE;
  g_signal_emit_by_name (source_, "send-text", questions_.front ().c_str (), &sent);
  questions_.pop_front ();
  if (!sent)
    return;  // not started, and the reason is on the bus
  asked_++;
}

void Chat::on_end_of_input ()
{
  input_ended_ = true;
  finish_if_done ();
}

/// What was asked is answered to the last sample before the program ends.
void Chat::finish_if_done ()
{
  if (input_ended_ && questions_.empty () && answered_ >= asked_)
    gst_element_send_event (pipeline_, gst_event_new_eos ());
}

void Chat::on_message (GstMessage *message)
{
  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_ERROR: {
      GError *error = nullptr;
      gst_message_parse_error (message, &error, nullptr);
      std::fprintf (stderr, "%sgemini-chat: %s\n", interactive_ ? "\n" : "", error->message);
      g_error_free (error);
      return stop (EXIT_FAILURE);
    }
    case GST_MESSAGE_EOS:
      return stop (EXIT_SUCCESS);
    case GST_MESSAGE_LATENCY:
      gst_bin_recalculate_latency (GST_BIN (pipeline_));
      return;
    case GST_MESSAGE_ELEMENT:
      return on_element_message (gst_message_get_structure (message));
    default:
      return;
  }
}

void Chat::on_element_message (const GstStructure *structure)
{
  if (!gst_structure_has_name (structure, "gemini-turn-complete"))
    return;
  guint64 samples = 0;
  guint rate = 1;
  gst_structure_get (structure, "samples", G_TYPE_UINT64, &samples, "rate", G_TYPE_UINT, &rate, nullptr);
  if (samples == 0)
    std::fputs ("(no speech in this answer)\n", stdout);
  else if (!interactive_)
    std::printf ("%.1f s of speech\n", static_cast<double> (samples) / rate);
  answered_++;
  if (!questions_.empty ())
    ask_next ();
  prompt ();
  finish_if_done ();
}

void Chat::stop (int code)
{
  code_ = code;
  g_main_loop_quit (loop_);
}

}  // namespace

int main (int argc, char **argv)
{
  Options options;
  const GOptionEntry entries[] = {
      {"voice", 0, 0, G_OPTION_ARG_STRING, &options.voice, "The voice that speaks, such as Kore or Puck",
       "NAME"},
      {"model", 0, 0, G_OPTION_ARG_STRING, &options.model, "The model that answers", "NAME"},
      {"system", 0, 0, G_OPTION_ARG_STRING, &options.system, "How the model is to behave", "TEXT"},
      {"record", 0, 0, G_OPTION_ARG_FILENAME, &options.record, "Record all that is said to this WAV file",
       "FILE"},
      {"server", 0, 0, G_OPTION_ARG_STRING, &options.server, "Another endpoint, such as the stand-in's",
       "URL"},
      {"sink", 0, 0, G_OPTION_ARG_STRING, &options.sink, "Element that plays (autoaudiosink)", "ELEMENT"},
      {},
  };
  auto *context = g_option_context_new ("- type a question, hear Gemini answer");
  g_option_context_set_description (
      context,
      "The key comes from the environment: GOOGLE_API_KEY, then GEMINI_API_KEY. Questions come line by "
      "line from standard input; a question typed while Gemini speaks interrupts it.");
  g_option_context_add_main_entries (context, entries, nullptr);
  g_option_context_add_group (context, gst_init_get_option_group ());
  GError *error = nullptr;
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    std::fprintf (stderr, "gemini-chat: %s; see --help\n", error->message);
    g_error_free (error);
    return 2;
  }
  g_option_context_free (context);

  return Chat (options).run ();
}
