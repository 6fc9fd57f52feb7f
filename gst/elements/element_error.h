#pragma once

#include <gst/gst.h>

#include "core/error.h"

namespace gemini {

/// Posts an ERROR message: domain and code by kind, the sentence, the server's words as debug, numbers as
/// details
/// (`http-status-code`, `ws-close-code`: uint; `service-status`: string).
void post_error (GstElement *element, const Error &error);

/// The same as a WARNING message: the stream goes on.
void post_warning (GstElement *element, const Error &warning);

}  // namespace gemini
