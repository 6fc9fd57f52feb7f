#include <gst/gst.h>

#include "elements/gstgeminisrc.h"

static gboolean plugin_init (GstPlugin *plugin) { return GST_ELEMENT_REGISTER (geminisrc, plugin); }

#define PACKAGE "gst-gemini"

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, gemini, "Hears Google's Gemini models speak",
                   plugin_init, GST_GEMINI_VERSION, "LGPL", "gst-gemini",
                   "https://generativelanguage.googleapis.com")
