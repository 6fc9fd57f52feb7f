#include "stand-in/live/setup.h"

#include <algorithm>
#include <array>

namespace gemini::stand_in {
namespace {

struct KnownModel {
  std::string_view name;
  Family family;
  bool retired = false;
};

constexpr KnownModel kModels[] = {
    {"gemini-3.8-live", Family::Live38},
    {"gemini-3.8-live-extended-thinking", Family::Live38Thinking},
    {"gemini-3.1-flash-live-preview", Family::Flash31},
    {"gemini-2.5-flash-native-audio-preview-12-2025", Family::NativeAudio25},
    {"gemini-2.5-flash-native-audio-preview-09-2025", Family::NativeAudio25},
    {"gemini-2.5-flash-native-audio-latest", Family::NativeAudio25},
    {"gemini-live-2.5-flash-native-audio", Family::NativeAudio25},
    {"gemini-2.0-flash-live-001", Family::HalfCascade, true},
    {"gemini-live-2.5-flash-preview", Family::HalfCascade, true},
};

/// `models/x` and `projects/…/models/x` are x.
std::string_view short_name (std::string_view model)
{
  const size_t slash = model.rfind ('/');
  return slash == model.npos ? model : model.substr (slash + 1);
}

bool is_well_formed (std::string_view model, bool vertex)
{
  return vertex ? model.starts_with ("projects/") || model.starts_with ("publishers/")
                : model.starts_with ("models/");
}

std::variant<Family, Refusal> find_model (const std::string &model, const Route &route, const Rules &rules)
{
  const std::string_view name = short_name (model);
  const auto known =
      std::find_if (std::begin (kModels), std::end (kModels), [&] (auto &m) { return m.name == name; });
  const bool allowed = std::any_of (rules.accept_models.begin (), rules.accept_models.end (),
                                    [&] (auto &accepted) { return accepted == "*" || accepted == name; });
  const bool found = allowed || (known != std::end (kModels) && !known->retired);
  if (found && is_well_formed (model, route.vertex))
    return known == std::end (kModels) ? Family::Other : known->family;
  return Refusal{
      .code = 1008,
      .reason = model + " is not found for API version " + (route.constrained ? "v1main" : route.version) +
                ", or is not supported for bidiGenerateContent. Call ModelService.ListModels to see the "
                "list of available models and their supported methods."};
}

/// `enableAffectiveDialog` and `proactivity` exist in v1alpha only, and only for one family.
std::optional<Refusal> refuse_unknown_names (const Fields &setup, const Route &route, const Rules &rules)
{
  const bool alpha = route.version == "v1alpha" || route.vertex;
  if (const auto name =
          setup.stranger ({"model", "generationConfig", "systemInstruction", "tools", "realtimeInputConfig",
                           "sessionResumption", "contextWindowCompression", "inputAudioTranscription",
                           "outputAudioTranscription", "proactivity", "historyConfig", "safetySettings",
                           "avatarConfig", "explicitVadSignal"},
                          rules.snake_case))
    return unknown_name (*name, "setup");
  if (setup.has ("proactivity") && !alpha &&
      short_name (setup.string ("model").value_or ("")).find ("3.8") == std::string_view::npos)
    return unknown_name ("proactivity", "setup");

  const Fields config = setup.object ("generationConfig");
  if (const auto name = config.stranger (
          {"responseModalities", "speechConfig", "temperature", "topP", "topK", "presencePenalty",
           "frequencyPenalty", "maxOutputTokens", "seed", "candidateCount", "mediaResolution",
           "thinkingConfig", "enableAffectiveDialog", "translationConfig"},
          rules.snake_case))
    return unknown_name (*name, "setup.generation_config");
  if (config.has ("enableAffectiveDialog") && !alpha)
    return unknown_name ("enableAffectiveDialog", "setup.generation_config");
  if (const auto name =
          config.object ("speechConfig")
              .stranger ({"voiceConfig", "languageCode", "multiSpeakerVoiceConfig"}, rules.snake_case))
    return unknown_name (*name, "setup.generation_config.speech_config");
  for (const char *transcription : {"inputAudioTranscription", "outputAudioTranscription"})
    if (setup.object (transcription).has ("languageCode"))
      return unknown_name ("languageCode", transcription[0] == 'i' ? "setup.input_audio_transcription"
                                                                   : "setup.output_audio_transcription");
  return {};
}

/// What exists, but not for this model.
std::optional<Refusal> refuse_values (const Fields &setup, Family family)
{
  const Fields config = setup.object ("generationConfig");
  const auto modalities = config.strings ("responseModalities");
  if (modalities.size () > 1)
    return Refusal{};
  if (!modalities.empty () && modalities.front () == "TEXT" && family != Family::HalfCascade)
    return Refusal{.code = 1008, .reason = "Operation is not implemented, or supported, or enabled."};
  if (!modalities.empty () && modalities.front () != "TEXT" && modalities.front () != "AUDIO")
    return Refusal{};
  if (config.object ("speechConfig").has ("multiSpeakerVoiceConfig"))
    return Refusal{};
  if (config.has ("thinkingConfig") && family == Family::Live38)
    return Refusal{};
  if (config.has ("enableAffectiveDialog") && family == Family::Flash31)
    return Refusal{.code = 1011, .reason = "Internal error encountered."};
  const bool is_38 = family == Family::Live38 || family == Family::Live38Thinking;
  if (is_38 && setup.object ("proactivity").boolean ("proactiveAudio") == false)
    return Refusal{};
  return {};
}

void read_realtime_input_config (const Fields &config, Setup &setup)
{
  const Fields detection = config.object ("automaticActivityDetection");
  setup.manual_activity = detection.boolean ("disabled").value_or (false);
  setup.silence_ms =
      static_cast<unsigned> (detection.integer ("silenceDurationMs").value_or (setup.silence_ms));
  setup.interrupts = config.string ("activityHandling") != "NO_INTERRUPTION";
}

}  // namespace

std::variant<Setup, Refusal> read_setup (const Fields &fields, const Route &route, const Rules &rules)
{
  if (auto refusal = refuse_unknown_names (fields, route, rules))
    return *refusal;

  Setup setup{.model = fields.string ("model").value_or ("")};
  const auto family = find_model (setup.model, route, rules);
  if (auto *refusal = std::get_if<Refusal> (&family))
    return *refusal;
  setup.family = std::get<Family> (family);
  if (auto refusal = refuse_values (fields, setup.family))
    return *refusal;

  const Fields speech = fields.object ("generationConfig").object ("speechConfig");
  setup.voice_name =
      speech.object ("voiceConfig").object ("prebuiltVoiceConfig").string ("voiceName").value_or ("");
  setup.language = speech.string ("languageCode").value_or ("");
  setup.input_transcription = fields.has ("inputAudioTranscription");
  setup.output_transcription = fields.has ("outputAudioTranscription");
  setup.resumption = fields.has ("sessionResumption");
  setup.handle = fields.object ("sessionResumption").string ("handle").value_or ("");
  read_realtime_input_config (fields.object ("realtimeInputConfig"), setup);
  for (const Fields &tool : fields.objects ("tools"))
    for (const Fields &declaration : tool.objects ("functionDeclarations"))
      setup.functions.push_back (declaration.string ("name").value_or (""));
  return setup;
}

std::optional<Refusal> refuse_credential (const Credential &credential, const Rules &rules)
{
  if (credential.kind == Credential::Kind::None && !rules.require_key)
    return {};
  if (credential.kind == Credential::Kind::None)
    return Refusal{.code = 1008,
                   .reason =
                       "Method doesn't allow unregistered callers (callers without established identity). "
                       "Please use API Key or other form of API consumer identity to call this API."};
  if (credential.value == "expired-key")
    return Refusal{.reason = "API key expired. Please renew the API key."};
  const auto &accepted = rules.accept_keys;
  const bool bad = credential.value == "bad-key" || credential.value == "bad-token" ||
                   credential.value == "auth_tokens/bad";
  const bool known = std::find (accepted.begin (), accepted.end (), credential.value) != accepted.end ();
  if (bad || (!accepted.empty () && !known))
    return Refusal{.reason = "API key not valid. Please pass a valid API key."};
  return {};
}

}  // namespace gemini::stand_in
