#include "stand-in/program/command_line.h"

#include <algorithm>
#include <set>

#include "stand-in/program/option_rows.h"

namespace gemini::stand_in {
namespace {

constexpr uint16_t kDefaultPort = 8765;

constexpr std::string_view kIntroduction = R"(NAME
  gemini-stand-in - a server on your own machine that speaks like Gemini

SYNOPSIS
  gemini-stand-in [OPTION]...

DESCRIPTION
  Speaks the Live API over WebSocket, and reads texts aloud over HTTP
  (generateContent, streamGenerateContent), on 127.0.0.1 as the real service
  does, byte for byte where that is known, with a synthetic voice. No key is
  needed and no network. Voice, pace and the form of messages are chosen in the
  same way for both. When it is ready it prints one line:

    Listening on http://127.0.0.1:8765

  Point a client at that address. The server runs until it is interrupted
  (SIGINT, SIGTERM).
)";

constexpr std::string_view kConclusion = R"(
  WHAT is one of
    http:STATUS       refuse the request: 400, 401, 403, 404, 429, 500, 503 ...
    http:STATUS:WAIT  the same with a RetryInfo of so many seconds; 'day': the
                      quota lasts until tomorrow
    html:STATUS       the same as a page for people, as from a proxy
    close:CODE:TEXT   close frame with this code and reason
    reset             TCP reset
    drop              end of the stream without a close frame; over HTTP without
                      the end of the body
    cut               the same in the middle of the next event, or of the answer
    end               over HTTP: the end of the body, in good order but too soon
    freeze            send and answer nothing more, keep the connection
    goaway:SECONDS    goAway, and after that time close 1008
    error:STATUS      an error object as a message; over HTTP as the last event
    bare-error:STATUS the same; over HTTP without 'data:'
    message:JSON      this text as a message
    malformed-json    a message that is no JSON
    bad-base64        audio that is no base64
    bad-utf8          a message that is no UTF-8
    deep:LEVELS       a message with arrays nested so deep
    big:MIB           a harmless message of this size
    reserved-bits     a frame with an extension nobody asked for
    masked-frame      a masked frame, which no server may send
    bad-opcode        a frame of an unknown kind
    nul               a message with a NUL byte in a string
    empty             a message of 0 bytes
    cut-reason:CODE   close frame whose reason ends within a character
    long-close:CODE   close frame that is longer than one may be
    deaf              read and answer nothing more, but go on sending
    drip:BYTES        from now on send so many bytes in a millisecond
    empty-fragments   a harmless message between two empty fragments
    tiny:N            N harmless messages with nothing in them
    ping-flood:N      N pings, harmless; over HTTP comments
    ping              a ping, harmless; over HTTP a comment

  WHEN is one of
    request, upgrade  instead of an answer to the HTTP request
                      (http, html, reset, drop and freeze only)
    setup             instead of setupComplete, or before it
    ready             after setupComplete
    chunk:N           after chunk N of every turn or answer over HTTP; 0 is
                      before the first
    chunk:N/T         the same, in turn T of a session only, counted from 0, or
                      in answer T over HTTP
  and may be followed by +MS: so many milliseconds later. Without WHEN, http and
  html strike at the request and everything else before the first chunk.

  TIMES says how often, over all connections; without it, every time. Faults for
  the same moment strike one connection after the other, in the order given.

EXAMPLES
  Answer each question aloud:
    gemini-stand-in

  Numbered samples, all at once, in a file-like stream:
    gemini-stand-in --voice counter --frames 240000 --speed 0 --playback 0

  A bad network:
    gemini-stand-in --speed 1.1 --random-gap 400 --stall 5:1500

  Refuse twice, then work; lose the first connection in the middle of a word:
    gemini-stand-in --fault 'http:503*2' --fault 'reset@chunk:7*1'

  Read texts slowly, as a long text takes its time; lose the second answer:
    gemini-stand-in --per-character 15 --speed 3 --fault 'cut@chunk:2/1'

