#include "core/close_error.h"

#include "support/check.h"

using gemini::ClosePhase;
using gemini::Closure;
using gemini::Error;
using Kind = gemini::Error::Kind;

static Error closed (unsigned code, const std::string &reason, ClosePhase phase = ClosePhase::SettingUp)
{
  return gemini::close_error ({.error = std::nullopt, .code = code, .reason = reason}, phase);
}

static void fail_unless_holds (const std::string &text, std::string_view words)
{
  fail_unless (text.find (words) != text.npos, "'%s' is not in: %s", std::string (words).c_str (),
               text.c_str ());
}

/// What a server says, and what a person should be told.
struct Case {
  unsigned code;
  const char *reason;
  Kind kind;
  const char *words;
};

static void fail_unless_told (const Error &error, const Case &c)
{
  fail_unless (error.kind == c.kind, "%u %s: kind %d", c.code, c.reason, static_cast<int> (error.kind));
  fail_unless_holds (error.message, c.words);
  fail_unless_holds (error.message, ": ");  // what happened, and what to do
}

GST_START_TEST (every_known_reason_has_its_sentence)
{
  constexpr Case kCases[] = {
      {1007, "API key not valid. Please pass a valid API key.", Kind::Unauthorized, "API key was refused"},
      {1007, "API key expired. Please renew the API key.", Kind::Unauthorized, "API key has expired"},
      {1007, R"(Invalid JSON payload received. Unknown name "x" at 'setup': Cannot find field.)",
       Kind::Settings, "check the setup property"},
      {1007, "Request contains an invalid argument.", Kind::Settings, "a value or a combination of settings"},
      {1007, "Invalid session handle", Kind::Read, "the session that was to be resumed"},
      {1007, "User location is not supported for the API use.", Kind::Unauthorized, "in the region"},
      {1008, "models/x is not found for API version v1beta, or is not supported for", Kind::NotFound,
       "the model"},
      {1008, "models/x is not supported for bidiGenerateContent.", Kind::NotFound,
       "check the model property"},
      {1008, "BidiGenerateContent session not found", Kind::Read, "the session that was to be resumed"},
      {1008, "Requested entity was not found.", Kind::NotFound, "check the model and voice"},
      {1008, "Operation is not implemented, or supported, or enabled.", Kind::Settings, "does not support"},
      {1008, "The operation was aborted.", Kind::Read, "Gemini aborted the connection"},
      {1008, "Request trace id: 0123456789abcdef", Kind::Read, "Gemini failed"},
      {1011, "Internal error encountered.", Kind::Read, "internal error"},
      {1011, "Internal error occurred.", Kind::Read, "internal error"},
      {1011, "The service is currently unavailable.", Kind::Busy, "overloaded"},
      {1011, "Deadline expired before operation could complete.", Kind::Read, "the age"},
      {1011, "You exceeded your current quota, please check your plan", Kind::Busy, "quota is used up"},
  };
  for (const Case &c : kCases)
    fail_unless_told (closed (c.code, c.reason), c);
}
GST_END_TEST;

GST_START_TEST (a_code_speaks_where_the_reason_does_not)
{
  constexpr Case kCases[] = {
      {1000, "", Kind::Read, "Gemini ended the session"},
      {1001, "", Kind::Read, "The server went away"},
      {1005, "", Kind::Read, "The connection was lost"},
      {1006, "", Kind::Read, "The connection was lost"},
      {1007, "", Kind::Settings, "refused what it was sent"},
      {1008, "", Kind::Read, "refused to go on"},
      {1009, "", Kind::Read, "too large"},
      {1011, "something new", Kind::Read, "Gemini failed"},
      {1013, "", Kind::Busy, "overloaded"},
      {1014, "", Kind::Read, "gateway"},
      {1015, "", Kind::Connect, "TLS"},
      {4999, "something new", Kind::Read, "The connection was closed"},
  };
  for (const Case &c : kCases)
    fail_unless_told (closed (c.code, c.reason), c);
}
GST_END_TEST;

GST_START_TEST (known_words_are_known_whatever_the_code_and_the_case)
{
  fail_unless (closed (1008, "API key expired. Please renew the API key.").kind == Kind::Unauthorized);
  fail_unless (closed (1011, "api KEY not valid").kind == Kind::Unauthorized);
  fail_unless (closed (1008, "You exceeded your current quota").kind == Kind::Busy);
  fail_unless (closed (1007, "models/x is not found for API version v1").kind == Kind::NotFound);
}
GST_END_TEST;

GST_START_TEST (a_reason_cut_off_is_still_understood)
{
  const std::string model = "models/" + std::string (116, 'x');
  fail_unless_equals_int (model.size (), 123);
  fail_unless (closed (1008, model).kind == Kind::NotFound);

  const std::string field = R"(Invalid JSON payload received. Unknown name ")" + std::string (78, 'x');
  fail_unless (closed (1007, field).kind == Kind::Settings);
  fail_unless_holds (closed (1007, field).message, "does not know a field");
}
GST_END_TEST;

