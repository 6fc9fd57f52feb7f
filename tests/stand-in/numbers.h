#pragma once

#include <charconv>
#include <string_view>
#include <system_error>

namespace gemini::stand_in {

/// Reads a number; false unless the whole text is one.
template <typename T>
bool read_number (std::string_view text, T &number)
{
  const auto [end, error] = std::from_chars (text.data (), text.data () + text.size (), number);
  return error == std::errc () && end == text.data () + text.size ();
}

}  // namespace gemini::stand_in
