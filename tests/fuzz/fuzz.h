#pragma once

#include <glib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace gemini::fuzz {

/// Ends the run with the rule that was broken; the fuzzer keeps the input.
inline void expect (bool holds, const char *rule)
{
  if (holds)
    return;
  std::fprintf (stderr, "broken: %s\n", rule);
  std::abort ();
}

/// Reads decisions and texts off the bytes, from the front; behind the end everything is 0 or empty.
class Input {
 public:
  Input (const uint8_t *bytes, size_t size) : rest_ (reinterpret_cast<const char *> (bytes), size) {}

  bool empty () const { return rest_.empty (); }

  unsigned byte ()
  {
    if (rest_.empty ())
      return 0;
    const auto value = static_cast<uint8_t> (rest_.front ());
    rest_.remove_prefix (1);
    return value;
  }

  bool flag () { return byte () % 2 != 0; }

  /// The next line, without its end.
  std::string line ()
  {
    const auto end = std::min (rest_.find ('\n'), rest_.size ());
    std::string text (rest_.substr (0, end));
    rest_.remove_prefix (std::min (rest_.size (), end + 1));
    return text;
  }

  /// So many bytes, or what there is.
  std::string_view bytes (size_t size)
  {
    const auto taken = rest_.substr (0, size);
    rest_.remove_prefix (taken.size ());
    return taken;
  }

  std::string_view rest () { return bytes (rest_.size ()); }

 private:
  std::string_view rest_;
};

/// A line of an input is no C string; what stands in properties and the environment is.
inline std::string c_string (std::string_view text)
{
  return std::string (text.substr (0, text.find ('\0')));
}

inline bool is_utf8 (std::string_view text)
{
  return g_utf8_validate_len (text.data (), text.size (), nullptr) != FALSE;
}

}  // namespace gemini::fuzz

extern "C" int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size);
