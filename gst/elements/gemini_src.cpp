#include "elements/gemini_src.h"

#include <utility>

#include "core/endpoint.h"
#include "core/environment.h"
#include "core/voices.h"
#include "elements/debug.h"
#include "elements/element_error.h"
#include "elements/messages.h"

namespace gemini {
namespace {

/// A GstBaseSink asks for it on top of ours (its processing-deadline), with a margin.
constexpr std::chrono::milliseconds kSinkDeadline (30);
/// What a queue downstream may hold when speech leaves at once.
constexpr std::chrono::milliseconds kHeldByQueue (250);
/// Length of the chunks in which Gemini speaks.
constexpr std::chrono::milliseconds kChunk (250);
/// Silence in the middle of an answer: a server that works does not pause so long.
constexpr std::chrono::seconds kStall (3);
constexpr const char *kLiveModel = "gemini-3.8-live";
constexpr const char *kTtsModel = "gemini-3.8-flash-tts";

Playout::Config playout_config (const Settings &settings)
{
  using std::chrono::milliseconds;
  Playout::Config config;
  config.live = settings.is_live;
  config.silence = settings.idle_mode == kIdleSilence;
  config.frames_per_buffer = settings.samples_per_buffer;
  config.lead = milliseconds (settings.lead_time);
  config.start.mode =
      settings.prebuffer_mode == kPrebufferFixed ? StartRule::Mode::Fixed : StartRule::Mode::Adaptive;
  config.start.prebuffer = milliseconds (settings.prebuffer_time);
  config.start.chunks = settings.prebuffer_chunks;
  config.start.max_wait = milliseconds (settings.max_prebuffer_wait);
  // A queue with a threshold in buffers, which are chunks then, tells nobody how long it holds them.
  bool by_chunks = settings.lead_time < 0 && settings.samples_per_buffer == 0;
  if (by_chunks)
    config.downstream = settings.prebuffer_chunks * kChunk;
  // A sink opens its device with the caps but starts it when the latency is over, and pulsesink's clock runs
  // on in between: by so much speech would be late, and skipped to catch up or cut off at its end.
  config.opens_at = Playout (config).latency () + kSinkDeadline;
  if (settings.lead_time < 0 && !by_chunks)
    config.opens_at += kHeldByQueue;
  return config;
}

SetupConfig setup_config (const Settings &settings)
{
  SetupConfig config;
  config.model = settings.model;
  config.system_instruction = settings.system_instruction;
  config.voice = settings.voice;
  config.language = settings.language;
  if (settings.temperature >= 0)
    config.temperature = settings.temperature;
  if (settings.seed >= 0)
    config.seed = settings.seed;
  if (settings.max_output_tokens > 0)
    config.max_output_tokens = static_cast<int> (settings.max_output_tokens);
  config.thinking_level = static_cast<ThinkingLevel> (settings.thinking_level);
  config.transcription = settings.transcription;
  config.resumption = settings.session_resumption;
  config.compression = settings.context_compression && settings.num_turns != 1;
  config.extra = settings.setup;
  return config;
}

Result<TtsConfig> tts_config (const Settings &settings)
{
  auto speakers = parse_speakers (settings.speakers);
  if (auto *error = std::get_if<Error> (&speakers))
    return *error;
  TtsConfig config;
  config.model = settings.model;
  config.style = settings.system_instruction;
  config.voice = settings.voice;
  config.speakers = std::move (std::get<TtsConfig::Speakers> (speakers));
  config.language = settings.language;
  if (settings.temperature >= 0)
    config.temperature = settings.temperature;
  if (settings.seed >= 0)
    config.seed = settings.seed;
  if (settings.max_output_tokens > 0)
    config.max_output_tokens = static_cast<int> (settings.max_output_tokens);
  config.split = static_cast<Split> (settings.split);
  config.extra = settings.setup;
  return config;
}

RetryPolicy retry_policy (const Settings &settings)
{
  return {.retries = settings.retries,
          .backoff_factor = settings.retry_backoff_factor,
          .backoff_max = settings.retry_backoff_max};
}

Result<LiveConversation::Config> live_conversation (const Access &access, const Settings &settings)
{
  auto target = live_target (access);
  if (auto *error = std::get_if<Error> (&target))
    return *error;
  auto setup = setup_message (setup_config (settings));
  if (auto *error = std::get_if<Error> (&setup))
    return *error;

  LiveConversation::Config conversation;
  conversation.resume = settings.session_resumption;
  conversation.retry = retry_policy (settings);
  conversation.random = g_random_double;
  auto &config = conversation.session;
  config.target = std::move (std::get<Target> (target));
  config.setup = std::move (std::get<std::string> (setup));
  config.text_input = resolve_text_input (static_cast<TextInput> (settings.text_input), settings.model);
  config.segmented = model_family (settings.model).segmented;
  config.timeout = std::chrono::seconds (settings.timeout);
  config.stall = kStall;
  return conversation;
}

Result<TtsSession::Config> tts_session (const Access &access, const Settings &settings)
{
  auto target = tts_target (access, settings.model);
  if (auto *error = std::get_if<Error> (&target))
    return *error;
  auto speech = tts_config (settings);
  if (auto *error = std::get_if<Error> (&speech))
    return *error;
  // What would be wrong with every request is said before the first.
  auto requests = tts_requests (std::get<TtsConfig> (speech), settings.prompt);
  if (auto *error = std::get_if<Error> (&requests))
    return *error;

  TtsSession::Config config;
  config.exchange.target = std::move (std::get<Target> (target));
  config.exchange.retry = retry_policy (settings);
  config.exchange.timeout = std::chrono::seconds (settings.timeout);
  config.exchange.random = g_random_double;
  config.speech = std::move (std::get<TtsConfig> (speech));
  return config;
}

}  // namespace

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
}

