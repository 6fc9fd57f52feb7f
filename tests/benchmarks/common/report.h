#pragma once

#include <algorithm>
#include <cstddef>
#include <iostream>
#include <string>
#include <vector>

namespace gemini::bench {

/// The value that this share of all is not above.
inline double quantile (std::vector<double> values, double share)
{
  if (values.empty ())
    return 0;
  const auto index = static_cast<size_t> (share * static_cast<double> (values.size () - 1) + 0.5);
  std::nth_element (values.begin (), values.begin () + static_cast<std::ptrdiff_t> (index), values.end ());
  return values[index];
}

/// Says whether a target is met, and returns it.
inline bool target (const std::string &what, bool met)
{
  std::cout << (met ? "met:    " : "MISSED: ") << what << "\n";
  return met;
}

}  // namespace gemini::bench
