#pragma once

#include <functional>
#include <string>

#include "line_editor.h"
#include "view.h"

namespace gemini::chat {

/// A conversation on a terminal. What was said scrolls up; at the bottom are the words that are heard now, a
/// line that tells how things stand, and the prompt. Main thread.
class TerminalView final : public View, private LineEditor::Listener {
 public:
  TerminalView (std::function<void (std::string)> on_line, std::function<void ()> on_end);
  ~TerminalView () override;

  void open ();
  void on_resize () { redraw (); }

  void on_question (const std::string &text) override;
  void on_words (const std::string &words) override;
  void on_answer (const Answer &answer) override;
  void on_status (const Status &status) override;
  void on_note (const std::string &sentence) override;
  void on_trouble (const std::string &sentence) override;
  bool clear_input () override;
  void on_over () override;

 private:
  void on_typed (const std::string &text, unsigned rows) override;
  void on_typing_ended () override;
  void redraw (const std::string &above = "");
  std::string finished_rows ();
  std::string end_answer (const char *mark);

  std::function<void (std::string)> on_line_;
  std::function<void ()> on_end_;
  LineEditor editor_;
  std::string words_;        ///< of the answer, less than a row
  std::string status_;       ///< what it says
  unsigned rows_ = 0;        ///< on the screen between what scrolls and the prompt
  unsigned typed_rows_ = 0;  ///< of a line that was just typed
};

}  // namespace gemini::chat
