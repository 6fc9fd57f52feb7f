#include "core/model_family.h"

#include <algorithm>

namespace gemini {
namespace {

using enum ModelFamily::Thinking;

/// The first whose name is in the model's; longer names come before those they contain.
constexpr ModelFamily kFamilies[] = {
    {"extended-thinking", TextInput::ClientContent, Level, ThinkingLevel::Low, true},
    {"gemini-3.8-", TextInput::ClientContent, None, ThinkingLevel::Unset},
    {"gemini-3.1-", TextInput::RealtimeInput, Level, ThinkingLevel::Minimal},
    {"gemini-2.5-", TextInput::ClientContent, Budget, ThinkingLevel::Minimal},
    {"gemini-live-2.5-", TextInput::ClientContent, Budget, ThinkingLevel::Minimal},
    {"", TextInput::ClientContent, Level, ThinkingLevel::Minimal},
};

struct Step {
  ThinkingLevel level;
  std::string_view name;
  int budget;  ///< tokens; 0: no thinking
};

constexpr Step kSteps[] = {
    {ThinkingLevel::Minimal, "minimal", 0},
    {ThinkingLevel::Low, "low", 1024},
    {ThinkingLevel::Medium, "medium", 8192},
    {ThinkingLevel::High, "high", 24576},
};

}  // namespace

const ModelFamily &model_family (std::string_view model)
{
  const auto *family = kFamilies;
  while (model.find (family->name) == model.npos)
    family++;
  return *family;
}

Thinking thinking_of (const ModelFamily &family, ThinkingLevel level)
{
  if (level == ThinkingLevel::Unset || family.thinking == None)
    return {};
  for (auto &step : kSteps)
    if (step.level == std::max (level, family.least))
      return family.thinking == Budget ? Thinking{{}, step.budget} : Thinking{step.name, {}};
  return {};
}

}  // namespace gemini
