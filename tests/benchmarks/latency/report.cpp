#include "report.h"

#include <iomanip>
#include <ostream>
#include <sstream>

#include "common/report.h"

namespace gemini::bench {
namespace {

constexpr int kName = 44;
constexpr int kDelay = 21;

std::string in_short (const Delays &delays)
{
  if (delays.ms.empty ())
    return "-";
  std::ostringstream text;
  text << std::fixed << std::setprecision (1) << delays.median () << " (" << std::setprecision (1)
       << delays.least () << "–" << delays.most () << ")";
  return text.str ();
}

/// Right-aligned; the dash is one letter of three bytes.
std::string cell (const std::string &text, int width)
{
  const auto dash = text.find ("–") == text.npos ? 0 : 2;
  const auto letters = static_cast<int> (text.size ()) - dash;
  return std::string (static_cast<size_t> (std::max (0, width - letters)), ' ') + text;
}

std::string ratio (const Delays &delays, const Delays &base)
{
  if (delays.ms.empty () || base.ms.empty () || base.median () <= 0)
    return "-";
  std::ostringstream text;
  text << std::fixed << std::setprecision (2) << delays.median () / base.median ();
  return text.str ();
}

}  // namespace

double Delays::median () const { return quantile (ms, 0.5); }
double Delays::least () const { return quantile (ms, 0); }
double Delays::most () const { return quantile (ms, 1); }

void print (std::ostream &out, const Table &table)
{
  const auto &base = table.rows.front ();
  out << "\n"
      << table.title << "\n"
      << std::left << std::setw (kName) << "" << std::right << std::setw (kDelay) << "handed out"
      << std::setw (kDelay) << "PTS" << std::setw (kDelay) << "at the sink's clock" << std::setw (kDelay)
      << "at the monitor" << std::setw (18) << "ratios" << std::setw (8) << "lost" << std::setw (10)
      << "pauses\n";
  for (const auto &row : table.rows) {
    // What needs no device is the ratio's base, where the device's own delay is not to count against it.
    const auto &at_sink = row.due.ms.empty () ? row.out : row.due;
    out << std::left << std::setw (kName) << row.player << cell (in_short (row.out), kDelay)
        << cell (in_short (row.stamp), kDelay) << cell (in_short (row.due), kDelay)
        << cell (in_short (row.heard), kDelay) << std::right << std::setw (10) << ratio (at_sink, base.out)
        << std::setw (8) << ratio (row.heard, base.heard) << std::setw (8) << row.lost + row.wrong
        << std::fixed << std::setprecision (1) << std::setw (9) << row.pauses << "\n";
  }
  out.flush ();
}

}  // namespace gemini::bench
