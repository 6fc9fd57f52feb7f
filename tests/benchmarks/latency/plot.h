#pragma once

#include <string>
#include <vector>

#include "report.h"

namespace gemini::bench {

/// Draws the tables beside each other: for each player when the first speech was handed out, what its PTS
/// was, when the sink's clock plays it and when the monitor heard it, as medians.
std::string plot (const std::vector<Table> &tables);

}  // namespace gemini::bench
