#include "core/media_tap.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/glib_ptr.h"
#include "core/text.h"

namespace gemini {

namespace {

constexpr size_t kMaxDepth = 64;
/// The first piece of a part holds the beginning of a file format, if it is one.
constexpr size_t kFirstPiece = 16;
/// Every piece carries its type, so that must not be what fills the memory.
constexpr size_t kMaxType = 256;
constexpr size_t kGroup = 4;
constexpr char kNoBase64 = '\\';

/// The character that an escape stands for; of base64 all are ASCII.
char unescaped (std::string_view escape)
{
  if (escape == "/")
    return '/';
  if (escape.size () != 5 || escape.front () != 'u')
    return kNoBase64;
  int unit = 0;
  for (char c : escape.substr (1)) {
    const int digit = g_ascii_xdigit_value (c);
    unit = digit < 0 ? 0x80 : unit * 16 + digit;
  }
  return unit > 0 && unit < 0x80 ? static_cast<char> (unit) : kNoBase64;
}

/// Names and media types are told from each other by ASCII characters; the parser has the last word on the
/// rest.
std::string without_escapes (std::string_view text)
{
  std::string plain;
  while (!text.empty ()) {
    const bool escape = text.front () == '\\' && text.size () > 1;
    const size_t size = !escape ? 1 : text[1] == 'u' ? 6 : 2;
    plain += size == 6 ? unescaped (text.substr (1, 5)) : text[size - 1];
    text.remove_prefix (std::min (text.size (), size));
  }
  return plain;
}

}  // namespace

void MediaTap::feed (std::string_view text)
{
  while (!text.empty () && !error_)
    take (text);
  if (in_ == In::Media && !error_)
    flush (false);
}

void MediaTap::end ()
{
  if (inside () && !error_)
    refuse ("an object ends too early");
}

void MediaTap::take (std::string_view &text)
{
  if (in_ != In::Text)
    return string (text);
  const char c = text.front ();
  text.remove_prefix (1);
  if (!inside ())
    return between (c);
  text_ += c;
  if (++length_ > kMaxObject || text_.size () > kMaxText)
    return refuse ("an object is too large");
  token (c);
}

/// Outside of all objects, where an array around them may begin, go on and end.
void MediaTap::between (char c)
{
  if (c == '{') {
    text_ = c;
    length_ = 1;
    return open (c);
  }
  if (c == '\0' || !std::strchr (" \t\r\n[],", c))
    refuse ("it is no JSON object");
}

void MediaTap::token (char c)
{
  auto &level = levels_.back ();
  switch (c) {
    case '{':
    case '[':
      return open (c);
    case '}':
    case ']':
      return close (c);
    case '"':
      string_begin_ = text_.size ();
      in_ = level.key_due ? In::Key : In::Value;
      if (in_ == In::Value && at_inline_data () && level.key == "data")
        in_ = In::Media;
      return;
    case ':':
      level.key_due = false;
      return;
    case ',':
      level.key_due = !level.array;
      level.index++;
      return;
    case 't':
      thought_ = thought_ || (at_part () && level.key == "thought");
      return;
    default:
      return;
  }
}

void MediaTap::open (char c)
{
  if (levels_.size () == kMaxDepth)
    return refuse ("it is nested too deeply");
  levels_.push_back ({.array = c == '[', .key_due = c == '{'});
  if (at_part ())
    thought_ = false;
  if (at_inline_data ()) {
    media_type_.reset ();
    begun_ = false;
  }
}

void MediaTap::close (char c)
{
  if (levels_.back ().array != (c == ']'))
    return refuse ("its brackets do not match");
  if (at_inline_data () && !pending_.empty ()) {
    media_type_ = media_type_.value_or ("");
    flush (true);
  }
  levels_.pop_back ();
  if (levels_.empty ()) {
    sink_.on_object (text_);
    text_.clear ();
  }
}

void MediaTap::string (std::string_view &text)
{
  if (escaping_)
    return escape (text);
  const size_t length = find_either (text, '"', '\\');
  (in_ == In::Media ? pending_ : text_).append (text.substr (0, length));
  length_ += length + 1;
  if (length_ > kMaxObject || text_.size () > kMaxText)
    return refuse ("an object is too large");
  text.remove_prefix (length);
  if (text.empty ())
    return;
  escaping_ = text.front () == '\\';
  if (!escaping_)
    string_ends ();
  if (in_ != In::Media)
    text_ += text.front ();
  text.remove_prefix (1);
}

void MediaTap::escape (std::string_view &text)
{
  const char c = text.front ();
  text.remove_prefix (1);
  if (in_ != In::Media) {
    text_ += c;
    escaping_ = false;
    return;
  }
  escape_ += c;
  escaping_ = escape_.front () == 'u' && escape_.size () < 5;
  if (!escaping_)
    pending_ += unescaped (std::exchange (escape_, {}));
}

void MediaTap::string_ends ()
{
  auto &level = levels_.back ();
  if (in_ == In::Key)
    level.key = without_escapes (std::string_view (text_).substr (string_begin_));
  else if (in_ == In::Media)
    flush (true);
  else if (at_inline_data () && level.key == "mimeType" && text_.size () - string_begin_ > kMaxType)
    refuse ("a media type is too long");
  else if (at_inline_data () && level.key == "mimeType")
    media_type_ = without_escapes (std::string_view (text_).substr (string_begin_));
  in_ = In::Text;
}

/// Without a media type nobody can say what the data are; it may stand behind them.
void MediaTap::flush (bool last)
{
  if (!media_type_)
    return;
  const size_t whole = last ? pending_.size () : pending_.size () / kGroup * kGroup;
  if (whole == 0 || (!last && !begun_ && whole < kFirstPiece))
    return;
  if (!thought_)
    sink_.on_media ({.mime_type = *media_type_,
                     .data = std::string_view (pending_).substr (0, whole),
                     .continues = begun_});
  begun_ = true;
  pending_.erase (0, whole);
}

bool MediaTap::at_part () const
{
  return levels_.size () == 6 && levels_[0].key == "candidates" && levels_[1].array &&
         levels_[1].index == 0 && levels_[2].key == "content" && levels_[3].key == "parts" &&
         levels_[4].array && !levels_[5].array;
}

bool MediaTap::at_inline_data () const
{
  return levels_.size () == 7 && levels_[0].key == "candidates" && levels_[1].array &&
         levels_[1].index == 0 && levels_[2].key == "content" && levels_[3].key == "parts" &&
         levels_[4].array && levels_[5].key == "inlineData" && !levels_[6].array;
}

void MediaTap::refuse (const char *why) { error_ = not_understood (why); }

}  // namespace gemini
