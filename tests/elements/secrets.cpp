// A key, a token, a password and the handle of a session are told to nobody: not in a log of any level, not
// in a message, not in a picture of the pipeline, not by a property. What went well, what failed and what was
// taken up again are looked at in the same way.

#include "elements/failure.h"
#include "stand-in/fault.h"
#include "support/eavesdropper.h"
#include "support/pipeline.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Options;
using stand_in::Server;

namespace {

constexpr size_t kFrames = 4800;
constexpr const char *kSecret = "CANARY";
constexpr const char *kHandle = "CANARY-handle-0123456789";

/// Where an application puts what nobody else may see.
const struct Way {
  const char *name;
  const char *variable;  ///< of the environment
  const char *property;
  const char *value;
} kWays[] = {
    {"key in the environment", "GEMINI_API_KEY", nullptr, kSecretKey},
    {"token in the environment", "GEMINI_ACCESS_TOKEN", nullptr, "ya29.CANARY-token-0123456789"},
    {"key", nullptr, "api-key", kSecretKey},
    {"ephemeral token", nullptr, "api-key", kSecretToken},
    {"token", nullptr, "access-token", "ya29.CANARY-token-0123456789"},
};

/// What happens to a session. Servers and those in between like to quote what they were shown.
const struct Fate {
  const char *name;
  const char *fault;
} kFates[] = {
    {"nothing", nullptr},
    {"refused", "http:401@request*1"},
    {"refused as from a proxy", "html:403@request*1"},
    {"closed", "close:1008:API key AIzaSyCANARY-key-0123456789 is not valid@chunk:0*1"},
    {"closed for the token", "close:1007:token ya29.CANARY-token-0123456789 has expired@chunk:1*1"},
    {"nonsense", R"(message:{"serverContent":"AIzaSyCANARY-key-0123456789"}@chunk:0*1)"},
    {"lost", "reset@chunk:1*1"},
};

Options answer (const Fate &fate)
{
  Options options{
      .counter_frames = kFrames, .pace = {.speed = 0, .playback = 0}, .shape = {.chunks = {2400}}};
  if (fate.fault != nullptr) {
    auto fault = stand_in::parse_fault (fate.fault);
    fail_unless (std::holds_alternative<stand_in::Fault> (fault), "%s", fate.fault);
    options.faults.push_back (std::get<stand_in::Fault> (fault));
  }
  return options;
}

void check_text_is_clean (const char *text, const std::string &where)
{
  fail_unless (text == nullptr || std::string_view (text).find (kSecret) == std::string_view::npos, "%s: %s",
               where.c_str (), text);
}

void check_properties (GstElement *element, const std::string &where)
{
  guint count = 0;
  std::unique_ptr<GParamSpec *, Freer<g_free>> specs (
      g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &count));
  for (guint i = 0; i < count; i++) {
    auto *spec = specs.get ()[i];
    if ((spec->flags & G_PARAM_READABLE) == 0)
      continue;
    GValue value = G_VALUE_INIT;
    g_object_get_property (G_OBJECT (element), spec->name, &value);
    const CharPtr text (g_strdup_value_contents (&value));
    check_text_is_clean (text.get (), where + ", property " + spec->name);
    g_value_unset (&value);
  }
}

void check_picture (GstElement *pipeline, const std::string &where)
{
  const CharPtr dot (gst_debug_bin_to_dot_data (GST_BIN (pipeline), GST_DEBUG_GRAPH_SHOW_ALL));
  check_text_is_clean (dot.get (), where + ", picture");
}

