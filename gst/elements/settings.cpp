#include "elements/settings.h"

#include "core/client_message.h"
#include "core/tts_request.h"

namespace gemini {
namespace {

constexpr Property<Settings> kProperties[] = {
    /**
     * GstGeminiSrc:api:
     *
     * With "live" the model answers a prompt, over a WebSocket. With "tts" it reads the prompt aloud, over
     * HTTP with server-sent events; each text is a turn of its own, there is no conversation.
     *
     * Since: 0.1
     */
    {.name = "api",
     .nick = "API",
     .blurb = "Whether the prompt is answered or read aloud",
     .field = EnumField<Settings>{&Settings::api, api_type}},
    /**
     * GstGeminiSrc:api-key:
     *
     * The key of the Gemini API. Without it the environment variables GOOGLE_API_KEY and GEMINI_API_KEY are
     * asked, in this order. It can be written but not read, and appears in no log. Not needed towards a
     * loopback endpoint. Set while the element runs, it is used from the next connection or request on.
     *
     * Since: 0.1
     */
    {.name = "api-key",
     .nick = "API key",
     .blurb = "Key of the Gemini API (default: $GOOGLE_API_KEY, then $GEMINI_API_KEY)",
     .field = &Settings::api_key,
     .flags = GST_PARAM_MUTABLE_PLAYING,
     .secret = true},
    /**
     * GstGeminiSrc:access-token:
     *
     * Used in place of a key: an ephemeral token ("auth_tokens/…"), or an OAuth 2 access token. If neither it
     * nor a key is set, the environment variable GEMINI_ACCESS_TOKEN is asked. Set while the element runs,
     * it is used from the next connection or request on: so an application renews it before it expires.
     *
     * Since: 0.1
     */
    {.name = "access-token",
     .nick = "Access token",
     .blurb = "Ephemeral token (auth_tokens/...) or OAuth 2 access token, in place of a key",
     .field = &Settings::access_token,
     .flags = GST_PARAM_MUTABLE_PLAYING,
     .secret = true},
    /**
     * GstGeminiSrc:endpoint:
     *
     * Base address of the service, https:// or wss://; a path in it is kept. Plain http:// and ws:// go to
     * this machine only: a key does not travel in the clear.
     *
     * Since: 0.1
     */
    {.name = "endpoint",
     .nick = "Endpoint",
     .blurb = "Base address of the service (default: $GOOGLE_GEMINI_BASE_URL, then Google's); http:// only "
              "to loopback",
     .field = &Settings::endpoint},
    /**
     * GstGeminiSrc:project:
     *
     * Of Google Cloud: with it the model is asked on Vertex AI. Without it, Vertex AI is chosen by
     * #GstGeminiSrc:location or by the environment variables GOOGLE_GENAI_USE_ENTERPRISE or
     * GOOGLE_GENAI_USE_VERTEXAI, and then GOOGLE_CLOUD_PROJECT is asked; with neither, an API key does
     * (express mode).
     *
     * Since: 0.1
     */
    {.name = "project",
     .nick = "Project",
     .blurb = "Project of Google Cloud, for Vertex AI (default there: $GOOGLE_CLOUD_PROJECT)",
     .field = &Settings::project},
    /**
     * GstGeminiSrc:location:
     *
     * A region such as europe-west4, one of the multi-regions us and eu, or global.
     *
     * Since: 0.1
     */
    {.name = "location",
     .nick = "Location",
     .blurb = "Location of Vertex AI (default there: $GOOGLE_CLOUD_LOCATION, then global)",
     .field = &Settings::location},
    /**
     * GstGeminiSrc:api-version:
     *
     * Since: 0.1
     */
    {.name = "api-version",
     .nick = "API version",
     .blurb = "Version of the API in the address (default: v1beta, on Vertex AI v1beta1)",
     .field = &Settings::api_version},
    /**
     * GstGeminiSrc:model:
     *
     * Any name is passed on; new models need no new plugin. Unset, it is gemini-3.8-live, and with
     * #GstGeminiSrc:api "tts" gemini-3.8-flash-tts.
     *
     * Since: 0.1
     */
    {.name = "model",
     .nick = "Model",
     .blurb = "Model that speaks (unset: gemini-3.8-live, or gemini-3.8-flash-tts with api=tts)",
     .field = &Settings::model},
    /**
     * GstGeminiSrc:prompt:
     *
     * The first turn, sent as soon as the session is ready.
     *
     * Since: 0.1
     */
    {.name = "prompt",
     .nick = "Prompt",
     .blurb = "Text of the first turn, sent as soon as the session is ready",
     .field = &Settings::prompt},
    /**
     * GstGeminiSrc:text-input:
     *
     * Which message carries a text: the 3.1 models speak on realtimeInput only, the others on clientContent.
     *
     * Since: 0.1
     */
    {.name = "text-input",
     .nick = "Text input",
     .blurb = "Message that carries a text to the model",
     .field = EnumField<Settings>{&Settings::text_input, text_input_type},
     .only = kApiLive},
    /**
     * GstGeminiSrc:system-instruction:
     *
     * With #GstGeminiSrc:api "tts" it is the style in which the text is read: "Calmly, like a bedtime story".
     *
     * Since: 0.1
     */
    {.name = "system-instruction",
     .nick = "System instruction",
     .blurb = "How the model is to behave (unset: not sent)",
     .field = &Settings::system_instruction},
    /**
     * GstGeminiSrc:voice:
     *
     * Since: 0.1
     */
    {.name = "voice",
     .nick = "Voice",
     .blurb = "Name of a prebuilt voice such as Kore, Puck or Zephyr (unset: the server's choice)",
     .field = &Settings::voice},
    /**
     * GstGeminiSrc:speakers:
     *
     * With #GstGeminiSrc:api "tts", two names and their voices for a dialogue whose lines or sentences begin
     * with these names: "Joe=Kore,Jane=Puck". It takes the place of #GstGeminiSrc:voice.
     *
     * Since: 0.1
     */
    {.name = "speakers",
     .nick = "Speakers",
     .blurb = "Two speakers of a text to read and their voices, such as Joe=Kore,Jane=Puck",
     .field = &Settings::speakers,
     .only = kApiTts},
    /**
     * GstGeminiSrc:split:
     *
     * With #GstGeminiSrc:api "tts", whether a text is asked for in several requests. They run ahead of what
     * is heard, and the text stays one turn. "auto" splits into sentences for models that send nothing until
     * all is spoken, so that the first one is heard early, and into longer pieces of whole sentences where a
     * text is beyond what the model speaks in one go.
     *
     * Since: 0.1
     */
    {.name = "split",
     .nick = "Split",
     .blurb = "How a text to read is divided into requests",
     .field = EnumField<Settings>{&Settings::split, split_type},
     .only = kApiTts},
    /**
     * GstGeminiSrc:language:
     *
     * Models with native audio choose the language themselves and pass over this.
     *
     * Since: 0.1
     */
    {.name = "language",
     .nick = "Language",
     .blurb = "BCP-47 code such as en-US (unset: the model's choice)",
     .field = &Settings::language},
    /**
     * GstGeminiSrc:temperature:
     *
     * Since: 0.1
     */
    {.name = "temperature",
     .nick = "Temperature",
     .blurb = "Randomness of the answer, 0 to 2 (-1: the server's choice)",
     .field = &Settings::temperature,
     .min = -1,
     .max = 2},
    /**
     * GstGeminiSrc:seed:
     *
     * Since: 0.1
     */
    {.name = "seed",
     .nick = "Seed",
     .blurb = "Seed of the answer (-1: the server's choice)",
     .field = &Settings::seed,
     .min = -1},
    /**
     * GstGeminiSrc:max-output-tokens:
     *
     * Since: 0.1
     */
    {.name = "max-output-tokens",
     .nick = "Max output tokens",
     .blurb = "Longest answer, in tokens (0: the server's choice)",
     .field = &Settings::max_output_tokens},
    /**
     * GstGeminiSrc:thinking-level:
     *
     * How long the model may think before it speaks; less answers sooner. Sent in the form that the family of
     * the model takes, and not at all to one that refuses it, such as gemini-3.8-live.
     *
     * Since: 0.1
     */
    {.name = "thinking-level",
     .nick = "Thinking level",
     .blurb = "How long the model may think before it speaks",
     .field = EnumField<Settings>{&Settings::thinking_level, thinking_level_type},
     .only = kApiLive},
    /**
     * GstGeminiSrc:transcription:
     *
     * Ask for the text of what is said by both sides; it comes in gemini-transcript messages.
     *
     * Since: 0.1
     */
    {.name = "transcription",
     .nick = "Transcription",
     .blurb = "Ask for the text of what is said, for gemini-transcript messages",
     .field = &Settings::transcription,
     .only = kApiLive},
    /**
     * GstGeminiSrc:setup:
     *
     * A JSON object written over the setup message that the other properties make, member by member. So every
     * field the API has or will have can be used: {"generationConfig":{"topP":0.9}}.
     *
     * Since: 0.1
     */
    {.name = "setup",
     .nick = "Setup",
     .blurb = "JSON object merged over the session's setup message, for every field without a property",
     .field = &Settings::setup},
    /**
     * GstGeminiSrc:num-turns:
     *
     * Since: 0.1
     */
    {.name = "num-turns",
     .nick = "Number of turns",
     .blurb = "End of stream after so many turns (-1: the session stays open for send-text)",
     .field = &Settings::num_turns,
     .min = -1},
    /**
     * GstGeminiSrc:is-live:
     *
     * Live, speech flows in real time with running-time stamps, for loudspeakers, mixers and networks. Not
     * live it comes as fast as the network gives it, stamped from 0, for files; a loudspeaker would lose what
     * is late.
     *
     * Since: 0.1
     */
    {.name = "is-live",
     .nick = "Is live",
     .blurb = "TRUE: in real time, for playing; FALSE: as fast as the network gives it, for files",
     .field = &Settings::is_live},
    /**
     * GstGeminiSrc:prebuffer-mode:
     *
     * How a live source decides that a turn may be heard. "adaptive" learns from the session how late audio
     * comes, and starts with the first chunk wherever that is safe; "fixed" holds
     * #GstGeminiSrc:prebuffer-time and #GstGeminiSrc:prebuffer-chunks, both, each time. A turn that is
     * complete starts at once in either.
     *
     * Since: 0.1
     */
    {.name = "prebuffer-mode",
     .nick = "Prebuffer mode",
     .blurb = "What decides that enough of a turn is there to be heard",
     .field = EnumField<Settings>{&Settings::prebuffer_mode, prebuffer_mode_type}},
    /**
     * GstGeminiSrc:prebuffer-time:
     *
     * Audio of a turn to hold before it is heard; adaptive, before anything is known of the connection. More
     * rides out a slower network, less answers sooner. With 0 nothing is ever held here, because something
     * downstream does, or because a pause matters less than an early word.
     *
     * Since: 0.1
     */
    {.name = "prebuffer-time",
     .nick = "Prebuffer time",
     .blurb = "Audio of a turn to hold before it starts, in ms",
     .field = &Settings::prebuffer_time,
     .max = 60000},
    /**
     * GstGeminiSrc:prebuffer-chunks:
     *
     * With #GstGeminiSrc:lead-time -1 and #GstGeminiSrc:samples-per-buffer 0, the chunks that a queue
     * downstream holds by its min-threshold-buffers: it cannot say how long that takes, so the source counts
     * 250 ms a chunk into the latency it reports.
     *
     * Since: 0.1
     */
    {.name = "prebuffer-chunks",
     .nick = "Prebuffer chunks",
     .blurb = "Chunks of a turn to hold before it starts, with prebuffer-mode=fixed (0: any number)",
     .field = &Settings::prebuffer_chunks,
     .max = 1000},
    /**
     * GstGeminiSrc:max-prebuffer-wait:
     *
     * Since: 0.1
     */
    {.name = "max-prebuffer-wait",
     .nick = "Max prebuffer wait",
     .blurb = "Start with whatever is there so long after the first chunk, in ms",
     .field = &Settings::max_prebuffer_wait,
     .max = 60000},
    /**
     * GstGeminiSrc:samples-per-buffer:
     *
     * One buffer is also the latency that a live source reports: 480 frames are 20 ms.
     *
     * Since: 0.1
     */
    {.name = "samples-per-buffer",
     .nick = "Samples per buffer",
     .blurb = "Most frames in a buffer, at 24000 Hz (0: one buffer a chunk)",
     .field = &Settings::samples_per_buffer,
     .max = 240000},
    /**
     * GstGeminiSrc:lead-time:
     *
     * How far ahead of its time a buffer of a live source leaves at most; two leave together, the second a
     * buffer less. What has left is out of reach of an
     * interruption. With -1 everything leaves at once, for a queue downstream that holds the prebuffer.
     *
     * By so much a busy machine may wake the element late before speech has a pause. Speech
     * is not heard later for it.
     *
     * Since: 0.1
     */
    {.name = "lead-time",
     .nick = "Lead time",
     .blurb = "How far ahead of its timestamp a live source hands out speech at most, in ms (-1: at once)",
     .field = &Settings::lead_time,
     .min = -1,
     .max = 60000},
    /**
     * GstGeminiSrc:idle-mode:
     *
     * What a live source hands out when there is nothing to say. All silence carries
     * GST_BUFFER_FLAG_DROPPABLE: a branch with "identity drop-buffer-flags=droppable" holds the speech alone.
     *
     * Since: 0.1
     */
    {.name = "idle-mode",
     .nick = "Idle mode",
     .blurb = "What a live source hands out when there is nothing to say",
     .field = EnumField<Settings>{&Settings::idle_mode, idle_mode_type}},
    /**
     * GstGeminiSrc:flush-on-interrupt:
     *
     * An interruption drops what has not left the element. With this it also flushes the pipeline, so that
     * what queues and the sound device hold is not heard either. For players only: a flush cuts a file that
     * is being recorded behind the same element, and breaks muxers. While a state changes around the element
     * nothing is flushed. During a flush the states around the element are locked: a synchronous handler of a
     * message must not change states or send events.
     *
     * Since: 0.1
     */
    {.name = "flush-on-interrupt",
     .nick = "Flush on interrupt",
     .blurb = "Flush the pipeline when the answer is interrupted; not with a recorder behind this element",
     .field = &Settings::flush_on_interrupt},
    /**
     * GstGeminiSrc:skip-leading-silence:
     *
     * Leaves out the samples of 0 and ±1 that an answer may begin with; they are in no recording either.
     *
     * Since: 0.1
     */
    {.name = "skip-leading-silence",
     .nick = "Skip leading silence",
     .blurb = "Leave out the digital silence that an answer may begin with",
     .field = &Settings::skip_leading_silence},
    /**
     * GstGeminiSrc:max-buffered-bytes:
     *
     * Audio to keep before the server has to wait. Nothing is dropped, but while the server waits nothing
     * else is read either, an interruption included.
     *
     * Since: 0.1
     */
    {.name = "max-buffered-bytes",
     .nick = "Max buffered bytes",
     .blurb = "Audio to hold before reading stops, in bytes (256 MiB are 93 minutes)",
     .field = &Settings::max_buffered_bytes,
     .min = 1024,
     .max = 1e15},
    /**
     * GstGeminiSrc:session-resumption:
     *
     * The server ends every connection after some minutes. With this, the next one takes up the session where
     * it was; without it, it is a new session that knows nothing of what was said.
     *
     * Since: 0.1
     */
    {.name = "session-resumption",
     .nick = "Session resumption",
     .blurb = "Take up the session when a connection ends (FALSE: begin a new one)",
     .field = &Settings::session_resumption,
     .only = kApiLive},
    /**
     * GstGeminiSrc:context-compression:
     *
     * With #GstGeminiSrc:num-turns other than 1, the model forgets the oldest turns of a long conversation.
     * Without it a session ends after 15 minutes.
     *
     * Since: 0.1
     */
    {.name = "context-compression",
     .nick = "Context compression",
     .blurb =
         "In a conversation of several turns, forget the oldest rather than end when the context is full",
     .field = &Settings::context_compression,
     .only = kApiLive},
    /**
     * GstGeminiSrc:timeout:
     *
     * For every wait on the server: to connect, to set up, and for the next message of an answer.
     *
     * Since: 0.1
     */
    {.name = "timeout",
     .nick = "Timeout",
     .blurb = "Longest wait for the server, in seconds (0: no limit)",
     .field = &Settings::timeout,
     .max = 3600},
    /**
     * GstGeminiSrc:retries:
     *
     * How often a connection that was lost, or refused for a reason that passes, is made again in a row. A
     * first one that reaches nobody, or is not answered, is not: a wrong address is told at once. With
     * #GstGeminiSrc:api "tts", how often a request that failed is made again, if that can help and nothing of
     * its speech was heard yet.
     *
     * Since: 0.1
     */
    {.name = "retries",
     .nick = "Retries",
     .blurb = "How often a lost connection or a failed request is made again (-1: without end)",
     .field = &Settings::retries,
     .min = -1},
    /**
     * GstGeminiSrc:retry-backoff-factor:
     *
     * The wait doubles with each retry. A delay that the server asks for is kept, unless it is longer than
     * #GstGeminiSrc:retry-backoff-max: then there is an error at once.
     *
     * Since: 0.1
     */
    {.name = "retry-backoff-factor",
     .nick = "Retry backoff factor",
     .blurb = "Wait before the first retry, in seconds (0: none)",
     .field = &Settings::retry_backoff_factor,
     .max = 3600},
    /**
     * GstGeminiSrc:retry-backoff-max:
     *
     * Since: 0.1
     */
    {.name = "retry-backoff-max",
     .nick = "Retry backoff maximum",
     .blurb = "Longest wait before a retry, in seconds",
     .field = &Settings::retry_backoff_max,
     .max = 3600},
    /**
     * GstGeminiSrc:proxy:
     *
     * Without it the system's proxies are used, but never before an endpoint on this machine.
     *
     * Since: 0.1
     */
    {.name = "proxy",
     .nick = "Proxy",
     .blurb = "URI of the proxy, http:// or socks5:// (default: the system's)",
     .field = &Settings::proxy},
    /**
     * GstGeminiSrc:proxy-id:
     *
     * Since: 0.1
     */
    {.name = "proxy-id",
     .nick = "Proxy id",
     .blurb = "User to log in to an HTTP proxy with",
     .field = &Settings::proxy_id},
    /**
     * GstGeminiSrc:proxy-pw:
     *
     * Since: 0.1
     */
    {.name = "proxy-pw",
     .nick = "Proxy password",
     .blurb = "Password to log in to an HTTP proxy with",
     .field = &Settings::proxy_pw,
     .secret = true},
    /**
     * GstGeminiSrc:ca-file:
     *
     * For a gateway whose certificate is signed by an authority of its own.
     *
     * Since: 0.1
     */
    {.name = "ca-file",
     .nick = "CA file",
     .blurb = "PEM file of the authorities that vouch for the server (default: the system's)",
     .field = &Settings::ca_file},
    /**
     * GstGeminiSrc:user-agent:
     *
     * Since: 0.1
     */
    {.name = "user-agent",
     .nick = "User agent",
     .blurb = "Value of the User-Agent header (default: gst-gemini and its version)",
     .field = &Settings::user_agent},
    /**
     * GstGeminiSrc:extra-headers:
     *
     * Sent with every request and handshake, such as "headers,x-goog-user-project=my-project". They may hold
     * credentials, so that they can be written but not read.
     *
     * Since: 0.1
     */
    {.name = "extra-headers",
     .nick = "Extra headers",
     .blurb = "Headers to send besides ours, as a structure",
     .field = &Settings::extra_headers,
     .secret = true},
};

GType register_enum (const char *name, const GEnumValue *values)
{
  auto type = g_enum_register_static (name, values);
  gst_type_mark_as_plugin_api (type, static_cast<GstPluginAPIFlags> (0));
  return type;
}

}  // namespace

std::span<const Property<Settings>> settings_properties () { return kProperties; }

GType api_type ()
{
  static const GEnumValue values[] = {
      {kApiLive, "The Live API: a prompt is answered", "live"},
      {kApiTts, "Speech generation: a prompt is read aloud", "tts"},
      {0, nullptr, nullptr},
  };
  static const GType type = register_enum ("GstGeminiApi", values);
  return type;
}

GType split_type ()
{
  static const GEnumValue values[] = {
      {static_cast<gint> (Split::Auto), "By the model and the length of the text", "auto"},
      {static_cast<gint> (Split::None), "One request for all of it", "none"},
      {static_cast<gint> (Split::Sentence), "One request for each sentence", "sentence"},
      {0, nullptr, nullptr},
  };
  static const GType type = register_enum ("GstGeminiSplit", values);
  return type;
}

GType text_input_type ()
{
  static const GEnumValue values[] = {
      {static_cast<gint> (TextInput::Auto), "By the model's family", "auto"},
      {static_cast<gint> (TextInput::ClientContent), "A turn of clientContent", "client-content"},
      {static_cast<gint> (TextInput::RealtimeInput), "The text of realtimeInput", "realtime-input"},
      {0, nullptr, nullptr},
  };
  static const GType type = register_enum ("GstGeminiTextInput", values);
  return type;
}

GType thinking_level_type ()
{
  static const GEnumValue values[] = {
      {static_cast<gint> (ThinkingLevel::Unset), "The server's choice: nothing is sent", "unset"},
      {static_cast<gint> (ThinkingLevel::Minimal), "Next to none", "minimal"},
      {static_cast<gint> (ThinkingLevel::Low), "A little", "low"},
      {static_cast<gint> (ThinkingLevel::Medium), "Some", "medium"},
      {static_cast<gint> (ThinkingLevel::High), "As much as the model likes", "high"},
      {0, nullptr, nullptr},
  };
  static const GType type = register_enum ("GstGeminiThinkingLevel", values);
  return type;
}

GType prebuffer_mode_type ()
{
  static const GEnumValue values[] = {
      {kPrebufferAdaptive, "What the session has shown to be safe", "adaptive"},
      {kPrebufferFixed, "An amount of audio and a number of chunks", "fixed"},
      {0, nullptr, nullptr},
  };
  static const GType type = register_enum ("GstGeminiPrebufferMode", values);
  return type;
}

GType idle_mode_type ()
{
  static const GEnumValue values[] = {
      {kIdleSilence, "Silence in real time, droppable", "silence"},
      {kIdleNone, "Nothing: only speech leaves", "none"},
      {0, nullptr, nullptr},
  };
  static const GType type = register_enum ("GstGeminiIdleMode", values);
  return type;
}

}  // namespace gemini
