#include "core/media_type.h"

#include <charconv>
#include <optional>
#include <string>

#include "core/glib_ptr.h"
#include "core/text.h"

namespace gemini {

namespace {

constexpr unsigned kMaxRate = 768000;

/// Takes what stands before the next ';', trimmed, away from the front of `rest`.
std::string_view take_field (std::string_view &rest)
{
  const size_t end = rest.find (';');
  const auto field = trim (rest.substr (0, end));
  rest = end == rest.npos ? std::string_view () : rest.substr (end + 1);
  return field;
}

/// A parameter's value, without the quotes that RFC 2045 allows around it.
std::string_view unquoted (std::string_view value)
{
  value = trim (value);
  if (value.size () >= 2 && value.front () == '"' && value.back () == '"')
    value = value.substr (1, value.size () - 2);
  return value;
}

std::optional<unsigned> whole_number (std::string_view text)
{
  unsigned number = 0;
  const auto [end, code] = std::from_chars (text.data (), text.data () + text.size (), number);
  if (code != std::errc () || end != text.data () + text.size ())
    return std::nullopt;
  return number;
}

/// Never registered, so everybody has a name of their own for it: wav, x-wav, wave, vnd.wave.
bool is_wav (std::string_view type) { return is_audio (type) && contains_ignoring_case (type, "wav"); }

Error unplayable (std::string_view media_type, const char *why)
{
  // The name comes from outside: a person wants to read it, but not a kilobyte of it.
  const std::string some (media_type.substr (0, 80));
  const CharPtr name (g_utf8_make_valid (some.data (), static_cast<gssize> (some.size ())));
  return {.kind = Error::Kind::Format,
          .message = std::string ("Gemini sent '") + name.get () + "', which cannot be played: " + why};
}

}  // namespace

bool is_audio (std::string_view media_type)
{
  constexpr std::string_view kAudio = "audio/";
  return equal_ignoring_case (trim (media_type).substr (0, kAudio.size ()), kAudio);
}

Result<AudioFormat> parse_audio_format (std::string_view media_type)
{
  std::string_view rest = media_type;
  const auto type = take_field (rest);
  if (!equal_ignoring_case (type, "audio/pcm") && !equal_ignoring_case (type, "audio/l16") && !is_wav (type))
    return unplayable (media_type, "only audio/pcm, audio/L16 and audio/wav can");

  AudioFormat format;
  while (!rest.empty ()) {
    const auto parameter = take_field (rest);
    const size_t equals = parameter.find ('=');
    if (equals == parameter.npos)
      continue;
    const auto name = trim (parameter.substr (0, equals));
    const auto number = whole_number (unquoted (parameter.substr (equals + 1)));

    if (equal_ignoring_case (name, "rate")) {
      if (!number || *number == 0 || *number > kMaxRate)
        return unplayable (media_type, "the rate must be 1 to 768000 Hz");
      format.rate = *number;
    } else if (equal_ignoring_case (name, "channels")) {
      if (!number || *number != 1)
        return unplayable (media_type, "only one channel can");
      format.channels = *number;
    }
  }
  return format;
}

}  // namespace gemini
