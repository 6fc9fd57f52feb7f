#pragma once

#include <span>

#include "elements/failure.h"
#include "stand-in/fault.h"

namespace gemini::test {

/// When a fault strikes. The names are those of an answer's way; the values are bits of a set.
enum Moment : unsigned {
  kUpgrade = 1,     ///< in place of an answer to the HTTP request
  kSetup = 2,       ///< in place of setupComplete, or before it
  kAsked = 4,       ///< the text is sent, nothing has come of its answer
  kPrebuffer = 8,   ///< 40 ms of the answer have come: too little to begin with
  kSpeech = 16,     ///< it is being heard
  kEnd = 32,        ///< all of it has come, and nothing says so yet
  kMany = 64,       ///< as kSpeech, in a conversation that has another turn to come
  kIdle = 128,      ///< between two turns
  kSwap = 256,      ///< the next connection is made, after goAway
  kAfterEnd = 512,  ///< all of the last answer has come, and its end was told
};

inline const char *to_string (Moment moment)
{
  switch (moment) {
    case kUpgrade:
      return "upgrade";
    case kSetup:
      return "setup";
    case kAsked:
      return "asked";
    case kPrebuffer:
      return "prebuffer";
    case kSpeech:
      return "speech";
    case kEnd:
      return "end";
    case kMany:
      return "speech, of many";
    case kIdle:
      return "idle";
    case kSwap:
      return "swap";
    case kAfterEnd:
      return "after the end";
  }
  return "?";
}

/// The shape of every answer of the matrix: the first chunk is less than the prebuffer, the second is more.
inline const std::vector<size_t> kChunks = {960, 4800, 4800, 4800};
inline constexpr size_t kAnswer = 960 + 3 * 4800;

/// After which chunk a fault of this moment strikes, for those that are moments of an answer.
inline size_t chunk_of (Moment moment)
{
  return moment == kAsked ? 0 : moment == kPrebuffer ? 1 : moment == kEnd ? 4 : 3;
}

inline size_t frames_before (Moment moment)
{
  switch (moment) {
    case kUpgrade:
    case kSetup:
    case kAsked:
      return 0;
    case kPrebuffer:
      return 960;
    case kSpeech:
    case kMany:
      return 960 + 2 * 4800;
    case kEnd:
    case kIdle:
    case kSwap:
    case kAfterEnd:
      return kAnswer;
  }
  return 0;
}

/// What becomes of it.
enum class Outcome {
  Recovers,  ///< all is heard, and nothing is said
  Warns,     ///< one WARNING, and the conversation goes on
  Fails,     ///< one ERROR, after every sample that came
};

struct Expected {
  Outcome outcome = Outcome::Recovers;
  Failure failure = {};
};

inline Expected fails (Domain domain, gint code, const char *says)
{
  return {Outcome::Fails, {domain, code, says}};
}

inline stand_in::Fault fault_of (const std::string &spec)
{
  auto parsed = stand_in::parse_fault (spec);
  fail_unless (std::holds_alternative<stand_in::Fault> (parsed), "%s", spec.c_str ());
  return std::get<stand_in::Fault> (parsed);
}

/// Whether this cell is tried: all are, unless GEMINI_TEST_SHARE=N asks for every Nth, for tools that make
/// each one slow. GEMINI_TEST_CELLS=1 tells which, for who wants to know where a test failed.
inline bool begin_cell (const char *fault, Moment moment, bool live)
{
  static unsigned count = 0;
  const char *share = g_getenv ("GEMINI_TEST_SHARE");
  if (share != nullptr && count++ % static_cast<unsigned> (g_ascii_strtoull (share, nullptr, 10)) != 0)
    return false;
  if (g_getenv ("GEMINI_TEST_CELLS") != nullptr)
    g_print ("%s, %s, %s\n", fault, to_string (moment), live ? "live" : "not live");
  return true;
}

/// A text for a person: one sentence, short enough to be read, with nothing in it that is not for reading.
inline void check_sentence (const std::string &text)
{
  fail_unless (g_utf8_validate (text.data (), static_cast<gssize> (text.size ()), nullptr));
  fail_unless (text.size () > 20 && text.size () < 200, "%s", text.c_str ());
  for (const char *mark : {"\n", ". ", "! ", "{", "\"", "  "})
    fail_unless (text.find (mark) == text.npos, "no plain sentence: %s", text.c_str ());
  fail_if (text.ends_with ("."), "%s", text.c_str ());
  fail_if (text.find ("CANARY") != text.npos, "a secret is told");
}

/// What was posted is what was expected, and no more.
inline void check_told (const std::vector<MessagePtr> &messages, const Expected &expected)
{
  size_t errors = 0;
  size_t warnings = 0;
  for (auto &message : messages) {
    auto type = GST_MESSAGE_TYPE (message.get ());
    if (type != GST_MESSAGE_ERROR && type != GST_MESSAGE_WARNING)
      continue;
    (type == GST_MESSAGE_ERROR ? errors : warnings)++;
    GError *raw = nullptr;
    char *debug = nullptr;
    if (type == GST_MESSAGE_ERROR)
      gst_message_parse_error (message.get (), &raw, &debug);
    else
      gst_message_parse_warning (message.get (), &raw, &debug);
    const GErrorPtr error (raw);
    const CharPtr log (debug);
    check_sentence (error->message);
    fail_if (debug != nullptr && strstr (debug, "CANARY") != nullptr, "a secret is told: %s", debug);
    const auto &failure = expected.failure;
    if (expected.outcome == Outcome::Recovers)
      ck_abort_msg ("it should recover: %s (%s)", error->message, debug);
    auto domain = failure.domain == Domain::Resource ? GST_RESOURCE_ERROR : GST_STREAM_ERROR;
    fail_unless (g_error_matches (error.get (), domain, failure.code), "%s, code %d: %s (%s)",
                 g_quark_to_string (error->domain), error->code, error->message, debug);
    fail_if (strstr (error->message, failure.says) == nullptr, "'%s' does not say '%s'", error->message,
             failure.says);
  }
  fail_unless_equals_int (errors, expected.outcome == Outcome::Fails ? 1 : 0);
  fail_unless_equals_int (warnings, expected.outcome == Outcome::Warns ? 1 : 0);
  if (expected.outcome == Outcome::Fails)
    check_failure (messages, expected.failure);
}

}  // namespace gemini::test
