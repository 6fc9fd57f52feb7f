#pragma once

#include <algorithm>

#include "fuzz/clock.h"
#include "fuzz/speaker.h"

namespace gemini::fuzz {

/// Everything that is due within this time happens at its moment; alarms ring no more for who is over.
template <typename Hearer>
void pass_time (nanoseconds by, Clock &clock, Speaker &speaker, const Hearer &hearer)
{
  const auto until = clock.now () + std::max (by, nanoseconds (0));
  for (;;) {
    const auto wake = speaker.pump (clock.now ());
    if (!hearer.over () && clock.ring ())
      continue;
    auto next = until;
    if (wake)
      next = std::min (next, *wake);
    if (const auto due = clock.next (); due && !hearer.over ())
      next = std::min (next, *due);
    if (next <= clock.now () && clock.now () >= until)
      break;
    clock.move_to (std::max (next, clock.now ()));
  }
  if (!speaker.paused ())
    speaker.check_present (clock.now ());
}

}  // namespace gemini::fuzz
