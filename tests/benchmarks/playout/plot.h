#pragma once

#include <string>

#include "report.h"

namespace gemini::bench {

/// Draws all policies as an SVG: mean start delay against underruns, and against silence inside turns. What
/// is nearer to the lower left corner is better; the line joins the policies that no other one beats in both.
std::string plot (const Table &table);

}  // namespace gemini::bench
