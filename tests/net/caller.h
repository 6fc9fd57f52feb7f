#pragma once

#include <condition_variable>
#include <future>
#include <mutex>

#include "net/websocket_transport.h"
#include "support/check.h"
#include "support/deadline.h"

namespace gemini::test {

/// A transport on a loop of its own, and a listener that writes down all it hears. For the thread of the
/// test.
class Caller final : private Transport::Listener {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  /// `last_word`: destroy the transport inside of this call, "open", "message" or "closed".
  explicit Caller (const std::string &uri, const Headers &headers = {}, const std::string &last_word = {},
                   const NetworkConfig &network = {})
      : last_word_ (last_word)
  {
    loop_.post ([this, uri, headers, network] {
      transport_ = std::make_unique<WebSocketTransport> (loop_, network);
      transport_->open ({uri, headers}, *this);
    });
  }
  ~Caller () { hang_up (); }

  void send (const std::string &text)
  {
    loop_.post ([this, text] { transport_->send (text); });
  }
  void close (unsigned code)
  {
    loop_.post ([this, code] { transport_->close (code); });
  }
  /// As an element does that is stopped, before it hangs up.
  void end () { loop_.end (); }
  /// Destroys the transport. When this returns, nothing more may be heard.
  void hang_up ()
  {
    std::promise<void> done;
    loop_.post ([&] {
      transport_.reset ();
      gone_ = true;
      done.set_value ();
    });
    done.get_future ().wait ();
  }

  /// Waits until the log ends so; false if it does not.
  bool wait_for_log (const std::string &end)
  {
    return wait ([&] (const std::string &log) { return log.ends_with (end); });
  }
  bool wait (const std::function<bool (const std::string &log)> &condition)
  {
    std::unique_lock lock (lock_);
    return changed_.wait_for (lock, deadline (), [&] { return condition (log_); });
  }
  bool wait_for_closed ()
  {
    std::unique_lock lock (lock_);
    return changed_.wait_for (lock, deadline (), [&] { return closure_.has_value (); });
  }
  /// "open message closed ".
  std::string log ()
  {
    std::lock_guard guard (lock_);
    return log_;
  }
  std::vector<std::string> messages ()
  {
    std::lock_guard guard (lock_);
    return messages_;
  }
  Closure closure ()
  {
    fail_unless (wait_for_closed ());
    std::lock_guard guard (lock_);
    return *closure_;
  }

 private:
  void on_open () override { write ("open", {}); }
  void on_message (std::string_view text) override
  {
    write ("message", [&] { messages_.emplace_back (text); });
  }
  void on_closed (const Closure &closure) override
  {
    write ("closed", [&] { closure_ = closure; });
  }

  void write (const std::string &word, const std::function<void ()> &change)
  {
    bool last;
    {
      std::lock_guard guard (lock_);
      fail_if (gone_, "'%s' after the transport was destroyed", word.c_str ());
      if (change)
        change ();
      log_ += word + " ";
      last = word == last_word_;
    }
    if (last) {
      transport_.reset ();
      gone_ = true;
    }
    changed_.notify_all ();
  }

  const std::string last_word_;
  std::mutex lock_;
  std::condition_variable changed_;
  // guarded by lock_
  std::string log_;
  std::vector<std::string> messages_;
  std::optional<Closure> closure_;

  // loop thread
  std::unique_ptr<WebSocketTransport> transport_;
  bool gone_ = false;

  Loop loop_;  // last made, first gone
};

}  // namespace gemini::test
