#pragma once

#include <optional>
#include <string>

#include "core/error.h"
#include "core/model_family.h"

namespace gemini {

/// What the `setup` message is made of. Unset means "not sent": the server has its own default.
struct SetupConfig {
  std::string model;
  std::string system_instruction;
  std::string voice;
  std::string language;
  std::optional<double> temperature;
  std::optional<int> seed;
  std::optional<int> max_output_tokens;
  ThinkingLevel thinking_level = ThinkingLevel::Unset;
  bool transcription = false;  ///< of both sides
  bool resumption = false;     ///< ask for handles by which a session can be taken up
  bool compression = false;    ///< forget the oldest turns rather than end when the context is full
  std::string extra;           ///< a JSON object written over what is built from the above
};

/// The first message of a session. Settings error if `extra` is no JSON object.
Result<std::string> setup_message (const SetupConfig &config);

/// The same message to take up a session. `setup` is one made above.
std::string resumed_setup (const std::string &setup, const std::string &handle);

/// `Auto` by the model's family: 3.1 starts to speak on `realtimeInput` only, the others on `clientContent`.
TextInput resolve_text_input (TextInput wanted, const std::string &model);

/// One user turn that asks for an answer.
std::string text_message (TextInput input, const std::string &text);

/// The answer to one call of a function; `response` is a JSON object. Settings error if it is not.
Result<std::string> tool_response_message (const std::string &id, const std::string &name,
                                           const std::string &response);

/// A client message made elsewhere, as one line. Settings error if it is no JSON object, or the setup: that
/// is sent once, by the session.
Result<std::string> checked_message (const std::string &json);

}  // namespace gemini
