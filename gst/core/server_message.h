#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/glib_ptr.h"

namespace gemini {

/// What one message of the Live server says, as the flat struct it is: any fields may come together.
///
/// Unknown fields are skipped, missing ones and `false` are "not said", a known field of another type is a
/// Decode error. The views point into `root` and live as long as the message.
struct ServerMessage {
  struct InlineData {
    std::string_view mime_type;
    std::string_view data;   ///< base64
    bool continues = false;  ///< more of the same part; none of it is a beginning
    bool fresh = false;      ///< of another answer: half a frame left over from before does not belong to it
  };

  struct Transcription {
    std::string_view text;
    bool finished = false;
  };

  struct FunctionCall {
    std::string_view id;
    std::string_view name;
    std::string args;  ///< a JSON object
  };

  struct Resumption {
    std::string_view new_handle;
    bool resumable = false;
  };

  struct GoAway {
    std::optional<double> time_left;  ///< seconds
  };

  struct Usage {
    int64_t prompt_tokens = 0;
    int64_t response_tokens = 0;
    int64_t total_tokens = 0;
  };

  JsonNodePtr root;

  bool setup_complete = false;
  std::vector<InlineData> media;    ///< `inlineData` of all parts, in order; thoughts left out
  std::optional<std::string> text;  ///< text parts that are no thoughts, joined
  std::optional<Transcription> input_transcription;
  std::optional<Transcription> output_transcription;
  bool interrupted = false;
  bool generation_complete = false;
  bool turn_complete = false;
  std::string_view turn_complete_reason;
  std::string_view interaction_status;
  std::vector<FunctionCall> tool_calls;
  std::vector<std::string_view> cancelled_tool_calls;
  std::optional<GoAway> go_away;
  std::optional<Resumption> resumption;
  std::optional<Usage> usage;
  std::optional<Error> error;  ///< top-level `error`, never yet seen on Live
};

Result<ServerMessage> parse_server_message (std::string_view text);

/// The sentence for a text of the server that is not what it should be.
Error not_understood (const std::string &why);

}  // namespace gemini
