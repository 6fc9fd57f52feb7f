#include "http_error.h"

#include "json_writer.h"

namespace gemini::stand_in {
namespace {

struct Status {
  unsigned code;
  const char *name;
  const char *message;
};

constexpr Status kStatuses[] = {
    {400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."},
    {401, "UNAUTHENTICATED",
     "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other "
     "valid "
     "authentication credential."},
    {403, "PERMISSION_DENIED", "The caller does not have permission"},
    {404, "NOT_FOUND", "Requested entity was not found."},
    {429, "RESOURCE_EXHAUSTED",
     "You exceeded your current quota, please check your plan and billing details."},
    {500, "INTERNAL", "An internal error has occurred. Please retry."},
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

void write_details (JsonWriter &json, unsigned status)
{
  if (status == 400) {
    json.name ("details").begin_array ().begin_object ();
    json.name ("@type").string ("type.googleapis.com/google.rpc.ErrorInfo");
    json.name ("reason").string ("API_KEY_INVALID").name ("domain").string ("googleapis.com");
    json.end_object ().end_array ();
  } else if (status == 429) {
    json.name ("details").begin_array ().begin_object ();
    json.name ("@type").string ("type.googleapis.com/google.rpc.RetryInfo").name ("retryDelay").string ("1s");
    json.end_object ().end_array ();
  }
}

}  // namespace

std::string http_error_body (unsigned code, std::string_view message)
{
  const Status status = find_status (code);
  JsonWriter json;
  json.begin_object ().name ("error").begin_object ();
  json.name ("code").number (code);
  json.name ("message").string (message.empty () ? status.message : message);
  json.name ("status").string (status.name);
  if (message.empty ())
    write_details (json, code);
  return json.end_object ().end_object ().take ();
}

}  // namespace gemini::stand_in
