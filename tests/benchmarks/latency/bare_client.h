#pragma once

#include <libsoup/soup.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "core/glib_ptr.h"
#include "stand-in/loop.h"

namespace gemini::bench {

/// The least that receives an answer: libsoup, json-glib and GLib's base64, in a thread. Shares no code with
/// geminisrc.
class BareClient {
 public:
  /// Connects, sets up and asks.
  explicit BareClient (const std::string &uri);
  ~BareClient ();
  BareClient (const BareClient &) = delete;
  BareClient &operator= (const BareClient &) = delete;

  /// Waits for so many chunks and samples, or the end of the answer.
  void wait_for (size_t chunks, size_t frames);
  /// Up to so many samples that are there.
  std::vector<int16_t> take (size_t frames);
  /// Everything has come and been taken.
  bool is_over ();
  const std::string &error () const { return error_; }

 private:
  void connect (const std::string &uri);
  void on_message (GBytes *message);

  // the loop's
  GObjectPtr<SoupSession> session_;
  GObjectPtr<SoupWebsocketConnection> connection_;

  std::mutex lock_;
  std::condition_variable changed_;
  // all below is guarded by lock_
  std::deque<int16_t> samples_;
  size_t chunks_ = 0;  ///< all that came
  size_t frames_ = 0;
  bool ended_ = false;
  std::string error_;

  stand_in::Loop loop_;
};

}  // namespace gemini::bench
