#include "key_file.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/environment.h"

namespace gemini::chat {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view trimmed (std::string_view text)
{
  const auto begin = text.find_first_not_of (kBlanks);
  if (begin == text.npos)
    return {};
  return text.substr (begin, text.find_last_not_of (kBlanks) - begin + 1);
}

/// As shells and the SDKs read it: in quotes as it is, otherwise up to a comment.
std::string_view unquoted (std::string_view value)
{
  const char quote = value.empty () ? '\0' : value.front ();
  const auto end = quote == '"' || quote == '\'' ? value.find (quote, 1) : value.npos;
  if (end != value.npos)
    return value.substr (1, end - 1);
  for (size_t i = 0; i < value.size (); i++)
    if (value[i] == '#' && (i == 0 || value[i - 1] == ' ' || value[i - 1] == '\t'))
      return trimmed (value.substr (0, i));
  return value;
}

/// The last one counts, as if the file had been run.
std::string_view setting (std::string_view settings, std::string_view name)
{
  std::string_view found;
  while (!settings.empty ()) {
    const auto end = std::min (settings.find ('\n'), settings.size ());
    auto line = trimmed (settings.substr (0, end));
    settings.remove_prefix (std::min (end + 1, settings.size ()));
    if (line.starts_with ("export ") || line.starts_with ("export\t"))
      line = trimmed (line.substr (7));
    const auto equals = line.find ('=');
    if (equals != line.npos && trimmed (line.substr (0, equals)) == name)
      found = unquoted (trimmed (line.substr (equals + 1)));
  }
  return found;
}

}  // namespace

std::optional<std::string> key_in (std::string_view settings)
{
  for (auto *name : {"GOOGLE_API_KEY", "GEMINI_API_KEY"})
    if (auto value = setting (settings, name); !trimmed (value).empty ())
      return std::string (value);
  return std::nullopt;
}

std::optional<std::string> find_key ()
{
  if (api_key (process_environment ()))
    return std::nullopt;
  std::ifstream file (".env", std::ios::binary);
  return key_in (std::string (std::istreambuf_iterator<char> (file), {}));
}

}  // namespace gemini::chat
