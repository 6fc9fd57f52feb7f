#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "stand-in/fault.h"

namespace gemini::stand_in {

/// Where the samples of an answer come from.
enum class Voice {
  Counter,  ///< numbered samples, see counter.h: the receiver can check every one of them
  Speech,   ///< espeak-ng reads the answer
  Wav,      ///< the recording in `wav_file`
  Silence,  ///< `counter_frames` zeros
  None,     ///< turns without audio
};

/// How much of the conversation the test plays itself.
enum class Manual {
  No,          ///< the server answers everything
  Turns,       ///< setup is answered, turns are not
  Everything,  ///< not even setup is answered
};

enum class Alphabet { Standard, UrlSafe };

/// Who may come in, and what they may ask for.
struct Rules {
  std::vector<std::string>
      accept_keys;           ///< empty: every key and token but `bad-key`, `expired-key`, `bad-token`
  bool require_key = false;  ///< refuse callers without credentials, as the real service does
  std::vector<std::string> accept_models;  ///< known besides the published ones; "*": every name is known
  bool snake_case = true;                  ///< take `client_content` for `clientContent`
  std::string path_prefix;                 ///< "/gateway": the API lives below this path
};

/// When messages leave.
struct Pace {
  struct Stall {
    size_t after_chunk;  ///< 1: between the first chunk and the second
    std::chrono::milliseconds pause;
  };

  double speed = 2.5;  ///< audio seconds sent per second; 0: everything at once
  std::chrono::milliseconds setup_delay{0};
  std::chrono::milliseconds first_chunk_delay{0};
  double per_character = 0;                 ///< Tts: more time before the first chunk, ms per character
  std::vector<Stall> stalls;                ///< all later chunks move by the pause
  std::chrono::milliseconds random_gap{0};  ///< each chunk is late by up to this; later ones catch up
  uint32_t seed = 1;                        ///< of the random gaps
  double playback = 1.0;                    ///< part of the remaining playback time to wait with turnComplete
};

/// How messages look on the wire.
struct Wire {
  bool text_frames = false;     ///< the real service answers in binary frames
  bool compact = false;         ///< no line ends, no blanks
  unsigned fragments = 1;       ///< frames per message; above 1 with a ping between them
  bool unknown_fields = false;  ///< fields no client knows, at every level
  bool false_fields = false;    ///< write out what is usually left out: `"interrupted": false` …
  std::string mime_type;        ///< of the audio, word for word; empty: as the service that was called
  Alphabet alphabet = Alphabet::Standard;
  bool padding = true;  ///< of the base64
};

/// The shape of an answer.
struct Shape {
  /// Frames per chunk, repeated for long answers; 0: all that is left.
  std::vector<size_t> chunks = {4800, 5760, 5760, 5760, 5760, 5760, 5760, 5760, 5760, 960,  4800, 4800,
                                5760, 5760, 5760, 4800, 4800, 4800, 5760, 5760, 5760, 5760, 960,  4800};
  bool odd_bytes = false;  ///< chunk borders in the middle of a sample
  bool odd_tail = false;   ///< half a sample at the end of a turn
  unsigned parts_per_message = 1;
  bool thoughts = false;     ///< thought parts between the audio
  bool empty_parts = false;  ///< messages without parts, parts without data
  bool bundle_end = false;   ///< last audio, last words, both end marks and usage in one message
  bool generation_complete = true;
  bool turn_complete = true;
  bool usage = true;
  bool late_chunk = false;           ///< one more chunk after `interrupted`
  bool transcript_finished = false;  ///< close the transcript with `finished`
};

/// What only speech over HTTP has. Chunks, parts, thoughts, end and usage are in Shape, the MIME type and
/// base64 in Wire.
struct Tts {
  enum class Content {
    Audio,
    Text,   ///< the model answers instead of reading
    Empty,  ///< `content` without parts, though audio is counted
    None,   ///< no `content` at all
  };
  enum class Container { AsModel, Raw, Wav };

  Content content = Content::Audio;
  Container container = Container::AsModel;
  std::string finish_reason;      ///< empty: STOP, or what goes with the content
  std::string block_reason;       ///< of `promptFeedback`: an answer without candidates
  std::string line_end = "\r\n";  ///< of server-sent events
  bool comments = false;          ///< lines and fields between the events that mean nothing
  bool data_lines = false;        ///< each event in several data lines
  bool last_line = true;          ///< the last event ends with an empty line
  size_t piece = 0;               ///< bytes per HTTP chunk; 0: an event each
  bool gzip = false;              ///< if the client takes it
  std::string content_type;       ///< of answers and of errors; empty: as the service
};

/// Everything that can be chosen about the server. The defaults behave like the real service as far as it is
/// known.
struct Options {
  uint16_t port = 0;            ///< 0: any free one
  std::string tls_certificate;  ///< PEM file with certificate and private key: serve https instead of http
  Manual manual = Manual::No;
  bool record = true;  ///< keep messages, bodies and samples for the test that asks

  Voice voice = Voice::Counter;
  size_t counter_frames = 69120;
  std::string wav_file;
  unsigned rate = 24000;
  std::string answer;                 ///< what to say, whatever the question
  std::string heard = "Hello there";  ///< what the recogniser hears in the user's audio

  Rules rules;
  Pace pace;
  Wire wire;
  Shape shape;
  Tts tts;
  std::vector<Fault> faults;
};

}  // namespace gemini::stand_in
