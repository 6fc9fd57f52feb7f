#pragma once

#include <gio/gio.h>

#include <memory>
#include <string>
#include <variant>

#include "core/glib_ptr.h"

namespace gemini::chat {

/// A `gemini-stand-in` that lives as long as this object, or as this program.
class StandInProcess {
 public:
  /// Waits until it listens; otherwise a sentence that says why it does not. It is looked for beside this
  /// program, where the build puts it, and in PATH.
  static std::variant<std::unique_ptr<StandInProcess>, std::string> start ();
  ~StandInProcess ();

  const std::string &endpoint () const { return endpoint_; }

 private:
  GObjectPtr<GSubprocess> process_;
  std::string endpoint_;
};

}  // namespace gemini::chat
