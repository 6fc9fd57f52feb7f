#include "elements/state_tracker.h"

#include <gst/gst.h>

namespace gemini {

void StateTracker::update (const std::function<void (Facts &)> &change)
{
  {
    std::lock_guard guard (lock_);
    auto before = derive (facts_);
    change (facts_);
    if (derive (facts_) == before)
      return;
  }
  changed_ ();
}

StateTracker::State StateTracker::state () const
{
  std::lock_guard guard (lock_);
  return derive (facts_);
}

StateTracker::State StateTracker::derive (const Facts &facts)
{
  if (facts.audible)
    return facts.answering ? kSpeaking : kDraining;
  if (facts.unheard > 0 && !facts.answering)
    return kDraining;
  switch (facts.session) {
    case Session::Closed:
      return kDisconnected;
    case Session::Connecting:
      return kConnecting;
    case Session::Ready:
      return facts.answering ? kThinking : kReady;
    case Session::Reconnecting:
      return kReconnecting;
  }
  return kDisconnected;
}

GType state_type ()
{
  static const GEnumValue values[] = {
      {StateTracker::kDisconnected, "No connection", "disconnected"},
      {StateTracker::kConnecting, "Connecting and setting up", "connecting"},
      {StateTracker::kReady, "Open, waiting for a text", "ready"},
      {StateTracker::kThinking, "An answer is due or begins to arrive, nothing to hear yet", "thinking"},
      {StateTracker::kSpeaking, "Speech leaves while more arrives", "speaking"},
      {StateTracker::kDraining, "Everything has arrived, the rest is played", "draining"},
      {StateTracker::kReconnecting, "The connection is being replaced", "reconnecting"},
      {0, nullptr, nullptr},
  };
  static const GType type = [] {
    auto registered = g_enum_register_static ("GstGeminiState", values);
    gst_type_mark_as_plugin_api (registered, static_cast<GstPluginAPIFlags> (0));
    return registered;
  }();
  return type;
}

}  // namespace gemini
