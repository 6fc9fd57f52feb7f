#include "terminal_view.h"

#include <cstdio>

#include "columns.h"
#include "core/glib_ptr.h"

namespace gemini::chat {
namespace {

constexpr std::string_view kPrompt = "Input > ";

double seconds (GstClockTime time) { return static_cast<double> (time) / GST_SECOND; }

std::string describe (const Status &status)
{
  std::string line = status.state + (status.leaving ? ", then leaves" : "");
  auto add = [&line] (CharPtr text) { line += std::string (" | ") + text.get (); };
  if (status.state == "speaking" || status.state == "draining")
    add (CharPtr (g_strdup_printf ("%.1f s buffered", seconds (status.buffered))));
  if (GST_CLOCK_TIME_IS_VALID (status.first_sound))
    add (CharPtr (g_strdup_printf ("first sound after %.2f s", seconds (status.first_sound))));
  if (status.underruns > 0)
    add (CharPtr (g_strdup_printf ("%u underrun%s", status.underruns, status.underruns == 1 ? "" : "s")));
  return line;
}

}  // namespace

TerminalView::TerminalView (std::function<void (std::string)> on_line, std::function<void ()> on_end)
    : on_line_ (std::move (on_line)), on_end_ (std::move (on_end)), editor_ (*this)
{
}

TerminalView::~TerminalView () { on_over (); }

void TerminalView::on_over ()
{
  if (!editor_.is_shown ())
    return;
  const auto last = end_answer ("");
  status_.clear ();
  redraw (last);
  editor_.close ();
}

void TerminalView::open () { editor_.open (); }

/// Rewrites the bottom of the screen in one go, with these lines above it.
void TerminalView::redraw (const std::string &above)
{
  std::string out = editor_.is_shown () ? editor_.erasing () : "\r\033[J";
  const auto up = rows_ + typed_rows_;
  if (up > 0)
    out += "\033[" + std::to_string (up) + "A\033[J";
  out += above;
  rows_ = typed_rows_ = 0;
  if (!words_.empty ()) {
    out += words_ + "\n";
    rows_++;
  }
  if (!status_.empty ()) {
    const auto line = "[" + status_ + "]";
    out += "\033[2m" + line.substr (0, bytes_of_row (line, terminal_columns () - 1)) + "\033[0m\n";
    rows_++;
  }
  std::fwrite (out.data (), 1, out.size (), stdout);
  std::fflush (stdout);
  if (editor_.is_shown ())
    editor_.draw ();
}

/// Takes those rows off the words that are full.
std::string TerminalView::finished_rows ()
{
  std::string rows;
  const auto columns = terminal_columns () - 1;
  while (columns_of (words_) > columns) {
    const auto size = bytes_of_row (words_, columns);
    rows += words_.substr (0, size) + "\n";
    words_.erase (0, size);
    words_.erase (0, words_.find_first_not_of (' '));
  }
  return rows;
}

std::string TerminalView::end_answer (const char *mark)
{
  if (words_.empty ())
    return "";
  words_ += mark;
  auto rows = finished_rows () + words_ + "\n";
  words_.clear ();
  return rows;
}

void TerminalView::on_typed (const std::string &text, unsigned rows)
{
  typed_rows_ = rows;
  on_line_ (text);
  if (typed_rows_ > 0)  // it was no question
    redraw ();
}

void TerminalView::on_question (const std::string &text)
{
  redraw (end_answer (" …") + std::string (kPrompt) + text + "\n");
}

void TerminalView::on_words (const std::string &words)
{
  if (words.empty ())
    return;
  words_ += harmless (words);
  if (const auto begin = words_.find_first_not_of (' '); begin != 0)
    words_.erase (0, begin);
  redraw (finished_rows ());
}

void TerminalView::on_answer (const Answer &answer)
{
  auto rows = end_answer (answer.interrupted ? " …" : "");
  if (answer.samples == 0 && !answer.interrupted)
    rows += "(no speech in this answer)\n";
  redraw (rows);
}

void TerminalView::on_status (const Status &status)
{
  if (const auto now = describe (status); now != status_) {
    status_ = now;
    redraw ();
  }
}

void TerminalView::on_note (const std::string &sentence)
{
  redraw (end_answer (" …") + harmless (sentence) + "\n");
}

void TerminalView::on_trouble (const std::string &sentence)
{
  redraw (end_answer (" …") + "gemini-chat: " + harmless (sentence) + "\n");
}

bool TerminalView::clear_input ()
{
  if (!editor_.has_text ())
    return false;
  const auto erasing = editor_.erasing ();
  std::fwrite (erasing.data (), 1, erasing.size (), stdout);
  std::fflush (stdout);
  editor_.clear ();
  editor_.draw ();
  return true;
}

void TerminalView::on_typing_ended () { on_end_ (); }

}  // namespace gemini::chat
