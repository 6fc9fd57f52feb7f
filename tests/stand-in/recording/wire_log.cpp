#include "stand-in/recording/wire_log.h"

#include <json-glib/json-glib.h>

#include <algorithm>

#include "core/glib_ptr.h"
#include "stand-in/http/route.h"
#include "stand-in/json_writer.h"

namespace gemini::stand_in {
namespace {

using RegexPtr = std::unique_ptr<GRegex, Freer<g_regex_unref>>;
using MatchPtr = std::unique_ptr<GMatchInfo, Freer<g_match_info_free>>;

constexpr size_t kShortestSecret = 4;  // what is shorter would mask half of the text
constexpr std::pair<WireEvent::What, const char *> kNames[] = {
    {WireEvent::What::Request, "request"}, {WireEvent::What::Response, "response"},
    {WireEvent::What::Message, "message"}, {WireEvent::What::Close, "close"},
    {WireEvent::What::End, "end"},         {WireEvent::What::Break, "break"}};

const char *name_of (WireEvent::What what)
{
  return std::find_if (std::begin (kNames), std::end (kNames),
                       [what] (auto &row) { return row.first == what; })
      ->second;
}

void replace_all (std::string &text, const std::string &what, const std::string &by)
{
  for (size_t at = text.find (what); at != text.npos; at = text.find (what, at + by.size ()))
    text.replace (at, what.size (), by);
}

/// All that the first group of the pattern matches. Bytes, as a text need not be UTF-8.
std::vector<std::string> find_all (const char *pattern, const std::string &text)
{
  const RegexPtr regex (g_regex_new (pattern, G_REGEX_RAW, GRegexMatchFlags{}, nullptr));
  GMatchInfo *info = nullptr;
  std::vector<std::string> found;
  g_regex_match_full (regex.get (), text.data (), static_cast<gssize> (text.size ()), 0, GRegexMatchFlags{},
                      &info, nullptr);
  for (const MatchPtr match (info); g_match_info_matches (match.get ());
       g_match_info_next (match.get (), nullptr)) {
    gint begin = 0, end = 0;
    g_match_info_fetch_pos (match.get (), 1, &begin, &end);
    found.push_back (text.substr (static_cast<size_t> (begin), static_cast<size_t> (end - begin)));
  }
  return found;
}

std::string string_of (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, "");
}

bool read_event (JsonObject *object, WireEvent &event)
{
  const std::string what = string_of (object, "what");
  const auto row = std::find_if (std::begin (kNames), std::end (kNames),
                                 [&] (auto &known) { return known.second == what; });
  if (row == std::end (kNames))
    return false;
  event.what = row->first;
  event.ms = json_object_get_int_member_with_default (object, "ms", 0);
  event.connection = static_cast<size_t> (json_object_get_int_member_with_default (object, "connection", 0));
  event.from_client = string_of (object, "from") == "client";
  event.websocket = json_object_get_boolean_member_with_default (object, "websocket", FALSE);
  event.binary = json_object_get_boolean_member_with_default (object, "binary", FALSE);
  event.code = static_cast<unsigned> (json_object_get_int_member_with_default (object, "code", 0));
  event.method = string_of (object, "method");
  event.path = string_of (object, "path");
  event.type = string_of (object, "type");
  event.text = string_of (object, "text");
  if (const std::string base64 = string_of (object, "base64"); !base64.empty ()) {
    gsize size = 0;
    const std::unique_ptr<guchar, Freer<g_free>> bytes (g_base64_decode (base64.c_str (), &size));
    event.text.assign (reinterpret_cast<const char *> (bytes.get ()), size);
  }
  return true;
}

}  // namespace

bool WireWriter::open (const std::string &file)
{
  begin_us_ = g_get_monotonic_time ();
  out_.open (file, std::ios::trunc);
  return out_.good ();
}

void WireWriter::add_secret (const std::string &secret)
{
  if (secret.size () < kShortestSecret)
    return;
  add_mask (secret, "masked");
  const CharPtr escaped (g_uri_escape_string (secret.c_str (), nullptr, FALSE));
  add_mask (escaped.get (), "masked");  // as it stands in a query
}

