#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/playout.h"
#include "trace.h"

namespace gemini::bench {

/// A rule for the start of speech that is none of the element's. The simulator hides what has arrived from
/// the playout until the gate is open.
class Gate {
 public:
  virtual ~Gate () = default;
  virtual void chunk (nanoseconds arrival, nanoseconds length) = 0;
  virtual void turn_ended () {}
  /// When speech may start with what is held, `now` or later; nothing: not before more comes.
  virtual std::optional<nanoseconds> opens (nanoseconds now, nanoseconds held) = 0;
};

/// A way to decide when speech starts, as it runs on the element's own `Playout`.
struct Policy {
  std::string name;
  bool fixed;  ///< an amount that never changes
  Playout::Config config;
  /// Made anew for each session; nothing: the playout's own rule decides.
  std::function<std::unique_ptr<Gate> (const Trace &)> gate;
};

/// The first is the element's default, the last the oracle.
std::vector<Policy> all_policies ();

/// What the oracle may count on, whatever the grid the silence before has left.
nanoseconds patience ();

}  // namespace gemini::bench
