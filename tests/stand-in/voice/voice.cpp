#include "stand-in/voice/voice.h"

#include "stand-in/voice/counter.h"
#include "stand-in/voice/speech.h"

namespace gemini::stand_in {
namespace {

using Samples = std::vector<int16_t>;

constexpr unsigned kLeadInMs = 60;

/// The service begins with noise of one bit before the first word is heard.
Samples lead_in (unsigned rate)
{
  Samples samples (size_t{rate} * kLeadInMs / 1000);
  for (size_t i = 0; i < samples.size (); i++)
    samples[i] = static_cast<int16_t> (i * 7 % 5 == 0 ? 1 : i * 7 % 5 == 1 ? -1 : 0);
  return samples;
}

std::variant<Samples, std::string> play (std::variant<Sound, std::string> sound, Samples before,
                                         unsigned rate)
{
  if (auto *error = std::get_if<std::string> (&sound))
    return *error;
  const Samples samples = resample (std::get<Sound> (sound), rate);
  before.insert (before.end (), samples.begin (), samples.end ());
  return before;
}

}  // namespace

std::variant<Samples, std::string> speak (const Utterance &utterance, const Options &options)
{
  switch (options.voice) {
    case Voice::Counter:
      return counter_samples (options.counter_frames, utterance.turn);
    case Voice::Speech:
      return play (synthesize (utterance.text, utterance.voice_name, utterance.language),
                   lead_in (options.rate), options.rate);
    case Voice::Wav:
      return play (read_wav (options.wav_file), {}, options.rate);
    case Voice::Silence:
      return Samples (options.counter_frames);
    case Voice::None:
      return Samples ();
  }
  return std::string ("no voice was chosen");
}

}  // namespace gemini::stand_in
