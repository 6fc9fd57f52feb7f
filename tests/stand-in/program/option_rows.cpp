#include "stand-in/program/option_rows.h"

#include <algorithm>

#include "stand-in/numbers.h"

namespace gemini::stand_in {
namespace {

template <typename Number>
bool assign (Number &number, std::string_view text)
{
  return read_number (text, number);
}

bool assign (std::string &string, std::string_view text)
{
  string = text;
  return true;
}

bool assign (std::vector<std::string> &list, std::string_view text)
{
  list.emplace_back (text);
  return true;
}

bool assign (std::chrono::milliseconds &duration, std::string_view text)
{
  unsigned value = 0;
  const bool good = read_number (text, value);
  duration = std::chrono::milliseconds (value);
  return good;
}

bool add_stall (Command &command, std::string_view text)
{
  Pace::Stall stall{};
  const size_t colon = text.find (':');
  if (colon == text.npos || !read_number (text.substr (0, colon), stall.after_chunk) ||
      stall.after_chunk == 0)
    return false;
  command.options.pace.stalls.push_back (stall);
  return assign (command.options.pace.stalls.back ().pause, text.substr (colon + 1));
}

/// "4800,5760x8,960", or "all".
bool set_chunks (Command &command, std::string_view text)
{
  auto &chunks = command.options.shape.chunks;
  chunks.clear ();
  if (text == "all") {
    chunks = {0};
    return true;
  }
  while (!text.empty ()) {
    const std::string_view item = text.substr (0, text.find (','));
    text.remove_prefix (std::min (item.size () + 1, text.size ()));
    const size_t times = item.find ('x');
    size_t frames = 0, count = 1;
    if (!read_number (item.substr (0, times), frames) || frames == 0)
      return false;
    if (times != item.npos && !read_number (item.substr (times + 1), count))
      return false;
    chunks.insert (chunks.end (), count, frames);
  }
  return !chunks.empty ();
}

bool set_voice (Command &command, std::string_view text)
{
  constexpr std::pair<std::string_view, Voice> kVoices[] = {{"speech", Voice::Speech},
                                                            {"counter", Voice::Counter},
                                                            {"silence", Voice::Silence},
                                                            {"none", Voice::None}};
  for (const auto &[name, voice] : kVoices) {
    if (text == name) {
      command.options.voice = voice;
      return true;
    }
  }
  return false;
}

bool set_container (Command &command, std::string_view text)
{
  const bool wav = text == "wav";
  command.options.tts.container = wav ? Tts::Container::Wav : Tts::Container::Raw;
  return wav || text == "raw";
}

bool set_content (Command &command, std::string_view text)
{
  constexpr std::pair<std::string_view, Tts::Content> kContents[] = {{"audio", Tts::Content::Audio},
                                                                     {"text", Tts::Content::Text},
                                                                     {"empty", Tts::Content::Empty},
                                                                     {"none", Tts::Content::None}};
  for (const auto &[name, content] : kContents) {
    if (text == name) {
      command.options.tts.content = content;
      return true;
    }
  }
  return false;
}

bool set_line_end (Command &command, std::string_view text)
{
  constexpr std::pair<std::string_view, const char *> kEnds[] = {
      {"crlf", "\r\n"}, {"lf", "\n"}, {"cr", "\r"}};
  for (const auto &[name, end] : kEnds) {
    if (text == name) {
      command.options.tts.line_end = end;
      return true;
    }
  }
  return false;
}

bool add_fault (Command &command, std::string_view text)
{
  const auto fault = parse_fault (text);
  if (const auto *good = std::get_if<Fault> (&fault))
    command.options.faults.push_back (*good);
  return std::holds_alternative<Fault> (fault);
}

#define SET(field) [] (Command &command, std::string_view text) { return assign (command.field, text); }
#define ON(field) [] (Command &command, std::string_view) { return command.field = true; }
#define OFF(field) [] (Command &command, std::string_view) { return !(command.field = false); }

constexpr Row kRows[] = {
    {"LISTENING", nullptr, ""},
    {"port", "N", "Port on 127.0.0.1, 8765 unless given. 0 takes any free one.", SET (options.port)},
    {"tls-certificate", "FILE", "PEM file with a certificate and its private key: serve https and wss.",
     SET (options.tls_certificate)},
    {"path-prefix", "PATH", "The API lives below this path, as behind a gateway.",
     SET (options.rules.path_prefix)},
    {"accept-key", "KEY",
     "Take this key or token; every other one is refused. May be given several times. Without it every key "
     "is taken "
     "but 'bad-key', 'expired-key', 'bad-token' and 'auth_tokens/bad'.",
     SET (options.rules.accept_keys)},
    {"require-key", nullptr, "Refuse callers who show neither key nor token.",
     ON (options.rules.require_key)},
    {"accept-model", "NAME", "Know this model too. May be given several times; '*' knows every name.",
     SET (options.rules.accept_models)},
    {"no-snake-case", nullptr, "Do not take 'client_content' for 'clientContent'.",
     OFF (options.rules.snake_case)},

    {"ANSWERS", nullptr, ""},
    {"voice", "VOICE",
     "Where the samples come from. 'speech': read aloud by espeak-ng (default). 'counter': sample k of turn "
     "t is "
     "k + 1 + 4099 * t, cut to 16 bits, so that a program can check each. 'silence': zeros. 'none': no "
     "audio.",
     set_voice},
    {"wav", "FILE", "Answer with this recording: 16 bits, one or two channels, any rate.",
     [] (Command &command, std::string_view text) {
       command.options.voice = Voice::Wav;
       return assign (command.options.wav_file, text);
     }},
    {"frames", "N", "Length of an answer of the voices counter and silence; default 69120.",
     SET (options.counter_frames)},
    {"rate", "HZ", "Sample rate; default 24000.", SET (options.rate)},
    {"answer", "TEXT", "What to say, whatever the question.", SET (options.answer)},
    {"heard", "TEXT", "What the recogniser hears in the user's audio; default 'Hello there'.",
     SET (options.heard)},

    {"DELIVERY", nullptr, ""},
    {"speed", "FACTOR", "Seconds of audio sent in a second; default 2.5. 0 sends everything at once.",
     SET (options.pace.speed)},
    {"setup-delay", "MS", "Time before setupComplete.", SET (options.pace.setup_delay)},
    {"first-chunk-delay", "MS", "Time before the first chunk of a turn.",
     SET (options.pace.first_chunk_delay)},
    {"stall", "N:MS", "Pause after chunk N of each turn. May be given several times.", add_stall},
    {"random-gap", "MS", "Each chunk is late by a random time up to this; later ones catch up.",
     SET (options.pace.random_gap)},
    {"seed", "N", "Seed of the random gaps; default 1.", SET (options.pace.seed)},
    {"playback", "FACTOR",
     "turnComplete waits for this part of the remaining playback time; default 1. 0 sends it at once.",
     SET (options.pace.playback)},
    {"chunks", "LIST",
     "Frames per chunk, repeated for long answers: '4800,5760x8,960'. 'all' makes one chunk of the whole "
     "answer.",
     set_chunks},

    {"MESSAGES", nullptr, ""},
    {"text-frames", nullptr, "Send text frames; the real service sends binary ones.",
     ON (options.wire.text_frames)},
    {"compact", nullptr, "JSON without blanks and line ends.", ON (options.wire.compact)},
    {"fragments", "N", "Split each message into so many frames, with pings between them.",
     SET (options.wire.fragments)},
    {"unknown-fields", nullptr, "Add fields that no client knows.", ON (options.wire.unknown_fields)},
    {"false-fields", nullptr, "Write out fields that are false.", ON (options.wire.false_fields)},
    {"mime-type", "TEXT", "Of the audio, word for word: 'audio/pcm', 'audio/L16; Rate = 24000' …",
     SET (options.wire.mime_type)},
    {"url-safe", nullptr, "Base64 with '-' and '_'.",
     [] (Command &command, std::string_view) {
       command.options.wire.alphabet = Alphabet::UrlSafe;
       return true;
     }},
    {"no-padding", nullptr, "Base64 without '='.", OFF (options.wire.padding)},
    {"odd-bytes", nullptr, "Cut chunks in the middle of a sample.", ON (options.shape.odd_bytes)},
    {"odd-tail", nullptr, "End turns with half a sample.", ON (options.shape.odd_tail)},
    {"parts", "N", "Chunks per message.", SET (options.shape.parts_per_message)},
    {"thoughts", nullptr, "Thought parts between the audio.", ON (options.shape.thoughts)},
    {"empty-parts", nullptr, "Messages without parts, parts without data.", ON (options.shape.empty_parts)},
    {"bundle-end", nullptr, "Last audio, last words, end marks and usage in one message.",
     ON (options.shape.bundle_end)},
    {"no-generation-complete", nullptr, "Leave out generationComplete.",
     OFF (options.shape.generation_complete)},
    {"no-turn-complete", nullptr, "Leave out turnComplete.", OFF (options.shape.turn_complete)},
    {"no-usage", nullptr, "Leave out usageMetadata.", OFF (options.shape.usage)},
    {"late-chunk", nullptr, "Send one more chunk after 'interrupted'.", ON (options.shape.late_chunk)},
    {"transcript-finished", nullptr, "Close transcripts with 'finished'.",
     ON (options.shape.transcript_finished)},

    {"SPEECH OVER HTTP", nullptr, ""},
    {"per-character", "MS",
     "Time before the first chunk for each character of the text, on top of the delay.",
     SET (options.pace.per_character)},
    {"container", "raw|wav",
     "Send WAV, or do not; the default is that of the model: WAV from 3.8 unless it streams.", set_container},
    {"content", "KIND",
     "Of the answer. 'audio': as it should be. 'text': words instead. 'empty': no parts, though audio is "
     "counted, finishReason OTHER. 'none': no content, finishReason SAFETY.",
     set_content},
    {"finish-reason", "NAME", "In the last event, in place of the usual one.",
     SET (options.tts.finish_reason)},
    {"block", "REASON", "Refuse the text: promptFeedback with this reason, no candidates.",
     SET (options.tts.block_reason)},
    {"line-end", "crlf|lf|cr", "Of server-sent events; default crlf.", set_line_end},
    {"comments", nullptr, "Comments and fields without meaning between the events.",
     ON (options.tts.comments)},
    {"data-lines", nullptr, "Each event in several data lines.", ON (options.tts.data_lines)},
    {"no-last-line", nullptr, "Leave out the empty line behind the last event.", OFF (options.tts.last_line)},
    {"piece", "BYTES", "Size of the HTTP chunks, wherever they cut an event; 0, the default: one each.",
     SET (options.tts.piece)},
    {"gzip", nullptr, "Compress answers if the client takes it.", ON (options.tts.gzip)},
    {"content-type", "TYPE", "Of answers and errors, in place of the right one.",
     SET (options.tts.content_type)},

    {"FAULTS", nullptr, ""},
    {"fault", "WHAT[@WHEN][*TIMES]", "Go wrong, see below. May be given several times.", add_fault},

    {"RECORDING", nullptr, ""},
    {"record", "FILE",
     "Do not answer: pass everything on to the real service, or to another, and write to this file what goes "
     "over the wire. Keys, tokens, handles and projects are masked; what is said is not.",
     SET (record)},
    {"upstream", "URL",
     "Where --record passes things on to; default https://generativelanguage.googleapis.com.",
     SET (upstream)},
    {"replay", "FILE", "Answer as it was recorded, at the pace it was recorded.", SET (replay)},
    {"fast", nullptr, "With --replay: at once.", ON (fast)},

    {"RUNNING", nullptr, ""},
    {"verbose", nullptr, "One line on standard error for each thing that happens. Keys are never shown.",
     ON (verbose)},
    {"die-with-parent", nullptr, "Stop when the process that started this one ends.", ON (die_with_parent)},
    {"help", nullptr, "Show this manual.", ON (help)},
    {"version", nullptr, "Show the version.", ON (version)},
};

#undef SET
#undef ON
#undef OFF

}  // namespace

std::span<const Row> option_rows () { return kRows; }

}  // namespace gemini::stand_in
