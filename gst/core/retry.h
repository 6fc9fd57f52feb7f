#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace gemini {

/// How often and how soon something that failed is asked for again; named as in souphttpsrc.
struct RetryPolicy {
  int retries = 3;              ///< after the first attempt; negative: without end
  double backoff_factor = 0.5;  ///< seconds before the first, doubled each time; 0: at once
  double backoff_max = 60;      ///< seconds
};

/// What an answer says about asking again.
struct RetryAdvice {
  bool helps = false;
  bool once = false;                    ///< a second time would be no different from the first
  std::optional<double> delay_seconds;  ///< what the server asks for (`google.rpc.RetryInfo`)
};

/// By the status, and by the `details` of an error body: a quota of the day does not clear soon.
RetryAdvice retry_advice (unsigned http_status, std::string_view body);

/// How long to wait before the next attempt, after so many failed ones (1 or more); nothing: give up.
///
/// The server's own delay is a lower limit. One beyond the maximum is not waited for: whoever set it would
/// rather know. `random` (0 to 1) spreads many clients over up to a half more of the backoff.
std::optional<std::chrono::milliseconds> retry_delay (const RetryPolicy &policy, const RetryAdvice &advice,
                                                      unsigned failed, double random);

}  // namespace gemini
