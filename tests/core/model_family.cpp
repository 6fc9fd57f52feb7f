#include "core/model_family.h"

#include <string>

#include "support/check.h"

using namespace gemini;

namespace {

/// What is sent of the four levels.
std::string thinking (const char *model)
{
  std::string sent;
  for (auto level :
       {ThinkingLevel::Minimal, ThinkingLevel::Low, ThinkingLevel::Medium, ThinkingLevel::High}) {
    auto thinking = thinking_of (model_family (model), level);
    fail_if (thinking.level && thinking.budget);
    sent += thinking.level    ? std::string (*thinking.level) + " "
            : thinking.budget ? std::to_string (*thinking.budget) + " "
                              : "- ";
  }
  return sent;
}

}  // namespace

GST_START_TEST (each_family_is_told_to_think_in_its_own_way)
{
  const struct {
    const char *model;
    const char *sent;
  } rows[] = {
      {"gemini-3.8-live", "- - - - "},
      {"models/gemini-3.8-live", "- - - - "},
      {"gemini-3.8-live-extended-thinking", "low low medium high "},
      {"gemini-3.1-flash-live-preview", "minimal low medium high "},
      {"gemini-2.5-flash-native-audio-latest", "0 1024 8192 24576 "},
      {"publishers/google/models/gemini-live-2.5-flash-native-audio", "0 1024 8192 24576 "},
      {"gemini-9-live", "minimal low medium high "},
      {"", "minimal low medium high "},
  };
  for (auto &[model, sent] : rows)
    fail_unless_equals_text (model + std::string (": ") + thinking (model),
                             model + std::string (": ") + sent);
}
GST_END_TEST;

GST_START_TEST (what_is_not_wished_for_is_not_sent)
{
  for (const char *model : {"gemini-3.1-flash-live-preview", "gemini-2.5-flash-native-audio-latest"}) {
    auto thinking = thinking_of (model_family (model), ThinkingLevel::Unset);
    fail_if (thinking.level || thinking.budget);
  }
}
GST_END_TEST;

GST_START_TEST (only_extended_thinking_answers_in_segments)
{
  fail_unless (model_family ("gemini-3.8-live-extended-thinking").segmented);
  fail_if (model_family ("gemini-3.8-live").segmented);
  fail_if (model_family ("mine").segmented);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (model_family, each_family_is_told_to_think_in_its_own_way,
                   what_is_not_wished_for_is_not_sent, only_extended_thinking_answers_in_segments)
