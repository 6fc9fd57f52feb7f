#pragma once

#include <string>
#include <variant>

namespace gemini::chat {

/// What the command line says. Holds no secret: a command line is for all to read.
struct Options {
  std::string voice;
  std::string model;
  std::string system;
  std::string record;  ///< a file, or a folder: one file a turn
  std::string sink = "autoaudiosink";
  std::string server;
  bool tts = false;
  bool stats = false;
  bool json = false;
  bool offline = false;
};

/// The options, or a sentence that says what is wrong with them. Prints the help, and exits, if that is
/// asked for; initialises GStreamer.
std::variant<Options, std::string> parse_options (int *argc, char ***argv);

}  // namespace gemini::chat
