#include <algorithm>
#include <array>
#include <cctype>

#include "stand-in/voice/voice.h"

namespace gemini::stand_in {
namespace {

struct Canned {
  std::string_view cue;  ///< what the question holds, in lower case
  std::string_view answer;
};

constexpr Canned kAnswers[] = {
    {"who are you",
     "I am the stand-in: a small server on your own machine that speaks the same protocol as Gemini."},
    {"what can you do",
     "I can answer in a synthetic voice, as fast or as slowly as you like, and I can fail in many ways."},
    {"how are you", "Thank you, I am well. All my samples are in order."},
    {"count to", "One, two, three, four, five, six, seven, eight, nine, ten."},
    {"weather", "It is always dry in here, with a light breeze from the fan."},
    {"long story",
     "Once upon a time there was a small buffer. It was never empty and never full, and whoever asked it for "
     "a sample "
     "was given the next one. One night the network fell silent. The buffer counted what it had, and it was "
     "just "
     "enough to reach the morning. Since then it keeps a little more in the cellar, and nobody has ever "
     "heard a gap. "
     "When the wind stands right you can still hear it hum, at exactly twenty four thousand samples a "
     "second."},
    {"story", "A packet left home early, and arrived late. But it had been expected, and nobody noticed."},
    {"thank", "You are welcome."},
    {"good morning", "Good morning! Did you sleep well?"},
    {"good night", "Good night, and sweet dreams."},
    {"hello", "Hello! Nice to hear from you."},
    {"bye", "Goodbye, until next time."},
};

constexpr std::array<std::string_view, 4> kJokes = {
    "Why do programmers mix up Halloween and Christmas? Because octal thirty one equals decimal twenty five.",
    "I would tell you a joke about UDP, but you might not get it.",
    "A TCP packet walks into a bar and says: I would like a beer. The barman asks: You would like a beer? "
    "Yes, a beer.",
    "There are two hard things in computing: naming things, keeping caches fresh, and counting without being "
    "off by one.",
};

}  // namespace

std::string answer_to (std::string_view question, size_t turn)
{
  std::string lower (question);
  std::transform (lower.begin (), lower.end (), lower.begin (),
                  [] (unsigned char c) { return std::tolower (c); });
  if (lower.find ("joke") != lower.npos)
    return std::string (kJokes[turn % kJokes.size ()]);
  for (const Canned &canned : kAnswers)
    if (lower.find (canned.cue) != lower.npos)
      return std::string (canned.answer);
  if (question.empty ())
    return "I am listening.";
  return "You said: " + std::string (question) + ". I have nothing to add to that.";
}

}  // namespace gemini::stand_in
