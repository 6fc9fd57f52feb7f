#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/glib_ptr.h"

namespace gemini {

/// Parses one JSON object. Refuses NUL (also as `\u0000`), invalid UTF-8, anything but an object, and nesting
/// deeper than 64: json-glib recurses without a bound and a hostile message would overrun the stack. What
/// json-glib takes beyond JSON (comments, single quotes, several objects in a row) or stumbles over (half a
/// surrogate pair) is refused as well.
///
/// The error is of the kind Decode and says what is wrong, without quoting the text.
Result<JsonNodePtr> parse_json_object (std::string_view text);

/// Compact text, without a newline.
std::string to_json (JsonNode *node);

/// Writes `extra` over `base`, objects member by member, everything else replaced (RFC 7396 without its
/// deletion by null: a null is written as it is).
void merge_json (JsonObject *base, JsonObject *extra);

/// Typed reading of a member: absent (or null) is "nothing", a wrong type sets `wrong` to the member's name.
/// Views and pointers live as long as the object. Reading from no object at all finds nothing.
class JsonReader {
 public:
  explicit JsonReader (JsonObject *object) : object_ (object) {}

  std::optional<std::string_view> string (const char *name);
  std::optional<bool> boolean (const char *name);
  std::optional<int64_t> integer (
      const char *name);  ///< a number, or a string of digits (int64 in proto JSON)
  std::optional<double> seconds (const char *name);  ///< Duration: "1.500s"
  JsonObject *object (const char *name);
  JsonArray *array (const char *name);

  /// The first member that had another type than the one asked for.
  const std::string &wrong () const { return wrong_; }

 private:
  JsonNode *member (const char *name);
  JsonNode *member (const char *name, GType type);
  void mistyped (const char *name);

  JsonObject *object_;
  std::string wrong_;
};

}  // namespace gemini
