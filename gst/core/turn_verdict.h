#pragma once

#include <optional>
#include <string_view>

#include "core/error.h"

namespace gemini {

/// What is known of a turn of the Live API when all of it has come.
struct TurnFacts {
  bool audio = false;       ///< some came
  bool audible = false;     ///< and it is more than silence
  bool text = false;        ///< text came that is no transcript and no thought
  bool tool_call = false;   ///< a function was called: such a turn may be silent
  std::string_view reason;  ///< `turnCompleteReason`, usually empty
};

/// What a person should know of a turn that ended in good order and was yet no answer; usually nothing.
std::optional<Error> turn_warning (const TurnFacts &facts);

}  // namespace gemini
