#pragma once

#include <glib.h>

#include <deque>
#include <memory>
#include <string>

#include "core/glib_ptr.h"
#include "pipeline.h"
#include "transcript.h"
#include "view.h"

namespace gemini::chat {

/// One sentence for the person, one event for a program.
void tell_trouble (View &view, const char *event, const std::string &sentence);

/// Takes turns: asks what comes in, tells the view what comes back, and knows when it is over.
///
/// Knows nothing of how questions are typed and answers shown. Lives on the main thread.
class Chat {
 public:
  /// With a person, a question interrupts the answer before it; a file waits for its answer.
  struct Manners {
    bool person = false;
    bool tts = false;
    bool stats = false;
  };

  Chat (Pipeline &pipeline, View &view, Manners manners);
  ~Chat ();

  /// The exit code of the program.
  int run ();

  void on_line (const std::string &line);
  void on_end_of_input ();
  /// Ctrl-C: interrupts the answer, again leaves.
  void on_interrupt_key ();
  /// Leaves, with what was said up to here recorded; called again, at once.
  void leave (int code);

 private:
  void ask_next ();
  void finish_if_done ();
  bool answering () const;
  void forget_answers ();
  void quit (int code);

  void on_message (GstMessage *message);
  void on_element_message (const GstStructure *structure);
  void on_transcript (const GstStructure *structure);
  void on_turn_complete (const GstStructure *structure);
  void on_state (const char *state);
  void on_trouble (GstMessage *message);

  void tick ();
  void update_status ();

  Pipeline &pipeline_;
  View &view_;
  const Manners manners_;
  const std::unique_ptr<GMainLoop, Freer<g_main_loop_unref>> loop_;
  guint ticker_ = 0;
  guint deadline_ = 0;
  Transcript transcript_;
  std::string state_ = "connecting";
  std::deque<std::string> questions_;  ///< not asked yet
  bool forgotten_ = false;  ///< the end of an interrupted answer is still to be told; it counts for none
  unsigned asked_ = 0;
  unsigned answered_ = 0;
  guint idle_ticks_ = 0;  ///< nothing happens, though an answer is missing
  bool input_ended_ = false;
  bool ending_ = false;
  int code_ = 0;
};

}  // namespace gemini::chat
