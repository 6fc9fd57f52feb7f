#pragma once

#include <cstdint>
#include <span>

namespace gemini::stand_in {

enum class Activity { None, Start, End };

/// Hears whether the user speaks, by loudness alone. Knows no clock: time is the audio that came.
class ActivityDetector {
 public:
  /// Speech ends after so many quiet samples.
  void set_silence (size_t frames) { silence_ = frames; }
  Activity hear (std::span<const int16_t> samples);
  /// The microphone pauses: speech ends now.
  Activity pause ();

 private:
  size_t silence_ = 8000;
  size_t quiet_ = 0;
  bool speaking_ = false;
};

}  // namespace gemini::stand_in
