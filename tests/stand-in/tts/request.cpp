#include "stand-in/tts/request.h"

#include <algorithm>
#include <array>

#include "stand-in/fields.h"
#include "stand-in/live/setup.h"
#include "stand-in/voice/speech.h"

namespace gemini::stand_in {
namespace {

constexpr size_t kMaxInputTokens = 8192, kCharactersPerToken = 4;

enum class Where { Everywhere, Gemini, Vertex };

struct KnownModel {
  std::string_view name;
  TtsFamily family;
  Where where = Where::Everywhere;
};

constexpr KnownModel kModels[] = {
    {"gemini-3.8-flash-tts", TtsFamily::Tts38},
    {"gemini-3.8-flash-lite-tts", TtsFamily::Tts38},
    {"gemini-3.1-flash-tts-preview", TtsFamily::Tts31},
    {"gemini-2.5-flash-preview-tts", TtsFamily::Tts25, Where::Gemini},
    {"gemini-2.5-pro-preview-tts", TtsFamily::Tts25, Where::Gemini},
    {"gemini-2.5-flash-tts", TtsFamily::Tts25, Where::Vertex},
    {"gemini-2.5-pro-tts", TtsFamily::Tts25, Where::Vertex},
    {"gemini-2.5-flash-lite-preview-tts", TtsFamily::Tts25, Where::Vertex},
};

HttpError invalid (const std::string &message) { return {.message = message}; }

HttpError unknown_field (const std::string &name, const std::string &where)
{
  const Refusal refusal = unknown_name (name, where);
  return {.message = refusal.reason, .field = where};
}

std::variant<TtsFamily, HttpError> find_model (const std::string &name, const Route &route,
                                               const Rules &rules)
{
  for (const KnownModel &known : kModels) {
    const bool here = known.where == Where::Everywhere || (known.where == Where::Vertex) == route.vertex;
    if (known.name == name && here)
      return known.family;
  }
  if (std::any_of (rules.accept_models.begin (), rules.accept_models.end (),
                   [&] (auto &accepted) { return accepted == "*" || accepted == name; }))
    return TtsFamily::Other;
  if (route.vertex)
    return HttpError{.status = 404,
                     .message = "Publisher Model `" + route.model +
                                "` was not found or your project does not have access to it."};
  return HttpError{
      .status = 404,
      .message = route.model + " is not found for API version " + route.version +
                 ", or is not supported for generateContent. Call ModelService.ListModels to see "
                 "the list of available models and their supported methods."};
}

std::optional<HttpError> refuse_contents (const Fields &body, TtsFamily family, const Rules &rules)
{
  const auto contents = body.objects ("contents");
  for (size_t i = 0; i < contents.size (); i++) {
    const std::string where = "contents[" + std::to_string (i) + "]";
    if (const auto name = contents[i].stranger ({"role", "parts"}, rules.snake_case))
      return unknown_field (*name, where);
    const std::string role = contents[i].string ("role").value_or ("user");
    if (role != "user" && role != "model")
      return invalid ("Please use a valid role: user, model.");
    const auto parts = contents[i].objects ("parts");
    for (size_t k = 0; k < parts.size (); k++) {
      if (!parts[k].has ("text"))
        return invalid ("The model only supports text input.");
      if (family != TtsFamily::Tts38 && family != TtsFamily::Other && parts[k].has ("speechMetadata"))
        return unknown_field ("speechMetadata", where + ".parts[" + std::to_string (k) + "]");
    }
  }
  return {};
}

std::optional<HttpError> refuse_names (const Fields &body, const Rules &rules)
{
  if (const auto name =
          body.stranger ({"contents", "generationConfig", "systemInstruction", "safetySettings", "tools",
                          "toolConfig", "cachedContent", "model", "labels", "serviceTier"},
                         rules.snake_case))
    return unknown_field (*name, "");
  const Fields config = body.object ("generationConfig");
  if (const auto name =
          config.stranger ({"responseModalities", "speechConfig", "temperature", "topP", "topK", "seed",
                            "maxOutputTokens", "candidateCount", "stopSequences", "presencePenalty",
                            "frequencyPenalty", "responseFormat", "responseMimeType", "thinkingConfig"},
                           rules.snake_case))
    return unknown_field (*name, "generation_config");
  const Fields speech = config.object ("speechConfig");
  if (const auto name =
          speech.stranger ({"voiceConfig", "languageCode", "multiSpeakerVoiceConfig"}, rules.snake_case))
    return unknown_field (*name, "generation_config.speech_config");
  return {};
}

std::string voice_of (const Fields &voice_config)
{
  return voice_config.object ("prebuiltVoiceConfig")
      .string ("voiceName")
      .value_or (voice_config.string ("voice").value_or (""));
}

std::optional<HttpError> refuse_voice (const std::string &name, TtsFamily family)
{
  const bool catalogue = family == TtsFamily::Tts38 || family == TtsFamily::Other;
  if (name.empty () || catalogue || is_prebuilt_voice (name))
    return {};
  return invalid ("Voice name " + name + " is not supported. Allowed voice names are: " + prebuilt_voices ());
}

std::optional<HttpError> refuse_speakers (const Fields &speech, TtsFamily family)
{
  const Fields several = speech.object ("multiSpeakerVoiceConfig");
  if (!several)
    return {};
  if (speech.has ("voiceConfig"))
    return invalid ("Only one of voice_config and multi_speaker_voice_config may be set.");
  const auto speakers = several.objects ("speakerVoiceConfigs");
  if (speakers.size () != 2)
    return invalid ("The number of enabled_voices must equal 2.");
  for (const Fields &speaker : speakers)
    if (const auto error = refuse_voice (voice_of (speaker.object ("voiceConfig")), family))
      return error;
  return {};
}

std::optional<HttpError> refuse_values (const Fields &body, TtsFamily family)
{
  const Fields config = body.object ("generationConfig");
  if (config.strings ("responseModalities") != std::vector<std::string>{"AUDIO"})
    return invalid (
        "The requested combination of response modalities is not supported by the model. It only supports "
        "AUDIO.");
  if (family == TtsFamily::Tts38)
    for (const char *name : {"temperature", "topP", "topK"})
      if (config.has (name))
        return HttpError{.message = std::string (name) + " is not supported by this model.",
                         .field = std::string ("generation_config.") + name};
  const Fields speech = config.object ("speechConfig");
  if (const auto error = refuse_voice (voice_of (speech.object ("voiceConfig")), family))
    return error;
  return refuse_speakers (speech, family);
}

std::string text_of (const Fields &body)
{
  std::string text;
  for (const Fields &content : body.objects ("contents"))
    for (const Fields &part : content.objects ("parts"))
      text += (text.empty () ? "" : "\n") + part.string ("text").value_or ("");
  return text;
}

/// A tag is letters and blanks in brackets; anything else in brackets is text.
std::string without_tags (std::string_view text, char open, char close)
{
  std::string words;
  while (!text.empty ()) {
    const size_t begin = std::min (text.find (open), text.size ());
    words += text.substr (0, begin);
    text.remove_prefix (begin);
    const size_t end = text.find (close);
    const std::string_view inside = text.empty () || end == text.npos ? "" : text.substr (1, end - 1);
    const bool tag = !inside.empty () && std::all_of (inside.begin (), inside.end (), [] (char c) {
      return g_ascii_isalpha (c) || c == ' ';
    });
    const size_t done = tag ? end + 1 : std::min<size_t> (1, text.size ());
    if (!tag)
      words += text.substr (0, done);
    text.remove_prefix (done);
  }
  return words;
}

std::optional<HttpError> refuse_text (const std::string &text)
{
  if (text.find_first_not_of (" \t\r\n") == text.npos)
    return invalid ("* GenerateContentRequest.contents: contents is not specified\n");
  const size_t tokens = text.size () / kCharactersPerToken;
  if (tokens > kMaxInputTokens)
    return invalid ("The input token count (" + std::to_string (tokens) +
                    ") exceeds the maximum number of tokens allowed (" + std::to_string (kMaxInputTokens) +
                    ").");
  return {};
}

}  // namespace

std::variant<TtsRequest, HttpError> read_tts_request (const Route &route, std::string_view text,
                                                      const Rules &rules)
{
  TtsRequest request{.model = route.model.substr (route.model.rfind ('/') + 1),
                     .vertex = route.vertex,
                     .streaming = route.streaming};
  const JsonNodePtr root = parse_object (text);
  if (!root)
    return invalid ("Invalid JSON payload received. Unexpected token.");
  const auto family = find_model (request.model, route, rules);
  if (const auto *error = std::get_if<HttpError> (&family))
    return *error;
  request.family = std::get<TtsFamily> (family);

  const Fields body (json_node_get_object (root.get ()));
  request.text = text_of (body);
  for (const auto &error : {refuse_names (body, rules), refuse_contents (body, request.family, rules),
                            refuse_text (request.text), refuse_values (body, request.family)})
    if (error)
      return *error;

  const Fields config = body.object ("generationConfig"), speech = config.object ("speechConfig");
  const auto speakers = speech.object ("multiSpeakerVoiceConfig").objects ("speakerVoiceConfigs");
  request.voice_name = voice_of ((speakers.empty () ? speech : speakers.front ()).object ("voiceConfig"));
  request.language = speech.string ("languageCode").value_or ("");
  const auto limit = static_cast<int64_t> (request.max_tokens);
  request.max_tokens = static_cast<unsigned> (
      std::clamp<int64_t> (config.integer ("maxOutputTokens").value_or (limit), 1, limit));
  return request;
}

std::optional<HttpError> refuse_caller (const Credential &credential, bool vertex, const Rules &rules)
{
  const auto refusal = refuse_credential (credential, rules);
  if (!refusal)
    return {};
  if (vertex)
    return usual_error (401);
  if (credential.kind == Credential::Kind::None)
    return HttpError{.status = 403, .message = refusal->reason};
  return HttpError{.message = refusal->reason, .reason = "API_KEY_INVALID"};
}

std::string words_to_read (const TtsRequest &request)
{
  const bool verbatim = request.family == TtsFamily::Tts38;
  const std::string text = without_tags (request.text, verbatim ? '<' : '[', verbatim ? '>' : ']');
  const size_t colon = text.find (": ");
  const bool directed = text.starts_with ("Say ") || text.starts_with ("Read ");
  return verbatim || !directed || colon == text.npos ? text : text.substr (colon + 2);
}

}  // namespace gemini::stand_in
