#include "core/turn_verdict.h"

namespace gemini {
namespace {

struct Row {
  std::string_view beginning;  ///< of the reason
  std::string_view message;
};

/// The first row whose beginning fits.
constexpr Row kReasons[] = {
    {"RESPONSE_REJECTED", "The answer was rejected before it was spoken: put the question differently"},
    {"NEED_MORE_INPUT", "The model waits for more before it answers: say more"},
    {"MALFORMED_FUNCTION_CALL",
     "The model could not call a function: check the declarations in the setup property"},
    {"MAX_REGENERATION_REACHED", "The model gave up after several attempts: put the question differently"},
    {"PROHIBITED_INPUT", "The question was blocked by a safety filter: put it differently"},
    {"IMAGE_PROHIBITED_INPUT", "The question was blocked by a safety filter: put it differently"},
    {"INPUT_", "The question was blocked by a safety filter: put it differently"},
    {"BLOCKLIST", "The question was blocked by a safety filter: put it differently"},
    {"UNSAFE_PROMPT", "The question was blocked by a safety filter: put it differently"},
    {"GENERATED_", "The answer was cut off by a safety filter: put the question differently"},
    {"OUTPUT_", "The answer was cut off by a safety filter: put the question differently"},
    {"", "Gemini ended the answer for a reason of its own: look into the debug details"},
};

Error warning (Error::Kind kind, std::string_view message, std::string detail)
{
  return {.kind = kind, .message = std::string (message), .detail = std::move (detail)};
}

}  // namespace

std::optional<Error> turn_warning (const TurnFacts &facts)
{
  using enum Error::Kind;
  if (!facts.reason.empty () && facts.reason != "TURN_COMPLETE_REASON_UNSPECIFIED")
    for (auto &row : kReasons)
      if (facts.reason.starts_with (row.beginning))
        return warning (Failed, row.message, "turnCompleteReason " + std::string (facts.reason));
  if (facts.audio && !facts.audible)
    return warning (Failed, "The answer is nothing but silence: ask again, and try another voice if it stays",
                    "no sample above -60 dBFS");
  if (facts.audio)
    return std::nullopt;
  if (facts.text)
    return warning (Format,
                    "Gemini answered in text instead of speech: check the model, and responseModalities in "
                    "the setup property",
                    "text parts and no audio");
  if (!facts.tool_call)
    return warning (Failed,
                    "Gemini ended its turn without a word: ask again, or put the question differently",
                    "no audio, no text");
  return std::nullopt;
}

}  // namespace gemini
