#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "stand-in/http/http_error.h"
#include "stand-in/http/route.h"
#include "stand-in/options.h"

namespace gemini::stand_in {

/// TTS models that behave alike.
enum class TtsFamily {
  Tts25,  ///< the whole answer in one event, after all of it is there
  Tts31,
  Tts38,  ///< takes no sampling parameters; reads verbatim; WAV unless it streams
  Other,
};

/// What a client asked for with `generateContent` or `streamGenerateContent`.
struct TtsRequest {
  std::string model;  ///< short name
  TtsFamily family = TtsFamily::Tts38;
  bool vertex = false;
  bool streaming = false;
  std::string text;        ///< of all parts, directions included
  std::string voice_name;  ///< of the first speaker, if there are two: we have one tongue
  std::string language;
  unsigned max_tokens = 16384;  ///< of audio
};

/// Judges a request as the service would. The body is JSON.
std::variant<TtsRequest, HttpError> read_tts_request (const Route &route, std::string_view body,
                                                      const Rules &rules);

/// Why this caller may not come in, if so.
std::optional<HttpError> refuse_caller (const Credential &credential, bool vertex, const Rules &rules);

/// The words of a text, without its vocal tags (`<sigh>` from 3.8, `[sigh]` before) and, where the model
/// knows directions, without the one in front of them ("Say cheerfully: …").
std::string words_to_read (const TtsRequest &request);

}  // namespace gemini::stand_in
