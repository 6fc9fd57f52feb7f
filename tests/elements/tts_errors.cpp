// Everything that can go wrong with a text to read: retries that help, one ERROR after every sample that
// came.

#include <span>

#include "elements/failure.h"
#include "stand-in/fault.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Fault;
using stand_in::Options;
using stand_in::Server;
using stand_in::Tts;

namespace {

constexpr size_t kChunk = 4800;
constexpr size_t kAnswer = 4 * kChunk;
constexpr gint kRetries = 2;
constexpr unsigned kAll = 1 + kRetries;  // attempts, if each may help

/// A fault of the stand-in, what is made of it, and how often it is asked for.
struct Case {
  const char *fault;
  Failure failure;
  unsigned attempts;
  guint timeout = 15;
};

constexpr Case kAtTheDoor[] = {
    {"http:400", {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "key was refused", "HTTP 400"}, 1},
    {"http:401", {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "refused: renew", "HTTP 401"}, 1},
    {"http:403", {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "rights", "PERMISSION_DENIED"}, 1},
    {"http:404", {Domain::Resource, GST_RESOURCE_ERROR_NOT_FOUND, "check the model", "NOT_FOUND"}, 1},
    {"http:429", {Domain::Resource, GST_RESOURCE_ERROR_BUSY, "quota", "RESOURCE_EXHAUSTED"}, kAll},
    {"http:429:90", {Domain::Resource, GST_RESOURCE_ERROR_BUSY, "quota", "RESOURCE_EXHAUSTED"}, 1},
    {"http:429:day", {Domain::Resource, GST_RESOURCE_ERROR_BUSY, "quota of the day", "HTTP 429"}, 1},
    {"http:500", {Domain::Resource, GST_RESOURCE_ERROR_READ, "internal error: try again", "INTERNAL"}, kAll},
    {"http:503", {Domain::Resource, GST_RESOURCE_ERROR_BUSY, "overloaded: try again", "UNAVAILABLE"}, kAll},
    {"http:504", {Domain::Resource, GST_RESOURCE_ERROR_READ, "took too long", "DEADLINE_EXCEEDED"}, 2},
    {"html:502", {Domain::Resource, GST_RESOURCE_ERROR_READ, "gateway", "HTTP 502"}, kAll},
    {"html:404", {Domain::Resource, GST_RESOURCE_ERROR_NOT_FOUND, "check the model", "HTTP 404"}, 1},
    {"reset@request", {Domain::Resource, GST_RESOURCE_ERROR_READ, "lost before the answer", ""}, kAll},
    {"drop@request", {Domain::Resource, GST_RESOURCE_ERROR_READ, "lost before the answer", ""}, kAll},
    {"freeze@request", {Domain::Resource, GST_RESOURCE_ERROR_READ, "nothing for 1 s", "no answer"}, 1, 1},
    {"error:429@chunk:0", {Domain::Resource, GST_RESOURCE_ERROR_BUSY, "quota", "HTTP 429"}, kAll},
    {"bare-error:500@chunk:0",
     {Domain::Resource, GST_RESOURCE_ERROR_READ, "internal error", "HTTP 500"},
     kAll},
    {"reset@chunk:0", {Domain::Resource, GST_RESOURCE_ERROR_READ, "connection was lost", ""}, kAll},
    {"drop@chunk:0", {Domain::Resource, GST_RESOURCE_ERROR_READ, "connection was lost", ""}, kAll},
    {"end@chunk:0", {Domain::Stream, GST_STREAM_ERROR_FAILED, "no speech", "missing"}, kAll},
    {"freeze@chunk:0", {Domain::Resource, GST_RESOURCE_ERROR_READ, "raise timeout", ""}, 1, 1},
};

constexpr Case kInTheMiddle[] = {
    {"reset@chunk:2", {Domain::Resource, GST_RESOURCE_ERROR_READ, "in the middle of the answer", ""}, 1},
    {"drop@chunk:2",
     {Domain::Resource, GST_RESOURCE_ERROR_READ, "ended in the middle", "no finishReason"},
     1},
    {"end@chunk:2", {Domain::Resource, GST_RESOURCE_ERROR_READ, "ended in the middle", "no finishReason"}, 1},
    {"freeze@chunk:2", {Domain::Resource, GST_RESOURCE_ERROR_READ, "nothing for 1 s", "in the middle"}, 1, 1},
    {"error:503@chunk:2", {Domain::Resource, GST_RESOURCE_ERROR_BUSY, "overloaded", "HTTP 503"}, 1},
    {"bare-error:500@chunk:2", {Domain::Resource, GST_RESOURCE_ERROR_READ, "internal error", "HTTP 500"}, 1},
    {"malformed-json@chunk:2", {Domain::Stream, GST_STREAM_ERROR_DECODE, "cannot be understood", ""}, 1},
    {"bad-base64@chunk:2",
     {Domain::Stream, GST_STREAM_ERROR_DECODE, "cannot be decoded", "invalid base64"},
     1},
    {"bad-utf8@chunk:2", {Domain::Stream, GST_STREAM_ERROR_DECODE, "cannot be understood", "UTF-8"}, 1},
    {"deep:3000@chunk:2", {Domain::Stream, GST_STREAM_ERROR_DECODE, "cannot be understood", "too deeply"}, 1},
    {R"(message:{"candidates":7}@chunk:2)",
     {Domain::Stream, GST_STREAM_ERROR_DECODE, "cannot be understood", "\"candidates\""},
     1},
    {R"(message:{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"audio/opus","data":"AAAA"}}]}}]})"
     "@chunk:2",
     {Domain::Stream, GST_STREAM_ERROR_FORMAT, "'audio/opus', which cannot be played: only audio/pcm"},
     1},
};

/// An answer with the status 200 that is none.
struct Odd {
  Tts tts;
  const char *says;
  const char *debug;
  unsigned attempts;
};

const Odd kOdd[] = {
    {{.content = Tts::Content::Text}, "text instead of reading aloud", "STOP", kAll},
    {{.content = Tts::Content::Empty}, "no speech", "OTHER", kAll},
    {{.content = Tts::Content::None}, "refused to read this text", "SAFETY", 1},
    {{.content = Tts::Content::None, .finish_reason = "SPII"}, "personal information", "SPII", 1},
    {{.content = Tts::Content::None, .finish_reason = "BLOCKLIST"}, "list of blocked", "BLOCKLIST", 1},
    {{.content = Tts::Content::None, .finish_reason = "PROHIBITED_CONTENT"}, "may not read", "PROHIBITED", 1},
    {{.block_reason = "SAFETY"}, "refused to read this text", "blockReason SAFETY", 1},
    {{.block_reason = "OTHER"}, "refused to read this text", "blockReason OTHER", 1},
};

Options answer () { return {.counter_frames = kAnswer, .pace = {.speed = 0}, .shape = {.chunks = {kChunk}}}; }

void read (Source &source, bool live, guint timeout = 15)
{
  gst_util_set_object_arg (G_OBJECT (source.element), "api", "tts");
  source.set ("api-key", kSecretKey)
      .set ("is-live", live)
      .set ("timeout", timeout)
      .set ("retries", kRetries)
      .set ("retry-backoff-factor", 0.0);
}

void check_case (const Case &row, bool live)
{
  GST_INFO ("%s, %s", row.fault, live ? "live" : "not live");
  auto fault = std::get<Fault> (stand_in::parse_fault (row.fault));
  fault.times = row.attempts;
  auto options = answer ();
  options.faults = {fault};
  const Server server (options);
  Source source (server);
  read (source, live, row.timeout);
  source.play ();
  const auto heard = counter_samples (fault.when == Fault::When::Chunk ? fault.chunk * kChunk : 0);
  if (live)
    source.wait_for_state (heard.empty () ? "disconnected" : "draining");
  run_to_eos (source, live);

  check_failure (messages_of (source.element), row.failure);
  fail_unless (source.recorder->speech () == heard, "%s: %zu of %zu frames", row.fault,
               source.recorder->speech ().size (), heard.size ());
  fail_unless (source.recorder->order ().ends_with ("eos "), "%s", source.recorder->order ().c_str ());
  fail_unless (server.record ().requests.size () == row.attempts, "%s: asked %zu times", row.fault,
               server.record ().requests.size ());
  const auto next = server.record ().readings.size ();
  check_plays_again (source, live, counter_samples (kAnswer, next));
}

void check_cases (std::span<const Case> rows)
{
  for (auto &row : rows)
    for (bool live : {true, false})
      check_case (row, live);
}

}  // namespace

