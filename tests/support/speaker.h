#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/pipeline.h"

namespace gemini::test {

class SoundCard;

/// A loudspeaker that remembers every sample and when it was heard.
///
/// Behind the sink there is a device with a buffer of its own, as on ALSA: it begins to play when that is
/// full, at the pace of a clock that the test chooses, keeps what is in it while it is paused, and says how
/// much that is. Only what has come out of it counts as heard. Any thread.
class Speaker {
 public:
  /// Its part of a launch line. `properties`: those of any audio sink, and
  ///   rate         the only one the device takes; 0: any
  ///   device-time  length of the device's buffer in µs
  ///
  /// The sink keeps to its own clock: corrections to another one drop or repeat samples when the machine is
  /// busy.
  static std::string line (const std::string &properties = "", const std::string &name = "speaker");

  explicit Speaker (const Pipeline &pipeline, const char *name = "speaker");
  ~Speaker ();
  Speaker (const Speaker &) = delete;
  Speaker &operator= (const Speaker &) = delete;

  /// What the device plays by; before it runs. Else: the system's clock.
  void use_clock (GstClock *clock);

  /// Samples that came out without a break between them.
  struct Run {
    GstClockTime at;
    unsigned rate;
    std::vector<int16_t> samples;
  };
  std::vector<Run> heard () const;
  /// Until all has come out that is in the device: a sink says EOS a few samples too early.
  void drain () const;
  /// The device played on and had nothing to play: the machine was too busy for this speaker.
  unsigned ran_dry () const;

  /// Part of what was said that was heard without a pause.
  struct Stretch {
    GstClockTime at;
    size_t first;
    size_t frames;
  };
  /// Where `said` is in what was heard. Between the stretches there is silence; anything else that was heard,
  /// and any sample that was not heard, or twice, or out of its order, fails the test.
  std::vector<Stretch> find (const std::vector<int16_t> &said) const;
  /// From the first sound to the last, whatever it is.
  std::vector<int16_t> sound () const;

 private:
  GstElement *element_;
  SoundCard &card_;
};

}  // namespace gemini::test
