#pragma once

#include <gio/gio.h>

#include "core/error.h"

namespace gemini {

/// The sentence for a connection that could not be made.
Error connect_error (const GError &error);

}  // namespace gemini
