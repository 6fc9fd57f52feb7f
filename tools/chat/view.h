#pragma once

#include <gst/gst.h>

#include <string>

namespace gemini::chat {

/// An answer that is over.
struct Answer {
  guint64 samples = 0;
  guint rate = 24000;
  bool interrupted = false;
  guint underruns = 0;
  GstClockTime first_sound = GST_CLOCK_TIME_NONE;  ///< from the question to the ear

  double seconds () const { return static_cast<double> (samples) / rate; }
};

/// How things stand.
struct Status {
  std::string state;  ///< of the element
  GstClockTime buffered = 0;
  GstClockTime first_sound = GST_CLOCK_TIME_NONE;
  guint underruns = 0;   ///< since the beginning
  bool leaving = false;  ///< when the answer is over
};

/// What a conversation looks like to a person or a program. Decides nothing. Main thread.
class View {
 public:
  virtual ~View () = default;

  /// For programs: everything, with a name and its fields.
  virtual void on_event (const char *, const GstStructure *) {}

  // For people.
  virtual void on_question (const std::string &) {}
  /// Words that are heard now.
  virtual void on_words (const std::string &) {}
  virtual void on_answer (const Answer &) {}
  virtual void on_status (const Status &) {}
  /// Something to know.
  virtual void on_note (const std::string &) {}
  /// Something is wrong; one sentence.
  virtual void on_trouble (const std::string &) {}

  /// Forgets what is half typed. Whether there was anything.
  virtual bool clear_input () { return false; }
  /// The conversation is over: nothing is typed any more.
  virtual void on_over () {}
};

/// "2.1 s of speech, first sound after 0.34 s, no underruns"
std::string describe (const Answer &answer);

}  // namespace gemini::chat
