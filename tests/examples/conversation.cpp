// A conversation in an application: questions one after the other, the words as they come, a function that
// the model may call, an interruption, and a recorder that comes and goes while it all runs.
//
//   GEMINI_API_KEY=… ./conversation "Who are you?" /record story.wav "Tell me a story" /end "And get_time?"
//
// Each argument is a step, taken when the one before is over:
//   QUESTION       is asked, and answered to the end
//   /cut QUESTION  is asked, and interrupted as soon as its answer is heard
//   /record FILE   from here on, what is said is recorded, too
//   /end           ends the recording

#include <gst/gst.h>

#include <cstdio>
#include <cstring>
#include <string>

namespace {

/// What goes beside `geminisrc`: which functions the model may call.
constexpr const char *kFunctions = R"({"tools":[{"functionDeclarations":[
    {"name":"get_time","description":"The time of day here"}]}]})";

/// A branch of a running pipeline that records what comes through a tee, without the silence in between.
class Recorder {
 public:
  Recorder (GstElement *pipeline, GstElement *tee, const char *file);
  ~Recorder ();

  /// Ends the file. When it is whole, a message is on the bus that `is_whole ()` knows, and the recorder can
  /// be destroyed.
  void finish ();
  static bool is_whole (const GstStructure *event);

 private:
  GstElement *pipeline_;
  GstElement *tee_;
  GstElement *branch_;
  GstPad *tee_pad_;
};

Recorder::Recorder (GstElement *pipeline, GstElement *tee, const char *file)
    : pipeline_ (pipeline), tee_ (tee)
{
  branch_ = gst_parse_bin_from_description (
      "queue ! identity drop-buffer-flags=droppable ! wavenc ! filesink name=file async=false", TRUE,
      nullptr);
  GstElement *sink = gst_bin_get_by_name (GST_BIN (branch_), "file");
  g_object_set (sink, "location", file, nullptr);

  gst_object_unref (sink);
  // A branch that ends does not end the pipeline: this has it told all the same.
  g_object_set (branch_, "message-forward", TRUE, nullptr);

  gst_bin_add (GST_BIN (pipeline_), branch_);
  gst_element_sync_state_with_parent (branch_);  // before there is data for it
  tee_pad_ = gst_element_request_pad_simple (tee_, "src_%u");
  GstPad *begin = gst_element_get_static_pad (branch_, "sink");
  gst_pad_link (tee_pad_, begin);
  gst_object_unref (begin);
}

void Recorder::finish ()
{
  // Between two buffers: from here on none comes, and what has come is written before the end.
  gst_pad_add_probe (
      tee_pad_, GST_PAD_PROBE_TYPE_IDLE,
      [] (GstPad *pad, GstPadProbeInfo *, gpointer) {
        GstPad *begin = gst_pad_get_peer (pad);
        gst_pad_unlink (pad, begin);
        gst_pad_send_event (begin, gst_event_new_eos ());
        gst_object_unref (begin);
        return GST_PAD_PROBE_REMOVE;
      },
      nullptr, nullptr);
}

bool Recorder::is_whole (const GstStructure *event)
{
  GstMessage *inner = nullptr;
  if (!gst_structure_has_name (event, "GstBinForwarded") ||
      !gst_structure_get (event, "message", GST_TYPE_MESSAGE, &inner, nullptr))
    return false;
  bool ended = GST_MESSAGE_TYPE (inner) == GST_MESSAGE_EOS;
  gst_message_unref (inner);
  return ended;
}

Recorder::~Recorder ()
{
  gst_element_set_state (branch_, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (pipeline_), branch_);
  gst_element_release_request_pad (tee_, tee_pad_);
  gst_object_unref (tee_pad_);
}

/// Takes the steps. All on one thread: that of main ().
class Conversation {
 public:
  Conversation (char **steps) : step_ (steps) {}
  ~Conversation ();

  int run ();

 private:
  bool build ();
  bool next_step ();
  void ask (const char *question);
  bool on_message (GstMessage *message);
  bool on_event (const GstStructure *event);
  void on_tool_call (const GstStructure *call);

  char **step_;
  GstElement *pipeline_ = nullptr;
  GstElement *gemini_ = nullptr;
  GstElement *tee_ = nullptr;
  Recorder *recorder_ = nullptr;
  bool cut_ = false;  ///< the running answer is to be interrupted
  bool ended_ = false;
  bool failed_ = false;
};

bool Conversation::build ()
{
  GError *error = nullptr;
  pipeline_ = gst_parse_launch (
      "geminisrc name=gemini num-turns=-1 transcription=true ! tee name=tee ! queue ! audioconvert ! "
      "audioresample ! autoaudiosink",
      &error);
  if (error != nullptr) {
    std::fprintf (stderr, "%s\n", error->message);
    g_error_free (error);
    return false;
  }
  gemini_ = gst_bin_get_by_name (GST_BIN (pipeline_), "gemini");
  tee_ = gst_bin_get_by_name (GST_BIN (pipeline_), "tee");
  g_object_set (gemini_, "setup", kFunctions, nullptr);
  return true;
}

Conversation::~Conversation ()
{
  if (pipeline_ != nullptr)
    gst_element_set_state (pipeline_, GST_STATE_NULL);
  delete recorder_;
  gst_clear_object (&tee_);
  gst_clear_object (&gemini_);
  gst_clear_object (&pipeline_);
}

