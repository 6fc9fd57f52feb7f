#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gemini::chat {

/// The key in a file of settings such as `.env`: `GOOGLE_API_KEY`, then `GEMINI_API_KEY`.
///
/// The file is data: it is searched for two names, never run, and nothing in it is expanded.
std::optional<std::string> key_in (std::string_view settings);

/// The key in `.env` in the current folder, if the environment has none.
std::optional<std::string> find_key ();

}  // namespace gemini::chat
