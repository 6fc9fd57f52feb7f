#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/environment.h"
#include "core/playout.h"
#include "elements/conversation.h"
#include "elements/settings.h"

namespace gemini {

// From what the properties say to what the parts of a running element want to know.

/// The default of the API, if no model is set.
Settings with_model (Settings settings);

Playout::Config playout_config (const Settings &settings);

/// The environment fills in what no property says. An error if the settings make no sense together.
Result<Conversation::Config> conversation_config (const Settings &settings, const Environment &environment);

/// The part of it that holds credentials, which may be renewed.
Result<Target> session_target (const Settings &settings, const Environment &environment);

/// What is set but belongs to the other API, for a warning.
std::optional<Error> without_effect (const Settings &settings);

/// A name misspelt is told by the server only when it is asked; but there are more voices than can be known
/// here, so these are no errors.
std::vector<std::string> unknown_voices (const Settings &settings);

}  // namespace gemini
