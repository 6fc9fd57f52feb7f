#pragma once

#include <libsoup/soup.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "stand-in/live/session.h"
#include "stand-in/tts/body.h"
#include "stand-in/tts/request.h"
#include "stand-in/tts/response.h"

namespace gemini::stand_in {

/// One answer on its way: reads a text aloud over HTTP at the pace it was told, or goes wrong as it was told.
///
///   Waiting --first step due--> Writing --all of it written--> Over
///   every state --the client is gone, a fault--> Over
///
/// Knows nothing of who may ask. Lives on the server's loop.
class TtsAnswer {
 public:
  /// What was asked, and how.
  struct Job {
    size_t number = 0;  ///< in the record
    Options options;
    TtsRequest request;
    TtsForm form = TtsForm::Events;
    bool gzip = false;
  };

  /// The message is not answered yet. `over` is called when nothing more will come, and must not destroy the
  /// answer.
  TtsAnswer (House &house, Job job, GObjectPtr<SoupServerMessage> message, Task over);
  ~TtsAnswer ();
  TtsAnswer (const TtsAnswer &) = delete;
  TtsAnswer &operator= (const TtsAnswer &) = delete;

  size_t number () const { return job_.number; }
  bool is_over () const { return over_; }

  // What a test may do itself
  void send_event (std::string_view json) { write (frame (json, false)); }
  void finish ();
  void strike (const Fault &fault);

 private:
  void read_aloud ();
  void begin ();
  void play ();
  void send_step ();
  std::string frame (std::string_view json, bool last);
  void write (std::string_view bytes);
  void on_wrote_chunk ();
  void on_finished ();
  void end_body ();
  void strike_for_chunks ();
  void send_fault (const Fault &fault, const std::string &json);
  void disconnect (bool reset);
  void watch_client ();
  void stop_watching ();
  void report (const std::string &event) const;
  template <typename Change>
  void note (Change change)
  {
    house_.log.write ([&] (Record &record) { change (record.readings[job_.number]); });
  }

  House &house_;
  const Job job_;
  const GObjectPtr<SoupServerMessage> message_;
  const Task over_called_;

  std::vector<int16_t> samples_;
  std::vector<TtsStep> steps_;
  std::string response_id_;
  std::optional<Gzip> gzip_;
  Timer timer_;
  std::vector<std::unique_ptr<Timer>> later_;  // faults that wait for their time
  std::deque<Fault> next_;                     // faults that wait for what was sent before them
  GSource *client_ = nullptr;                  // tells that it is gone

  gint64 begin_ = 0;
  size_t next_step_ = 0;
  size_t frames_ = 0;            // sent
  size_t chunks_ = 0;            // sent
  size_t faults_for_chunk_ = 0;  // are next to strike
  size_t unwritten_ = 0;         // pieces that libsoup still holds
  bool first_ = true;            // nothing is sent yet
  bool cut_next_ = false;        // only half of the next event is sent
  bool half_sent_ = false;       // so it was
  bool ending_ = false;          // nothing comes after what is sent
  bool whole_ = false;           // and it is all there was to send
  bool stopped_ = false;         // neither now nor later
  bool over_ = false;
};

}  // namespace gemini::stand_in