GST_START_TEST (what_fails_before_any_sound_is_asked_again_where_that_helps) { check_cases (kAtTheDoor); }
GST_END_TEST;

GST_START_TEST (what_fails_in_the_middle_is_heard_up_to_there_and_not_said_again)
{
  check_cases (kInTheMiddle);
}
GST_END_TEST;

GST_START_TEST (an_answer_that_is_none_says_why)
{
  for (auto &row : kOdd) {
    auto options = answer ();
    options.tts = row.tts;
    const Server server (options);
    Source source (server);
    read (source, false);
    source.play ();
    run_to_eos (source, false);
    check_failure (messages_of (source.element),
                   {Domain::Stream, GST_STREAM_ERROR_FAILED, row.says, row.debug});
    fail_unless (server.record ().requests.size () == row.attempts, "%s", row.says);
  }
}
GST_END_TEST;

GST_START_TEST (what_passes_is_never_told)
{
  for (const char *spec : {"http:503", "http:500", "http:429:0", "reset@request", "reset@chunk:0",
                           "drop@chunk:0", "error:503@chunk:0", "html:502"}) {
    auto fault = std::get<Fault> (stand_in::parse_fault (spec));
    fault.times = kRetries;
    auto options = answer ();
    options.faults = {fault};
    const Server server (options);
    Source source (server);
    read (source, false);
    source.play ();
    run_to_eos (source, false);
    fail_unless (source.recorder->speech () == server.reading ().samples, "%s", spec);
    fail_unless_equals_int (source.recorder->speech ().size (), kAnswer);
    for (auto &message : messages_of (source.element))
      fail_if (GST_MESSAGE_TYPE (message.get ()) == GST_MESSAGE_ERROR, "%s", spec);
    fail_unless_equals_int (server.record ().requests.size (), kAll);
  }
}
GST_END_TEST;

