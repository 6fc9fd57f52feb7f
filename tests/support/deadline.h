#pragma once

#include <chrono>
#include <cstdlib>

namespace gemini::test {

/// How long a test waits for what must come: a test that hangs then fails at a place, not as a killed
/// process. Nothing is measured by it. GEMINI_TEST_DEADLINE (seconds) is for tools that slow everything down.
inline std::chrono::seconds deadline ()
{
  const char *seconds = std::getenv ("GEMINI_TEST_DEADLINE");
  return std::chrono::seconds (seconds != nullptr ? std::atoi (seconds) : 30);
}

}  // namespace gemini::test
