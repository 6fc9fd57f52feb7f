#include "line_editor.h"

#include <glib-unix.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "columns.h"

namespace gemini::chat {
namespace {

constexpr std::string_view kPrompt = "Input > ";
constexpr std::string_view kPasteBegins = "\033[200~";
constexpr std::string_view kPasteEnds = "\033[201~";
constexpr char kEndOfInput = '\004';

char *prompt_of (EditLine *)
{
  static std::string prompt (kPrompt);
  return prompt.data ();
}

std::string_view typed (EditLine *editor)
{
  const auto *line = el_line (editor);
  return {line->buffer, static_cast<size_t> (line->lastchar - line->buffer)};
}

void write_out (std::string_view text)
{
  std::fwrite (text.data (), 1, text.size (), stdout);
  std::fflush (stdout);
}

/// Lines of a paste end as ours do; what else could move the cursor is a blank.
std::string cleaned (std::string_view paste)
{
  std::string text;
  for (size_t i = 0; i < paste.size (); i++) {
    const char c = paste[i];
    const bool line_end = c == '\r' || c == '\n';
    if (c == '\r' && i + 1 < paste.size () && paste[i + 1] == '\n')
      continue;
    text += line_end ? '\n' : static_cast<unsigned char> (c) < ' ' || c == '\177' ? ' ' : c;
  }
  const auto end = text.find_last_not_of ('\n');
  text.resize (end == text.npos ? 0 : end + 1);
  return text;
}

}  // namespace

LineEditor::LineEditor (Listener &listener) : listener_ (listener), history_ (history_init ()) {}

LineEditor::~LineEditor () { close (); }

void LineEditor::open ()
{
  HistEvent event;
  history (history_.get (), &event, H_SETSIZE, 1000);
  history (history_.get (), &event, H_SETUNIQUE, 1);
  editor_.reset (el_init ("gemini-chat", stdin, stdout, stderr));
  el_set (editor_.get (), EL_PROMPT, prompt_of);
  el_set (editor_.get (), EL_EDITOR, "emacs");
  el_set (editor_.get (), EL_SIGNAL, 0);
  el_set (editor_.get (), EL_HIST, history, history_.get ());
  el_set (editor_.get (), EL_CLIENTDATA, this);
  el_set (editor_.get (), EL_GETCFN, next_character);
  el_set (editor_.get (), EL_BIND, "\\e[3~", "ed-delete-next-char", nullptr);
  el_source (editor_.get (), nullptr);

  GSource *source = g_unix_fd_source_new (STDIN_FILENO, static_cast<GIOCondition> (G_IO_IN | G_IO_HUP));
  GUnixFDSourceFunc readable = [] (int, GIOCondition, gpointer self) {
    return static_cast<LineEditor *> (self)->on_readable ();
  };
  g_source_set_callback (source, G_SOURCE_FUNC (readable), this, nullptr);
  g_source_set_can_recurse (source, TRUE);  // for the main loop inside of libedit
  watch_ = g_source_attach (source, nullptr);
  g_source_unref (source);

  write_out ("\033[?2004h");  // a paste comes between marks
  el_set (editor_.get (), EL_UNBUFFERED, 1);
  shown_ = true;
}

void LineEditor::close ()
{
  if (watch_ != 0)
    g_source_remove (std::exchange (watch_, 0));
  if (!editor_)
    return;
  closed_ = true;
  if (shown_) {
    write_out (erasing ());
    shown_ = false;
    el_set (editor_.get (), EL_UNBUFFERED, 0);
  }
  write_out ("\033[?2004l");
  if (!feeding_)
    editor_.reset ();
}

std::string LineEditor::erasing () const
{
  const auto *line = el_line (editor_.get ());
  const auto before = std::string (kPrompt) + std::string (line->buffer, line->cursor);
  const auto up = place_behind (before, terminal_columns ()).row;
  return (up > 0 ? "\033[" + std::to_string (up) + "A" : "") + "\r\033[J";
}

void LineEditor::draw () { el_set (editor_.get (), EL_REFRESH); }

bool LineEditor::has_text () const { return shown_ && !typed (editor_.get ()).empty (); }

bool LineEditor::clear ()
{
  const auto size =
      g_utf8_strlen (typed (editor_.get ()).data (), static_cast<gssize> (typed (editor_.get ()).size ()));
  el_cursor (editor_.get (), static_cast<int> (size));
  el_deletestr (editor_.get (), static_cast<int> (size));
  return size > 0;
}

gboolean LineEditor::on_readable ()
{
  char buffer[4096];
  const auto size = read (STDIN_FILENO, buffer, sizeof buffer);
  if (size < 0 && (errno == EINTR || errno == EAGAIN))
    return G_SOURCE_CONTINUE;
  if (size > 0)
    bytes_.append (buffer, static_cast<size_t> (size));
  else
    ended_ = true;
  if (!feeding_)
    pump ();
  if (ended_)
    watch_ = 0;
  return ended_ ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

/// Inside of libedit: runs the main loop until there is a whole character.
int LineEditor::next_character (EditLine *editor, wchar_t *character)
{
  LineEditor *self = nullptr;
  el_get (editor, EL_CLIENTDATA, &self);
  for (;;) {
    auto &bytes = self->bytes_;
    if (self->closed_ || (self->ended_ && bytes.empty ()))
      return 0;
    const auto whole = g_utf8_get_char_validated (bytes.data (), static_cast<gssize> (bytes.size ()));
    const bool cut = bytes.empty () || whole == static_cast<gunichar> (-2);
    if (!cut || self->ended_) {
      const bool valid = !cut && whole != static_cast<gunichar> (-1);
      *character = static_cast<wchar_t> (valid ? whole : '?');
      bytes.erase (0, valid ? static_cast<size_t> (g_unichar_to_utf8 (whole, nullptr)) : 1);
      return 1;
    }
    g_main_context_iteration (nullptr, TRUE);
  }
}

/// Whether there was one, or the beginning of one.
bool LineEditor::take_paste ()
{
  if (!bytes_.starts_with (kPasteBegins))
    return false;
  const auto end = bytes_.find (kPasteEnds);
  if (end == bytes_.npos)
    return true;
  const auto text =
      cleaned (std::string_view (bytes_).substr (kPasteBegins.size (), end - kPasteBegins.size ()));
  bytes_.erase (0, end + kPasteEnds.size ());
  write_out (erasing ());
  el_insertstr (editor_.get (), text.c_str ());
  draw ();
  return true;
}

void LineEditor::pump ()
{
  while (!bytes_.empty () && shown_) {
    const auto before = bytes_.size ();
    if (!take_paste ())
      feed ();
    else if (bytes_.size () == before)
      return;  // the rest of it is on its way
  }
  if (ended_ && !closed_)
    listener_.on_typing_ended ();
}

/// One key.
void LineEditor::feed ()
{
  int count = 0;
  feeding_ = true;
  const char *line = el_gets (editor_.get (), &count);
  feeding_ = false;
  if (closed_) {
    editor_.reset ();
    return;
  }
  if (line == nullptr || count <= 0)
    return;
  const std::string text (line, static_cast<size_t> (count));
  if (text == std::string (1, kEndOfInput)) {  // libedit leaves it in the line
    write_out (erasing ());
    clear ();
    draw ();
    return listener_.on_typing_ended ();
  }
  if (text.back () == '\n' || text.back () == '\r')
    submit (text.substr (0, text.size () - 1));
}

void LineEditor::submit (std::string text)
{
  const auto rows = place_behind (std::string (kPrompt) + text, terminal_columns ()).row + 1;
  if (text.find_first_not_of (" \t\n") != text.npos) {
    HistEvent event;
    history (history_.get (), &event, H_ENTER, text.c_str ());
  }
  shown_ = false;
  el_set (editor_.get (), EL_UNBUFFERED, 0);
  listener_.on_typed (text, rows);
  if (closed_)
    return;
  el_set (editor_.get (), EL_UNBUFFERED, 1);
  shown_ = true;
}

}  // namespace gemini::chat
