#pragma once

#include "core/error.h"
#include "core/retry.h"

namespace gemini {

/// A connection that has ended, as far as it matters for the next one.
struct LostConnection {
  const Error &error;
  bool was_ready = false;    ///< it was set up
  bool ever_ready = false;   ///< it, or one before it
  bool with_handle = false;  ///< it was to resume a session
  bool again_1011 = false;   ///< the one before ended with 1011, too
};

struct ResumeAdvice {
  RetryAdvice retry;
  bool drop_handle = false;  ///< the server does not take it: the next session is a new one
};

/// Whether another connection can help, and how: the one table of it. What is wrong with key, model or
/// settings stays wrong, a network that never was there does not come by itself, everything else passes.
ResumeAdvice resume_advice (const LostConnection &lost);

}  // namespace gemini
