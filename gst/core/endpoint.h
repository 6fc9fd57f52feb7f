#pragma once

#include <string>

#include "core/error.h"
#include "core/transport.h"

namespace gemini {

/// What decides where a session connects and how it proves who it is. Empty strings mean "not given".
struct Access {
  std::string endpoint;  ///< base URL (`https://…` or `wss://…`); empty: Google's
  std::string api_version = "v1beta";
  std::string api_key;
  std::string access_token;  ///< `auth_tokens/…` is an ephemeral token, anything else an OAuth bearer
};

/// The WebSocket of the Live API: URI, and the credentials as headers (never in the URI).
///
/// `https` becomes `wss`, `http` becomes `ws`; a path in the endpoint is kept in front (gateways), one slash
/// between. Plain `http`/`ws` is refused unless the host is a loopback address (`localhost`, `*.localhost`,
/// 127.0.0.0/8, `::1`): a key does not travel in the clear. An ephemeral token uses the `…Constrained` method
/// and `Authorization: Token`, another token `Authorization: Bearer`, a key `x-goog-api-key`. A token wins
/// over a key. No credentials at all is an error (Unauthorized) except towards loopback. User information, a
/// query or a fragment in the endpoint is refused.
Result<Target> live_target (const Access &access);

/// Where a text is sent to be read aloud, in server-sent events: `https` stays `https` and `wss` becomes it,
/// all else as above. Ephemeral tokens are refused: they open Live sessions only.
Result<Target> tts_target (const Access &access, const std::string &model);

/// The model as the API names it: `gemini-3.8-live` becomes `models/gemini-3.8-live`; names with a known
/// prefix
/// (`models/`, `tunedModels/`, `publishers/`, `projects/`) are left alone.
std::string model_resource_name (const std::string &model);

}  // namespace gemini
