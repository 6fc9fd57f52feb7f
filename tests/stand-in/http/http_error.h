#pragma once

#include <string>
#include <string_view>

namespace gemini::stand_in {

/// An error as Google's services tell it over HTTP. What is empty is the usual thing or left out.
struct HttpError {
  unsigned status = 400;
  std::string message;
  std::string name;         ///< canonical: "INVALID_ARGUMENT"
  std::string reason;       ///< of an ErrorInfo: "API_KEY_INVALID"
  std::string field;        ///< of a BadRequest: where the message belongs
  std::string retry_delay;  ///< of a RetryInfo: "37s"
  bool per_day = false;     ///< a QuotaFailure that lasts until tomorrow
};

/// The error with what a status usually comes with filled in.
HttpError usual_error (unsigned status);

/// The body that is sent, pretty-printed unless it is to be compact.
std::string to_json (const HttpError &error, bool compact = false);

/// The page that a proxy in between sends instead.
std::string to_html (const HttpError &error);

}  // namespace gemini::stand_in
