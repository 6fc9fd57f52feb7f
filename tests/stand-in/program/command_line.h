#pragma once

#include <string>
#include <variant>
#include <vector>

#include "stand-in/options.h"

namespace gemini::stand_in {

/// What the program was asked to do.
struct Command {
  Options options;
  std::string record;  ///< to this file, passing on to `upstream`
  std::string upstream = "https://generativelanguage.googleapis.com";
  std::string replay;  ///< this file
  bool fast = false;   ///< the replay waits for nothing
  bool verbose = false;
  bool die_with_parent = false;
  bool help = false;
  bool version = false;
};

/// Reads the arguments behind the program's name; on failure a sentence that says what is wrong with them.
std::variant<Command, std::string> parse_command_line (const std::vector<std::string> &arguments);

/// The manual, for a terminal of 80 columns.
std::string manual ();

}  // namespace gemini::stand_in
