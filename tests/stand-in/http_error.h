#pragma once

#include <string>
#include <string_view>

namespace gemini::stand_in {

/// The body Google's services send with an HTTP error status, pretty-printed. An empty message means the
/// usual one.
std::string http_error_body (unsigned status, std::string_view message = {});

}  // namespace gemini::stand_in
