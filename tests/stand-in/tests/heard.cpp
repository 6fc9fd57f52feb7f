#include "heard.h"

#include <algorithm>

#include "stand-in/live/client_message.h"

namespace gemini::stand_in {
namespace {

std::string decode (std::string text)
{
  std::replace (text.begin (), text.end (), '-', '+');
  std::replace (text.begin (), text.end (), '_', '/');
  text.append ((4 - text.size () % 4) % 4, '=');
  gsize size = 0;
  const CharPtr bytes (reinterpret_cast<char *> (g_base64_decode (text.c_str (), &size)));
  return {bytes.get (), size};
}

/// Bytes of audio as frames, with a half one if there is one: "480", "480.5".
std::string frames (size_t bytes) { return std::to_string (bytes / 2) + (bytes % 2 ? ".5" : ""); }

std::string describe_part (const Fields &part, Heard &heard)
{
  if (part.boolean ("thought") == true)
    return "thought ";
  if (const auto text = part.string ("text"))
    return "text '" + *text + "' ";
  const auto data = part.object ("inlineData").string ("data");
  if (!data)
    return "empty-part ";
  const std::string bytes = decode (*data);
  heard.audio += bytes;
  return "chunk " + frames (bytes.size ()) + " ";
}

std::string describe_words (const char *verb, const Fields &words)
{
  const auto text = words.string ("text");
  return std::string (verb) + (text ? " '" + *text + "' " : " nothing ") +
         (words.boolean ("finished") == true ? "finished " : "");
}

std::string describe_content (const Fields &content, Heard &heard)
{
  std::string tale;
  if (content.has ("modelTurn") && content.object ("modelTurn").objects ("parts").empty ())
    tale += "no-parts ";
  for (const Fields &part : content.object ("modelTurn").objects ("parts"))
    tale += describe_part (part, heard);
  if (const Fields words = content.object ("inputTranscription"))
    tale += describe_words ("hears", words);
  if (const Fields words = content.object ("outputTranscription")) {
    tale += describe_words ("says", words);
    heard.transcript += words.string ("text").value_or ("");
  }
  for (const auto &[field, name] : {std::pair ("interrupted", "interrupted "),
                                    {"generationComplete", "generation-complete "},
                                    {"turnComplete", "turn-complete "}})
    if (content.boolean (field) == true)
      tale += name;
  return tale;
}

std::string describe_answer (const Fields &answer, Heard &heard)
{
  std::string tale;
  for (const Fields &candidate : answer.objects ("candidates")) {
    if (!candidate.has ("content"))
      tale += "no-content ";
    else if (candidate.object ("content").objects ("parts").empty ())
      tale += "no-parts ";
    for (const Fields &part : candidate.object ("content").objects ("parts"))
      tale += describe_part (part, heard);
    if (const auto reason = candidate.string ("finishReason"))
      tale += *reason + " ";
  }
  if (const auto reason = answer.object ("promptFeedback").string ("blockReason"))
    tale += "blocked " + *reason + " ";
  if (const auto code = answer.object ("error").integer ("code"))
    tale += "error " + std::to_string (*code) + " ";
  return tale;
}

}  // namespace

void Heard::add (const std::string &json)
{
  const JsonNodePtr root (json_from_string (json.c_str (), nullptr));
  const Fields message (root ? json_node_get_object (root.get ()) : nullptr);
  std::string now;
  if (message.has ("setupComplete"))
    now += "setup ";
  if (const Fields content = message.object ("serverContent"))
    now += describe_content (content, *this);
  if (message.has ("toolCall"))
    now += "tool-call ";
  if (message.has ("toolCallCancellation"))
    now += "tool-call-cancelled ";
  if (const auto left = message.object ("goAway").string ("timeLeft"))
    now += "go-away " + *left + " ";
  if (const Fields update = message.object ("sessionResumptionUpdate"))
    now += update.has ("newHandle") ? "handle " : "no-handle ";
  now += describe_answer (message, *this);
  if (message.has ("usageMetadata"))
    now += "usage ";
  if (now.empty ())
    now = "nothing ";
  now.pop_back ();
  tale += (tale.empty () ? "" : ", ") + now;
}

std::vector<int16_t> Heard::samples () const
{
  std::vector<int16_t> samples (audio.size () / 2);
  for (size_t i = 0; i < samples.size (); i++)
    samples[i] = static_cast<int16_t> (static_cast<uint8_t> (audio[2 * i]) | audio[2 * i + 1] << 8);
  return samples;
}

}  // namespace gemini::stand_in
