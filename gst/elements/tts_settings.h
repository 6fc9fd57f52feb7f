#pragma once

#include <string>
#include <vector>

#include "core/endpoint.h"
#include "core/tts_session.h"
#include "elements/settings.h"

namespace gemini {

/// What the properties say to a session that reads aloud; an error that is there already for the prompt.
Result<TtsSession::Config> tts_session (const Access &access, const Settings &settings);

/// Voices in the properties that are not among the prebuilt ones. The server may know them nevertheless, so
/// they are worth no more than a line in the log.
std::vector<std::string> unknown_voices (const Settings &settings);

}  // namespace gemini
