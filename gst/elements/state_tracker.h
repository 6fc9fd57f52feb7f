#pragma once

#include <glib-object.h>

#include <functional>
#include <mutex>

namespace gemini {

/// What the element is doing, for the `state` property. Follows from facts that two threads know parts of.
class StateTracker {
 public:
  enum State { kDisconnected, kConnecting, kReady, kThinking, kSpeaking, kDraining, kReconnecting };
  enum class Session { Closed, Connecting, Ready, Reconnecting };

  struct Facts {
    Session session = Session::Closed;
    bool answering = false;  ///< the server has an answer to finish (network thread)
    unsigned unheard = 0;    ///< turns with audio that have not been played to their end
    bool audible = false;    ///< speech is leaving the pad (streaming thread)
  };

  /// `changed` is called after each change, on the thread that made it, with no lock held.
  explicit StateTracker (std::function<void ()> changed) : changed_ (std::move (changed)) {}

  void update (const std::function<void (Facts &)> &change);
  State state () const;

 private:
  static State derive (const Facts &facts);

  std::function<void ()> changed_;
  mutable std::mutex lock_;
  Facts facts_;
};

GType state_type ();

}  // namespace gemini