/// Plays to the end of the stream, or to an error, and looks at everything that was told on the way.
void check_told (Pipeline &pipeline, const std::string &where)
{
  pipeline.play ();
  const GstObjectPtr<GstBus> bus (gst_element_get_bus (pipeline.pipeline));
  for (bool over = false; !over;) {
    const MessagePtr message (gst_bus_timed_pop (bus.get (), GST_CLOCK_TIME_NONE));
    auto type = GST_MESSAGE_TYPE (message.get ());
    over = type == GST_MESSAGE_EOS || type == GST_MESSAGE_ERROR;
    if (type == GST_MESSAGE_ERROR || type == GST_MESSAGE_WARNING) {
      GError *error = nullptr;
      char *debug = nullptr;
      (type == GST_MESSAGE_ERROR ? gst_message_parse_error : gst_message_parse_warning) (message.get (),
                                                                                         &error, &debug);
      check_text_is_clean (error->message, where);
      check_text_is_clean (debug, where);
      g_error_free (error);
      g_free (debug);
    }
    if (auto *structure = gst_message_get_structure (message.get ()))
      check_text_is_clean (CharPtr (gst_structure_to_string (structure)).get (), where);
    check_picture (pipeline.pipeline, where);
  }
  check_properties (pipeline.src, where);
  pipeline.set_state (GST_STATE_NULL);
}

}  // namespace

GST_START_TEST (what_opens_the_door_is_told_to_nobody_but_the_server)
{
  auto &ear = Eavesdropper::listen ();
  for (const char *api : {"live", "tts"})
    for (auto &way : kWays)
      for (auto &fate : kFates) {
        auto where = std::string (api) + ", " + way.name + ", " + fate.name;
        Server server (answer (fate));
        if (way.variable != nullptr)
          g_setenv (way.variable, way.value, TRUE);
        {
          Pipeline pipeline (
              server, std::string ("geminisrc name=src is-live=false retries=1 retry-backoff-factor=0 api=") +
                          api + " extra-headers=headers,x-secret=CANARY-header ! fakesink");
          ear.heard ("");  // the line above is read by GStreamer, which tells what it reads
          if (way.property != nullptr)
            g_object_set (pipeline.src, way.property, way.value, nullptr);
          check_told (pipeline, where);
        }
        if (way.variable != nullptr)
          g_unsetenv (way.variable);
        fail_unless (ear.lines () > 100, "%s: nothing was listened to", where.c_str ());
        auto line = ear.heard (kSecret);
        fail_unless (line.empty (), "%s: %s", where.c_str (), line.c_str ());
      }
}
GST_END_TEST;

GST_START_TEST (a_handle_is_in_no_log)
{
  auto &ear = Eavesdropper::listen ();
  Options options{
      .counter_frames = kFrames, .pace = {.speed = 0, .playback = 0}, .shape = {.chunks = {2400}}};
  for (
      const char *fault :
      {R"(message:{"sessionResumptionUpdate":{"newHandle":"CANARY-handle-0123456789","resumable":true}}@ready)",
       "goaway:1@chunk:0*1", "close:1008:session CANARY-handle-0123456789 was aborted@chunk:1*1"})
    options.faults.push_back (std::get<stand_in::Fault> (stand_in::parse_fault (fault)));
  Server server (options);
  {
    Pipeline pipeline (server,
                       "geminisrc name=src is-live=false num-turns=3 retry-backoff-factor=0 ! fakesink");
    pipeline.play ();
    for (int turn = 0; turn < 3; turn++) {
      if (turn > 0)
        fail_unless (pipeline.send_text ("Go on"));
      fail_unless (pipeline.wait_for_message ("gemini-turn-complete") != nullptr);
    }
    pipeline.wait_for_eos ();
    check_properties (pipeline.src, "taken up again");
  }
  bool shown = false;
  auto record = server.record ();
  for (size_t i = 0; i < record.connections.size (); i++)
    for (auto &message : server.messages (i))
      shown = shown || message.find (kHandle) != message.npos;
  fail_unless (shown, "the session was not taken up again by its handle");
  auto line = ear.heard (kSecret);
  fail_unless (line.empty (), "%s", line.c_str ());
}
GST_END_TEST;

GEMINI_CHECK_MAIN (secrets, what_opens_the_door_is_told_to_nobody_but_the_server, a_handle_is_in_no_log)
