#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <string>
#include <vector>

namespace gemini::bench {

/// One client's way through its questions: a first one to get warm, then the same question a number of times.
/// Told of each thing that happens, it measures; its result is a line of JSON, as from the clients in other
/// languages.
///
/// To be made right before the client, for the time of a cold start counts from there. Any thread.
class Course {
 public:
  struct Plan {
    std::string uri;
    std::string warm_up;
    std::string question;
    unsigned turns = 1;
    bool first_only =
        false;  ///< only the first chunk of a turn leaves at once: the others are measured by nobody
  };

  explicit Course (Plan plan);

  const Plan &plan () const { return plan_; }
  /// What to ask next, now; empty: nothing, and the result was printed.
  std::string next ();
  /// A message, as soon as its audio is there for whoever wants it. Of a buffer that begins with no stamp
  /// only the length counts.
  void audio (const void *bytes, size_t size) { audio (bytes, size, size); }
  void audio (const void *bytes, size_t size, size_t whole);

 private:
  void print () const;

  const Plan plan_;
  mutable std::mutex lock_;
  unsigned asked_ = 0;
  int64_t begun_;
  int64_t cold_ = 0;
  int64_t question_at_ = 0;
  int64_t cpu_ = 0;
  int64_t switches_ = 0;
  int64_t measured_from_ = 0;
  size_t bytes_ = 0;
  long memory_ = 0;
  std::vector<double> latencies_;  ///< in us
  std::vector<double> requests_;   ///< from the question to the server, in us
  std::vector<double> phases_;     ///< of the first question: see audio ()
};

// The clients. Each returns when its course is done.
enum class Mode { File, Live, Tts };
void receive_raw (Course &course);
void receive_bare (Course &course, bool decodes);
void receive_element (Course &course, Mode mode);
/// Whom to trust: a PEM file, or null.
inline const char *authorities () { return std::getenv ("SSL_CERT_FILE"); }

}  // namespace gemini::bench
