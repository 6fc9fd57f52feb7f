#pragma once

#include <gio/gio.h>

#include <string>
#include <string_view>

#include "core/glib_ptr.h"
#include "stand-in/log.h"
#include "stand-in/options.h"

namespace gemini::stand_in {

/// How response objects become the body of an HTTP answer.
enum class TtsForm {
  Single,  ///< one object
  Events,  ///< server-sent events
  Array,   ///< a JSON array, piece by piece
};

/// The form a request asks for: its method and `alt=sse` say it.
TtsForm form_of (const Request &request);

/// The bytes for an object; `first` if it is the first of the answer, `last` if it is the last.
std::string frame_object (std::string_view json, TtsForm form, const Tts &tts, bool first, bool last);

/// The `Content-Type` of an answer, whether it is a good one or not.
std::string content_type (TtsForm form, const Tts &tts);

/// Compresses a body while it is made. What went in can be read as soon as what came out has arrived.
class Gzip {
 public:
  Gzip ();
  std::string add (std::string_view bytes, bool last);

 private:
  GObjectPtr<GZlibCompressor> compressor_;
};

}  // namespace gemini::stand_in
