#pragma once

#include "elements/gst_ptr.h"
#include "elements/settings.h"

namespace gemini {

using TagListPtr = std::unique_ptr<GstTagList, MiniObjectUnref>;

/// What a recording should know about itself: title (the first turn's prompt, its beginning if it is long),
/// artist (model and voice) and language code. Never empty: there is always a model.
TagListPtr make_tags (const Settings &settings);

}  // namespace gemini
