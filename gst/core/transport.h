#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.h"

namespace gemini {

/// Where to connect and what to show at the door. `headers` may hold secrets: never log them.
struct Target {
  std::string uri;
  std::vector<std::pair<std::string, std::string>> headers;
  bool loopback = false;  ///< this machine: no proxy may stand between
};

/// How a connection ended: by an error before it was open, by a close frame, or by silence.
struct Closure {
  std::optional<Error> error;  ///< could not connect, TLS, HTTP status, protocol violation
  unsigned code = 1006;        ///< close code; 1006 without a close frame
  std::string reason;
};

/// Carries whole messages to and from one server. Knows nothing of their meaning.
///
/// All calls and callbacks happen on the loop the transport was made for.
/// Destroying a transport closes it; no callback comes after the destructor.
class Transport {
 public:
  class Listener {
   public:
    virtual void on_open () = 0;
    virtual void on_message (std::string_view text) = 0;
    /// The last call. The listener may destroy the transport in it.
    virtual void on_closed (const Closure &closure) = 0;

   protected:
    ~Listener () = default;
  };

  virtual ~Transport () = default;
  virtual void open (const Target &target, Listener &listener) = 0;
  virtual void send (std::string_view text) = 0;
  /// Says goodbye with a close frame. `on_closed` still follows.
  virtual void close (unsigned code) = 0;
};

}  // namespace gemini
