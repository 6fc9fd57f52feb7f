#pragma once

#include <optional>
#include <string>

#include "core/error.h"
#include "core/retry.h"
#include "core/tts_response.h"

namespace gemini {

/// What became of one request for speech.
struct TtsVerdict {
  std::optional<Error> error;    ///< it failed
  RetryAdvice advice;            ///< then
  std::optional<Error> warning;  ///< it spoke, but not all of the text
};

/// Of an answer with the status 200 that is over, or that an error ended early. The one table of what can be
/// wrong with an answer that looks right.
TtsVerdict tts_verdict (const TtsResponse::Facts &facts);

}  // namespace gemini
