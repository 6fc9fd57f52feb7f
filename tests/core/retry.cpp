// What is asked again, and when.

#include "core/retry.h"

#include <string>

#include "support/check.h"

using namespace gemini;
using namespace std::chrono_literals;

namespace {

std::string error_with (const std::string &details)
{
  return R"({"error":{"code":429,"message":"Quota","status":"RESOURCE_EXHAUSTED","details":[)" + details +
         "]}}";
}

const std::string kInfo = R"({"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"37s"})";

/// Milliseconds, or -1 for never.
int64_t wait (const RetryPolicy &policy, const RetryAdvice &advice, unsigned failed, double random = 0)
{
  const auto delay = retry_delay (policy, advice, failed, random);
  return delay ? delay->count () : -1;
}

}  // namespace

GST_START_TEST (only_what_may_pass_is_asked_again)
{
  for (unsigned status : {408U, 429U, 499U, 500U, 502U, 503U, 504U})
    fail_unless (retry_advice (status, "").helps, "%u", status);
  for (unsigned status : {0U, 200U, 301U, 400U, 401U, 403U, 404U, 407U, 413U, 501U, 505U})
    fail_if (retry_advice (status, "").helps, "%u", status);
  fail_unless (retry_advice (504, "").once);
  fail_if (retry_advice (503, "").once);
}
GST_END_TEST;

GST_START_TEST (a_quota_of_the_day_does_not_pass)
{
  const auto quota = [] (const char *id) {
    return error_with (
        R"({"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":")" +
        std::string (id) + R"("}]},)" + kInfo);
  };
  fail_if (retry_advice (429, quota ("GenerateRequestsPerDayPerProjectPerModel")).helps);
  fail_unless (retry_advice (429, quota ("GenerateRequestsPerMinutePerProjectPerModel")).helps);
}
GST_END_TEST;

GST_START_TEST (the_delay_is_the_servers)
{
  fail_unless (retry_advice (429, error_with (kInfo)).delay_seconds == 37);
  fail_unless (retry_advice (503, "[" + error_with (kInfo) + "]").delay_seconds == 37);
  for (const char *body : {"", "}{", "{", "[]", "no JSON", R"({"error":7})", R"({"error":{"details":7}})",
                           R"({"error":{"details":[7,{}]}})"})
    fail_if (retry_advice (503, body).delay_seconds.has_value (), "%s", body);
}
GST_END_TEST;

GST_START_TEST (the_wait_doubles_up_to_its_maximum)
{
  const RetryPolicy policy{.retries = 9, .backoff_factor = 0.5, .backoff_max = 3};
  const RetryAdvice advice{.helps = true};
  fail_unless_equals_int (wait (policy, advice, 1), 500);
  fail_unless_equals_int (wait (policy, advice, 2), 1000);
  fail_unless_equals_int (wait (policy, advice, 3), 2000);
  fail_unless_equals_int (wait (policy, advice, 4), 3000);
  fail_unless_equals_int (wait (policy, advice, 9), 3000);
  fail_unless_equals_int (wait (policy, advice, 10), -1);
  fail_unless_equals_int (wait (policy, advice, 1, 1), 750);
  fail_unless_equals_int (wait (policy, advice, 4, 1), 3000);
}
GST_END_TEST;

GST_START_TEST (the_servers_delay_is_kept_or_it_is_given_up)
{
  const RetryPolicy policy{.retries = 3, .backoff_factor = 0.5, .backoff_max = 60};
  fail_unless_equals_int (wait (policy, {.helps = true, .delay_seconds = 37}, 1), 37000);
  fail_unless_equals_int (wait (policy, {.helps = true, .delay_seconds = 37}, 1, 1), 37250);
  fail_unless_equals_int (wait (policy, {.helps = true, .delay_seconds = 60}, 1, 1), 60000);
  fail_unless_equals_int (wait (policy, {.helps = true, .delay_seconds = 61}, 1), -1);
  fail_unless_equals_int (wait (policy, {.helps = true, .delay_seconds = -5}, 1), 500);
}
GST_END_TEST;

GST_START_TEST (none_once_and_without_end)
{
  const RetryAdvice advice{.helps = true};
  fail_unless_equals_int (wait ({.retries = 0}, advice, 1), -1);
  fail_unless_equals_int (wait ({}, {.helps = false}, 1), -1);
  fail_unless_equals_int (wait ({}, {.helps = true, .once = true}, 1), 500);
  fail_unless_equals_int (wait ({}, {.helps = true, .once = true}, 2), -1);
  fail_unless_equals_int (wait ({.retries = -1}, advice, 4000000000U), 60000);
  fail_unless_equals_int (wait ({.backoff_factor = 0}, advice, 3, 1), 0);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (retry, only_what_may_pass_is_asked_again, a_quota_of_the_day_does_not_pass,
                   the_delay_is_the_servers, the_wait_doubles_up_to_its_maximum,
                   the_servers_delay_is_kept_or_it_is_given_up, none_once_and_without_end)