int Conversation::run ()
{
  if (!build ())
    return 1;
  gst_element_set_state (pipeline_, GST_STATE_PLAYING);  // why it fails, if it does, is on the bus
  GstBus *bus = gst_element_get_bus (pipeline_);
  bool goes_on = next_step ();
  while (goes_on) {
    GstMessage *message = gst_bus_timed_pop (bus, GST_CLOCK_TIME_NONE);
    goes_on = on_message (message);
    gst_message_unref (message);
  }
  gst_object_unref (bus);
  return failed_ ? 1 : 0;
}

/// Takes steps until one has to be waited for.
bool Conversation::next_step ()
{
  for (; *step_ != nullptr;) {
    const char *step = *step_++;
    if (std::strcmp (step, "/record") == 0 && *step_ != nullptr && recorder_ == nullptr) {
      recorder_ = new Recorder (pipeline_, tee_, *step_++);
    } else if (std::strcmp (step, "/end") == 0 && recorder_ != nullptr) {
      recorder_->finish ();
      return true;  // it is on the bus when the file is whole
    } else {
      cut_ = std::strcmp (step, "/cut") == 0 && *step_ != nullptr;
      ask (cut_ ? *step_++ : step);
      return true;
    }
  }
  if (!ended_)  // after the last sample; a recording ends with it
    gst_element_send_event (pipeline_, gst_event_new_eos ());
  ended_ = true;
  return true;
}

/// May be called at any time, before the session is ready, too; while the model speaks, it interrupts.
void Conversation::ask (const char *question)
{
  gboolean sent = FALSE;
  std::printf ("> %s\n", question);
  g_signal_emit_by_name (gemini_, "send-text", question, &sent);
  if (!sent)
    std::fprintf (stderr, "This could not be asked: %s\n", question);
}

/// Whether the conversation goes on.
bool Conversation::on_message (GstMessage *message)
{
  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_ERROR: {
      GError *error = nullptr;
      gst_message_parse_error (message, &error, nullptr);
      std::fprintf (stderr, "%s\n", error->message);
      g_error_free (error);
      failed_ = true;
      return false;
    }
    case GST_MESSAGE_EOS:
      return false;
    case GST_MESSAGE_LATENCY:  // a pipeline that changes while it runs
      gst_bin_recalculate_latency (GST_BIN (pipeline_));
      return true;
    case GST_MESSAGE_ELEMENT:
      return on_event (gst_message_get_structure (message));
    default:
      return true;
  }
}

bool Conversation::on_event (const GstStructure *event)
{
  if (Recorder::is_whole (event)) {
    std::puts ("(recorded)");
    delete recorder_;
    recorder_ = nullptr;
    return next_step ();
  }
  if (gst_structure_has_name (event, "gemini-transcript")) {
    // As it comes, which is before it is heard; its running-time says when that is.
    std::printf ("%s", gst_structure_get_string (event, "text"));
    std::fflush (stdout);
  } else if (gst_structure_has_name (event, "gemini-tool-call")) {
    on_tool_call (event);
  } else if (gst_structure_has_name (event, "gemini-turn-started")) {
    if (cut_)
      g_signal_emit_by_name (gemini_, "interrupt");
  } else if (gst_structure_has_name (event, "gemini-turn-complete")) {
    guint64 heard = 0;
    guint rate = 1;
    gboolean interrupted = FALSE;
    gst_structure_get (event, "heard", G_TYPE_UINT64, &heard, "rate", G_TYPE_UINT, &rate, "interrupted",
                       G_TYPE_BOOLEAN, &interrupted, nullptr);
    std::printf ("\n(%.1f s%s)\n", static_cast<double> (heard) / rate, interrupted ? ", interrupted" : "");
    return next_step ();
  }
  return true;
}

/// The model waits for the answer, whatever it is; speech goes on meanwhile.
void Conversation::on_tool_call (const GstStructure *call)
{
  const char *name = gst_structure_get_string (call, "name");
  std::string answer = R"({"error":"there is no such function"})";
  if (std::strcmp (name, "get_time") == 0) {
    GDateTime *now = g_date_time_new_now_local ();
    char *time = g_date_time_format (now, "%H:%M");
    answer = R"({"time":")" + std::string (time) + R"("})";
    g_free (time);
    g_date_time_unref (now);
  }
  std::printf ("(%s)\n", name);
  gboolean taken = FALSE;  // FALSE, too, if the model does not want to know any more
  g_signal_emit_by_name (gemini_, "send-tool-response", gst_structure_get_string (call, "id"), name,
                         answer.c_str (), &taken);
}

/// Whether all that begins with a slash is a step that there is, with what belongs to it.
bool are_steps (char **steps)
{
  for (; *steps != nullptr; steps++) {
    const bool takes_more = std::strcmp (*steps, "/cut") == 0 || std::strcmp (*steps, "/record") == 0;
    if (takes_more && steps[1] == nullptr) {
      std::fprintf (stderr, "There is nothing behind %s.\n", *steps);
      return false;
    }
    if (!takes_more && **steps == '/' && std::strcmp (*steps, "/end") != 0) {
      std::fprintf (stderr, "There is no step %s; there are /cut, /record and /end.\n", *steps);
      return false;
    }
    steps += takes_more ? 1 : 0;
  }
  return true;
}

}  // namespace

int main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  if (argc < 2) {
    std::fprintf (stderr, "Usage: conversation QUESTION|/cut QUESTION|/record FILE|/end …\n");
    return 2;
  }
  if (!are_steps (argv + 1))
    return 2;
  return Conversation (argv + 1).run ();
}
