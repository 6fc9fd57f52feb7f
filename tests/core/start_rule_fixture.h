#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "core/start_rule.h"
#include "support/check.h"

namespace gemini::test {

using namespace std::chrono_literals;

/// A session as the rule hears of it: turns of equal chunks that come in at a pace, some of them late.
class Session {
 public:
  explicit Session (const StartRule::Config &config = {}) : rule (config) {}

  /// `count` chunks, `pace` times as fast as they are played; `late[j]` is how late chunk j is, and later
  /// ones do not overtake it.
  void speak (size_t count, nanoseconds length, double pace = 1, const std::vector<nanoseconds> &late = {})
  {
    auto last = now_;
    for (size_t j = 0; j < count; ++j) {
      auto sent = std::chrono::duration_cast<nanoseconds> (static_cast<double> (j) * length / pace);
      last = std::max (last, now_ + sent + (j < late.size () ? late[j] : 0ns));
      rule.chunk (last, length);
    }
    now_ = last;
  }

  void turn (size_t count, nanoseconds length, double pace = 1, const std::vector<nanoseconds> &late = {})
  {
    speak (count, length, pace, late);
    rule.turn_ended ();
    now_ += 5s;
  }

  StartRule rule;

 private:
  nanoseconds now_ = 1000s;
};

/// A turn whose chunk `at` comes so late.
inline std::vector<nanoseconds> one_late (size_t at, nanoseconds by)
{
  std::vector<nanoseconds> late (at + 1);
  late[at] = by;
  return late;
}

inline void fail_unless_now (const std::optional<nanoseconds> &wait)
{
  fail_unless (wait.has_value (), "speech may not start before more comes");
  fail_unless (*wait == 0ns, "speech has to wait for %g ms", static_cast<double> (wait->count ()) / 1e6);
}

}  // namespace gemini::test
