// Everything a server can do wrong: one ERROR that helps, after every sample that came.

#include <span>

#include "elements/failure.h"
#include "stand-in/fault.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Fault;
using stand_in::Manual;
using stand_in::Server;

namespace {

constexpr size_t kChunk = 4800;
constexpr size_t kAnswer = 4 * kChunk;

/// A fault of the stand-in, and what is made of it.
struct Case {
  const char *fault;
  Failure failure;
  guint timeout = 15;
};

constexpr Case kAtTheDoor[] = {
    {"http:400", {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "key was refused", "HTTP 400 Bad"}},
    {"http:401", {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "refused: renew", "Expected OAuth 2"}},
    {"http:403", {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "rights", "does not have permission"}},
    {"http:404", {Domain::Resource, GST_RESOURCE_ERROR_NOT_FOUND, "check the model", "entity was not found"}},
    {"http:429", {Domain::Resource, GST_RESOURCE_ERROR_BUSY, "quota", "check your plan and billing details"}},
    {"http:500", {Domain::Resource, GST_RESOURCE_ERROR_READ, "internal error: try again", "Please retry."}},
    {"http:503", {Domain::Resource, GST_RESOURCE_ERROR_BUSY, "overloaded: try again", "try again later."}},
    {"reset@upgrade", {Domain::Resource, GST_RESOURCE_ERROR_OPEN_READ, "check the network", ""}},
    {"drop@upgrade", {Domain::Resource, GST_RESOURCE_ERROR_OPEN_READ, "check the network", ""}},
    {"freeze@upgrade", {Domain::Resource, GST_RESOURCE_ERROR_OPEN_READ, "within 1 s: check the network"}, 1},
    {"freeze@setup", {Domain::Resource, GST_RESOURCE_ERROR_READ, "not answer the setup within 1 s"}, 1},
    {"reset@setup", {Domain::Resource, GST_RESOURCE_ERROR_READ, "was lost before the session", "1006"}},
    {"close:1007:API key not valid. Please pass a valid API key.@setup",
     {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "check api-key", "1007: API key not valid"}},
    {"close:1011:You exceeded your current quota, please check your plan and billing details.@setup",
     {Domain::Resource, GST_RESOURCE_ERROR_BUSY, "check plan and billing", "1011: You exceeded"}},
    {"close:1007:key=AIzaSyCANARY-key-0123456789 is bad@setup",
     {Domain::Resource, GST_RESOURCE_ERROR_SETTINGS, "check the properties", "key=*** is bad"}},
    {R"(message:{"error":{"code":429,"message":"Slow down","status":"RESOURCE_EXHAUSTED"}}@setup)",
     {Domain::Resource, GST_RESOURCE_ERROR_BUSY, "quota", "RESOURCE_EXHAUSTED: Slow down"}},
    {"freeze@chunk:0", {Domain::Resource, GST_RESOURCE_ERROR_READ, "raise timeout", "no answer"}, 1},
};

constexpr Case kConnectionLost[] = {
    {"reset@chunk:3", {Domain::Resource, GST_RESOURCE_ERROR_READ, "lost in the middle of a turn", "1006"}},
    {"drop@chunk:3", {Domain::Resource, GST_RESOURCE_ERROR_READ, "lost in the middle of a turn", "1006"}},
    {"close:1006@chunk:3", {Domain::Resource, GST_RESOURCE_ERROR_READ, "in the middle of a turn", "1006"}},
    {"close:1000@chunk:3", {Domain::Resource, GST_RESOURCE_ERROR_READ, "in the middle of a turn", "1000"}},
    {"close:1011:Internal error encountered.@chunk:3",
     {Domain::Resource, GST_RESOURCE_ERROR_READ, "in the middle of a turn", "1011: Internal error enc"}},
    {"close:1008:The operation was aborted.@chunk:3",
     {Domain::Resource, GST_RESOURCE_ERROR_READ, "aborted the connection", "1008: The"}},
    {"freeze@chunk:3", {Domain::Resource, GST_RESOURCE_ERROR_READ, "nothing for 1 s", "in the middle"}, 1},
};

constexpr Case kNonsense[] = {
    {"malformed-json@chunk:3", {Domain::Stream, GST_STREAM_ERROR_DECODE, "cannot be underst", "too early"}},
    {"bad-base64@chunk:3", {Domain::Stream, GST_STREAM_ERROR_DECODE, "cannot be decoded", "invalid base64"}},
    {"bad-utf8@chunk:3",
     {Domain::Stream, GST_STREAM_ERROR_DECODE, "cannot be understood", "not valid UTF-8"}},
    {"deep:3000@chunk:3", {Domain::Stream, GST_STREAM_ERROR_DECODE, "cannot be understood", "too deeply"}},
    {"deep:1000000@chunk:3", {Domain::Stream, GST_STREAM_ERROR_DECODE, "cannot be unders", "too deeply"}},
    {R"(message:{"serverContent":{"modelTurn":{"parts":7}}}@chunk:3)",
     {Domain::Stream, GST_STREAM_ERROR_DECODE, "cannot be understood", "\"modelTurn.parts\""}},
    {R"(message:[]@chunk:3)", {Domain::Stream, GST_STREAM_ERROR_DECODE, "cannot be understood", "not begin"}},
    {"reserved-bits@chunk:3", {Domain::Stream, GST_STREAM_ERROR_DECODE, "no WebSocket message", "invalid"}},
    {"masked-frame@chunk:3", {Domain::Stream, GST_STREAM_ERROR_DECODE, "no WebSocket message", "invalid"}},
    {"bad-opcode@chunk:3", {Domain::Stream, GST_STREAM_ERROR_DECODE, "no WebSocket message", "invalid"}},
    {"big:129@chunk:3", {Domain::Stream, GST_STREAM_ERROR_DECODE, "too large: ask for a shorter answer", ""}},
    {R"(message:{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/opus","data":"AAAA"}}]}}})"
     "@chunk:3",
     {Domain::Stream, GST_STREAM_ERROR_FORMAT, "'audio/opus', which cannot be played: only audio/pcm"}},
};

