#include "core/sse_parser.h"

#include <algorithm>

#include "core/text.h"

namespace gemini {

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr size_t kLongestName = 16;  // none that is known is longer

/// Takes so much away from the front of `bytes`.
std::string_view take_front (std::string_view &bytes, size_t size)
{
  const auto taken = bytes.substr (0, size);
  bytes.remove_prefix (taken.size ());
  return taken;
}

}  // namespace

void SseParser::feed (std::string_view bytes)
{
  while (!bytes.empty ())
    take (bytes);
}

/// Takes at least one byte, or moves on.
void SseParser::take (std::string_view &bytes)
{
  switch (at_) {
    case At::ByteOrderMark:
      if (bytes.front () == kByteOrderMark[name_.size ()]) {
        name_ += bytes.front ();
        bytes.remove_prefix (1);
        if (name_ != kByteOrderMark)
          return;
        name_.clear ();
      }
      at_ = name_.empty () ? At::LineStart : At::Name;
      return;
    case At::LineStart:
      return line_start (bytes);
    case At::Name:
      return name (bytes);
    case At::ValueStart:
      if (bytes.front () == ' ')
        bytes.remove_prefix (1);
      at_ = At::Data;
      return;
    case At::Data:
    case At::Skipped:
      return value (bytes);
    case At::PlainJson:
      sink_.on_data (bytes);
      bytes = {};
      return;
  }
}

void SseParser::line_start (std::string_view &bytes)
{
  if (swallow_newline_ && bytes.front () == '\n')
    bytes.remove_prefix (1);
  swallow_newline_ = false;
  if (bytes.empty ())
    return;
  // No field is named like this.
  at_ = bytes.front () == '{' || bytes.front () == '[' ? At::PlainJson : At::Name;
  has_data_ = has_data_ || at_ == At::PlainJson;
  name_.clear ();
}

void SseParser::name (std::string_view &bytes)
{
  const auto part = take_front (bytes, bytes.find_first_of (":\r\n"));
  name_ += part.substr (0, kLongestName - std::min (name_.size (), kLongestName));
  if (bytes.empty ())
    return;

  const char end = bytes.front ();
  bytes.remove_prefix (1);
  const bool data = name_ == "data";
  if (data && has_data_)
    sink_.on_data ("\n");
  has_data_ = has_data_ || data;
  if (end == ':')
    at_ = data ? At::ValueStart : At::Skipped;
  else if (name_.empty ())
    end_event ();
  if (end != ':')
    end_line (end);
}

void SseParser::value (std::string_view &bytes)
{
  const auto part = take_front (bytes, find_either (bytes, '\r', '\n'));
  if (at_ == At::Data && !part.empty ())
    sink_.on_data (part);
  if (bytes.empty ())
    return;
  const char end = bytes.front ();
  bytes.remove_prefix (1);
  end_line (end);
}

void SseParser::end_line (char end)
{
  swallow_newline_ = end == '\r';
  name_.clear ();
  at_ = At::LineStart;
}

void SseParser::end_event ()
{
  if (has_data_)
    sink_.on_event_end ();
  has_data_ = false;
}

void SseParser::finish ()
{
  end_event ();
  at_ = At::LineStart;
  name_.clear ();
}

}  // namespace gemini
