#pragma once

#include <libsoup/soup.h>

#include <random>
#include <string>
#include <vector>

#include "session.h"
#include "tts_body.h"
#include "tts_request.h"
#include "tts_response.h"

namespace gemini::stand_in {

/// One answer on its way: reads a text aloud over HTTP, at the pace it was told.
///
///   Waiting --first step due--> Writing --all of it written--> Over
///   every state --the client is gone--> Over
///
/// Knows nothing of who may ask. Lives on the server's loop.
class TtsAnswer {
 public:
  /// `over` is called when nothing more will come, and must not destroy the answer. The message is not
  /// answered yet.
  TtsAnswer (House &house, size_t number, const Options &options, TtsRequest request, TtsForm form,
             GObjectPtr<SoupServerMessage> message, Task over);
  ~TtsAnswer ();
  TtsAnswer (const TtsAnswer &) = delete;
  TtsAnswer &operator= (const TtsAnswer &) = delete;

  bool is_over () const { return over_; }

 private:
  void begin ();
  void play ();
  void send_step ();
  void write (std::string bytes);
  void on_wrote_chunk ();
  void on_finished ();
  void report (const std::string &event) const;
  template <typename Change>
  void note (Change change)
  {
    house_.log.write ([&] (Record &record) { change (record.readings[number_]); });
  }

  House &house_;
  const size_t number_;
  const Options options_;
  const TtsRequest request_;
  const TtsForm form_;
  GObjectPtr<SoupServerMessage> message_;
  Task over_called_;

  std::vector<int16_t> samples_;
  std::vector<TtsStep> steps_;
  std::string response_id_;
  Timer timer_;
  gint64 begin_ = 0;
  size_t next_step_ = 0;
  size_t frames_ = 0;     // written
  size_t unwritten_ = 0;  // pieces that libsoup still holds
  bool complete_ = false;
  bool over_ = false;
};

}  // namespace gemini::stand_in
