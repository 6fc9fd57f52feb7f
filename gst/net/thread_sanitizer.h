#pragma once

#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#endif

namespace gemini {

// What one thread gives to another through a main context. ThreadSanitizer does not see that by itself, for
// GLib's locks are made of futexes.

inline void handed_over ([[maybe_unused]] void *what)
{
#ifdef __SANITIZE_THREAD__
  __tsan_release (what);
#endif
}

inline void taken_over ([[maybe_unused]] void *what)
{
#ifdef __SANITIZE_THREAD__
  __tsan_acquire (what);
#endif
}

}  // namespace gemini
