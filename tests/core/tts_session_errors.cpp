// Each status and each odd answer: what is asked again, what is told, and that nothing is said twice.

#include "core/tts_session_fixture.h"

using namespace gemini;
using namespace gemini::test;
using enum Error::Kind;

namespace {

std::string service_error (unsigned code, const char *status, const char *message,
                           const std::string &details = "")
{
  return R"({"error":{"code":)" + std::to_string (code) + R"(,"message":")" + message + R"(","status":")" +
         status + R"(","details":[)" + details + "]}}";
}

const std::string kBadKey =
    R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"})";
const std::string kPerDay =
    R"({"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"RequestsPerDay"}]})";

struct Status {
  unsigned status;
  std::string body;
  Error::Kind kind;
  const char *says;
  unsigned attempts;  ///< with three retries
};

const Status kStatuses[] = {
    {400, service_error (400, "INVALID_ARGUMENT", "Voice is unknown"), Settings, "refused the request", 1},
    {400, service_error (400, "INVALID_ARGUMENT", "Request contains an invalid argument."), Settings,
     "refused a value", 1},
    {400, service_error (400, "INVALID_ARGUMENT", "API key not valid.", kBadKey), Unauthorized,
     "key was refused", 1},
    {400, service_error (400, "FAILED_PRECONDITION", "User location is not supported for the API use."),
     Unauthorized, "region", 1},
    {400, service_error (400, "FAILED_PRECONDITION", "Enable billing"), Unauthorized, "billing", 1},
    {401, service_error (401, "UNAUTHENTICATED", "Expected OAuth 2"), Unauthorized, "renew it", 1},
    {403, service_error (403, "PERMISSION_DENIED", "No."), Unauthorized, "rights", 1},
    {404,
     service_error (404, "NOT_FOUND",
                    "models/x is not found for API version v1beta, or is not supported for generateContent. "
                    "Call ListModels"),
     NotFound, "check the model", 1},
    {408, "", Read, "waited too long", 4},
    {429, service_error (429, "RESOURCE_EXHAUSTED", "Quota used up."), Busy, "quota", 4},
    {429, service_error (429, "RESOURCE_EXHAUSTED", "Quota used up.", kPerDay), Busy, "quota of the day", 1},
    {500, service_error (500, "INTERNAL", "Internal error."), Read, "internal error", 4},
    {502, "<html>", Read, "gateway", 4},
    {503, service_error (503, "UNAVAILABLE", "The service is currently unavailable."), Busy, "overloaded", 4},
    {504, service_error (504, "DEADLINE_EXCEEDED", "Deadline."), Read, "took too long", 2},
    {302, "", Connect, "does not speak the protocol", 1},
    {418, "teapot", Connect, "check the endpoint", 1},
};

}  // namespace

GST_START_TEST (each_status_has_its_error_and_its_retries)
{
  for (auto &row : kStatuses)
    for (auto body : {row.body, "[" + row.body + "]"}) {
      TtsFixture f;
      f.session.send_text ("Aa.");
      for (unsigned i = 0; i < row.attempts; i++) {
        fail_unless_equals_int (f.server.requests.size (), i + 1);
        f.server.refuse (i, row.status, body);
        if (i + 1 < row.attempts)
          f.ring ();
      }
      check_error (f, row.kind, row.says);
      fail_unless (f.recorder.error->http_status == row.status);
      fail_unless_equals_int (f.alarms_set (), 0);
      fail_unless (f.log.ends_with ("closed error "));
    }
}
GST_END_TEST;

GST_START_TEST (the_same_in_the_middle_of_a_stream)
{
  for (auto &row : kStatuses) {
    if (row.body.empty () || row.body[0] != '{')
      continue;
    for (const auto &form : {"data: " + row.body + "\n\n", row.body}) {
      TtsFixture f ("x", {.retries = 0});
      f.session.send_text ("Aa.");
      f.server.head (0);
      f.server.say (0, "AAAA");
      f.log.clear ();
      f.server.body (0, form);
      if (!f.server.requests[0]->given_up)
        f.server.end (0);
      check_error (f, row.kind, row.says);
      f.heard ("closed error ");
    }
  }
}
GST_END_TEST;

