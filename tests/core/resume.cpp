#include "core/resume.h"

#include <string>

#include "core/close_error.h"
#include "support/check.h"

using namespace gemini;

namespace {

/// What is advised after a connection ended with this code and these words.
std::string advice (unsigned code, const char *reason, LostConnection lost)
{
  const auto error = close_error ({.error = {}, .code = code, .reason = reason}, ClosePhase::Idle);
  const auto advice = resume_advice ({.error = error,
                                      .was_ready = lost.was_ready,
                                      .ever_ready = lost.ever_ready,
                                      .with_handle = lost.with_handle,
                                      .again_1011 = lost.again_1011});
  return std::string (!advice.retry.helps ? "never"
                      : advice.retry.once ? "once"
                                          : "again") +
         (advice.drop_handle ? ", without handle" : "");
}

const Error kAny{.kind = Error::Kind::Read};

}  // namespace

GST_START_TEST (each_way_to_end_has_its_answer)
{
  const struct {
    unsigned code;
    const char *reason;
    const char *setting_up;  ///< the first connection
    const char *resuming;    ///< a later one, with a handle, not yet ready
    const char *open;        ///< one that was ready
  } rows[] = {
      {1000, "", "again", "again", "again"},
      {1001, "", "again", "again", "again"},
      {1006, "", "again", "again", "again"},
      {1007, "API key not valid. Please pass a valid API key.", "never", "never", "never"},
      {1007, "API key expired. Please renew the API key.", "never", "never", "never"},
      {1007, "User location is not supported for the API use.", "never", "never", "never"},
      {1007, "Invalid JSON payload received. Unknown name \"x\" at 'setup'", "never", "again, without handle",
       "never"},
      {1007, "Request contains an invalid argument.", "never", "again, without handle", "never"},
      {1007, "Invalid session handle", "never", "again, without handle", "never"},
      {1008, "models/x is not found for API version v1beta", "never", "again, without handle", "never"},
      {1008, "BidiGenerateContent session not found", "never", "again, without handle", "once"},
      {1008, "Requested entity was not found.", "never", "again, without handle", "never"},
      {1008, "Operation is not implemented, or supported, or enabled.", "never", "again, without handle",
       "once"},
      {1008, "The operation was aborted.", "again", "again, without handle", "again"},
      {1008, "Request trace id: 1", "again", "again, without handle", "again"},
      {1009, "", "never", "never", "never"},
      {1011, "Internal error encountered.", "again", "again", "again"},
      {1011, "The service is currently unavailable.", "again", "again", "again"},
      {1011, "Deadline expired before operation could complete.", "again", "again", "again"},
      {1011, "You exceeded your current quota, please check", "never", "never", "never"},
      {1015, "", "never", "again", "again"},
      {4000, "", "never", "never", "never"},
  };
  for (auto &row : rows) {
    const auto told = [&] (LostConnection lost) {
      return std::to_string (row.code) + " " + row.reason + ": " + advice (row.code, row.reason, lost);
    };
    const auto expected = [&] (const char *what) {
      return std::to_string (row.code) + " " + row.reason + ": " + what;
    };
    fail_unless_equals_text (told ({.error = kAny}), expected (row.setting_up));
    fail_unless_equals_text (told ({.error = kAny, .ever_ready = true, .with_handle = true}),
                             expected (row.resuming));
    fail_unless_equals_text (told ({.error = kAny, .was_ready = true, .ever_ready = true}),
                             expected (row.open));
  }
}
GST_END_TEST;

GST_START_TEST (a_handle_is_given_up_at_the_second_1011_in_a_row)
{
  fail_unless_equals_text (
      advice (
          1011, "Internal error encountered.",
          {.error = kAny, .was_ready = true, .ever_ready = true, .with_handle = true, .again_1011 = true}),
      "again, without handle");
}
GST_END_TEST;

GST_START_TEST (http_says_itself_whether_to_ask_again)
{
  for (unsigned status : {408U, 429U, 500U, 502U, 503U}) {
    const auto error = http_error (status, "", "");
    fail_unless (resume_advice ({.error = error}).retry.helps, "%u", status);
  }
  for (unsigned status : {200U, 400U, 401U, 403U, 404U}) {
    const auto error = http_error (status, "", "");
    fail_if (resume_advice ({.error = error, .ever_ready = true}).retry.helps, "%u", status);
  }
  const auto day = http_error (429, "", R"({"error":{"message":"GenerateRequestsPerDay"}})");
  fail_if (resume_advice ({.error = day}).retry.helps);
}
GST_END_TEST;

GST_START_TEST (what_is_no_end_of_a_connection_is_not_mended_by_another)
{
  using Kind = Error::Kind;
  for (auto kind : {Kind::Settings, Kind::Decode, Kind::Format, Kind::Failed, Kind::NotFound}) {
    const Error error{.kind = kind};
    fail_if (resume_advice ({.error = error, .was_ready = true, .ever_ready = true}).retry.helps);
  }
  const Error network{.kind = Kind::Connect};
  fail_if (resume_advice ({.error = network}).retry.helps);
  fail_unless (resume_advice ({.error = network, .ever_ready = true}).retry.helps);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (resume, each_way_to_end_has_its_answer, a_handle_is_given_up_at_the_second_1011_in_a_row,
                   http_says_itself_whether_to_ask_again,
                   what_is_no_end_of_a_connection_is_not_mended_by_another)
