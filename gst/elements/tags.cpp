#include "elements/tags.h"

#include "core/glib_ptr.h"

namespace gemini {
namespace {

constexpr glong kLongestTitle = 100;  // characters; a text to read aloud may be a whole book

std::string title_of (const std::string &prompt)
{
  auto line = prompt.substr (0, prompt.find_first_of ("\r\n"));
  if (g_utf8_strlen (line.c_str (), -1) <= kLongestTitle)
    return line;
  CharPtr beginning (g_utf8_substring (line.c_str (), 0, kLongestTitle - 1));
  return std::string (beginning.get ()) + "…";
}

void add (GstTagList *tags, const char *name, const std::string &value)
{
  if (!value.empty ())
    gst_tag_list_add (tags, GST_TAG_MERGE_REPLACE, name, value.c_str (), nullptr);
}

}  // namespace

TagListPtr make_tags (const Settings &settings)
{
  TagListPtr tags (gst_tag_list_new_empty ());
  gst_tag_list_set_scope (tags.get (), GST_TAG_SCOPE_STREAM);
  add (tags.get (), GST_TAG_TITLE, title_of (settings.prompt));
  auto voice = settings.speakers.empty () ? settings.voice : settings.speakers;
  add (tags.get (), GST_TAG_ARTIST, settings.model + (voice.empty () ? "" : ", " + voice));
  // The tag is for the code of a language alone, without the country.
  add (tags.get (), GST_TAG_LANGUAGE_CODE, settings.language.substr (0, settings.language.find ('-')));
  return tags;
}

}  // namespace gemini
