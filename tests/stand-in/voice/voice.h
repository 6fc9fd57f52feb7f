#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "stand-in/options.h"

namespace gemini::stand_in {

/// What is to be spoken, and how.
struct Utterance {
  std::string text;
  std::string voice_name;
  std::string language;
  size_t turn = 0;
};

/// The samples of an answer at `options.rate`, or a sentence that says why there are none.
std::variant<std::vector<int16_t>, std::string> speak (const Utterance &utterance, const Options &options);

/// What to answer to a question.
std::string answer_to (std::string_view question, size_t turn);

}  // namespace gemini::stand_in
