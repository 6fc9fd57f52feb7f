// However the server puts an answer into messages, the same samples come out.

#include <span>

#include "stand-in/live/message.h"
#include "support/check.h"
#include "support/source.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Fault;
using stand_in::Manual;
using stand_in::Options;
using stand_in::Server;
using stand_in::Shape;
using stand_in::Wire;

namespace {

constexpr size_t kAnswer = 69120;

struct Case {
  const char *name;
  Wire wire;
  Shape shape;
  unsigned rate = 24000;
  size_t frames = kAnswer;
  std::vector<Fault> faults;
};

/// The answer as fast as the network gives it, to its end.
void check_answer (const Case &row, guint samples_per_buffer)
{
  GST_INFO ("%s, %u samples per buffer", row.name, samples_per_buffer);
  Server server ({.counter_frames = row.frames,
                  .rate = row.rate,
                  .pace = {.speed = 0, .playback = 0},
                  .wire = row.wire,
                  .shape = row.shape,
                  .faults = row.faults});
  Source source (server);
  source.set ("is-live", FALSE).set ("samples-per-buffer", samples_per_buffer);
  source.play ();
  fail_unless (source.recorder->wait_for_eos (), "%s", row.name);
  fail_if (source.has_message (GST_MESSAGE_ERROR), "%s", row.name);

  auto speech = source.recorder->speech ();
  auto buffers = source.recorder->buffers ();
  fail_unless (speech == counter_samples (row.frames), "%s: %zu of %zu frames", row.name, speech.size (),
               row.frames);
  fail_unless (server.wait_for_turns (1));
  fail_unless (speech == server.samples (), "%s", row.name);
  source.recorder->check_timeline ();
  for (auto &buffer : buffers)
    fail_unless (buffer.rate == row.rate && (buffer.discont () == (&buffer == &buffers[0])), "%s", row.name);
  auto end = buffers.back ().pts + buffers.back ().duration;
  fail_unless_equals_uint64 (end, gst_util_uint64_scale (row.frames, GST_SECOND, row.rate));
  fail_unless_equals_text (source.recorder->order (), "stream-start caps segment speech eos ");
}

void check_answers (std::span<const Case> rows)
{
  for (auto &row : rows)
    for (guint samples_per_buffer : {480U, 1024U, 0U})
      check_answer (row, samples_per_buffer);
}

}  // namespace

GST_START_TEST (frames_and_json_may_look_odd_and_mean_the_same)
{
  const Case rows[] = {
      {"binary frames, pretty-printed", {}, {}},
      {"text frames", {.text_frames = true}, {}},
      {"compact", {.compact = true}, {}},
      {"fragments with pings between", {.fragments = 7}, {}},
      {"fragments of text", {.text_frames = true, .fragments = 2}, {}},
      {"unknown fields", {.unknown_fields = true}, {}},
      {"false fields", {.false_fields = true}, {}},
      {"url-safe", {.alphabet = stand_in::Alphabet::UrlSafe}, {}},
      {"unpadded", {.padding = false}, {}},
      {"url-safe and unpadded", {.alphabet = stand_in::Alphabet::UrlSafe, .padding = false}, {}},
      {"all of it at once",
       {.text_frames = true,
        .compact = true,
        .fragments = 3,
        .unknown_fields = true,
        .false_fields = true,
        .alphabet = stand_in::Alphabet::UrlSafe,
        .padding = false},
       {.odd_bytes = true, .odd_tail = true, .parts_per_message = 3, .thoughts = true, .bundle_end = true}},
  };
  check_answers (rows);
}
GST_END_TEST;

GST_START_TEST (chunks_may_be_cut_anywhere)
{
  const Case rows[] = {
      {"odd bytes", {}, {.odd_bytes = true}},
      {"half a sample at the end", {}, {.odd_tail = true}},
      {"odd bytes, unpadded", {.padding = false}, {.odd_bytes = true, .odd_tail = true}},
      {"single frames cut in halves", {}, {.chunks = {1}, .odd_bytes = true}, 24000, 500},
      {"several parts in a message", {}, {.parts_per_message = 4}},
      {"all parts in one message", {}, {.parts_per_message = 1000}},
      {"thoughts between", {}, {.thoughts = true}},
      {"empty parts between", {}, {.empty_parts = true}},
      {"chunks of 960 frames", {}, {.chunks = {960}}},
      {"one chunk of a minute", {}, {.chunks = {0}}, 24000, 60 * 24000},
      {"one sample", {}, {}, 24000, 1},
  };
  check_answers (rows);
}
GST_END_TEST;

GST_START_TEST (an_answer_may_end_in_many_ways)
{
  const Case rows[] = {
      {"with the last audio", {}, {.bundle_end = true}},
      {"everything in one message", {}, {.chunks = {0}, .bundle_end = true}},
      {"without generationComplete", {}, {.generation_complete = false}},
      {"without turnComplete", {}, {.turn_complete = false}},
      {"without usage", {}, {.usage = false}},
      {"bundled, without generationComplete", {}, {.bundle_end = true, .generation_complete = false}},
  };
  check_answers (rows);
}
GST_END_TEST;

GST_START_TEST (the_mime_type_tells_the_rate_in_any_spelling)
{
  const Case rows[] = {
      {"no rate", {.mime_type = "audio/pcm"}, {}},
      {"L16", {.mime_type = "audio/L16;codec=pcm;rate=24000"}, {}},
      {"blanks and case", {.mime_type = " Audio/PCM ; Rate = 24000 ; Channels=1"}, {}},
      {"quotes", {.mime_type = "audio/pcm;rate=\"24000\""}, {}},
      {"16 kHz", {}, {}, 16000},
      {"48 kHz as L16", {.mime_type = "AUDIO/l16; rate=48000; channels=1"}, {}, 48000},
      {"44.1 kHz", {}, {}, 44100},
  };
  check_answers (rows);
}
GST_END_TEST;

