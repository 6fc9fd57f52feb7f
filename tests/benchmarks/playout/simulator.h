#pragma once

#include "policy.h"

namespace gemini::bench {

/// How a turn was heard.
struct Heard {
  nanoseconds delay{0};     ///< from its first chunk's arrival to its first buffer's leaving
  nanoseconds earliest{0};  ///< what the oracle waits
  nanoseconds length{0};    ///< of its speech
  unsigned underruns = 0;
  nanoseconds silence{0};  ///< inside it
};

/// Plays a session with a policy, in no time: one entry for each turn.
std::vector<Heard> simulate (const Trace &trace, const Policy &policy);

}  // namespace gemini::bench