  Answer with one event of everything, as a proxy cuts it:
    gemini-stand-in --chunks all --bundle-end --piece 1400

  End each session after a minute, with a warning ten seconds ahead:
    gemini-stand-in --fault goaway:10@ready+50000

  Write down a conversation with the real service, then have it again:
    gemini-stand-in --record session.jsonl
    gemini-stand-in --replay session.jsonl

EXIT STATUS
  0 after a signal, 1 if it cannot listen or has no voice, 2 for a wrong option.
)";

/// Breaks a text into lines of at most `width`, each behind so many blanks.
std::string wrap (std::string_view text, size_t indent, size_t width)
{
  std::string out;
  while (!text.empty ()) {
    size_t size = text.size ();
    if (size > width - indent)
      size = text.rfind (' ', width - indent);
    out += std::string (indent, ' ') + std::string (text.substr (0, size)) + '\n';
    text.remove_prefix (std::min (size + 1, text.size ()));
  }
  return out;
}

const Row *find_row (std::string_view name)
{
  for (const Row &row : option_rows ())
    if (row.set && name == row.name)
      return &row;
  return nullptr;
}

/// Values that can be read but make no sense.
std::string complain (const Options &options)
{
  if (options.rate < 8000 || options.rate > 192000)
    return "--rate is a number between 8000 and 192000";
  if (options.pace.speed < 0 || options.pace.playback < 0 || options.pace.per_character < 0)
    return "--speed, --playback and --per-character are not negative";
  if (options.wire.fragments < 1 || options.shape.parts_per_message < 1)
    return "--fragments and --parts are at least 1";
  return {};
}

}  // namespace

std::variant<Command, std::string> parse_command_line (const std::vector<std::string> &arguments)
{
  Command command;
  std::set<std::string> given;
  command.options.port = kDefaultPort;
  command.options.voice = Voice::Speech;
  command.options.record = false;
  for (size_t i = 0; i < arguments.size (); i++) {
    const std::string &argument = arguments[i];
    if (!argument.starts_with ("--"))
      return "'" + argument + "' is not an option: see --help";
    const size_t equals = std::min (argument.find ('='), argument.size ());
    const std::string name = argument.substr (2, equals - 2);
    const Row *row = find_row (name);
    if (!row)
      return "there is no option --" + name + ": see --help";

    const bool attached = equals < argument.size ();
    if (attached && !row->argument)
      return "--" + name + " takes no value";
    if (row->argument && !attached && i + 1 == arguments.size ())
      return "--" + name + " needs a value: " + row->argument;
    given.insert (name);
    const std::string value = !row->argument ? "" : attached ? argument.substr (equals + 1) : arguments[++i];
    if (value.empty () && (name == "record" || name == "replay"))
      return "--" + name + " needs the name of a file";
    if (!row->set (command, value))
      return "'" + value + "' is no " + row->argument + " for --" + name + ": see --help";
  }
  if (!command.record.empty () && !command.replay.empty ())
    return "--record and --replay are two things to do at different times";
  if (given.contains ("upstream") && command.record.empty ())
    return "--upstream is where --record passes things on to, which is not given";
  if (command.fast && command.replay.empty ())
    return "--fast is a way to --replay, which is not given";
  if (const std::string complaint = complain (command.options); !complaint.empty ())
    return complaint;
  return command;
}

std::string manual ()
{
  constexpr size_t kColumns = 80;
  std::string text (kIntroduction);
  for (const Row &row : option_rows ()) {
    if (!row.set) {
      text += std::string ("\n") + row.name + '\n';
      continue;
    }
    text += std::string ("  --") + row.name + (row.argument ? std::string (" ") + row.argument : "") + '\n';
    text += wrap (row.help, 6, kColumns);
    if (std::string_view (row.name) == "fault")
      text += kConclusion.substr (0, kConclusion.find ("\nEXAMPLES"));
  }
  return text += kConclusion.substr (kConclusion.find ("\nEXAMPLES"));
}

}  // namespace gemini::stand_in
