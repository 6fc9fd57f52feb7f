#pragma once

#include <gst/base/gstpushsrc.h>

G_BEGIN_DECLS

#define GST_TYPE_GEMINI_SRC (gst_gemini_src_get_type ())
G_DECLARE_FINAL_TYPE (GstGeminiSrc, gst_gemini_src, GST, GEMINI_SRC, GstPushSrc)
GST_ELEMENT_REGISTER_DECLARE (geminisrc)

G_END_DECLS