GST_START_TEST (a_lost_connection_says_when)
{
  fail_unless_holds (closed (1006, "", ClosePhase::SettingUp).message,
                     "was lost before the session was ready: ");
  fail_unless_holds (closed (1006, "", ClosePhase::Idle).message, "was lost between two turns: ");
  fail_unless_holds (closed (1006, "", ClosePhase::InTurn).message, "was lost in the middle of a turn: ");
}
GST_END_TEST;

GST_START_TEST (a_refusal_reads_the_same_at_any_time)
{
  for (const char *reason : {"API key not valid", "exceeded your current quota", "session not found"})
    fail_unless_equals_text (closed (1008, reason, ClosePhase::InTurn).message,
                             closed (1008, reason, ClosePhase::SettingUp).message);
}
GST_END_TEST;

GST_START_TEST (the_detail_has_the_code_and_the_words_of_the_server)
{
  const Error error = closed (1008, "BidiGenerateContent session not found\n");
  fail_unless_equals_text (error.detail, "close code 1008: BidiGenerateContent session not found");
  fail_unless (error.close_code == 1008u);
  fail_unless (error.http_status == std::nullopt);
  fail_unless_equals_text (closed (1006, "").detail, "close code 1006");
}
GST_END_TEST;

GST_START_TEST (an_error_of_the_transport_is_passed_on_unchanged)
{
  const Error made{.kind = Kind::Connect, .message = "what happened", .detail = "why", .http_status = 503};
  const Error error =
      gemini::close_error ({.error = made, .code = 1011, .reason = "API key not valid"}, ClosePhase::Idle);
  fail_unless (error.kind == Kind::Connect);
  fail_unless_equals_text (error.message, "what happened");
  fail_unless_equals_text (error.detail, "why");
  fail_unless (error.http_status == 503u && error.close_code == std::nullopt);
}
GST_END_TEST;

static std::string body (const char *status, const char *message, const char *details = "")
{
  return std::string ("{\n  \"error\": {\n    \"code\": 1,\n    \"message\": \"") + message +
         "\",\n    \"status\": \"" + status + "\",\n    \"details\": [" + details + "]\n  }\n}\n";
}

GST_START_TEST (every_status_at_the_handshake_has_its_sentence)
{
  constexpr Case kCases[] = {
      {0, "", Kind::Connect, "check the endpoint"},
      {302, "", Kind::Connect, "does not speak"},
      {400, "", Kind::Settings, "refused the request"},
      {401, "", Kind::Unauthorized, "was refused"},
      {403, "", Kind::Unauthorized, "may not use"},
      {404, "", Kind::NotFound, "api-version"},
      {407, "", Kind::Unauthorized, "proxy"},
      {408, "", Kind::Read, "try again"},
      {418, "", Kind::Connect, "refused the connection"},
      {429, "", Kind::Busy, "quota"},
      {500, "", Kind::Read, "internal error"},
      {502, "", Kind::Read, "gateway"},
      {503, "", Kind::Busy, "overloaded"},
      {504, "", Kind::Read, "too long to answer"},
      {599, "", Kind::Read, "server failed"},
  };
  for (const Case &c : kCases) {
    const Error error = gemini::http_error (c.code, "", "");
    fail_unless_told (error, c);
    fail_unless (error.http_status == c.code && error.close_code == std::nullopt);
  }
}
GST_END_TEST;

GST_START_TEST (the_body_says_more_than_the_status)
{
  struct {
    unsigned status;
    std::string text;
    Kind kind;
    const char *words;
  } const cases[] = {
      {400, body ("INVALID_ARGUMENT", "API key not valid."), Kind::Unauthorized, "was refused"},
      {400, body ("INVALID_ARGUMENT", "x", R"({"reason": "API_KEY_INVALID"})"), Kind::Unauthorized,
       "was refused"},
      {400, body ("INVALID_ARGUMENT", "API key expired.", R"({"reason": "API_KEY_INVALID"})"),
       Kind::Unauthorized, "has expired"},
      {400, body ("INVALID_ARGUMENT", "Request contains an invalid argument."), Kind::Settings, "value or"},
      {400, body ("FAILED_PRECONDITION", "x"), Kind::Unauthorized, "region and billing"},
      {400, body ("FAILED_PRECONDITION", "User location is not supported for the API use."),
       Kind::Unauthorized, "not offered in the region"},
      {404, body ("NOT_FOUND", "models/x is not found for API version v1beta"), Kind::NotFound, "the model"},
      {429, body ("RESOURCE_EXHAUSTED", "You exceeded your current quota."), Kind::Busy,
       "quota is used up, or"},
      {429, body ("RESOURCE_EXHAUSTED", "x", R"({"violations": [{"quotaId": "RequestsPerDayPerModel"}]})"),
       Kind::Busy, "quota of the day"},
      {503, body ("UNAVAILABLE", "The service is currently unavailable."), Kind::Busy, "overloaded"},
      {504, body ("DEADLINE_EXCEEDED", "Deadline expired before operation could complete."), Kind::Read,
       "too long to answer"},
  };
  for (const auto &c : cases)
    fail_unless_told (gemini::http_error (c.status, "", c.text),
                      {c.status, c.text.c_str (), c.kind, c.words});
}
GST_END_TEST;

