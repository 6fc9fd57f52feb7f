#pragma once

#include <optional>
#include <string>

#include "core/error.h"

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
  bool transcription = false;
  std::string extra;  ///< a JSON object written over what is built from the above
};

/// The first message of a session. Settings error if `extra` is no JSON object.
Result<std::string> setup_message (const SetupConfig &config);

/// How a text reaches the model: one is a turn of the history, the other is spoken to the model.
enum class TextInput { Auto, ClientContent, RealtimeInput };

/// `Auto` by the model's family: 3.1 starts to speak on `realtimeInput` only, the others on `clientContent`.
TextInput resolve_text_input (TextInput wanted, const std::string &model);

/// One user turn that asks for an answer.
std::string text_message (TextInput input, const std::string &text);

}  // namespace gemini
