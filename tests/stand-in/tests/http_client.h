#pragma once

#include <gio/gio.h>

#include <string>
#include <utility>
#include <vector>

#include "core/glib_ptr.h"
#include "heard.h"
#include "stand-in/server.h"

namespace gemini::stand_in {

inline constexpr const char *kTts = "/v1beta/models/gemini-3.8-flash-tts:generateContent";
inline constexpr const char *kTtsStream = "/v1beta/models/gemini-3.8-flash-tts:streamGenerateContent?alt=sse";

/// The body of a request for this text; `more` are further members of `generationConfig`.
std::string tts_body (const std::string &text, const std::string &more = "");

/// An HTTP answer, byte for byte.
struct HttpAnswer {
  unsigned status = 0;  ///< 0: the connection ended without one
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::vector<std::string> chunks;  ///< of the chunked coding
  bool whole = false;               ///< the body came to its end

  std::string header (const std::string &name) const;
  /// What the events of the body hold, as the standard reads them: CR, LF or CRLF, comments skipped, data
  /// lines joined, an event without its empty line dropped.
  std::vector<std::string> events () const;
  /// The events put into words.
  Heard heard () const;
};

/// Speaks HTTP over a bare socket, so that it shares no code with the server and sees every byte. Blocks; for
/// one thread.
class HttpClient {
 public:
  explicit HttpClient (const Server &server);

  void send (const std::string &path, const std::string &body, const std::string &headers = "",
             const std::string &method = "POST");
  /// Reads the answer to what was sent, as far as it comes.
  HttpAnswer receive ();
  HttpAnswer ask (const std::string &path, const std::string &body, const std::string &headers = "");

  /// Reads the head of an answer, and then its body.
  HttpAnswer receive_head ();
  /// The next chunk of the chunked coding; empty at the end.
  std::string receive_chunk (HttpAnswer &answer);
  /// Nothing comes for a while.
  bool is_silent ();
  /// The connection ended with a reset.
  bool was_reset () const { return reset_; }
  void close ();

 private:
  bool read ();
  bool read_line (std::string &line);
  std::string read_bytes (size_t count);

  GObjectPtr<GSocket> socket_;
  std::string buffer_;
  bool reset_ = false;
};

}  // namespace gemini::stand_in
