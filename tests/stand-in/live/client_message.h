#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "stand-in/fields.h"
#include "stand-in/options.h"

namespace gemini::stand_in {

/// Why a client is sent away.
struct Refusal {
  unsigned code = 1007;
  std::string reason = "Request contains an invalid argument.";
};

/// The reason for a field that is not known. `where` is the path of its object, in the service's own
/// snake_case.
Refusal unknown_name (std::string_view name, std::string_view where);

/// A message of the client, cut open but not judged. `fields` lives as long as `root`.
struct ClientMessage {
  enum class Kind { Setup, ClientContent, RealtimeInput, ToolResponse };
  Kind kind = Kind::Setup;
  JsonNodePtr root;
  Fields fields;  ///< what is inside of `setup`, `clientContent` …
};

std::variant<ClientMessage, Refusal> read_client_message (std::string_view text, const Rules &rules);

/// The texts of all parts of the user's turns in `clientContent`, the last turn of the user only.
std::string question_of (const Fields &client_content);

/// Whether the last turn in `clientContent` is the model's: 2.5 then waits for the user.
bool ends_with_model (const Fields &client_content);

/// Roles and parts that the service does not take as history.
std::optional<Refusal> refuse_client_content (const Fields &client_content);

/// What came in `realtimeInput.audio`: the samples, whatever their rate.
std::vector<int16_t> audio_of (const Fields &realtime_input);

}  // namespace gemini::stand_in
