#include "support/eavesdropper.h"

#include <gst/gst.h>

#include <mutex>
#include <utility>
#include <vector>

#include "core/glib_ptr.h"

namespace gemini::test {
namespace {

std::mutex lock;
std::vector<std::string> lines_heard;  // guarded by lock

void keep (std::string line)
{
  std::lock_guard guard (lock);
  lines_heard.push_back (std::move (line));
}

void log_of_gstreamer (GstDebugCategory *category, GstDebugLevel level, const gchar *file,
                       const gchar *function, gint number, GObject *object, GstDebugMessage *message,
                       gpointer) G_GNUC_NO_INSTRUMENT;

void log_of_gstreamer (GstDebugCategory *category, GstDebugLevel level, const gchar *file,
                       const gchar *function, gint number, GObject *object, GstDebugMessage *message,
                       gpointer)
{
  const CharPtr line (gst_debug_log_get_line (category, level, file, function, number, object, message));
  keep (line.get ());
}

GLogWriterOutput log_of_glib (GLogLevelFlags level, const GLogField *fields, gsize count, gpointer)
{
  const CharPtr line (g_log_writer_format_fields (level, fields, count, FALSE));
  keep (line.get ());
  const auto told = (level & (G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG)) == 0;
  return told ? g_log_writer_standard_streams (level, fields, count, nullptr) : G_LOG_WRITER_HANDLED;
}

}  // namespace

Eavesdropper &Eavesdropper::listen ()
{
  static Eavesdropper ear;
  return ear;
}

Eavesdropper::Eavesdropper ()
{
  gst_debug_remove_log_function (nullptr);                            // what writes to the terminal
  (gst_debug_add_log_function) (log_of_gstreamer, nullptr, nullptr);  // the macro of that name is not C++
  gst_debug_set_active (TRUE);
  gst_debug_set_threshold_from_string ("*:9", TRUE);
  g_log_set_writer_func (log_of_glib, nullptr, nullptr);
}

size_t Eavesdropper::lines ()
{
  std::lock_guard guard (lock);
  return lines_heard.size ();
}

std::string Eavesdropper::heard (const std::string &word)
{
  std::lock_guard guard (lock);
  std::string found;
  for (auto &line : std::exchange (lines_heard, {}))
    if (found.empty () && line.find (word) != line.npos)
      found = line;
  return found;
}

}  // namespace gemini::test
