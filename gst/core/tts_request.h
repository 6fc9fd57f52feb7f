#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"

namespace gemini {

/// When a text is read in several requests, one after the other.
enum class Split { Auto, None, Sentence };

/// What a request for speech is made of. Unset means "not sent": the server has its own default.
struct TtsConfig {
  using Speakers = std::vector<std::pair<std::string, std::string>>;

  std::string model;
  std::string style;  ///< how it is to be read
  std::string voice;
  Speakers speakers;  ///< names in the text and their voices, wins
  std::string language;
  std::optional<double> temperature;
  std::optional<int> seed;
  std::optional<int> max_output_tokens;
  Split split = Split::Auto;
  std::string extra;  ///< a JSON object written over each request
};

/// Reads "Joe=Kore,Jane=Puck": two speakers, as many as the API takes. Empty text: none.
Result<TtsConfig::Speakers> parse_speakers (const std::string &text);

/// The bodies of the requests that read this text, in the order of their speech; none for a blank text.
///
/// A style stands in front of the text for models up to 3.1, and in `speechMetadata` since, for these read
/// every word aloud. A dialogue is one request, if it is not split; else every line has its speaker's voice.
/// `Auto` splits into sentences for models that answer only when all is spoken (2.5), and beyond what the
/// others speak in one go, into pieces of whole sentences. Settings error if `extra` is no JSON object.
Result<std::vector<std::string>> tts_requests (const TtsConfig &config, const std::string &text);

}  // namespace gemini
