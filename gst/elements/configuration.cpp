#include "elements/configuration.h"

#include <algorithm>
#include <utility>

#include "core/endpoint.h"
#include "core/voices.h"

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

/// What both APIs have. A number out of its range means "not set".
template <typename Config>
void set_generation (Config &config, const Settings &settings)
{
  config.voice = settings.voice;
  config.language = settings.language;
  if (settings.temperature >= 0)
    config.temperature = settings.temperature;
  if (settings.seed >= 0)
    config.seed = settings.seed;
  if (settings.max_output_tokens > 0)
    config.max_output_tokens = static_cast<int> (settings.max_output_tokens);
}

SetupConfig setup_config (const Access &access, const Settings &settings)
{
  SetupConfig config;
  config.model = model_resource_name (settings.model, access);
  config.system_instruction = settings.system_instruction;
  set_generation (config, settings);
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
  config.speakers = std::move (std::get<TtsConfig::Speakers> (speakers));
  set_generation (config, settings);
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

Result<LiveConversation::Config> live_conversation (Target target, const Access &access,
                                                    const Settings &settings)
{
  auto setup = setup_message (setup_config (access, settings));
  if (auto *error = std::get_if<Error> (&setup))
    return *error;

  LiveConversation::Config conversation;
  conversation.resume = settings.session_resumption;
  conversation.retry = retry_policy (settings);
  conversation.random = g_random_double;
  auto &config = conversation.session;
  config.target = std::move (target);
  config.setup = std::move (std::get<std::string> (setup));
  config.text_input = resolve_text_input (static_cast<TextInput> (settings.text_input), settings.model);
  config.segmented = model_family (settings.model).segmented;
  config.timeout = std::chrono::seconds (settings.timeout);
  config.stall = kStall;
  return conversation;
}

Result<TtsSession::Config> tts_session (Target target, const Settings &settings)
{
  auto speech = tts_config (settings);
  if (auto *error = std::get_if<Error> (&speech))
    return *error;
  // What would be wrong with every request is said before the first.
  auto requests = tts_requests (std::get<TtsConfig> (speech), settings.prompt);
  if (auto *error = std::get_if<Error> (&requests))
    return *error;

  TtsSession::Config config;
  config.exchange.target = std::move (target);
  config.exchange.retry = retry_policy (settings);
  config.exchange.timeout = std::chrono::seconds (settings.timeout);
  config.exchange.random = g_random_double;
  config.speech = std::move (std::get<TtsConfig> (speech));
  return config;
}

/// A line break would begin another header, and a name is a word.
bool is_header (const std::string &name, const std::string &value)
{
  auto in_name = [] (char c) { return g_ascii_isalnum (c) || c == '-' || c == '_'; };
  auto in_value = [] (char c) { return !g_ascii_iscntrl (c); };
  return !name.empty () && std::all_of (name.begin (), name.end (), in_name) &&
         std::all_of (value.begin (), value.end (), in_value);
}

Result<NetworkConfig> network_config (const Settings &settings)
{
  if (auto error = check_proxy (settings.proxy))
    return *error;
  if (!is_header ("User-Agent", settings.user_agent))
    return Error{.kind = Error::Kind::Settings,
                 .message = "The user-agent holds characters that cannot be sent"};
  auto authorities = load_authorities (settings.ca_file);
  if (auto *error = std::get_if<Error> (&authorities))
    return *error;
  return NetworkConfig{.user_agent = settings.user_agent,
                       .proxy = settings.proxy,
                       .proxy_id = settings.proxy_id,
                       .proxy_password = settings.proxy_pw,
                       .authorities = std::move (std::get<GObjectPtr<GTlsDatabase>> (authorities))};
}

Access access_of (const Settings &settings, const Environment &environment)
{
  return complete ({.endpoint = settings.endpoint,
                    .api_version = settings.api_version,
                    .api_key = settings.api_key,
                    .access_token = settings.access_token,
                    .project = settings.project,
                    .location = settings.location},
                   environment);
}

Result<Target> make_target (const Access &access, const Settings &settings)
{
  auto result = settings.api == kApiTts ? tts_target (access, settings.model) : live_target (access);
  if (auto *target = std::get_if<Target> (&result))
    for (auto &[name, value] : settings.extra_headers) {
      if (name.empty ())
        return Error{
            .kind = Error::Kind::Settings,
            .message = "There is no header in extra-headers: write it as headers,x-goog-user-project=name"};
      if (value.empty () || !is_header (name, value))
        return Error{.kind = Error::Kind::Settings,
                     .message = "A header in extra-headers has a name or value that cannot be sent"};
      target->headers.emplace_back (name, value);
    }
  return result;
}

}  // namespace

Settings with_model (Settings settings)
{
  if (settings.model.empty ())
    settings.model = settings.api == kApiTts ? kTtsModel : kLiveModel;
  return settings;
}

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

Result<Conversation::Config> conversation_config (const Settings &given, const Environment &environment)
{
  for (auto &row : settings_properties ())
    if (auto *text = std::get_if<std::string Settings::*> (&row.field))
      if (!g_utf8_validate ((given.**text).c_str (), -1, nullptr))
        return Error{.kind = Error::Kind::Settings,
                     .message = std::string ("The text in ") + row.name + " is not UTF-8: convert it first"};

  auto settings = with_model (given);
  auto access = access_of (settings, environment);
  auto target = make_target (access, settings);
  if (auto *error = std::get_if<Error> (&target))
    return *error;
  auto network = network_config (settings);
  if (auto *error = std::get_if<Error> (&network))
    return *error;

  Conversation::Config config;
  config.network = std::move (std::get<NetworkConfig> (network));
  if (settings.api == kApiTts) {
    auto session = tts_session (std::move (std::get<Target> (target)), settings);
    if (auto *error = std::get_if<Error> (&session))
      return *error;
    config.session = std::move (std::get<TtsSession::Config> (session));
  } else {
    auto session = live_conversation (std::move (std::get<Target> (target)), access, settings);
    if (auto *error = std::get_if<Error> (&session))
      return *error;
    config.session = std::move (std::get<LiveConversation::Config> (session));
  }
  config.prompt = settings.prompt;
  config.num_turns = settings.num_turns;
  config.tool_patience = std::chrono::seconds (settings.timeout);
  config.skip_leading_silence = settings.skip_leading_silence;
  return config;
}

Result<Target> session_target (const Settings &given, const Environment &environment)
{
  auto settings = with_model (given);
  return make_target (access_of (settings, environment), settings);
}

std::optional<Error> without_effect (const Settings &settings)
{
  std::string names;
  for (auto &row : settings_properties ())
    if (row.only != -1 && row.only != settings.api && is_set (row, settings))
      names += (names.empty () ? "" : ", ") + std::string (row.name);
  if (names.empty ())
    return std::nullopt;
  return Error{.kind = Error::Kind::Settings,
               .message = std::string ("Without effect with api=") +
                          (settings.api == kApiTts ? "tts" : "live") + ": " + names};
}

std::vector<std::string> unknown_voices (const Settings &settings)
{
  std::vector<std::string> voices{settings.voice};
  if (auto speakers = parse_speakers (settings.speakers);
      auto *names = std::get_if<TtsConfig::Speakers> (&speakers))
    for (auto &[speaker, voice] : *names)
      voices.push_back (voice);
  std::erase_if (voices, [] (auto &voice) { return voice.empty () || is_prebuilt_voice (voice); });
  return voices;
}

}  // namespace gemini
