#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/alarm.h"
#include "core/transport.h"
#include "support/check.h"

namespace gemini::test {

/// A transport whose server is the test: what is done with it goes into `log`, what is said by it is a call.
class FakeTransport final : public Transport {
 public:
  explicit FakeTransport (std::string &log) : log_ (log) {}

  void open (const Target &target, Listener &listener) override
  {
    log_ += "open(" + target.uri + ") ";
    listener_ = &listener;
  }

  void send (std::string_view text) override
  {
    sent.emplace_back (text);
    log_ += "sent(" + gist (text) + ") ";
  }

  void close (unsigned code) override { log_ += "close(" + std::to_string (code) + ") "; }

  // the server's part
  void accept () { listener_->on_open (); }
  void say (const std::string &text) { listener_->on_message (text); }
  void hang_up (const Closure &closure) { listener_->on_closed (closure); }

  std::vector<std::string> sent;

 private:
  /// The words of a message with a text in it, any other message as it is.
  static std::string gist (std::string_view text)
  {
    constexpr std::string_view kText = R"("text":")";
    const size_t at = text.find (kText);
    if (at == text.npos)
      return std::string (text);
    const auto words = text.substr (at + kText.size ());
    return std::string (words.substr (0, words.find ('"')));
  }

  std::string &log_;
  Listener *listener_ = nullptr;
};

/// An alarm that rings when the test says so.
class FakeAlarm final : public Alarm {
 public:
  void ring_in (std::chrono::milliseconds delay) override
  {
    delay_ = delay;
    ++settings_;
  }

  void cancel () override { delay_.reset (); }

  /// It rings, and is silent afterwards.
  void expire ()
  {
    fail_unless (delay_.has_value (), "nobody waits");
    delay_.reset ();
  }

  std::optional<std::chrono::milliseconds> delay () const { return delay_; }

  /// Whether it was set since this was asked last.
  bool moved ()
  {
    const bool is_new = settings_ != seen_;
    seen_ = settings_;
    return is_new;
  }

 private:
  std::optional<std::chrono::milliseconds> delay_;
  unsigned settings_ = 0;
  unsigned seen_ = 0;
};

}  // namespace gemini::test
