#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace gemini {

/// Looks up a variable: `g_getenv ()` in the plugin, a table in tests.
using Environment = std::function<std::optional<std::string> (std::string_view name)>;

/// The environment of this process.
Environment process_environment ();

/// The first of these variables that is set to more than blanks, trimmed: the rule of the official SDKs.
std::optional<std::string> first_set (const Environment &environment,
                                      std::initializer_list<std::string_view> names);

/// `GOOGLE_API_KEY`, then `GEMINI_API_KEY`.
std::optional<std::string> api_key (const Environment &environment);

/// Whether Vertex AI is asked for: `GOOGLE_GENAI_USE_ENTERPRISE`, or if that is unset
/// `GOOGLE_GENAI_USE_VERTEXAI`, is `true` or `1`.
bool wants_vertex (const Environment &environment);

}  // namespace gemini