Fault fault_of (const char *spec)
{
  auto parsed = stand_in::parse_fault (spec);
  fail_unless (std::holds_alternative<Fault> (parsed), "%s", spec);
  auto fault = std::get<Fault> (parsed);
  // A refused upgrade is asked for its reason once more; after that the server is well again.
  fault.times = fault.when == Fault::When::Upgrade && fault.kind != Fault::Kind::Freeze &&
                        fault.kind != Fault::Kind::Reset && fault.kind != Fault::Kind::Drop
                    ? 2
                    : 1;
  return fault;
}

void check_case (const Case &row, bool live)
{
  GST_INFO ("%s, %s", row.fault, live ? "live" : "not live");
  auto fault = fault_of (row.fault);
  Server server ({.counter_frames = kAnswer,
                  .pace = {.speed = 0, .playback = 0},
                  .shape = {.chunks = {kChunk}},
                  .faults = {fault}});
  Source source (server);
  source.set ("api-key", kSecretKey).set ("is-live", live).set ("timeout", row.timeout).set ("retries", 0);
  source.play ();
  auto heard =
      fault.when == Fault::When::Chunk ? counter_samples (fault.chunk * kChunk) : counter_samples (0);
  if (live)
    source.wait_for_state (heard.empty () ? "disconnected" : "draining");
  run_to_eos (source, live);

  check_failure (messages_of (source.element), row.failure);
  fail_unless (source.recorder->speech () == heard, "%s: %zu of %zu frames", row.fault,
               source.recorder->speech ().size (), heard.size ());
  fail_unless (source.recorder->order ().ends_with ("eos "), "%s", source.recorder->order ().c_str ());
  fail_if (source.recorder->order ().find ("caps segment") == std::string::npos, "%s", row.fault);
  if (!source.recorder->buffers ().empty ())
    source.recorder->check_timeline ();
  check_plays_again (source, live, counter_samples (kAnswer));
}

void check_cases (std::span<const Case> rows)
{
  for (auto &row : rows)
    for (bool live : {true, false})
      check_case (row, live);
}

}  // namespace

GST_START_TEST (a_refusal_is_told_with_the_words_of_the_server) { check_cases (kAtTheDoor); }
GST_END_TEST;

GST_START_TEST (what_came_before_the_connection_was_lost_is_heard) { check_cases (kConnectionLost); }
GST_END_TEST;

GST_START_TEST (what_came_before_nonsense_is_heard) { check_cases (kNonsense); }
GST_END_TEST;

GST_START_TEST (a_connection_lost_after_the_answer_is_no_error)
{
  for (bool live : {true, false}) {
    Server server ({.manual = Manual::Turns});
    Source source (server);
    source.set ("is-live", live);
    source.play ();
    fail_unless (server.wait_for_messages (2));
    server.send_audio (counter_samples (kAnswer));
    server.send (R"({"serverContent":{"generationComplete":true}})");
    server.close (1011, "Internal error encountered.");
    if (live)
      source.wait_for_state ("draining");
    run_to_eos (source, live);
    fail_unless (source.recorder->speech () == counter_samples (kAnswer));
    source.set_state (GST_STATE_NULL);
    fail_if (source.has_message (GST_MESSAGE_ERROR));
  }
}
GST_END_TEST;

GST_START_TEST (a_failure_without_sound_is_told_in_paused_one_with_sound_after_it)
{
  Server silent ({.faults = {fault_of ("close:1011@chunk:0")}});
  Source first (silent);
  first.set ("retries", 0);
  first.set_state (GST_STATE_PAUSED);
  fail_unless (first.wait_for_message (GST_MESSAGE_ERROR) != nullptr);
  fail_unless (first.recorder->buffers ().empty () && !first.recorder->eos ());

  Server speaking ({.pace = {.speed = 0}, .faults = {fault_of ("close:1011@chunk:3")}});
  Source second (speaking);
  second.set_state (GST_STATE_PAUSED);
  second.wait_for_state ("draining");
  fail_if (second.has_message (GST_MESSAGE_ERROR));
  second.play ();
  second.crank_to_eos ();
  fail_unless (second.has_message (GST_MESSAGE_ERROR));
  fail_unless (second.recorder->speech () == speaking.samples ());
}
GST_END_TEST;

GEMINI_CHECK_MAIN (errors, a_refusal_is_told_with_the_words_of_the_server,
                   what_came_before_the_connection_was_lost_is_heard, what_came_before_nonsense_is_heard,
                   a_connection_lost_after_the_answer_is_no_error,
                   a_failure_without_sound_is_told_in_paused_one_with_sound_after_it)
