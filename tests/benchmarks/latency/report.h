#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace gemini::bench {

/// One moment, in ms after the server had sent its first chunk, over all runs.
struct Delays {
  std::vector<double> ms;

  double median () const;
  double least () const;
  double most () const;
};

/// One player at one pace.
struct Row {
  std::string player;
  bool pipeline = false;
  Delays out;    ///< of the source's pad; the first block, handed to the device
  Delays stamp;  ///< PTS
  Delays due;    ///< at the sink's clock
  Delays heard;  ///< at the monitor
  size_t lost = 0;
  size_t wrong = 0;
  double pauses = 0;  ///< ms of silence inside an answer, mean
};

struct Table {
  std::string title;
  std::vector<Row> rows;
};

/// With the ratios to the first row.
void print (std::ostream &out, const Table &table);

}  // namespace gemini::bench
