#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace gemini {

/// Rings once after a while, on the loop of the object it belongs to. Setting it again moves it.
class Alarm {
 public:
  virtual ~Alarm () = default;
  virtual void ring_in (std::chrono::milliseconds delay) = 0;
  virtual void cancel () = 0;
};

/// Makes an alarm that calls this when it rings.
using AlarmMaker = std::function<std::unique_ptr<Alarm> (std::function<void ()> ring)>;

}  // namespace gemini
