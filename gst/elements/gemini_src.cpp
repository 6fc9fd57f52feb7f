#include "elements/gemini_src.h"

#include <utility>

#include "core/environment.h"
#include "elements/configuration.h"
#include "elements/debug.h"
#include "elements/element_error.h"
#include "elements/messages.h"
#include "elements/uri.h"

namespace gemini {

GeminiSrc::GeminiSrc (GstBaseSrc *base)
    : base_ (base),
      element_ (GST_ELEMENT (base)),
      queue_ (element_),
      state_ ([base] { g_object_notify (G_OBJECT (base), "state"); })
{
  gst_base_src_set_format (base, GST_FORMAT_TIME);
  gst_base_src_set_live (base, settings_.is_live);
}

void GeminiSrc::set_property (guint id, const GValue *value)
{
  auto &row = settings_properties ()[id - 1];
  GST_OBJECT_LOCK (base_);
  set_field (row, settings_, value);
  bool live = settings_.is_live;
  GST_OBJECT_UNLOCK (base_);
  if (std::string_view (row.name) == "is-live")
    gst_base_src_set_live (base_, live);
  if (row.secret && (row.flags & GST_PARAM_MUTABLE_PLAYING) == GST_PARAM_MUTABLE_PLAYING)
    renew_credentials ();
}

void GeminiSrc::get_property (guint id, GValue *value)
{
  GST_OBJECT_LOCK (base_);
  get_field (settings_properties ()[id - 1], settings_, value);
  GST_OBJECT_UNLOCK (base_);
}

void GeminiSrc::renew_credentials ()
{
  std::string why;  // told without the lock: who reads the log may call us
  {
    std::lock_guard guard (conversation_lock_);
    if (!conversation_)
      return;
    auto target = session_target (settings (), process_environment ());
    if (auto *error = std::get_if<Error> (&target))
      why = error->message;
    else
      conversation_->set_target (std::move (std::get<Target> (target)));
  }
  if (!why.empty ())
    GST_WARNING_OBJECT (element_, "the credentials stay what they were: %s", why.c_str ());
}

bool GeminiSrc::set_uri (const char *uri, GError **error)
{
  if (GST_STATE (element_) > GST_STATE_READY) {
    g_set_error_literal (error, GST_URI_ERROR, GST_URI_ERROR_BAD_STATE,
                         "The URI can be set in the states NULL and READY only");
    return false;
  }
  UriProperties properties;
  if (!parse_uri (uri, properties, error) || !set_from_uri (G_OBJECT (base_), properties, error))
    return false;
  GST_OBJECT_LOCK (base_);
  uri_ = uri;
  GST_OBJECT_UNLOCK (base_);
  return true;
}

std::string GeminiSrc::uri () const
{
  GST_OBJECT_LOCK (base_);
  auto copy = uri_;
  GST_OBJECT_UNLOCK (base_);
  return copy;
}

Settings GeminiSrc::settings ()
{
  GST_OBJECT_LOCK (base_);
  auto copy = settings_;
  GST_OBJECT_UNLOCK (base_);
  return copy;
}

bool GeminiSrc::prepare ()
{
  auto settings = with_model (this->settings ());
  auto result = conversation_config (settings, process_environment ());
  if (auto *error = std::get_if<Error> (&result)) {
    post_error (element_, *error);
    return false;
  }
  if (auto warning = without_effect (settings))
    post_warning (element_, *warning);
  for (auto &voice : unknown_voices (settings))
    GST_WARNING_OBJECT (element_, "'%s' is none of the thirty prebuilt voices; it is passed on as it is",
                        voice.c_str ());
  auto &config = std::get<Conversation::Config> (result);
  if (settings.flush_on_interrupt && settings.is_live)
    config.flush = &flush_;
  prepared_ = std::move (config);
  tags_ = make_tags (settings);
  queue_.reset (playout_config (settings), settings.max_buffered_bytes);
  return true;
}

bool GeminiSrc::start ()
{
  if (!prepared_ && !prepare ())  // a pad may be activated without a change of state
    return false;
  rate_ = 0;
  flush_.reset ();

  std::lock_guard guard (conversation_lock_);
  conversation_ =
      std::make_unique<Conversation> (element_, queue_, state_, *std::exchange (prepared_, std::nullopt));
  return true;
}

/// By the application: nobody hears, and nobody should pay for, what the model would still say.
void GeminiSrc::end_conversation ()
{
  {
    std::lock_guard guard (conversation_lock_);
    if (conversation_)
      conversation_->end ();
  }
  state_.update ([] (auto &facts) { facts = {}; });
}

void GeminiSrc::stop ()
{
  std::unique_ptr<Conversation> ending;
  {
    std::lock_guard guard (conversation_lock_);
    ending = std::move (conversation_);
  }
  queue_.shut_down ();
  ending.reset ();
  flush_.reset ();
  state_.update ([] (auto &facts) { facts = {}; });
}

/// FALSE, and a warning that says why: there is no conversation, or it cannot do this.
bool GeminiSrc::with_conversation (const char *signal, const std::function<std::string (Conversation &)> &act)
{
  std::string why = "the element is not started; set it to PAUSED or PLAYING first";
  {
    std::lock_guard guard (conversation_lock_);
    if (conversation_)
      why = act (*conversation_);
  }
  if (!why.empty ())
    GST_WARNING_OBJECT (element_, "%s: %s", signal, why.c_str ());
  return why.empty ();
}

bool GeminiSrc::send_text (const char *text)
{
  return with_conversation ("send-text", [&] (Conversation &conversation) -> std::string {
    if (text == nullptr || !g_utf8_validate (text, -1, nullptr))
      return "the text is not valid UTF-8";
    return conversation.send_text (text);
  });
}

void GeminiSrc::interrupt ()
{
  with_conversation ("interrupt", [] (Conversation &conversation) -> std::string {
    conversation.interrupt ();
    return "";
  });
}

bool GeminiSrc::send_tool_response (const char *id, const char *name, const char *json)
{
  return with_conversation ("send-tool-response", [&] (Conversation &conversation) -> std::string {
    for (auto *text : {id, name, json})
      if (text == nullptr || !g_utf8_validate (text, -1, nullptr))
        return "id, name and answer must be given, in valid UTF-8";
    return conversation.send_tool_response (id, name, json);
  });
}

bool GeminiSrc::send_message (const char *json)
{
  return with_conversation ("send-message", [&] (Conversation &conversation) {
    return conversation.send_message (json != nullptr ? json : "");
  });
}

/// By the application. EOS is handled here so that caps and segment come before it even if no audio ever did.
bool GeminiSrc::send_event (GstEvent *event)
{
  if (!flush_.passes (event)) {
    gst_event_unref (event);
    return true;
  }
  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    queue_.restart ();
  if (GST_EVENT_TYPE (event) != GST_EVENT_EOS)
    return false;
  {
    std::lock_guard guard (conversation_lock_);
    if (conversation_)
      conversation_->refuse ();
  }
  queue_.request_eos (EventPtr (event));
  return true;
}

bool GeminiSrc::query (GstQuery *query)
{
  if (GST_QUERY_TYPE (query) != GST_QUERY_LATENCY)
    return false;
  bool live = gst_base_src_is_live (base_);
  // The queue holds without limit, so a sink need not hurry: no maximum.
  gst_query_set_latency (query, live, live ? queue_.latency () : 0, GST_CLOCK_TIME_NONE);
  return true;
}

GstStructure *GeminiSrc::stats () const
{
  auto report = queue_.stats ();
  report.latency = pipeline_latency_;
  return stats_structure (report);
}

/// The latency that the sinks add to every PTS.
void GeminiSrc::event (GstEvent *event)
{
  if (GST_EVENT_TYPE (event) != GST_EVENT_LATENCY)
    return;
  GstClockTime latency = 0;
  gst_event_parse_latency (event, &latency);
  pipeline_latency_ = latency;
  queue_.set_pipeline_latency (latency);
}

void GeminiSrc::set_rate (guint rate)
{
  if (std::exchange (rate_, rate) == rate)
    return;
  CapsPtr caps (gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING, "S16LE", "layout", G_TYPE_STRING,
                                     "interleaved", "rate", G_TYPE_INT, static_cast<gint> (rate), "channels",
                                     G_TYPE_INT, 1, nullptr));
  gst_base_src_set_caps (base_, caps.get ());
}

