#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace gemini::stand_in {

/// Something that went over the wire. CONTRIBUTING.md has the form it takes in a file.
struct WireEvent {
  enum class What {
    Request,   ///< `text`: the body; a WebSocket has none
    Response,  ///< to a request over HTTP, or of a WebSocket that was refused
    Message,   ///< of a WebSocket, or a piece of a body
    Close,     ///< of a WebSocket, `text`: the reason
    End,       ///< of a body
    Break,     ///< of a body that does not end, `text`: why
  };
  What what = What::Message;
  int64_t ms = 0;         ///< since the recording began
  size_t connection = 0;  ///< a WebSocket or a request, in the order in which they began
  bool from_client = false;
  bool websocket = false;
  bool binary = false;  ///< a frame of bytes, as the real service sends
  unsigned code = 0;    ///< status or close code
  std::string method;
  std::string path;  ///< with what of its query is no secret
  std::string type;  ///< Content-Type
  std::string text;
};

/// Writes what went over the wire to a file, a line of JSON for each event, without its secrets.
///
/// Headers are not written. Keys and tokens become `masked`, handles `handle-1` and so on, the same one
/// always the same, and projects `projects/masked`, wherever they stand.
class WireWriter {
 public:
  /// Makes the file anew. FALSE: it cannot be written.
  bool open (const std::string &file);

  /// From now on this is masked.
  void add_secret (const std::string &secret);
  void write (WireEvent event);

 private:
  void add_mask (const std::string &what, const std::string &by);
  std::string mask (std::string text);

  std::ofstream out_;
  int64_t begin_us_ = 0;
  size_t handles_ = 0;
  std::vector<std::pair<std::string, std::string>> masks_;
};

/// The path with those parameters of its query that are no secret.
std::string without_secrets (const std::string &path, const std::string &query);

/// What was written; on failure a sentence that says what is wrong.
std::variant<std::vector<WireEvent>, std::string> read_wire_log (const std::string &file);

}  // namespace gemini::stand_in
