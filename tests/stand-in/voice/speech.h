#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gemini::stand_in {

/// Samples and their rate.
struct Sound {
  std::vector<int16_t> samples;
  unsigned rate = 24000;
};

/// Reads a text aloud with espeak-ng. The voices of the service are told apart by timbre, pitch and tempo; a
/// language such as "de-DE" is spoken if espeak-ng knows it, else English.
///
/// Any thread; espeak-ng is one per process, so callers wait for each other.
std::variant<Sound, std::string> synthesize (const std::string &text, const std::string &voice_name,
                                             const std::string &language);

/// Whether every model knows a voice of this name, in any case.
bool is_prebuilt_voice (std::string_view name);

/// All of them, apart by ", ".
std::string prebuilt_voices ();

/// Reads a recording: RIFF, 16 bits, mono or stereo (which is mixed down), any rate.
std::variant<Sound, std::string> read_wav (const std::string &file);

/// The same sound at another rate.
std::vector<int16_t> resample (const Sound &sound, unsigned rate);

}  // namespace gemini::stand_in
