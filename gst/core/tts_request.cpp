#include "core/tts_request.h"

#include "core/json.h"
#include "core/sentences.h"
#include "core/text.h"

namespace gemini {

namespace {

/// What differs from model to model. An unknown one is like the newest.
struct Family {
  const char *version;
  bool streams;
  bool metadata;     ///< style and speaker stand beside the text, not in it
  size_t most_text;  ///< bytes that are surely spoken to their end by one request
};

constexpr Family kFamilies[] = {
    {"gemini-2.5-", false, false, 700},
    {"gemini-3.1-", true, false, 700},  // breaks off beyond 60 to 70 s
    {"", true, true, 5000},             // of 16384 tokens, 8.5 minutes, some 7500 bytes
};

const Family &family_of (const std::string &model)
{
  const Family *family = kFamilies;
  while (model.find (family->version) == model.npos)
    ++family;
  return *family;
}

/// What one speaker says at a time; without speakers, all of it.
struct Line {
  std::string speaker;
  std::string text;
};

using Lines = std::vector<Line>;

JsonObject *child (JsonObject *parent, const char *name)
{
  if (!json_object_has_member (parent, name))
    json_object_set_object_member (parent, name, json_object_new ());
  return json_object_get_object_member (parent, name);
}

void set_string (JsonObject *object, const char *name, const std::string &value)
{
  if (!value.empty ())
    json_object_set_string_member (object, name, value.c_str ());
}

void set_voice (JsonObject *speech, const std::string &voice)
{
  if (!voice.empty ())
    set_string (child (child (speech, "voiceConfig"), "prebuiltVoiceConfig"), "voiceName", voice);
}

void write_speakers (JsonObject *speech, const TtsConfig &config)
{
  JsonArray *voices = json_array_new ();
  for (auto &[speaker, voice] : config.speakers) {
    JsonObject *entry = json_object_new ();
    set_string (entry, "speaker", speaker);
    set_voice (entry, voice);
    json_array_add_object_element (voices, entry);
  }
  json_object_set_array_member (child (speech, "multiSpeakerVoiceConfig"), "speakerVoiceConfigs", voices);
}

JsonObject *part (const Line &line, const std::string &style, bool metadata)
{
  JsonObject *part = json_object_new ();
  const bool in_text = !metadata && !style.empty ();
  set_string (part, "text", in_text ? style + ": " + line.text : line.text);
  if (metadata) {
    if (!style.empty () || !line.speaker.empty ()) {
      set_string (child (part, "speechMetadata"), "speaker", line.speaker);
      set_string (child (part, "speechMetadata"), "style", style);
    }
  }
  return part;
}

JsonNodePtr request (const TtsConfig &config, const Lines &lines, const std::string *voice)
{
  JsonNodePtr root (json_node_new (JSON_NODE_OBJECT));
  json_node_take_object (root.get (), json_object_new ());
  JsonObject *object = json_node_get_object (root.get ());

  JsonArray *parts = json_array_new ();
  for (auto &line : lines)
    json_array_add_object_element (parts, part (line, config.style, family_of (config.model).metadata));
  JsonObject *content = json_object_new ();
  set_string (content, "role", "user");
  json_object_set_array_member (content, "parts", parts);
  JsonArray *contents = json_array_new ();
  json_array_add_object_element (contents, content);
  json_object_set_array_member (object, "contents", contents);

  JsonObject *generation = child (object, "generationConfig");
  JsonArray *modalities = json_array_new ();
  json_array_add_string_element (modalities, "AUDIO");
  json_object_set_array_member (generation, "responseModalities", modalities);
  if (config.temperature)
    json_object_set_double_member (generation, "temperature", *config.temperature);
  if (config.seed)
    json_object_set_int_member (generation, "seed", *config.seed);
  if (config.max_output_tokens)
    json_object_set_int_member (generation, "maxOutputTokens", *config.max_output_tokens);

  if (!voice)
    write_speakers (child (generation, "speechConfig"), config);
  else if (!voice->empty ())
    set_voice (child (generation, "speechConfig"), *voice);
  if (!config.language.empty ())
    set_string (child (generation, "speechConfig"), "languageCode", config.language);
  return root;
}

/// Whether somebody may begin to speak at this place: on a new line, or behind a sentence.
bool may_begin (std::string_view text, size_t at)
{
  const size_t last = at == 0 ? text.npos : text.find_last_not_of (" \t\r\n", at - 1);
  if (last == text.npos)
    return true;
  const auto blanks = text.substr (last + 1, at - last - 1);
  constexpr std::string_view kEnds = ".!?\")'";
  return blanks.find ('\n') != blanks.npos || (!blanks.empty () && kEnds.find (text[last]) != kEnds.npos);
}

/// "Joe: Hello. Jane: Hi." are two lines, also one below the other; what nobody is named for is the first's.
Lines dialogue (const TtsConfig &config, std::string_view text)
{
  Lines lines;
  std::string_view speaker = config.speakers.front ().first;
  size_t begin = 0;
  auto end_at = [&] (size_t end) {
    if (const auto words = trim (text.substr (begin, end - begin)); !words.empty ())
      lines.push_back ({std::string (speaker), std::string (words)});
  };
  for (size_t at = 0; at < text.size (); ++at)
    for (auto &[name, voice] : config.speakers)
      if (text.substr (at).starts_with (name + ":") && may_begin (text, at)) {
        end_at (at);
        speaker = name;
        begin = at + name.size () + 1;
        break;
      }
  end_at (text.size ());
  return lines;
}

/// The bytes that sentences are joined up to; nothing: the text is not split.
std::optional<size_t> piece_size (const TtsConfig &config, const std::string &text)
{
  auto &family = family_of (config.model);
  switch (config.split) {
    case Split::None:
      return std::nullopt;
    case Split::Sentence:
      return 0;
    case Split::Auto:
      break;
  }
  if (!family.streams)
    return 0;
  return text.size () > family.most_text ? std::optional (family.most_text / 2) : std::nullopt;
}

const std::string &voice_of (const TtsConfig &config, const std::string &speaker)
{
  for (auto &[name, voice] : config.speakers)
    if (name == speaker)
      return voice;
  return config.voice;
}

std::vector<JsonNodePtr> plain_requests (const TtsConfig &config, const std::string &text)
{
  const bool spoken_by_two = !config.speakers.empty ();
  const auto lines = spoken_by_two ? dialogue (config, text) : Lines{{"", text}};
  std::vector<JsonNodePtr> requests;
  if (const auto size = piece_size (config, text)) {
    for (auto &line : lines)
      for (auto piece : joined_sentences (sentences_of (line.text, config.language), *size))
        requests.push_back (request (config, {{"", std::string (piece)}}, &voice_of (config, line.speaker)));
  } else if (!spoken_by_two) {
    requests.push_back (request (config, lines, &config.voice));
  } else {
    // The names in the text tell older models who speaks.
    const bool metadata = family_of (config.model).metadata;
    requests.push_back (request (config, metadata ? lines : Lines{{"", text}}, nullptr));
  }
  return requests;
}

}  // namespace

Result<TtsConfig::Speakers> parse_speakers (const std::string &text)
{
  TtsConfig::Speakers speakers;
  std::string_view rest = trim (text);
  while (!rest.empty ()) {
    const auto entry = rest.substr (0, rest.find (','));
    rest.remove_prefix (std::min (rest.size (), entry.size () + 1));
    const size_t equals = entry.find ('=');
    const auto name = trim (entry.substr (0, equals));
    const auto voice = equals == entry.npos ? std::string_view () : trim (entry.substr (equals + 1));
    if (name.empty () || voice.empty ())
      speakers.clear ();
    if (name.empty () || voice.empty ())
      break;
    speakers.emplace_back (name, voice);
  }
  if (!trim (text).empty () && (speakers.size () != 2 || speakers[0].first == speakers[1].first))
    return Error{.kind = Error::Kind::Settings,
                 .message = "The speakers must be two names and their voices, such as Joe=Kore,Jane=Puck"};
  return speakers;
}

Result<std::vector<std::string>> tts_requests (const TtsConfig &config, const std::string &text)
{
  JsonNodePtr extra;
  if (!config.extra.empty ()) {
    auto parsed = parse_json_object (config.extra);
    if (auto *error = std::get_if<Error> (&parsed))
      return Error{
          .kind = Error::Kind::Settings,
          .message =
              "The setup property must be a JSON object, such as {\"generationConfig\":{\"topP\":0.9}}",
          .detail = error->message};
    extra = std::move (std::get<JsonNodePtr> (parsed));
  }

  std::vector<std::string> bodies;
  if (trim (text).empty ())
    return bodies;
  for (auto &root : plain_requests (config, text)) {
    if (extra)
      merge_json (json_node_get_object (root.get ()), json_node_get_object (extra.get ()));
    bodies.push_back (to_json (root.get ()));
  }
  return bodies;
}

}  // namespace gemini