GST_START_TEST (an_error_that_passes_is_not_told)
{
  TtsFixture f;
  f.session.send_text ("Aa.");
  f.log.clear ();
  f.server.refuse (0, 503, "");
  f.heard ("retry(500) ");
  fail_unless (f.delay () == 500ms);
  f.ring ();
  f.heard ("ask(Aa.) ");
  f.server.refuse (1, 500, "");
  f.heard ("retry(1000) ");
  f.ring ();
  f.server.speak (2, "AAAA");
  f.heard ("ask(Aa.) audio(AAAA) turn-end() ");
}
GST_END_TEST;

GST_START_TEST (the_delay_that_the_server_asks_for_is_kept)
{
  const std::string info = R"({"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"37s"})";
  {
    TtsFixture f;
    f.session.send_text ("Aa.");
    f.server.refuse (0, 429, service_error (429, "RESOURCE_EXHAUSTED", "Retry in 37s.", info));
    fail_unless (f.delay () == 37s);
  }
  TtsFixture f ("x", {.backoff_max = 10});
  f.session.send_text ("Aa.");
  f.server.refuse (0, 429, service_error (429, "RESOURCE_EXHAUSTED", "Retry in 37s.", info));
  check_error (f, Busy, "quota");
}
GST_END_TEST;

GST_START_TEST (what_was_heard_is_not_said_again)
{
  TtsFixture f;
  f.session.send_text ("Aa.");
  f.server.head (0);
  f.server.say (0, "AAAA");
  f.log.clear ();
  f.server.fail (0, {.error = {.kind = Read, .message = "lost"}, .transient = true});
  f.heard ("closed error ");
}
GST_END_TEST;

GST_START_TEST (what_was_held_back_can_be_said_anew)
{
  TtsFixture f;
  f.session.send_text ("Aa. Bb.");
  f.server.head (1);
  f.server.say (1, "BBBB");
  f.log.clear ();
  f.server.fail (1, {.error = {.kind = Read, .message = "lost"}, .transient = true});
  f.heard ("retry(500) ");
  f.server.speak (0, "AAAA");
  f.heard ("audio(AAAA) ");
  f.ring ();
  f.server.speak (2, "CCCC");
  f.heard ("ask(Bb.) audio(CCCC) turn-end() ");
}
GST_END_TEST;

GST_START_TEST (a_failure_waits_for_its_place_and_nothing_behind_it_is_asked)
{
  TtsFixture f ("gemini-2.5-x", {.retries = 0});
  f.session.send_text ("Aa. Bb. Cc. Dd. Ee.");
  f.server.head (0);
  f.server.say (0, "AAAA");
  f.log.clear ();
  f.server.refuse (1, 404, "");
  f.heard ("");
  f.server.speak (2, "CCCC");
  f.heard ("");
  f.server.say (0, "aaaa");
  f.server.stop (0);
  f.heard ("audio(aaaa) closed error ");
  check_error (f, NotFound, "");
  fail_unless_equals_int (f.server.requests.size (), 3);
}
GST_END_TEST;

GST_START_TEST (a_connection_that_cannot_be_made_is_tried_again_if_it_may_help)
{
  for (bool transient : {false, true}) {
    TtsFixture f ("x", {.retries = 1});
    f.session.send_text ("Aa.");
    f.server.fail (0, {.error = {.kind = Connect, .message = "refused"}, .transient = transient});
    fail_unless_equals_int (f.alarms_set (), transient);
    if (transient) {
      f.ring ();
      f.server.fail (1, {.error = {.kind = Connect, .message = "refused"}, .transient = true});
    }
    check_error (f, Connect, "refused");
  }
}
GST_END_TEST;

GEMINI_CHECK_MAIN (tts_session_errors, each_status_has_its_error_and_its_retries,
                   the_same_in_the_middle_of_a_stream, an_error_that_passes_is_not_told,
                   the_delay_that_the_server_asks_for_is_kept, what_was_heard_is_not_said_again,
                   what_was_held_back_can_be_said_anew,
                   a_failure_waits_for_its_place_and_nothing_behind_it_is_asked,
                   a_connection_that_cannot_be_made_is_tried_again_if_it_may_help)