GST_START_TEST (what_is_no_audio_may_come_between)
{
  auto between = [] (Fault::Kind kind, size_t number, const char *text = "") {
    return std::vector<Fault>{{.kind = kind, .chunk = 2, .number = number, .text = text}};
  };
  const char *avatar = R"({"serverContent":{"modelTurn":{"parts":[{"inlineData":
      {"mimeType":"video/mp4","data":"AAAA"}},{"text":"spoken"}]}}})";
  const Case rows[] = {
      {"a ping", {}, {}, 24000, kAnswer, between (Fault::Kind::Ping, 0)},
      {"a message of 64 MiB", {}, {}, 24000, kAnswer, between (Fault::Kind::Big, 64)},
      {"video", {}, {}, 24000, kAnswer, between (Fault::Kind::Message, 0, avatar)},
      {"an empty message", {}, {}, 24000, kAnswer, between (Fault::Kind::Message, 0, "{}")},
  };
  for (auto &row : rows)
    check_answer (row, 480);
}
GST_END_TEST;

/// Turn 0 at 24 kHz, then turn 1.
static void check_turns (Source &source, const std::vector<int16_t> &turn_0,
                         const std::vector<int16_t> &turn_1)
{
  auto speech = source.recorder->speech ();
  fail_unless_equals_uint64 (speech.size (), turn_0.size () + turn_1.size ());
  auto border = speech.begin () + static_cast<std::ptrdiff_t> (turn_0.size ());
  fail_unless (std::equal (speech.begin (), border, turn_0.begin ()));
  fail_unless (std::equal (border, speech.end (), turn_1.begin ()));
}

static void say (Source &source, const char *text)
{
  gboolean taken = FALSE;
  g_signal_emit_by_name (source.element, "send-text", text, &taken);
  fail_unless (taken);
}

GST_START_TEST (another_rate_is_renegotiated_and_time_goes_on)
{
  Options options{.counter_frames = 24000, .pace = {.speed = 0, .playback = 0}};
  Server server (options);
  Source source (server);
  source.set ("is-live", FALSE).set ("num-turns", 2);
  source.play ();
  fail_unless (source.recorder->wait_for_speech (24000));
  fail_unless (server.wait_for_turns (1));
  options.rate = 16000;
  server.set_options (options);
  say (source, "And now slowly");
  fail_unless (source.recorder->wait_for_eos ());
  check_turns (source, counter_samples (24000), counter_samples (24000, 1));
  source.recorder->check_timeline ();
  auto last = source.recorder->buffers ().back ();
  fail_unless_equals_int (last.rate, 16000);
  fail_unless_equals_uint64 (last.pts + last.duration, GST_SECOND + GST_SECOND * 3 / 2);
  fail_unless_equals_text (source.recorder->order (), "stream-start caps segment speech caps speech eos ");
}
GST_END_TEST;

GST_START_TEST (the_rate_may_change_within_a_turn)
{
  Server server ({.manual = Manual::Turns});
  Source source (server);
  source.set ("is-live", FALSE);
  source.play ();
  fail_unless (server.wait_for_messages (2));
  for (unsigned rate : {24000, 48000, 24000})
    server.send (R"({"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm;rate=)" +
                 std::to_string (rate) + R"(","data":")" +
                 stand_in::to_base64 (stand_in::to_bytes (counter_samples (2400)), {}) + "\"}}]}}}");
  server.send (R"({"serverContent":{"generationComplete":true}})");
  fail_unless (source.recorder->wait_for_eos ());
  auto twice = counter_samples (2400);
  twice.insert (twice.end (), twice.begin (), twice.end ());
  check_turns (source, twice, counter_samples (2400));
  source.recorder->check_timeline ();
  auto last = source.recorder->buffers ().back ();
  fail_unless_equals_uint64 (last.pts + last.duration, 250 * GST_MSECOND);
  fail_unless_equals_text (source.recorder->order (),
                           "stream-start caps segment speech caps speech caps speech eos ");
}
GST_END_TEST;

GST_START_TEST (a_chunk_after_the_interruption_is_never_heard)
{
  Server server (
      {.counter_frames = 240000, .pace = {.speed = 10, .playback = 0}, .shape = {.late_chunk = true}});
  Source source (server);
  source.set ("is-live", FALSE).set ("num-turns", 2);
  source.play ();
  fail_unless (source.recorder->wait_for_speech (4800));
  say (source, "Stop! Something else.");
  fail_unless (source.recorder->wait_for_eos ());
  auto first = server.samples (0);
  fail_unless (server.connection ().turns.at (0).interrupted);
  fail_unless (first.size () < 240000);
  first.resize (source.recorder->speech ().size () - 240000);
  fail_unless (first.size () <= server.samples (0).size (), "the late chunk was heard");
  check_turns (source, first, counter_samples (240000, 1));
}
GST_END_TEST;

GEMINI_CHECK_MAIN (wire, frames_and_json_may_look_odd_and_mean_the_same, chunks_may_be_cut_anywhere,
                   an_answer_may_end_in_many_ways, the_mime_type_tells_the_rate_in_any_spelling,
                   what_is_no_audio_may_come_between, another_rate_is_renegotiated_and_time_goes_on,
                   the_rate_may_change_within_a_turn, a_chunk_after_the_interruption_is_never_heard)
