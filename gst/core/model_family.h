#pragma once

#include <optional>
#include <string_view>

namespace gemini {

/// How long the model may think before it speaks.
enum class ThinkingLevel { Unset, Minimal, Low, Medium, High };

/// How a text reaches the model: one is a turn of the history, the other is spoken to the model.
enum class TextInput { Auto, ClientContent, RealtimeInput };

/// What the models of one family want to be told, and how they answer. docs/models.md shows the table.
struct ModelFamily {
  enum class Thinking {
    Budget,  ///< a number of tokens
    Level,   ///< the name of a level
    None,    ///< refuses any
  };

  std::string_view name;  ///< somewhere in the name of the model; empty: all others
  TextInput text;         ///< starts to speak on this
  Thinking thinking;
  ThinkingLevel least;     ///< the lowest level it takes
  bool segmented = false;  ///< answers in several spoken segments; `interactionStatus` tells the last
};

/// The family of a model, by its name with or without a path. Names nobody knows are taken for the newest.
const ModelFamily &model_family (std::string_view model);

/// What is sent for a level: `name` as `thinkingLevel`, or `budget` as `thinkingBudget`, or nothing at all.
struct Thinking {
  std::optional<std::string_view> level;
  std::optional<int> budget;
};
Thinking thinking_of (const ModelFamily &family, ThinkingLevel level);

}  // namespace gemini
