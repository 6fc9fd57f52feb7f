#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gemini::stand_in {

/// What an HTTP path asks for.
struct Route {
  enum class Service {
    Unknown,
    Live,  ///< BidiGenerateContent over a WebSocket
    Tts,   ///< generateContent and streamGenerateContent
  };

  Service service = Service::Unknown;
  bool vertex = false;
  bool constrained = false;  ///< the method for ephemeral tokens
  std::string version;
  std::string model;       ///< as the path of Tts names it: "models/x", "projects/p/…/models/x"
  bool streaming = false;  ///< Tts: streamGenerateContent
};

/// Reads the path of a request, without its query.
///
/// `/ws/…` and `//ws/…` are the same, and so are a dot and a slash before the method.
///
///   /v1beta/models/MODEL:generateContent
///   /v1beta1/projects/PROJECT/locations/LOCATION/publishers/google/models/MODEL:streamGenerateContent
Route find_route (std::string_view path, std::string_view prefix = {});

/// What the caller shows at the door.
struct Credential {
  enum class Kind { None, ApiKey, EphemeralToken, Bearer };
  Kind kind = Kind::None;
  std::string value;
  bool in_query = false;
};

/// Reads the credential from the headers `x-goog-api-key` and `Authorization` (either may be empty) and from
/// the query parameters `key` and `access_token`.
Credential find_credential (std::string_view api_key_header, std::string_view authorization,
                            std::string_view query);

/// The value of a parameter, unescaped.
std::optional<std::string> query_parameter (std::string_view query, std::string_view name);

}  // namespace gemini::stand_in
