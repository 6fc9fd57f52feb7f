#pragma once

#include <string_view>
#include <vector>

namespace gemini {

/// What is wrong with a text that is to be one JSON object, as far as json-glib cannot be trusted to see it;
/// nullptr: nothing. Names the strings in it, without their quotes, that are long and hold no escape.
const char *scan_json (std::string_view text, std::vector<std::string_view> &long_strings);

}  // namespace gemini