GST_START_TEST (status_and_message_of_the_service_are_kept)
{
  const std::string text = body ("RESOURCE_EXHAUSTED", "Quota used up. Please retry in 37.8s.");
  for (const std::string &form : {text, "[" + text + "]\n"}) {  // an array where a stream was asked for
    const Error error = gemini::http_error (429, "Too Many Requests", form);
    fail_unless_equals_text (error.service_status, "RESOURCE_EXHAUSTED");
    fail_unless_equals_text (error.detail,
                             "HTTP 429 Too Many Requests, RESOURCE_EXHAUSTED: "
                             "Quota used up. Please retry in 37.8s.");
  }
}
GST_END_TEST;

GST_START_TEST (a_body_that_is_no_error_is_quoted_as_it_is)
{
  for (const char *text : {"<html>no such page</html>", "not found", "{\"detail\":\"x\"}", "{", "}{",
                           "{\"error\":1}", "{\"error\":{\"message\":1}}", "[]"}) {
    const Error error = gemini::http_error (404, "Not Found", text);
    fail_unless (error.kind == Kind::NotFound);
    fail_unless_equals_text (error.detail, std::string ("HTTP 404 Not Found: ") + text);
    fail_unless_equals_text (error.service_status, "");
  }
  fail_unless_equals_text (gemini::http_error (404, "", " \n").detail, "HTTP 404");
}
GST_END_TEST;

GST_START_TEST (words_from_outside_are_readable_and_not_endless)
{
  const std::string noise = "\xff\xfe" + std::string (10'000'000, '\xc3');
  for (const Error &error : {gemini::http_error (500, noise, noise), closed (1008, noise)}) {
    fail_unless (g_utf8_validate (error.detail.c_str (), -1, nullptr));
    fail_unless (error.detail.size () < 10'000);
  }
}
GST_END_TEST;

GST_START_TEST (no_error_holds_a_credential)
{
  for (const char *secret :
       {"key=hush", "AIzahush", "auth_tokens/hush", "access_token=hush", "Bearer hush"}) {
    const std::string text = std::string ("refused for ") + secret + ", sorry";
    for (const Error &error : {closed (1008, text), gemini::http_error (403, text, text),
                               gemini::http_error (403, "", body ("PERMISSION_DENIED", text.c_str ()))}) {
      fail_unless ((error.message + error.detail).find ("hush") == std::string::npos, "%s",
                   error.detail.c_str ());
      fail_unless_holds (error.detail, "***");
      fail_unless_holds (error.detail, "sorry");
    }
  }
}
GST_END_TEST;

GST_START_TEST (what_looks_like_a_secret_is_masked)
{
  struct {
    const char *text;
    const char *masked;
  } const cases[] = {
      {"", ""},
      {"GET /ws?key=abc-123&alt=sse", "GET /ws?key=***&alt=sse"},
      {"KEY=abc", "KEY=***"},
      {"GEMINI_API_KEY='abc'", "GEMINI_API_KEY='***'"},
      {"x-goog-api-key: abc", "x-goog-api-key: ***"},
      {"api_key:AIzaSyA-b_c.", "api_key:***."},
      {"two: AIza1 AIza2", "two: *** ***"},
      {"auth_tokens/abc_1 is used up", "auth_tokens/*** is used up"},
      {"?access_token=auth_tokens/abc", "?access_token=***"},
      {"Authorization: Bearer ya29.abc", "Authorization: Bearer ***"},
      {"token ya29.a-b_c", "token ***"},
      {"key AQ.Ab8RN6K-x_y", "key ***"},
      {"AIza1à key=aà ya29.1à", "***à key=*** ***à"},
      {"see the FAQ. A key of yours", "see the FAQ. A key of yours"},
      {"API key not valid. Please pass a valid API key.", "API key not valid. Please pass a valid API key."},
  };
  for (const auto &c : cases)
    fail_unless_equals_text (gemini::mask_secrets (c.text), c.masked);
  fail_unless_equals_text (gemini::mask_secrets (std::string_view ()), "");
}
GST_END_TEST;

GEMINI_CHECK_MAIN (close_error, every_known_reason_has_its_sentence, a_code_speaks_where_the_reason_does_not,
                   known_words_are_known_whatever_the_code_and_the_case, a_reason_cut_off_is_still_understood,
                   a_lost_connection_says_when, a_refusal_reads_the_same_at_any_time,
                   the_detail_has_the_code_and_the_words_of_the_server,
                   an_error_of_the_transport_is_passed_on_unchanged,
                   every_status_at_the_handshake_has_its_sentence, the_body_says_more_than_the_status,
                   status_and_message_of_the_service_are_kept, a_body_that_is_no_error_is_quoted_as_it_is,
                   words_from_outside_are_readable_and_not_endless, no_error_holds_a_credential,
                   what_looks_like_a_secret_is_masked)
