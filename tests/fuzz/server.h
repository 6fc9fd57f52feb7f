#pragma once

#include <string>
#include <vector>

#include "core/transport.h"
#include "fuzz/fuzz.h"

namespace gemini::fuzz {

class Server;

/// What the server sees of a conversation: connections that open, texts and messages that come. Each text is
/// "t" and its number, each message {"m":number}.
struct Office {
  virtual void on_connection () = 0;
  virtual void on_setup (const std::string &handle) = 0;
  virtual void on_text (unsigned number) = 0;
  virtual void on_message (unsigned number) = 0;

  std::vector<Server *> servers;  ///< of the connections there are, the newest last

 protected:
  ~Office () = default;
};

/// One connection, seen by its server. Calls nobody back while it is called, as the real one.
class Server final : public Transport {
 public:
  enum class State { New, Opening, Open, Closing, Closed };

  explicit Server (Office &office) : office_ (office)
  {
    office_.servers.push_back (this);
    office_.on_connection ();
  }
  ~Server () override { std::erase (office_.servers, this); }

  void open (const Target &, Listener &listener) override
  {
    expect (state == State::New, "a transport is opened once");
    state = State::Opening;
    listener_ = &listener;
  }

  void send (std::string_view text) override
  {
    expect (state == State::Open, "nothing is sent before it is open, nor after goodbye");
    const bool is_setup = text.starts_with ("{\"setup\":");
    expect (is_setup != set_up_, "the setup comes first, and once");
    set_up_ = true;
    if (is_setup)
      return office_.on_setup (behind (text, "\"handle\":\""));
    if (const auto number = behind (text, "\"text\":\"t"); !number.empty ())
      return office_.on_text (static_cast<unsigned> (std::stoul (number)));
    if (const auto number = behind (text, "\"m\":"); !number.empty ())
      return office_.on_message (static_cast<unsigned> (std::stoul (number)));
    expect (false, "what is sent was asked for");
  }

  void close (unsigned) override
  {
    expect (state != State::Closing && state != State::Closed, "goodbye is said once");
    state = state == State::New ? State::Closed : State::Closing;
  }

  // The server's part; any of these may destroy this.
  void accept ()
  {
    if (state != State::Opening)
      return;
    state = State::Open;
    listener_->on_open ();
  }
  void say (const std::string &text)
  {
    if (state == State::Open || state == State::Closing)
      listener_->on_message (text);
  }
  void hang_up (const Closure &closure)
  {
    if (state == State::New || state == State::Closed)
      return;
    state = State::Closed;
    listener_->on_closed (closure);
  }

  State state = State::New;

 private:
  static std::string behind (std::string_view text, std::string_view mark)
  {
    const auto at = text.find (mark);
    if (at == text.npos)
      return "";
    text.remove_prefix (at + mark.size ());
    return std::string (text.substr (0, text.find_first_of ("\",}")));
  }

  Office &office_;
  Listener *listener_ = nullptr;
  bool set_up_ = false;
};

}  // namespace gemini::fuzz
