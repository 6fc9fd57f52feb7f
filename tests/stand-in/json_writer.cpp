#include "stand-in/json_writer.h"

#include <cstdio>
#include <utility>

namespace gemini::stand_in {

JsonWriter &JsonWriter::name (std::string_view name)
{
  before_value ();
  quote (name);
  text_ += compact_ ? ":" : ": ";
  named_ = true;
  return *this;
}

JsonWriter &JsonWriter::string (std::string_view text)
{
  before_value ();
  quote (text);
  return *this;
}

JsonWriter &JsonWriter::raw (std::string_view json)
{
  before_value ();
  text_ += json;
  return *this;
}

std::string JsonWriter::take ()
{
  if (!compact_)
    text_ += '\n';
  return std::exchange (text_, {});
}

JsonWriter &JsonWriter::open (char bracket)
{
  before_value ();
  text_ += bracket;
  first_ = true;
  depth_++;
  return *this;
}

JsonWriter &JsonWriter::shut (char bracket)
{
  depth_--;
  if (!first_)
    new_line ();
  text_ += bracket;
  first_ = false;
  return *this;
}

void JsonWriter::before_value ()
{
  if (named_) {
    named_ = false;
    return;
  }
  if (!first_)
    text_ += ',';
  if (depth_ > 0)
    new_line ();
  first_ = false;
}

void JsonWriter::new_line ()
{
  if (compact_)
    return;
  text_ += '\n';
  text_.append (2 * depth_, ' ');
}

void JsonWriter::quote (std::string_view text)
{
  text_ += '"';
  for (size_t done = 0; done < text.size ();) {
    size_t plain = done;
    while (plain < text.size () && text[plain] != '"' && text[plain] != '\\' &&
           static_cast<uint8_t> (text[plain]) >= 0x20)
      plain++;
    text_ += text.substr (done, plain - done);
    if (plain < text.size ()) {
      char escaped[8];
      const char c = text[plain++];
      if (c == '"' || c == '\\')
        text_ += {'\\', c};
      else if (c == '\n')
        text_ += "\\n";
      else if (std::snprintf (escaped, sizeof escaped, "\\u%04x", c) > 0)
        text_ += escaped;
    }
    done = plain;
  }
  text_ += '"';
}

}  // namespace gemini::stand_in
