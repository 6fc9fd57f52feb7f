#pragma once

#include <span>
#include <string_view>

#include "stand-in/program/command_line.h"

namespace gemini::stand_in {

/// An option: what it is called, what it means, what it does. Reading and manual both come from the row.
/// A row without `set` begins a section.
struct Row {
  const char *name;
  const char *argument;  ///< null: the option takes none
  const char *help;
  bool (*set) (Command &, std::string_view) = nullptr;
};

/// All options, in the order of the manual.
std::span<const Row> option_rows ();

}  // namespace gemini::stand_in
