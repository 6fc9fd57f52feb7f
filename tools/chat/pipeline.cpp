#include "pipeline.h"

namespace gemini::chat {
namespace {

guint64 number (const GstStructure *structure, const char *field)
{
  guint64 value = GST_CLOCK_TIME_NONE;
  gst_structure_get_uint64 (structure, field, &value);
  return value;
}

}  // namespace

Pipeline::Pipeline () : pipeline_ (gst_pipeline_new ("chat")) {}

Pipeline::~Pipeline ()
{
  const GstObjectPtr<GstBus> bus (gst_element_get_bus (pipeline_.get ()));
  gst_element_set_state (pipeline_.get (), GST_STATE_NULL);
  gst_bus_set_sync_handler (bus.get (), nullptr, nullptr, nullptr);
  if (on_message_)
    gst_bus_remove_watch (bus.get ());
}

std::string Pipeline::configure (const Options &options)
{
  source_ = gst_element_factory_make ("geminisrc", nullptr);
  if (source_ == nullptr)
    return "GStreamer does not know geminisrc: install the plugin, or name its folder in GST_PLUGIN_PATH";
  gst_bin_add (GST_BIN (pipeline_.get ()), source_);
  g_object_set (source_, "num-turns", -1, "transcription", static_cast<gboolean> (!options.tts), nullptr);
  if (options.tts)
    gst_util_set_object_arg (G_OBJECT (source_), "api", "tts");
  const std::pair<const char *, const std::string &> texts[] = {
      {"voice", options.voice}, {"model", options.model}, {"system-instruction", options.system}};
  for (auto &[name, value] : texts)
    if (!value.empty ())
      g_object_set (source_, name, value.c_str (), nullptr);
  return "";
}

std::string Pipeline::build (const Options &options, const std::string &endpoint,
                             const std::optional<std::string> &key)
{
  if (auto wrong = configure (options); !wrong.empty ())
    return wrong;
  if (!endpoint.empty ())
    g_object_set (source_, "endpoint", endpoint.c_str (), nullptr);
  if (key)
    g_object_set (source_, "api-key", key->c_str (), nullptr);

  GError *error = nullptr;
  const auto description = "queue ! audioconvert ! audioresample ! " + options.sink;
  speaker_ = gst_parse_bin_from_description (description.c_str (), TRUE, &error);
  if (error != nullptr) {
    const GErrorPtr owned (error);
    if (speaker_ != nullptr)
      gst_object_unref (gst_object_ref_sink (speaker_));
    return "cannot play to " + options.sink + ": " + error->message;
  }
  auto *tee = gst_element_factory_make ("tee", nullptr);
  gst_bin_add_many (GST_BIN (pipeline_.get ()), tee, speaker_, nullptr);
  gst_element_link_many (source_, tee, speaker_, nullptr);
  if (options.record.empty ())
    return "";
  if (auto wrong = Recorder::complain (options.record); !wrong.empty ())
    return wrong;
  recorder_ = std::make_unique<Recorder> (options.record);
  gst_element_link (tee, recorder_->add_to (GST_BIN (pipeline_.get ())));
  return "";
}

bool Pipeline::start (std::function<void (GstMessage *)> on_message)
{
  on_message_ = std::move (on_message);
  const GstObjectPtr<GstBus> bus (gst_element_get_bus (pipeline_.get ()));
  gst_bus_set_sync_handler (
      bus.get (),
      [] (GstBus *, GstMessage *message, gpointer self) {
        return static_cast<Pipeline *> (self)->mark (message);
      },
      this, nullptr);
  gst_bus_add_watch (
      bus.get (),
      [] (GstBus *, GstMessage *message, gpointer self) -> gboolean {
        static_cast<Pipeline *> (self)->on_message_ (message);
        return G_SOURCE_CONTINUE;
      },
      this);
  gst_element_add_property_notify_watch (source_, "state", TRUE);
  return gst_element_set_state (pipeline_.get (), GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE;
}

/// On the streaming thread, between the last buffer of one turn and the first of the next: what follows
/// this event downstream belongs to the turn.
GstBusSyncReply Pipeline::mark (GstMessage *message)
{
  auto *structure = gst_message_get_structure (message);
  if (!recorder_ || GST_MESSAGE_SRC (message) != GST_OBJECT (source_) || structure == nullptr)
    return GST_BUS_PASS;
  if (gst_structure_has_name (structure, "gemini-turn-started") ||
      gst_structure_has_name (structure, "gemini-turn-complete")) {
    guint turn = 0;
    gst_structure_get_uint (structure, "turn", &turn);
    const GstObjectPtr<GstPad> pad (gst_element_get_static_pad (source_, "src"));
    Recorder::mark_turn (pad.get (), turn);
  }
  return GST_BUS_PASS;
}

bool Pipeline::ask (const std::string &text)
{
  gboolean sent = FALSE;
  g_signal_emit_by_name (source_, "send-text", text.c_str (), &sent);
  return sent;
}

std::unique_ptr<GstStructure, Freer<gst_structure_free>> Pipeline::raw_stats () const
{
  GstStructure *stats = nullptr;
  g_object_get (source_, "stats", &stats, nullptr);
  return std::unique_ptr<GstStructure, Freer<gst_structure_free>> (stats);
}

Pipeline::Stats Pipeline::stats () const
{
  const auto raw = raw_stats ();
  Stats stats;
  stats.buffered = number (raw.get (), "buffered-time");
  guint underruns = 0;
  gst_structure_get_uint (raw.get (), "underruns", &underruns);
  stats.underruns = underruns;
  const auto requested = number (raw.get (), "requested");
  const auto started = number (raw.get (), "started");
  const auto audible = number (raw.get (), "first-audible");
  if (GST_CLOCK_TIME_IS_VALID (audible) && GST_CLOCK_TIME_IS_VALID (started)) {
    stats.latency = audible - started;
    if (GST_CLOCK_TIME_IS_VALID (requested) && audible >= requested)
      stats.first_sound = audible - requested;
  }
  return stats;
}

GstClockTime Pipeline::running_time () const
{
  return gst_element_get_current_running_time (pipeline_.get ());
}

}  // namespace gemini::chat
