#pragma once

#include <libsoup/soup.h>

#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "core/glib_ptr.h"
#include "heard.h"
#include "stand-in/http/close_frame.h"
#include "stand-in/server.h"

namespace gemini::stand_in {

inline constexpr const char *kLivePath =
    "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";
inline constexpr const char *kVertexPath =
    "/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent";
inline constexpr const char *kSetup = R"({"setup":{"model":"models/gemini-3.8-live"}})";
inline constexpr const char *kQuestion =
    R"({"clientContent":{"turns":[{"role":"user","parts":[{"text":"Hello"}]}],"turnComplete":true}})";

/// The other end of the wire, made of libsoup so that it shares no code with the server. Blocks; for one
/// thread.
class Client {
 public:
  struct Message {
    std::string text;
    bool binary = false;
  };

  /// Connects, or finds out why not. Any certificate will do.
  explicit Client (const std::string &uri, const char *api_key = nullptr);
  explicit Client (const Server &server, const std::string &path = kLivePath, const char *api_key = nullptr)
      : Client (server.uri () + path, api_key)
  {
  }
  ~Client ();

  /// The status of the HTTP answer; 0 if there was none.
  unsigned status () const { return status_; }
  bool connected () const { return connection_ != nullptr; }

  void send (const std::string &text);
  /// The next message, or nothing if the connection ends first.
  std::optional<Message> receive ();
  /// Everything up to a message that holds this text, that one included.
  std::string receive_until (const std::string &text);
  /// The same, put into words.
  Heard listen_until (const std::string &text);
  /// Waits for the end. Code 1006 if it came without a close frame.
  CloseFrame wait_for_end ();
  void close ();

 private:
  void wait (const std::function<bool ()> &condition);

  GObjectPtr<SoupSession> session_;
  GObjectPtr<SoupWebsocketConnection> connection_;
  std::deque<Message> messages_;
  unsigned status_ = 0;
};

/// A client that has sent its setup and read the answer.
class ReadyClient : public Client {
 public:
  explicit ReadyClient (const Server &server, const std::string &setup = kSetup,
                        const std::string &path = kLivePath)
      : Client (server, path)
  {
    send (setup);
    receive_until ("setupComplete");
  }
};

}  // namespace gemini::stand_in

/// Compares a std::string, a temporary too, which `fail_unless_equals_string ()` would read after its end.
#define fail_unless_reads(actual, wanted)                                                 \
  do {                                                                                    \
    const std::string read_ = (actual), wanted_ = (wanted);                               \
    fail_unless (read_ == wanted_, "'%s' is not '%s'", read_.c_str (), wanted_.c_str ()); \
  } while (0)