void GeminiSrc::get_property (guint id, GValue *value)
{
  GST_OBJECT_LOCK (base_);
  get_field (settings_properties ()[id - 1], settings_, value);
  GST_OBJECT_UNLOCK (base_);
}

Settings GeminiSrc::settings ()
{
  GST_OBJECT_LOCK (base_);
  auto copy = settings_;
  GST_OBJECT_UNLOCK (base_);
  if (copy.model.empty ())
    copy.model = copy.api == kApiTts ? kTtsModel : kLiveModel;
  return copy;
}

Result<Conversation::Config> GeminiSrc::conversation_config (const Settings &settings)
{
  for (auto &row : settings_properties ())
    if (auto *text = std::get_if<std::string Settings::*> (&row.field))
      if (!g_utf8_validate ((settings.**text).c_str (), -1, nullptr))
        return Error{.kind = Error::Kind::Settings,
                     .message = std::string ("The text in ") + row.name + " is not UTF-8: convert it first"};

  auto environment = process_environment ();
  Access access;
  access.endpoint = settings.endpoint.empty () ? base_url (environment).value_or ("") : settings.endpoint;
  access.api_version = settings.api_version;
  access.access_token = settings.access_token;
  access.api_key = settings.api_key.empty () ? api_key (environment).value_or ("") : settings.api_key;

  Conversation::Config config;
  if (settings.api == kApiTts) {
    auto session = tts_session (access, settings);
    if (auto *error = std::get_if<Error> (&session))
      return *error;
    config.session = std::move (std::get<TtsSession::Config> (session));
  } else {
    auto session = live_conversation (access, settings);
    if (auto *error = std::get_if<Error> (&session))
      return *error;
    config.session = std::move (std::get<LiveConversation::Config> (session));
  }
  config.prompt = settings.prompt;
  config.num_turns = settings.num_turns;
  config.tool_patience = std::chrono::seconds (settings.timeout);
  config.skip_leading_silence = settings.skip_leading_silence;
  if (settings.flush_on_interrupt && settings.is_live)
    config.flush = [this] (bool begin) { flush (begin); };
  return config;
}

