#pragma once

#include <string_view>

namespace gemini {

/// What is wrong with a text that is to be one JSON object, as far as json-glib cannot be trusted to see it;
/// nullptr: nothing.
const char *scan_json (std::string_view text);

}  // namespace gemini
