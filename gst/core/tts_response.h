#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "core/media_tap.h"
#include "core/server_message.h"
#include "core/sse_parser.h"

namespace gemini {

/// Reads the body of a TTS answer as it comes: events, a single object or an array of them, all alike.
///
/// Audio can be taken as soon as it is there; what else is said adds up in `facts ()`. Pure.
class TtsResponse final : private SseParser::Sink, private MediaTap::Sink {
 public:
  struct Audio {
    std::string mime_type;
    std::string data;  ///< base64
    bool continues;    ///< the part goes on, see ServerMessage::InlineData
  };

  struct Facts {
    unsigned objects = 0;
    bool spoke = false;  ///< there was audio
    bool wrote = false;  ///< there was text
    std::string finish_reason;
    std::string finish_message;
    std::string block_reason;
    std::string block_message;
    std::optional<ServerMessage::Usage> usage;
    /// What cannot be understood, or what the server says of itself; `error_body` are its words.
    std::optional<Error> error;
    std::string error_body;
    bool cut_off = false;  ///< the body ends in the middle of an object
  };

  TtsResponse () : events_ (*this), tap_ (*this) {}
  TtsResponse (const TtsResponse &) = delete;
  TtsResponse &operator= (const TtsResponse &) = delete;

  void feed (std::string_view bytes);
  /// The body is over.
  void finish ();

  const Facts &facts () const { return facts_; }
  /// What came and was not taken yet, in order.
  std::deque<Audio> &audio () { return audio_; }

 private:
  void on_data (std::string_view piece) override;
  void on_event_end () override;
  void on_media (const ServerMessage::InlineData &piece) override;
  void on_object (const std::string &json) override;
  void note (std::optional<Error> error);

  SseParser events_;
  MediaTap tap_;
  Facts facts_;
  std::deque<Audio> audio_;
  bool over_ = false;
};

}  // namespace gemini
