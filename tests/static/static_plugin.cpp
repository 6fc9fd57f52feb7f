// The plugin linked into a program: no file of it is looked for.

#include <gst/gst.h>

#include "support/check.h"

extern "C" {
GST_PLUGIN_STATIC_DECLARE (gemini);
}

GST_START_TEST (a_program_that_links_the_plugin_has_the_element)
{
  fail_unless (gst_element_factory_find ("geminisrc") == nullptr, "there already, from a file");
  GST_PLUGIN_STATIC_REGISTER (gemini);
  auto *element = gst_element_factory_make ("geminisrc", nullptr);
  fail_unless (element != nullptr);
  auto *plugin = gst_plugin_feature_get_plugin (GST_PLUGIN_FEATURE (gst_element_get_factory (element)));
  fail_unless (gst_plugin_get_filename (plugin) == nullptr);
  gst_object_unref (plugin);
  gst_object_unref (element);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (static_plugin, a_program_that_links_the_plugin_has_the_element)