/// Before the first word: GstBaseSrc keeps them until the segment is out. Not before the first silence, for
/// wavenc writes tags at the end of a stream even if nothing came, and then before its segment.
void GeminiSrc::send_tags ()
{
  if (tags_)
    GST_ELEMENT_CLASS (g_type_class_peek (GST_TYPE_BASE_SRC))
        ->send_event (element_, gst_event_new_tag (tags_.release ()));
}

/// A sink that gets EOS without caps and a segment fails. A flush takes the segment away again.
void GeminiSrc::ensure_preamble ()
{
  if (rate_ == 0)
    set_rate (24000);
  EventPtr segment (gst_pad_get_sticky_event (GST_BASE_SRC_PAD (base_), GST_EVENT_SEGMENT, 0));
  if (!segment)
    gst_pad_push_event (GST_BASE_SRC_PAD (base_), gst_event_new_segment (&base_->segment));
}

GstFlowReturn GeminiSrc::create (GstBuffer **buffer)
{
  for (;;) {
    auto item = queue_.pop ();
    if (auto *audio = std::get_if<AudioQueue::Audio> (&item)) {
      if (audio->starts) {
        state_.update ([] (auto &facts) { facts.audible = true; });
        GST_DEBUG_OBJECT (element_, "turn %u starts at %" GST_TIME_FORMAT, audio->starts->turn,
                          GST_TIME_ARGS (audio->starts->started));
        post_turn_started (element_, *audio->starts);
      }
      set_rate (audio->rate);
      if (audio->starts)
        send_tags ();
      if (audio->underrun) {
        GST_INFO_OBJECT (element_, "speech had stopped for %" GST_TIME_FORMAT,
                         GST_TIME_ARGS (audio->underrun->duration));
        post_underrun (element_, *audio->underrun);
      }
      *buffer = audio->buffer.release ();
      return GST_FLOW_OK;
    }
    if (auto *ended = std::get_if<AudioQueue::TurnEnded> (&item)) {
      bool had_audio = ended->report.received > 0;
      state_.update ([had_audio] (auto &facts) {
        facts.audible = false;
        facts.unheard -= had_audio ? 1 : 0;
      });
      GST_DEBUG_OBJECT (element_, "turn %u has been played", ended->report.turn);
      post_turn_complete (element_, ended->report, pipeline_latency_);
      continue;
    }
    if (std::holds_alternative<AudioQueue::Flushing> (item))
      return GST_FLOW_FLUSHING;

    if (auto *failed = std::get_if<AudioQueue::Failed> (&item))
      post_error (element_, failed->error);
    ensure_preamble ();
    if (auto *eos = std::get_if<AudioQueue::Eos> (&item); eos != nullptr && eos->event) {
      end_conversation ();
      gst_pad_push_event (GST_BASE_SRC_PAD (base_), eos->event.release ());
    }
    // After an error, too: the message has been posted, and GST_FLOW_ERROR would only add "Internal data
    // stream error".
    return GST_FLOW_EOS;
  }
}

}  // namespace gemini
