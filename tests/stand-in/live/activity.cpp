#include "stand-in/live/activity.h"

#include <algorithm>
#include <cstdlib>

namespace gemini::stand_in {

constexpr int kLoud = 500;  // about -36 dBFS: above the noise of a room, below any speech

Activity ActivityDetector::hear (std::span<const int16_t> samples)
{
  const bool loud = std::any_of (samples.begin (), samples.end (),
                                 [] (int16_t sample) { return std::abs (int{sample}) >= kLoud; });
  quiet_ = loud ? 0 : quiet_ + samples.size ();
  if (loud && !speaking_) {
    speaking_ = true;
    return Activity::Start;
  }
  return quiet_ >= silence_ ? pause () : Activity::None;
}

Activity ActivityDetector::pause ()
{
  if (!speaking_)
    return Activity::None;
  speaking_ = false;
  quiet_ = 0;
  return Activity::End;
}

}  // namespace gemini::stand_in
