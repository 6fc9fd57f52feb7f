#include "core/environment.h"

#include <glib.h>

#include "core/text.h"

namespace gemini {

Environment process_environment ()
{
  return [] (std::string_view name) -> std::optional<std::string> {
    const char *value = g_getenv (std::string (name).c_str ());
    if (!value)
      return std::nullopt;
    return value;
  };
}

std::optional<std::string> first_set (const Environment &environment,
                                      std::initializer_list<std::string_view> names)
{
  for (std::string_view name : names) {
    const auto value = environment (name);
    if (!value)
      continue;
    if (const auto trimmed = trim (*value); !trimmed.empty ())
      return std::string (trimmed);
  }
  return std::nullopt;
}

std::optional<std::string> api_key (const Environment &environment)
{
  return first_set (environment, {"GOOGLE_API_KEY", "GEMINI_API_KEY"});
}

bool wants_vertex (const Environment &environment)
{
  auto value = first_set (environment, {"GOOGLE_GENAI_USE_ENTERPRISE", "GOOGLE_GENAI_USE_VERTEXAI"});
  return value && (*value == "1" || equal_ignoring_case (*value, "true"));
}

}  // namespace gemini
