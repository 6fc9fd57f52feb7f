#pragma once

#include <optional>
#include <vector>

#include "stand-in/fault.h"
#include "stand-in/http/websocket.h"

namespace gemini::stand_in {

/// Which faults are still to strike, over all connections of a server. Lives on the server's loop.
class FaultPlan {
 public:
  void set (std::vector<Fault> faults);
  void add (const Fault &fault);

  /// The faults that strike at this moment, in order, up to the first that leaves nothing for the others;
  /// those with `times` count it. So a list of faults for the same moment strikes one connection after the
  /// other.
  std::vector<Fault> take (Fault::When when, size_t chunk = 0, size_t turn = 0);

 private:
  struct Entry {
    Fault fault;
    unsigned left;
  };
  std::vector<Entry> entries_;
};

/// The message of a fault that is a message, or nothing; `over_http` in the form of a response object.
std::optional<std::string> fault_message (const Fault &fault, bool over_http = false);

/// The frames of a fault that is made of frames, or nothing.
std::vector<Frame> fault_frames (const Fault &fault);

/// The name of a fault as `parse_fault ()` takes it.
const char *to_string (Fault::Kind kind);

}  // namespace gemini::stand_in
