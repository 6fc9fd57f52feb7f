#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "stand-in/options.h"

namespace gemini::stand_in {

/// A part of `modelTurn`.
struct Part {
  enum class Kind { Audio, Thought, Text };
  Kind kind = Kind::Audio;
  std::string data;  ///< bytes of audio, or text
};

struct Transcription {
  std::optional<std::string> text;  ///< Vertex begins with an empty object
  bool finished = false;
};

struct Usage {
  unsigned prompt_tokens = 0;
  unsigned audio_tokens = 0;
};

struct Resumption {
  std::string handle;  ///< empty: cannot be resumed right now
};

struct ToolCall {
  std::string id;
  std::string name;
};

/// What one message of the server may say; several of these at once if need be.
struct ServerMessage {
  bool setup_complete = false;
  std::string session_id;
  std::optional<std::vector<Part>> model_turn;
  bool interrupted = false;
  bool generation_complete = false;
  bool turn_complete = false;
  std::optional<Transcription> input_transcription;
  std::optional<Transcription> output_transcription;
  std::optional<ToolCall> tool_call;
  std::string cancelled_tool_call;
  std::optional<unsigned> go_away;  ///< seconds
  std::optional<Resumption> resumption;
  std::optional<Usage> usage;
};

/// Which of the two services speaks, and the odd things it was told to do.
struct Dialect {
  bool vertex = false;
  unsigned rate = 24000;
  Wire wire;
};

class JsonWriter;

/// A part with its braces, of a message or of an answer over HTTP.
void write_part (JsonWriter &json, const Part &part, const Dialect &dialect);

/// `usageMetadata` with its name. HTTP and Vertex count candidates where the Live API counts responses.
void write_usage (JsonWriter &json, const Usage &usage, bool candidates, bool vertex);

/// A field no client knows, if the dialect has them.
void write_unknown (JsonWriter &json, const Dialect &dialect, const char *name);

/// The message as it goes into a frame.
std::string to_json (const ServerMessage &message, const Dialect &dialect);

/// The bytes as base64, in the alphabet and with the padding asked for.
std::string to_base64 (std::string_view bytes, const Wire &wire);

/// Samples as they travel: little-endian.
std::string to_bytes (std::span<const int16_t> samples);

}  // namespace gemini::stand_in
