#include "stand-in/voice/speech.h"

#include <espeak-ng/speak_lib.h>
#include <glib.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>
#include <mutex>
#include <string_view>

namespace gemini::stand_in {
namespace {

struct VoiceRow {
  std::string_view name;
  const char *variant;
  int pitch;  // 0 to 99
  int words_per_minute;
};

constexpr VoiceRow kVoices[] = {
    {"Zephyr", "f2", 62, 175},    {"Puck", "m3", 58, 180},          {"Charon", "m1", 30, 160},
    {"Kore", "f3", 50, 165},      {"Fenrir", "m7", 55, 190},        {"Leda", "f4", 70, 175},
    {"Orus", "m2", 38, 160},      {"Aoede", "f1", 58, 165},         {"Callirrhoe", "f5", 48, 155},
    {"Autonoe", "f2", 54, 168},   {"Enceladus", "m4", 28, 148},     {"Iapetus", "m5", 42, 168},
    {"Umbriel", "m6", 36, 155},   {"Algieba", "m8", 40, 158},       {"Despina", "f3", 60, 162},
    {"Erinome", "f4", 52, 166},   {"Algenib", "m2", 22, 150},       {"Rasalgethi", "m1", 44, 170},
    {"Laomedeia", "f5", 66, 182}, {"Achernar", "f1", 46, 150},      {"Alnilam", "m3", 34, 165},
    {"Schedar", "m4", 46, 162},   {"Gacrux", "f2", 38, 155},        {"Pulcherrima", "f3", 68, 178},
    {"Achird", "m5", 52, 172},    {"Zubenelgenubi", "m6", 26, 145}, {"Vindemiatrix", "f4", 40, 150},
    {"Sadachbia", "m7", 44, 185}, {"Sadaltager", "m8", 50, 165},    {"Sulafat", "f5", 56, 160},
};
constexpr std::string_view kDefaultVoice = "Zephyr";

/// A name we do not know gets a voice all the same, always the same one: the service has thousands.
const VoiceRow &find_voice (const std::string &name)
{
  const std::string_view wanted = name.empty () ? kDefaultVoice : std::string_view (name);
  for (const VoiceRow &voice : kVoices)
    if (voice.name == wanted)
      return voice;
  return kVoices[std::hash<std::string_view>{}(wanted) % std::size (kVoices)];
}

bool set_voice (std::string language, const VoiceRow &voice)
{
  std::transform (language.begin (), language.end (), language.begin (),
                  [] (unsigned char c) { return std::tolower (c); });
  const std::string primary = language.substr (0, language.find ('-'));
  for (const std::string &known : {language, primary, std::string ("en-us"), std::string ("en")}) {
    const std::string full = known + "+" + voice.variant;
    if (!known.empty () && espeak_SetVoiceByName (full.c_str ()) == EE_OK)
      return true;
  }
  return false;
}

/// Returns the rate, or a negative number. The data of espeak-ng stay loaded until the process ends.
int initialize ()
{
  static const int rate =
      espeak_Initialize (AUDIO_OUTPUT_SYNCHRONOUS, 0, nullptr, espeakINITIALIZE_DONT_EXIT);
  return rate;
}

}  // namespace

bool is_prebuilt_voice (std::string_view name)
{
  const std::string wanted (name);
  return std::any_of (std::begin (kVoices), std::end (kVoices), [&] (const VoiceRow &voice) {
    return g_ascii_strcasecmp (wanted.c_str (), voice.name.data ()) == 0;
  });
}

std::string prebuilt_voices ()
{
  std::string names;
  for (const VoiceRow &voice : kVoices)
    names += (names.empty () ? "" : ", ") + std::string (voice.name);
  return names;
}

std::variant<Sound, std::string> synthesize (const std::string &text, const std::string &voice_name,
                                             const std::string &language)
{
  static std::mutex only_one;
  const std::lock_guard guard (only_one);

  const int rate = initialize ();
  if (rate <= 0)
    return std::string ("espeak-ng cannot be started: is espeak-ng-data installed?");
  const VoiceRow &voice = find_voice (voice_name);
  if (!set_voice (language, voice))
    return std::string ("espeak-ng has no English voice: is espeak-ng-data installed?");
  espeak_SetParameter (espeakPITCH, voice.pitch, 0);
  espeak_SetParameter (espeakRATE, voice.words_per_minute, 0);

  Sound sound{.samples = {}, .rate = static_cast<unsigned> (rate)};
  espeak_SetSynthCallback ([] (short *samples, int count, espeak_EVENT *event) {
    if (samples && count > 0) {
      auto *out = static_cast<Sound *> (event->user_data);
      out->samples.insert (out->samples.end (), samples, samples + count);
    }
    return 0;
  });
  if (espeak_Synth (text.c_str (), text.size () + 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, nullptr,
                    &sound) != EE_OK)
    return std::string ("espeak-ng cannot speak this text");
  return sound;
}

}  // namespace gemini::stand_in
