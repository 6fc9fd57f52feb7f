#pragma once

#include <histedit.h>

#include <functional>
#include <memory>
#include <string>

#include "core/glib_ptr.h"

namespace gemini::chat {

/// The prompt at the bottom of a terminal: editing and history by libedit, many lines pasted as one text.
///
/// Knows nothing of what is above it. Main thread. libedit wants to wait for the bytes of a key, so the main
/// loop runs on inside of it: nothing stops because somebody has pressed Escape.
class LineEditor {
 public:
  struct Listener {
    /// While this is called no prompt is shown; the cursor is below what was typed, which took `rows`.
    virtual void on_typed (const std::string &text, unsigned rows) = 0;
    virtual void on_typing_ended () = 0;

   protected:
    ~Listener () = default;
  };

  explicit LineEditor (Listener &listener);
  ~LineEditor ();

  void open ();
  /// Takes the prompt away and leaves the terminal as it was found.
  void close ();
  bool is_shown () const { return shown_; }

  /// What takes the cursor to the first column of the prompt's first row, and clears from there.
  std::string erasing () const;
  /// Draws the prompt again where the cursor is: at the beginning of a row.
  void draw ();
  /// Forgets what is half typed. Whether there was anything. Wants erasing () first, and draw () after.
  bool clear ();
  bool has_text () const;

 private:
  struct HistoryEnd {
    void operator() (History *history) const { history_end (history); }
  };

  static int next_character (EditLine *editor, wchar_t *character);
  gboolean on_readable ();
  void pump ();
  bool take_paste ();
  void feed ();
  void submit (std::string text);

  Listener &listener_;
  std::unique_ptr<History, HistoryEnd> history_;
  std::unique_ptr<EditLine, Freer<el_end>> editor_;
  guint watch_ = 0;
  std::string bytes_;  ///< typed, not read by libedit yet
  bool shown_ = false;
  bool feeding_ = false;
  bool ended_ = false;   ///< no more bytes will come
  bool closed_ = false;  ///< maybe while libedit waited for a byte
};

}  // namespace gemini::chat
