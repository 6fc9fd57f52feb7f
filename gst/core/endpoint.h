#pragma once

#include <string>

#include "core/environment.h"
#include "core/error.h"
#include "core/transport.h"

namespace gemini {

/// What decides where a session connects and how it proves who it is. Empty strings mean "not given".
struct Access {
  std::string endpoint;     ///< base URL (`https://…` or `wss://…`); empty: Google's
  std::string api_version;  ///< empty: v1beta, on Vertex AI v1beta1
  std::string api_key;
  std::string access_token;  ///< `auth_tokens/…` is an ephemeral token, anything else an OAuth bearer
  bool vertex = false;       ///< Vertex AI, not the Gemini API
  std::string project;       ///< of Vertex AI; none: express mode, with a key
  std::string location;      ///< of Vertex AI: a region, `us`, `eu` or `global`
};

/// What is given, and from the environment what is not: GOOGLE_API_KEY and GEMINI_API_KEY,
/// GEMINI_ACCESS_TOKEN, GOOGLE_GEMINI_BASE_URL and GOOGLE_VERTEX_BASE_URL, GOOGLE_CLOUD_PROJECT and
/// GOOGLE_CLOUD_LOCATION. A project or a location means Vertex AI, and so does the environment (`wants_vertex
/// ()`). There a project of whatever origin beats a key of the environment.
Access complete (Access given, const Environment &environment);

/// The WebSocket of the Live API: URI, and the credentials as headers (never in the URI).
///
/// `https` becomes `wss`, `http` becomes `ws`; a path in the endpoint is kept in front (gateways), one slash
/// between. Plain `http`/`ws` is refused unless the host is a loopback address (`localhost`, `*.localhost`,
/// 127.0.0.0/8, `::1`): a key does not travel in the clear. An ephemeral token uses the `…Constrained` method
/// and `Authorization: Token`, another token `Authorization: Bearer`, a key `x-goog-api-key`. A token wins
/// over a key. No credentials at all is an error (Unauthorized) except towards loopback. User information, a
/// query or a fragment in the endpoint is refused.
///
/// On Vertex AI the host follows from the location. With a project it takes an OAuth token, without one a key
/// (express mode). An endpoint of one's own without either is opened as it is, without a path of ours: the
/// rule of the official SDKs.
Result<Target> live_target (const Access &access);

/// Where a text is sent to be read aloud, in server-sent events: `https` stays `https` and `wss` becomes it,
/// all else as above. Ephemeral tokens are refused: they open Live sessions only.
Result<Target> tts_target (const Access &access, const std::string &model);

/// The model as the API names it: `gemini-3.8-live` becomes `models/gemini-3.8-live`; names with a known
/// prefix (`models/`, `tunedModels/`, `publishers/`, `projects/`) are left alone. On Vertex AI it becomes the
/// whole path of the publisher's model, from wherever it begins.
std::string model_resource_name (const std::string &model, const Access &access = {});

}  // namespace gemini
