#include "elements/tts_settings.h"

#include <utility>

#include "core/voices.h"

namespace gemini {
namespace {

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

}  // namespace

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
  config.exchange.retry = {.retries = settings.retries,
                           .backoff_factor = settings.retry_backoff_factor,
                           .backoff_max = settings.retry_backoff_max};
  config.exchange.timeout = std::chrono::seconds (settings.timeout);
  config.exchange.random = g_random_double;
  config.speech = std::move (std::get<TtsConfig> (speech));
  return config;
}

std::vector<std::string> unknown_voices (const Settings &settings)
{
  std::vector<std::string> voices{settings.voice};
  auto speakers = parse_speakers (settings.speakers);
  if (auto *pairs = std::get_if<TtsConfig::Speakers> (&speakers))
    for (auto &[speaker, voice] : *pairs)
      voices.push_back (voice);
  std::erase_if (voices, [] (auto &voice) { return voice.empty () || is_prebuilt_voice (voice); });
  return voices;
}

}  // namespace gemini
