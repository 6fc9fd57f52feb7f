#include "stand-in/http/http_error.h"

#include "stand-in/json_writer.h"

namespace gemini::stand_in {
namespace {

struct Status {
  unsigned code;
  const char *name;
  const char *message;
};

constexpr Status kStatuses[] = {
    {400, "INVALID_ARGUMENT", "Request contains an invalid argument."},
    {401, "UNAUTHENTICATED",
     "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other "
     "valid "
     "authentication credential."},
    {403, "PERMISSION_DENIED", "The caller does not have permission"},
    {404, "NOT_FOUND", "Requested entity was not found."},
    {405, "UNIMPLEMENTED", "Method not allowed."},
    {408, "ABORTED", "The request timed out."},
    {429, "RESOURCE_EXHAUSTED",
     "You exceeded your current quota, please check your plan and billing details."},
    {500, "INTERNAL", "An internal error has occurred. Please retry."},
    {502, "UNAVAILABLE", "The server encountered a temporary error. Please try again."},
    {503, "UNAVAILABLE", "The model is overloaded. Please try again later."},
    {504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."},
};

Status find_status (unsigned code)
{
  for (const Status &status : kStatuses)
    if (status.code == code)
      return status;
  return {code, "UNKNOWN", "Unknown error."};
}

JsonWriter &begin_detail (JsonWriter &json, const char *type)
{
  json.begin_object ();
  return json.name ("@type").string (std::string ("type.googleapis.com/google.rpc.") + type);
}

void write_quota_failure (JsonWriter &json)
{
  begin_detail (json, "QuotaFailure").name ("violations").begin_array ().begin_object ();
  json.name ("quotaMetric").string ("generativelanguage.googleapis.com/generate_requests_per_model");
  json.name ("quotaId").string ("GenerateRequestsPerDayPerProjectPerModel");
  json.name ("quotaValue").string ("15");
  json.end_object ().end_array ().end_object ();
}

void write_details (JsonWriter &json, const HttpError &error)
{
  json.name ("details").begin_array ();
  if (!error.reason.empty ())
    begin_detail (json, "ErrorInfo")
        .name ("reason")
        .string (error.reason)
        .name ("domain")
        .string ("googleapis.com")
        .end_object ();
  if (!error.field.empty ()) {
    begin_detail (json, "BadRequest").name ("fieldViolations").begin_array ().begin_object ();
    json.name ("field").string (error.field).name ("description").string (error.message);
    json.end_object ().end_array ().end_object ();
  }
  if (error.per_day)
    write_quota_failure (json);
  if (!error.retry_delay.empty ())
    begin_detail (json, "RetryInfo").name ("retryDelay").string (error.retry_delay).end_object ();
  json.end_array ();
}

}  // namespace

HttpError usual_error (unsigned status)
{
  if (status == 400)
    return {.message = "API key not valid. Please pass a valid API key.", .reason = "API_KEY_INVALID"};
  return {.status = status, .retry_delay = status == 429 ? "1s" : ""};
}

std::string to_json (const HttpError &error, bool compact)
{
  const Status status = find_status (error.status);
  JsonWriter json (compact);
  json.begin_object ().name ("error").begin_object ();
  json.name ("code").number (error.status);
  json.name ("message").string (error.message.empty () ? status.message : error.message);
  json.name ("status").string (error.name.empty () ? status.name : error.name);
  if (!error.reason.empty () || !error.field.empty () || !error.retry_delay.empty () || error.per_day)
    write_details (json, error);
  return json.end_object ().end_object ().take ();
}

std::string to_html (const HttpError &error)
{
  const std::string code = std::to_string (error.status);
  return "<!DOCTYPE html>\n<html lang=en>\n  <title>Error " + code + "</title>\n  <p><b>" + code +
         ".</b> <ins>That's an error.</ins>\n  <p>" + find_status (error.status).message + "\n</html>\n";
}

}  // namespace gemini::stand_in
