#include "stand-in/tts/body.h"

#include <algorithm>

namespace gemini::stand_in {
namespace {

std::string to_event (std::string_view json, const Tts &tts, bool first, bool last)
{
  std::string event;
  if (tts.comments)
    event += (first ? ": comment" : ":") + tts.line_end + "event: message" + tts.line_end + "id: 7" +
             tts.line_end + "retry: 1000" + tts.line_end;
  while (!json.empty ()) {
    const size_t size = std::min (json.find ('\n'), json.size ());
    event += "data: " + std::string (json.substr (0, size)) + tts.line_end;
    json.remove_prefix (std::min (size + 1, json.size ()));
  }
  return event + (last && !tts.last_line ? "" : tts.line_end);
}

}  // namespace

TtsForm form_of (const Request &request)
{
  if (!request.route.streaming)
    return TtsForm::Single;
  return query_parameter (request.query, "alt") == "sse" ? TtsForm::Events : TtsForm::Array;
}

std::string frame_object (std::string_view json, TtsForm form, const Tts &tts, bool first, bool last)
{
  switch (form) {
    case TtsForm::Single:
      break;
    case TtsForm::Events:
      return to_event (json, tts, first, last);
    case TtsForm::Array:
      return (first ? "[" : ",\r\n") + std::string (json) + (last ? "]" : "");
  }
  return std::string (json);
}

Gzip::Gzip () : compressor_ (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1)) {}

std::string Gzip::add (std::string_view bytes, bool last)
{
  std::string out;
  char buffer[4096];
  for (;;) {
    gsize read = 0, written = 0;
    const auto result = g_converter_convert (
        G_CONVERTER (compressor_.get ()), bytes.data (), bytes.size (), buffer, sizeof buffer,
        last ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_FLUSH, &read, &written, nullptr);
    bytes.remove_prefix (read);
    out.append (buffer, written);
    if (result != G_CONVERTER_CONVERTED)
      return out;
  }
}

std::string content_type (TtsForm form, const Tts &tts)
{
  if (!tts.content_type.empty ())
    return tts.content_type;
  return form == TtsForm::Events ? "text/event-stream" : "application/json; charset=UTF-8";
}

}  // namespace gemini::stand_in
