#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/transport.h"

namespace gemini {

/// One request over HTTP whose answer is read as it comes. Knows nothing of its meaning.
///
/// Lives on the loop of its client. Destroying it gives the request up, also in a callback; none follows.
class HttpStream {
 public:
  struct Head {
    unsigned status = 0;
    std::string reason_phrase;
    std::string content_type;
  };

  /// Why there is no answer, or not all of it.
  struct Failure {
    Error error;
    bool transient = false;  ///< the same request may well succeed a moment later
  };

  class Listener {
   public:
    virtual void on_head (const Head &head) = 0;
    virtual void on_body (std::string_view bytes) = 0;
    /// The whole answer has come. One of these two is the last call.
    virtual void on_finished () = 0;
    virtual void on_failed (const Failure &failure) = 0;

   protected:
    ~Listener () = default;
  };

  virtual ~HttpStream () = default;
  /// Paused, nothing more of the answer is read than what is read already: the server waits.
  virtual void pause (bool paused) = 0;
};

/// Makes requests, over connections that it keeps for the next one.
class HttpClient {
 public:
  virtual ~HttpClient () = default;
  /// Connects, so that the first request finds a connection. Nothing is told of it: the request will.
  virtual void prepare (const Target &target) = 0;
  /// POST of a JSON text. No callback comes before this returns.
  virtual std::unique_ptr<HttpStream> post (const Target &target, const std::string &json,
                                            HttpStream::Listener &listener) = 0;
};

}  // namespace gemini
