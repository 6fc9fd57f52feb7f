#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gemini::stand_in {

/// What a client makes of the server's messages, in a form that a test can compare at a glance:
///
///   "chunk 4800 usage, no-parts STOP usage" over HTTP;
///   "setup, chunk 4800, says 'One,', chunk 960, generation-complete, turn-complete usage"
struct Heard {
  std::string tale;   ///< messages apart by ", ", what is in one message by " "
  std::string audio;  ///< all bytes, in order
  std::string transcript;

  void add (const std::string &json);
  std::vector<int16_t> samples () const;
};

}  // namespace gemini::stand_in
