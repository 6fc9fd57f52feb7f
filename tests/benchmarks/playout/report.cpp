#include "report.h"

#include <iomanip>
#include <ostream>

#include "common/report.h"

namespace gemini::bench {
namespace {

double ms (nanoseconds time) { return static_cast<double> (time.count ()) / 1e6; }

}  // namespace

Figures figures_of (const std::vector<Heard> &turns)
{
  std::vector<double> delays;
  std::vector<double> excesses;
  double minutes = 0;
  Figures figures;
  for (const auto &turn : turns) {
    delays.push_back (ms (turn.delay));
    excesses.push_back (ms (turn.delay - turn.earliest));
    figures.mean_delay += delays.back ();
    figures.underruns += turn.underruns;
    figures.silence += ms (turn.silence) / 1000;
    minutes += ms (turn.length) / 60'000;
  }
  figures.mean_delay /= static_cast<double> (turns.size ());
  figures.underruns /= minutes;
  figures.silence /= minutes;
  figures.median_delay = quantile (delays, 0.5);
  figures.p95_delay = quantile (delays, 0.95);
  figures.median_excess = quantile (excesses, 0.5);
  return figures;
}

void print (std::ostream &out, const Table &table)
{
  out << "\n"
      << table.family << ": " << table.turns << " turns, " << std::fixed << std::setprecision (1)
      << table.minutes << " minutes of speech\n"
      << std::left << std::setw (28) << "" << std::right << std::setw (34) << "start delay, ms"
      << std::setw (16) << "over the" << std::setw (14) << "underruns" << std::setw (14) << "silence\n"
      << std::left << std::setw (28) << "policy" << std::right << std::setw (12) << "median" << std::setw (11)
      << "p95" << std::setw (11) << "mean" << std::setw (16) << "oracle (med.)" << std::setw (14)
      << "a minute" << std::setw (14) << "s a minute\n";
  for (const auto &[policy, fixed, figures] : table.rows)
    out << std::left << std::setw (28) << policy << std::right << std::setprecision (0) << std::setw (12)
        << figures.median_delay << std::setw (11) << figures.p95_delay << std::setw (11) << figures.mean_delay
        << std::setw (16) << figures.median_excess << std::setprecision (2) << std::setw (14)
        << figures.underruns << std::setw (13) << figures.silence << "\n";
}

}  // namespace gemini::bench
