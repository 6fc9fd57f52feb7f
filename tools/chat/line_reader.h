#pragma once

#include <gio/gio.h>

#include <functional>
#include <string>

namespace gemini::chat {

/// Lines of standard input that nobody edits. Main thread.
class LineReader {
 public:
  LineReader (std::function<void (std::string)> on_line, std::function<void ()> on_end);
  ~LineReader ();

 private:
  gboolean read ();

  std::function<void (std::string)> on_line_;
  std::function<void ()> on_end_;
  GIOChannel *channel_;
  guint watch_;
};

}  // namespace gemini::chat
