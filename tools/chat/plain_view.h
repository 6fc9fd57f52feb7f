#pragma once

#include "view.h"

namespace gemini::chat {

/// Lines of text, for files and pipes: the words of each answer on standard output, trouble on standard
/// error.
class PlainView final : public View {
 public:
  void on_words (const std::string &words) override;
  void on_answer (const Answer &answer) override;
  void on_note (const std::string &sentence) override;
  void on_trouble (const std::string &sentence) override;

 private:
  bool end_line ();

  bool line_open_ = false;
};

/// One JSON object a line on standard output for each event: `{"event":NAME, …}` with the fields of the bus
/// message of that name; times in ns, unknown ones null.
class JsonView final : public View {
 public:
  void on_event (const char *name, const GstStructure *fields) override;
  void on_trouble (const std::string &sentence) override;
};

}  // namespace gemini::chat
