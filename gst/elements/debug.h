#pragma once

#include <gst/gst.h>

GST_DEBUG_CATEGORY_EXTERN (geminisrc_debug);
#define GST_CAT_DEFAULT geminisrc_debug