GST_START_TEST (a_sentence_that_fails_ends_the_text_there)
{
  auto options = answer ();
  options.faults = {{.kind = Fault::Kind::Http, .when = Fault::When::Upgrade, .times = 1, .code = 404}};
  auto good = answer ();
  Server server (good);
  server.script (good);
  server.script (options);
  Source source (server);
  read (source, false);
  gst_util_set_object_arg (G_OBJECT (source.element), "split", "sentence");
  // One at a time reaches the server first; so only two, of which the second may not come first.
  source.set ("prompt", "One is here.").set ("num-turns", 2);
  source.play ();
  fail_unless (server.wait_for_reading_end (0));
  gboolean taken = FALSE;
  g_signal_emit_by_name (source.element, "send-text", "Two is there.", &taken);
  run_to_eos (source, false);
  fail_unless (source.recorder->speech () == counter_samples (kAnswer));
  check_failure (messages_of (source.element),
                 {Domain::Resource, GST_RESOURCE_ERROR_NOT_FOUND, "check the model"});
}
GST_END_TEST;

GST_START_TEST (a_wrong_setting_fails_at_once_and_reaches_nobody)
{
  const std::pair<const char *, const char *> kWrong[] = {
      {"speakers", "Joe=Kore"}, {"setup", "{"}, {"endpoint", "http://gateway.example"}, {"speakers", "\xff"}};
  for (auto &[property, value] : kWrong) {
    const Server server (answer ());
    Source source (server);
    read (source, false);
    source.set (property, value);
    fail_unless (source.set_state (GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE, "%s", property);
    check_failure (messages_of (source.element), {Domain::Resource, GST_RESOURCE_ERROR_SETTINGS, ""});
    fail_unless (server.record ().requests.empty ());
  }
  const Server server (answer ());
  Source source (server);
  read (source, false);
  source.set ("access-token", kSecretToken);
  fail_unless (source.set_state (GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE);
  check_failure (messages_of (source.element),
                 {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "Live sessions only: set api-key"});
}
GST_END_TEST;

GST_START_TEST (what_the_server_refuses_is_named)
{
  const std::tuple<const char *, const char *, Failure> kRefused[] = {
      {"api-key",
       "bad-key",
       {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "key was refused", "HTTP 400"}},
      {"access-token", "bad-token", {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "", "HTTP 4"}},
      {"model",
       "gemini-0-mute",
       {Domain::Resource, GST_RESOURCE_ERROR_NOT_FOUND, "check the model", "gemini-0"}},
      {"setup",
       R"({"futureField":1})",
       {Domain::Resource, GST_RESOURCE_ERROR_SETTINGS, "check the setup", "futureField"}},
  };
  for (auto &[property, value, failure] : kRefused) {
    const Server server (answer ());
    Source source (server);
    read (source, false);
    source.set (property, value);
    source.play ();
    run_to_eos (source, false);
    check_failure (messages_of (source.element), failure);
    fail_unless_equals_int (server.record ().requests.size (), 1);
  }
}
GST_END_TEST;

GEMINI_CHECK_MAIN (tts_errors, what_fails_before_any_sound_is_asked_again_where_that_helps,
                   what_fails_in_the_middle_is_heard_up_to_there_and_not_said_again,
                   an_answer_that_is_none_says_why, what_passes_is_never_told,
                   a_sentence_that_fails_ends_the_text_there,
                   a_wrong_setting_fails_at_once_and_reaches_nobody, what_the_server_refuses_is_named)
