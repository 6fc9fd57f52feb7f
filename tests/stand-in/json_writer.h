#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gemini::stand_in {

/// Writes JSON byte for byte as the service does: two blanks a level, ": " after a name, a final newline.
///
/// json-glib's printer puts a blank before the colon too, so its sizes are not those a client sees in the
/// wild. The caller keeps the order right (name, value, name, value inside an object); nothing is checked.
class JsonWriter {
 public:
  explicit JsonWriter (bool compact = false) : compact_ (compact) {}

  JsonWriter &begin_object () { return open ('{'); }
  JsonWriter &end_object () { return shut ('}'); }
  JsonWriter &begin_array () { return open ('['); }
  JsonWriter &end_array () { return shut (']'); }
  JsonWriter &name (std::string_view name);

  JsonWriter &string (std::string_view text);
  JsonWriter &number (int64_t value) { return raw (std::to_string (value)); }
  JsonWriter &boolean (bool value) { return raw (value ? "true" : "false"); }
  /// A value that is JSON already.
  JsonWriter &raw (std::string_view json);

  /// The text; pretty-printed it ends with a newline.
  std::string take ();

 private:
  JsonWriter &open (char bracket);
  JsonWriter &shut (char bracket);
  void before_value ();
  void new_line ();
  void quote (std::string_view text);

  bool compact_;
  bool first_ = true;   // nothing in the innermost bracket yet
  bool named_ = false;  // a name waits for its value
  unsigned depth_ = 0;
  std::string text_;
};

}  // namespace gemini::stand_in
