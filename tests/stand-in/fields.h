#pragma once

#include <json-glib/json-glib.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/glib_ptr.h"

namespace gemini::stand_in {

/// Reads a JSON object; null for everything else, and for what is nested too deep for the service.
JsonNodePtr parse_object (std::string_view text);

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

}  // namespace gemini::stand_in
