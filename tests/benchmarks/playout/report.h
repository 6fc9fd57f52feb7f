#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "simulator.h"

namespace gemini::bench {

/// What a policy did to many turns.
struct Figures {
  double median_delay = 0;  ///< of the start, in ms, as all delays here
  double p95_delay = 0;
  double mean_delay = 0;
  double median_excess = 0;  ///< of a turn's delay over the oracle's
  double underruns = 0;      ///< a minute of speech
  double silence = 0;        ///< inside turns, in seconds a minute of speech
};

Figures figures_of (const std::vector<Heard> &turns);

struct Row {
  std::string policy;
  bool fixed;
  Figures figures;
};

struct Table {
  std::string family;
  size_t turns;
  double minutes;  ///< of speech
  std::vector<Row> rows;
};

void print (std::ostream &out, const Table &table);

}  // namespace gemini::bench
