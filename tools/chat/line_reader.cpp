#include "line_reader.h"

#include <unistd.h>

#include "core/glib_ptr.h"

namespace gemini::chat {

LineReader::LineReader (std::function<void (std::string)> on_line, std::function<void ()> on_end)
    : on_line_ (std::move (on_line)),
      on_end_ (std::move (on_end)),
      channel_ (g_io_channel_unix_new (STDIN_FILENO))
{
  g_io_channel_set_encoding (channel_, nullptr, nullptr);  // a line that is no UTF-8 ends no conversation
  watch_ = g_io_add_watch (
      channel_, static_cast<GIOCondition> (G_IO_IN | G_IO_HUP | G_IO_ERR),
      [] (GIOChannel *, GIOCondition, gpointer self) { return static_cast<LineReader *> (self)->read (); },
      this);
}

LineReader::~LineReader ()
{
  if (watch_ != 0)
    g_source_remove (watch_);
  g_io_channel_unref (channel_);
}

gboolean LineReader::read ()
{
  char *text = nullptr;
  gsize end = 0;
  const auto status = g_io_channel_read_line (channel_, &text, nullptr, &end, nullptr);
  const CharPtr line (text);
  if (status == G_IO_STATUS_AGAIN)
    return G_SOURCE_CONTINUE;
  if (status != G_IO_STATUS_NORMAL) {
    watch_ = 0;
    on_end_ ();
    return G_SOURCE_REMOVE;
  }
  on_line_ (std::string (line.get (), end));
  return G_SOURCE_CONTINUE;
}

}  // namespace gemini::chat