/// Longest first: where one is the beginning of another, the end of that must not be left over.
void WireWriter::add_mask (const std::string &what, const std::string &by)
{
  if (std::any_of (masks_.begin (), masks_.end (), [&] (auto &known) { return known.first == what; }))
    return;
  const auto shorter = std::find_if (masks_.begin (), masks_.end (),
                                     [&] (auto &known) { return known.first.size () < what.size (); });
  masks_.emplace (shorter, what, by);
}

std::string WireWriter::mask (std::string text)
{
  for (const std::string &handle :
       find_all (R"re("(?:newHandle|new_handle|handle)"\s*:\s*"((?:[^"\\]++|\\.)++)")re", text))
    if (handle.size () >= kShortestSecret &&
        std::none_of (masks_.begin (), masks_.end (), [&] (auto &known) { return known.first == handle; }))
      add_mask (handle, "handle-" + std::to_string (++handles_));
  // In addresses, in the details of a refusal, and in the sentence and the link that explain it: there a
  // number, or in quotes, for a model that speaks of a project names none.
  for (const std::string &project :
       find_all (R"re(\bprojects?(?:[/=]'?|\s+'|\s+(?=\d))([\w.:-]*[\w-]{4,}))re", text))
    add_mask (project, "masked");
  for (const std::string &token : find_all (R"((auth_tokens/[^"\s&]+))", text))
    replace_all (text, token, "auth_tokens/masked");
  for (const auto &[secret, by] : masks_)
    replace_all (text, secret, by);
  return text;
}

void WireWriter::write (WireEvent event)
{
  event.text = mask (std::move (event.text));
  JsonWriter json (true);
  json.begin_object ();
  json.name ("ms").number ((g_get_monotonic_time () - begin_us_) / 1000);
  json.name ("connection").number (static_cast<int64_t> (event.connection));
  json.name ("what").string (name_of (event.what));
  json.name ("from").string (event.from_client ? "client" : "server");
  if (event.websocket)
    json.name ("websocket").boolean (true);
  if (event.binary)
    json.name ("binary").boolean (true);
  if (event.code)
    json.name ("code").number (event.code);
  for (const auto &[name, value] :
       {std::pair{"method", event.method}, {"path", mask (event.path)}, {"type", event.type}})
    if (!value.empty ())
      json.name (name).string (value);
  const auto size = static_cast<gssize> (event.text.size ());
  const bool readable = g_utf8_validate (event.text.data (), size, nullptr);
  if (!event.text.empty () && readable)
    json.name ("text").string (event.text);
  if (!readable) {
    const auto *bytes = reinterpret_cast<const guchar *> (event.text.data ());
    json.name ("base64").string (CharPtr (g_base64_encode (bytes, event.text.size ())).get ());
  }
  json.end_object ();
  out_ << json.take () << std::endl;  // whole lines, should this end suddenly
}

std::string without_secrets (const std::string &path, const std::string &query)
{
  const auto alt = query_parameter (query, "alt");
  return alt ? path + "?alt=" + *alt : path;
}

std::variant<std::vector<WireEvent>, std::string> read_wire_log (const std::string &file)
{
  std::ifstream in (file);
  std::vector<WireEvent> events;
  size_t number = 0;
  for (std::string line; std::getline (in, line);) {
    number++;
    const GObjectPtr<JsonParser> parser (json_parser_new ());
    WireEvent event;
    const bool parsed =
        json_parser_load_from_data (parser.get (), line.data (), static_cast<gssize> (line.size ()), nullptr);
    JsonNode *root = parsed ? json_parser_get_root (parser.get ()) : nullptr;
    if (!root || !JSON_NODE_HOLDS_OBJECT (root) || !read_event (json_node_get_object (root), event))
      return file + ", line " + std::to_string (number) + ": this is no event of a recording";
    events.push_back (std::move (event));
  }
  if (events.empty ())
    return file + ": there is no recording";
  return events;
}

}  // namespace gemini::stand_in
