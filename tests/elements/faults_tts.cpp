// The fault matrix of speech over HTTP: what a server can do wrong, at every moment of an answer, live and
// not.

#include "elements/fault_matrix.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Fault;
using stand_in::Options;
using stand_in::Server;

namespace {

/// How a fault is taken.
enum class Kind {
  Harmless,  ///< it is none
  Passing,   ///< the request is made again while nothing was heard of the answer
  Final,     ///< another request would end in the same way
};

struct Row {
  const char *fault;
  Kind kind;
  unsigned moments;
  Failure failure = {};
  bool silent = false;   ///< it takes a whole `timeout` to notice
  bool partial = false;  ///< it strikes within a chunk, of which some is heard
};

constexpr unsigned kBody = kAsked | kPrebuffer | kSpeech | kEnd;
constexpr unsigned kAny = kUpgrade | kBody;

constexpr Failure kLost{Domain::Resource, GST_RESOURCE_ERROR_READ, "in the middle"};
constexpr Failure kNotUnderstood{Domain::Stream, GST_STREAM_ERROR_DECODE, "cannot be understood"};
constexpr Failure kSilence{Domain::Resource, GST_RESOURCE_ERROR_READ, "nothing for 1 s"};
constexpr Failure kBusy{Domain::Resource, GST_RESOURCE_ERROR_BUSY, "quota"};
constexpr Failure kKey{Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "key was refused"};

constexpr Row kConnection[] = {
    {"reset", Kind::Passing, kAny, kLost},
    {"drop", Kind::Passing, kAny, kLost},
    {"end", Kind::Passing, kBody, kLost},
    {"cut", Kind::Final, kAsked | kPrebuffer | kSpeech, kLost, false, true},
};

constexpr Row kSilent[] = {{"freeze", Kind::Final, kAny, kSilence, true}};

constexpr Row kStatuses[] = {
    {"http:400", Kind::Final, kUpgrade, kKey},
    {"http:401", Kind::Final, kUpgrade, {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "renew"}},
    {"http:403", Kind::Final, kUpgrade, {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "rights"}},
    {"http:404", Kind::Final, kUpgrade, {Domain::Resource, GST_RESOURCE_ERROR_NOT_FOUND, "check the model"}},
    {"http:408", Kind::Passing, kUpgrade},
    {"http:429:0", Kind::Passing, kUpgrade},
    {"http:429:90", Kind::Final, kUpgrade, kBusy},
    {"http:429:day", Kind::Final, kUpgrade, kBusy},
    {"http:500", Kind::Passing, kUpgrade},
    {"html:502", Kind::Passing, kUpgrade},
    {"http:503", Kind::Passing, kUpgrade},
    {"http:504", Kind::Passing, kUpgrade},
    {"html:302", Kind::Final, kUpgrade, {Domain::Resource, GST_RESOURCE_ERROR_OPEN_READ, "does not speak"}},
    {"html:407", Kind::Final, kUpgrade, {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "proxy"}},
    {"html:200", Kind::Final, kUpgrade, {Domain::Resource, GST_RESOURCE_ERROR_OPEN_READ, "does not speak"}},
    {"error:400", Kind::Final, kBody, kKey},
    {"error:429", Kind::Passing, kBody, kBusy},
    {"error:503", Kind::Passing, kBody, {Domain::Resource, GST_RESOURCE_ERROR_BUSY, "overloaded"}},
    {"bare-error:500", Kind::Passing, kBody, {Domain::Resource, GST_RESOURCE_ERROR_READ, "internal error"}},
};

constexpr Row kHarmless[] = {
    {"ping", Kind::Harmless, kBody},       {"ping-flood:10000", Kind::Harmless, kBody},
    {"tiny:10000", Kind::Harmless, kBody}, {"message:{}", Kind::Harmless, kBody},
    {"big:8", Kind::Harmless, kBody},      {"message:{\"future\":[{}]}", Kind::Harmless, kBody},
};

constexpr Row kNonsense[] = {
    {"malformed-json", Kind::Final, kBody, kNotUnderstood},
    {"bad-base64", Kind::Final, kBody, {Domain::Stream, GST_STREAM_ERROR_DECODE, "cannot be decoded"}},
    {"bad-utf8", Kind::Final, kBody, kNotUnderstood},
    {"nul", Kind::Final, kBody, kNotUnderstood},
    {"message:{\"a\":\"\\u0000\"}", Kind::Final, kBody, kNotUnderstood},
    {"message:7", Kind::Final, kBody, kNotUnderstood},
    {"message:{\"candidates\":7}", Kind::Final, kBody, kNotUnderstood},
    {"deep:65", Kind::Final, kBody, kNotUnderstood},
    {"deep:1000000", Kind::Final, kBody, kNotUnderstood},
    {"big:17", Kind::Final, kBody, kNotUnderstood},
    {"message:{\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":{\"mimeType\":\"audio/opus\","
     "\"data\":\"AAAA\"}}]}}]}",
     Kind::Final,
     kBody,
     {Domain::Stream, GST_STREAM_ERROR_FORMAT, "cannot be played"}},
};

Expected expected (const Row &row, Moment moment)
{
  if (row.kind == Kind::Harmless)
    return {};
  if (row.kind == Kind::Passing && (moment == kUpgrade || moment == kAsked))
    return {};
  return {Outcome::Fails, row.failure};
}

void check_cell (const Row &row, Moment moment, bool live)
{
  const auto outcome = expected (row, moment);
  auto fault = fault_of (std::string (row.fault) +
                         (moment == kUpgrade ? "@request" : "@chunk:" + std::to_string (chunk_of (moment))));
  fault.times = 1;
  const Server server (
      {.counter_frames = kAnswer, .pace = {.speed = 0}, .shape = {.chunks = kChunks}, .faults = {fault}});
  Source source (server);
  gst_util_set_object_arg (G_OBJECT (source.element), "api", "tts");
  source.set ("api-key", kSecretKey)
      .set ("is-live", live)
      .set ("timeout", row.silent ? 1U : 15U)
      .set ("retry-backoff-factor", 0.0);
  source.play ();
  const bool recovers = outcome.outcome == Outcome::Recovers;
  const size_t frames = recovers ? kAnswer : frames_before (moment);
  if (live)
    source.wait_for_state (frames == 0 && !row.partial ? "disconnected" : "draining");
  run_to_eos (source, live);

  check_told (messages_of (source.element), outcome);
  const auto heard = source.recorder->speech ();
  const auto record = server.record ();
  fail_unless (row.partial ? heard.size () >= frames : heard.size () == frames, "heard %zu of %zu frames",
               heard.size (), frames);
  // Only the last request was answered with anything that was heard.
  const auto number = record.readings.empty () ? 0 : record.readings.size () - 1;
  fail_unless (heard == counter_samples (heard.size (), number), "heard is not what was sent");
  const auto sent = record.readings.empty () ? std::vector<int16_t>{} : record.readings.back ().samples;
  fail_unless (row.partial || std::equal (heard.begin (), heard.end (), sent.begin (),
                                          sent.begin () + static_cast<std::ptrdiff_t> (
                                                              std::min (heard.size (), sent.size ()))));
  fail_unless (source.recorder->order ().ends_with ("eos "));
  if (!heard.empty ())
    source.recorder->check_timeline ();
  source.set ("timeout", 15U);
  check_plays_again (source, live, counter_samples (kAnswer, record.readings.size ()));
}

void check_rows (const char *name, std::span<const Row> rows,
                 std::initializer_list<bool> modes = {true, false})
{
  size_t cells = 0;
  for (auto &row : rows)
    for (auto moment : {kUpgrade, kAsked, kPrebuffer, kSpeech, kEnd})
      for (bool live : modes) {
        if ((row.moments & moment) == 0)
          continue;
        if (!begin_cell (row.fault, moment, live))
          continue;
        check_cell (row, moment, live);
        cells++;
      }
  g_print ("tts, %s: %zu cells\n", name, cells);
}

}  // namespace

GST_START_TEST (a_connection_that_is_lost) { check_rows ("connections lost", kConnection); }
GST_END_TEST;

GST_START_TEST (a_server_that_falls_silent) { check_rows ("silence", kSilent, {false}); }
GST_END_TEST;

GST_START_TEST (an_answer_with_an_error_in_it) { check_rows ("errors", kStatuses); }
GST_END_TEST;

GST_START_TEST (what_does_no_harm) { check_rows ("harmless", kHarmless); }
GST_END_TEST;

GST_START_TEST (what_is_not_the_protocol) { check_rows ("nonsense", kNonsense); }
GST_END_TEST;

GEMINI_CHECK_MAIN (faults_tts, a_connection_that_is_lost, a_server_that_falls_silent,
                   an_answer_with_an_error_in_it, what_does_no_harm, what_is_not_the_protocol)
