#pragma once

#include <json-glib/json-glib.h>

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/glib_ptr.h"
#include "options.h"

namespace gemini::stand_in {

/// Why a client is sent away.
struct Refusal {
  unsigned code = 1007;
  std::string reason = "Request contains an invalid argument.";
};

/// The reason for a field that is not known. `where` is the path of its object, in the service's own
/// snake_case.
Refusal unknown_name (std::string_view name, std::string_view where);

/// Reads members of a JSON object by their lowerCamelCase name, or else by the same name in snake_case.
/// What is absent or has another type counts as not given: a stand-in need not be strict about values.
class Fields {
 public:
  explicit Fields (JsonObject *object = nullptr) : object_ (object) {}

  explicit operator bool () const { return object_ != nullptr; }
  bool has (std::string_view name) const { return find (name) != nullptr; }
  Fields object (std::string_view name) const;
  std::vector<Fields> objects (std::string_view name) const;
  std::vector<std::string> strings (std::string_view name) const;
  std::optional<std::string> string (std::string_view name) const;
  std::optional<int64_t> integer (std::string_view name) const;
  std::optional<bool> boolean (std::string_view name) const;

  /// The first member that is none of these names.
  std::optional<std::string> stranger (std::initializer_list<std::string_view> names, bool snake_case) const;

 private:
  JsonNode *find (std::string_view name) const;

  JsonObject *object_;
};

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
