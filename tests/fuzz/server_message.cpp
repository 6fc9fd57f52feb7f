// Whatever the server says is understood or refused, and what was understood is the same a second time.

#include "core/server_message.h"

#include "core/json.h"
#include "core/plain_json.h"
#include "fuzz/fuzz.h"

using namespace gemini;
using fuzz::expect;

namespace {

/// All that was understood, as one text.
std::string gist (const ServerMessage &message)
{
  std::string gist = message.setup_complete ? "setup " : "";
  for (auto &media : message.media)
    gist.append (media.mime_type).append ("=").append (media.data).append (" ");
  gist += message.text.value_or ("-");
  for (auto *said : {&message.input_transcription, &message.output_transcription})
    if (*said)
      gist.append (" said ").append ((*said)->text).append ((*said)->finished ? "." : "");
  gist += message.interrupted ? " interrupted" : "";
  gist += message.generation_complete ? " generation" : "";
  gist += message.turn_complete ? " turn" : "";
  gist.append (message.turn_complete_reason).append (message.interaction_status);
  for (auto &call : message.tool_calls)
    gist.append (" call ").append (call.id).append (call.name).append (call.args);
  for (auto &id : message.cancelled_tool_calls)
    gist.append (" cancelled ").append (id);
  if (message.go_away)
    gist += " away " + std::to_string (message.go_away->time_left.value_or (-1));
  if (message.resumption)
    gist.append (" handle ").append (message.resumption->new_handle);
  if (message.usage)
    gist += " usage " + std::to_string (message.usage->total_tokens);
  if (message.error)
    gist += " error " + message.error->message;
  return gist;
}

void check_error (const Error &error, const std::string &secret)
{
  expect (error.kind == Error::Kind::Decode, "what cannot be read is an error of decoding");
  expect (!error.message.empty (), "an error says something");
  expect (fuzz::is_utf8 (error.detail), "a detail can be logged");
  expect (error.detail.find (secret) == std::string::npos, "an error never quotes what may be a handle");
}

/// What is read without json-glib is what json-glib would have read.
void check_plain (std::string_view text)
{
  const JsonNodePtr plain = parse_plain_json (text);
  if (!plain)
    return;
  const GObjectPtr<JsonParser> parser (json_parser_new ());
  expect (
      json_parser_load_from_data (parser.get (), text.data (), static_cast<gssize> (text.size ()), nullptr),
      "json-glib reads it, too");
  expect (to_json (plain.get ()) == to_json (json_parser_get_root (parser.get ())),
          "json-glib reads the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  const std::string text (reinterpret_cast<const char *> (bytes), size);
  check_plain (text);
  auto parsed = parse_server_message (text);
  if (auto *error = std::get_if<Error> (&parsed)) {
    check_error (*error, "SECRET");
    return 0;
  }
  auto &message = std::get<ServerMessage> (parsed);
  const auto said = gist (message);
  expect (fuzz::is_utf8 (said), "what is understood is UTF-8");
  for (auto &call : message.tool_calls)
    expect (std::holds_alternative<JsonNodePtr> (parse_json_object (call.args)), "arguments are an object");

  auto again = parse_server_message (to_json (message.root.get ()));
  expect (std::holds_alternative<ServerMessage> (again), "what was understood once is understood again");
  expect (gist (std::get<ServerMessage> (again)) == said, "and means the same");
  return 0;
}
