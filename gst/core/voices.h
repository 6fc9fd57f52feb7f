#pragma once

#include <string_view>

namespace gemini {

/// Whether this is one of the thirty voices that every model has, spelt as the API spells it.
///
/// Only good for a warning: newer models have thousands of further voices, and voices of one's own.
bool is_prebuilt_voice (std::string_view name);

}  // namespace gemini
