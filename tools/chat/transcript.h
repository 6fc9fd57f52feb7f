#pragma once

#include <gst/gst.h>

#include <deque>
#include <string>

namespace gemini::chat {

/// Holds back words until they are heard: they come as fast as the network brings them. Pure.
class Transcript {
 public:
  /// Times only ever grow; words of an unknown time are due with those before them.
  void add (std::string text, GstClockTime heard_at);
  /// What is heard up to now.
  std::string due (GstClockTime now);
  /// All of it: the answer is over.
  std::string rest () { return due (GST_CLOCK_TIME_NONE); }
  /// It was never heard: the answer was interrupted.
  void drop () { pieces_.clear (); }
  bool empty () const { return pieces_.empty (); }

 private:
  struct Piece {
    std::string text;
    GstClockTime heard_at;
  };
  std::deque<Piece> pieces_;
};

}  // namespace gemini::chat
