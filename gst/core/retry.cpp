#include "core/retry.h"

#include <algorithm>
#include <cmath>

#include "core/json.h"

namespace gemini {

namespace {

/// The `details` of an error body, also of one in an array.
void read_details (std::string_view body, RetryAdvice &advice)
{
  const size_t begin = body.find ('{');
  const size_t end = body.rfind ('}');
  if (begin == body.npos || end == body.npos || end < begin)
    return;
  auto parsed = parse_json_object (body.substr (begin, end - begin + 1));
  auto *root = std::get_if<JsonNodePtr> (&parsed);
  if (!root)
    return;
  JsonReader error (JsonReader (json_node_get_object (root->get ())).object ("error"));
  auto *details = error.array ("details");
  for (guint i = 0; details != nullptr && i < json_array_get_length (details); i++) {
    auto *node = json_array_get_element (details, i);
    if (!JSON_NODE_HOLDS_OBJECT (node))
      continue;
    JsonReader detail (json_node_get_object (node));
    if (detail.string ("@type").value_or ("").ends_with ("google.rpc.RetryInfo"))
      advice.delay_seconds = detail.seconds ("retryDelay");
  }
}

}  // namespace

RetryAdvice retry_advice (unsigned http_status, std::string_view body)
{
  RetryAdvice advice;
  switch (http_status) {
    case 408:
    case 499:
    case 500:
    case 502:
    case 503:
      advice.helps = true;
      break;
    case 429:
      advice.helps = body.find ("PerDay") == body.npos;
      break;
    case 504:
      advice.helps = advice.once = true;
      break;
    default:
      return advice;
  }
  read_details (body, advice);
  return advice;
}

std::optional<std::chrono::milliseconds> retry_delay (const RetryPolicy &policy, const RetryAdvice &advice,
                                                      unsigned failed, double random)
{
  const bool used_up = policy.retries >= 0 && failed > static_cast<unsigned> (policy.retries);
  if (!advice.helps || used_up || (advice.once && failed > 1))
    return std::nullopt;
  const double asked = std::max (advice.delay_seconds.value_or (0), 0.0);
  if (asked > policy.backoff_max)
    return std::nullopt;
  const double backoff = policy.backoff_factor * std::exp2 (std::min (failed, 64U) - 1);
  // A server that names a delay is asked soon after it, not at that very moment.
  const double base = std::max (backoff, asked);
  const double spread = random / 2 * (asked > backoff ? policy.backoff_factor : backoff);
  return std::chrono::milliseconds (
      std::llround (std::max (std::min (base + spread, policy.backoff_max), asked) * 1000));
}

}  // namespace gemini
