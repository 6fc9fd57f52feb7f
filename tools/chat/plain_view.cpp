#include "plain_view.h"

#include <algorithm>
#include <cstdio>

#include "core/glib_ptr.h"

namespace gemini::chat {

std::string describe (const Answer &answer)
{
  CharPtr text (g_strdup_printf ("%.1f s of speech", answer.seconds ()));
  std::string line = text.get ();
  if (GST_CLOCK_TIME_IS_VALID (answer.first_sound)) {
    text.reset (g_strdup_printf (", first sound after %.2f s",
                                 static_cast<double> (answer.first_sound) / GST_SECOND));
    line += text.get ();
  }
  line += answer.underruns == 0   ? ", no underruns"
          : answer.underruns == 1 ? ", 1 underrun"
                                  : ", " + std::to_string (answer.underruns) + " underruns";
  return answer.interrupted ? line + ", interrupted" : line;
}

bool PlainView::end_line ()
{
  if (!line_open_)
    return false;
  line_open_ = false;
  std::puts ("");
  std::fflush (stdout);
  return true;
}

void PlainView::on_words (const std::string &words)
{
  // Fragments begin with the blank between them and the one before.
  const auto blanks = line_open_ ? 0 : std::min (words.find_first_not_of (' '), words.size ());
  std::fputs (words.c_str () + blanks, stdout);
  std::fflush (stdout);
  line_open_ |= blanks < words.size ();
}

void PlainView::on_answer (const Answer &answer)
{
  const bool had_words = end_line ();
  if (answer.samples == 0 && !answer.interrupted)
    return on_trouble ("there was no speech in this answer");
  if (had_words)
    return;
  std::printf ("(%.1f s of speech)\n", answer.seconds ());
  std::fflush (stdout);
}

void PlainView::on_note (const std::string &sentence)
{
  end_line ();
  std::fprintf (stderr, "%s\n", sentence.c_str ());
}

void PlainView::on_trouble (const std::string &sentence)
{
  end_line ();
  std::fprintf (stderr, "gemini-chat: %s\n", sentence.c_str ());
}

namespace {

gboolean add_field (GQuark field, const GValue *value, gpointer data)
{
  auto *object = static_cast<JsonObject *> (data);
  const char *name = g_quark_to_string (field);
  if (g_str_equal (name, "event"))  // of gemini-session; the line has a member of that name already
    name = "what";
  if (G_VALUE_HOLDS_STRING (value))
    json_object_set_string_member (object, name, g_value_get_string (value));
  else if (G_VALUE_HOLDS_BOOLEAN (value))
    json_object_set_boolean_member (object, name, g_value_get_boolean (value));
  else if (G_VALUE_HOLDS_UINT (value))
    json_object_set_int_member (object, name, g_value_get_uint (value));
  else if (G_VALUE_HOLDS_INT64 (value))
    json_object_set_int_member (object, name, g_value_get_int64 (value));
  else if (G_VALUE_HOLDS_UINT64 (value) && g_value_get_uint64 (value) != GST_CLOCK_TIME_NONE)
    json_object_set_int_member (object, name, static_cast<gint64> (g_value_get_uint64 (value)));
  else if (G_VALUE_HOLDS (value, G_TYPE_STRV)) {
    auto *texts = json_array_new ();
    for (auto *text = static_cast<char **> (g_value_get_boxed (value)); text && *text; text++)
      json_array_add_string_element (texts, *text);
    json_object_set_array_member (object, name, texts);
  } else {
    json_object_set_null_member (object, name);
  }
  return TRUE;
}

}  // namespace

void JsonView::on_event (const char *name, const GstStructure *fields)
{
  auto *object = json_object_new ();
  json_object_set_string_member (object, "event", name);
  if (fields != nullptr)
    gst_structure_foreach (fields, add_field, object);
  const JsonNodePtr node (json_node_init_object (json_node_alloc (), object));
  json_object_unref (object);
  const CharPtr line (json_to_string (node.get (), FALSE));
  std::puts (line.get ());
  std::fflush (stdout);
}

void JsonView::on_trouble (const std::string &sentence)
{
  std::fprintf (stderr, "gemini-chat: %s\n", sentence.c_str ());
}

}  // namespace gemini::chat
