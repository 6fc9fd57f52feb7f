#include "transcript.h"

#include <utility>

namespace gemini::chat {

void Transcript::add (std::string text, GstClockTime heard_at)
{
  if (!GST_CLOCK_TIME_IS_VALID (heard_at))
    heard_at = pieces_.empty () ? 0 : pieces_.back ().heard_at;
  pieces_.push_back ({std::move (text), heard_at});
}

std::string Transcript::due (GstClockTime now)
{
  std::string words;
  for (; !pieces_.empty () && pieces_.front ().heard_at <= now; pieces_.pop_front ())
    words += pieces_.front ().text;
  return words;
}

}  // namespace gemini::chat