/// A name misspelt is told by the server only when it is asked; but there are more voices than we can know,
/// so this goes no further than the log.
void GeminiSrc::warn_of_voices (const Settings &settings)
{
  std::vector<std::string> voices{settings.voice};
  if (auto speakers = parse_speakers (settings.speakers);
      auto *names = std::get_if<TtsConfig::Speakers> (&speakers))
    for (auto &[speaker, voice] : *names)
      voices.push_back (voice);
  for (auto &voice : voices)
    if (!voice.empty () && !is_prebuilt_voice (voice))
      GST_WARNING_OBJECT (element_, "'%s' is none of the thirty prebuilt voices; it is passed on as it is",
                          voice.c_str ());
}

bool GeminiSrc::prepare ()
{
  auto settings = this->settings ();
  auto config = conversation_config (settings);
  if (auto *error = std::get_if<Error> (&config)) {
    post_error (element_, *error);
    return false;
  }
  warn_of_voices (settings);
  prepared_ = std::move (std::get<Conversation::Config> (config));
  tags_ = make_tags (settings);
  queue_.reset (playout_config (settings), settings.max_buffered_bytes);
  return true;
}

bool GeminiSrc::start ()
{
  if (!prepared_ && !prepare ())  // a pad may be activated without a change of state
    return false;
  rate_ = 0;
  pushed_ = false;

  std::lock_guard guard (conversation_lock_);
  conversation_ =
      std::make_unique<Conversation> (element_, queue_, state_, *std::exchange (prepared_, std::nullopt));
  return true;
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
    conversation.send_text (text);
    return "";
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

/// EOS by the application, handled here so that caps and segment come before it even if no audio ever did.
bool GeminiSrc::send_event (GstEvent *event)
{
  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    queue_.restart ();
  if (GST_EVENT_TYPE (event) != GST_EVENT_EOS)
    return false;
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

/// On the network thread, for the streaming thread may be the one that is blocked. Not by
/// gst_element_send_event (): that waits for a state change, which may be waiting for the network thread.
void GeminiSrc::flush (bool begin)
{
  auto *event = begin ? gst_event_new_flush_start () : gst_event_new_flush_stop (FALSE);
  GST_ELEMENT_CLASS (g_type_class_peek (GST_TYPE_BASE_SRC))->send_event (element_, event);
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

/// Before the first buffer: GstBaseSrc keeps them until the segment is out.
void GeminiSrc::send_tags ()
{
  if (tags_)
    GST_ELEMENT_CLASS (g_type_class_peek (GST_TYPE_BASE_SRC))
        ->send_event (element_, gst_event_new_tag (tags_.release ()));
}

/// A sink that gets EOS without caps and a segment fails.
void GeminiSrc::ensure_preamble ()
{
  if (rate_ == 0)
    set_rate (24000);
  if (!pushed_)
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
      if (audio->underrun) {
        GST_INFO_OBJECT (element_, "speech had stopped for %" GST_TIME_FORMAT,
                         GST_TIME_ARGS (audio->underrun->duration));
        post_underrun (element_, *audio->underrun);
      }
      set_rate (audio->rate);
      send_tags ();
      pushed_ = true;
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
      post_turn_complete (element_, ended->report);
      continue;
    }
    if (std::holds_alternative<AudioQueue::Flushing> (item))
      return GST_FLOW_FLUSHING;

    if (auto *failed = std::get_if<AudioQueue::Failed> (&item))
      post_error (element_, failed->error);
    ensure_preamble ();
    if (auto *eos = std::get_if<AudioQueue::Eos> (&item); eos != nullptr && eos->event)
      gst_pad_push_event (GST_BASE_SRC_PAD (base_), eos->event.release ());
    // After an error, too: the message has been posted, and GST_FLOW_ERROR would only add "Internal data
    // stream error".
    return GST_FLOW_EOS;
  }
}

}  // namespace gemini
