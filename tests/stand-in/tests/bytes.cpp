// Nothing is sent here: what a message looks like, how an answer is cut and timed.
#include <algorithm>

#include "client.h"
#include "stand-in/http/frame.h"
#include "stand-in/http/websocket.h"
#include "stand-in/json_writer.h"
#include "stand-in/live/message.h"
#include "stand-in/live/turn.h"
#include "stand-in/voice/chunks.h"
#include "stand-in/voice/counter.h"
#include "support/check.h"

using namespace gemini::stand_in;

static size_t size_of (const ServerMessage &message, bool vertex = false)
{
  return to_json (message, {.vertex = vertex}).size ();
}

static ServerMessage audio_of (size_t frames)
{
  return {.model_turn = std::vector<Part>{{.data = to_bytes (std::vector<int16_t> (frames))}}};
}

GST_START_TEST (messages_have_the_sizes_seen_in_the_wild)
{
  fail_unless_equals_int (size_of ({.setup_complete = true}), 26);
  fail_unless_equals_int (size_of ({.setup_complete = true, .session_id = std::string (36, 'x')}, true), 85);
  fail_unless_equals_int (size_of ({.generation_complete = true}), 60);
  fail_unless_equals_int (size_of (audio_of (960)), 2768);
  fail_unless_equals_int (size_of (audio_of (4800)), 13008);
  fail_unless_equals_int (size_of (audio_of (5760)), 15568);
  fail_unless_equals_int (size_of (audio_of (4800), true), 13020);
  fail_unless_equals_int (size_of (audio_of (5760), true), 15580);
}
GST_END_TEST;

GST_START_TEST (pretty_printed_json_has_two_blanks_a_level_and_a_newline_at_the_end)
{
  JsonWriter json;
  json.begin_object ().name ("a").begin_array ().number (1).string ("\"\n\x01ü\\").end_array ();
  json.name ("b").begin_object ().end_object ().name ("c").boolean (false).end_object ();
  fail_unless_reads (
      json.take (),
      "{\n  \"a\": [\n    1,\n    \"\\\"\\n\\u0001ü\\\\\"\n  ],\n  \"b\": {},\n  \"c\": false\n}\n");
}
GST_END_TEST;

GST_START_TEST (compact_json_has_no_blanks)
{
  const ServerMessage message{.turn_complete = true, .usage = Usage{.prompt_tokens = 3}};
  fail_unless_reads (to_json (message, {.wire = {.compact = true}}),
                     R"({"serverContent":{"turnComplete":true},"usageMetadata":{"promptTokenCount":3,)"
                     R"("totalTokenCount":3,"promptTokensDetails":[{"modality":"TEXT","tokenCount":3}]}})");
}
GST_END_TEST;

GST_START_TEST (vertex_counts_candidates_where_the_gemini_api_counts_responses)
{
  const ServerMessage message{.usage = Usage{.prompt_tokens = 1, .audio_tokens = 2}};
  fail_unless (to_json (message, {}).find ("\"responseTokenCount\": 2") != std::string::npos);
  fail_unless (to_json (message, {.vertex = true}).find ("\"candidatesTokenCount\": 2") != std::string::npos);
  fail_unless (to_json (message, {.vertex = true}).find ("ON_DEMAND") != std::string::npos);
}
GST_END_TEST;

GST_START_TEST (false_and_unknown_fields_are_written_if_asked_for)
{
  const std::string plain = to_json ({.turn_complete = true}, {});
  const std::string odd =
      to_json ({.turn_complete = true}, {.wire = {.unknown_fields = true, .false_fields = true}});
  fail_unless (plain.find ("interrupted") == plain.npos);
  fail_unless (odd.find ("\"interrupted\": false") != odd.npos);
  fail_unless (odd.find ("\"futureContentField\"") != odd.npos);
  fail_unless (odd.find ("\"futureField\"") != odd.npos);
}
GST_END_TEST;

GST_START_TEST (base64_comes_in_either_alphabet_with_or_without_padding)
{
  const std::string bytes = "\xfb\xff\xfe\xff";
  fail_unless_reads (to_base64 (bytes, {}), "+//+/w==");
  fail_unless_reads (to_base64 (bytes, {.alphabet = Alphabet::UrlSafe}), "-__-_w==");
  fail_unless_reads (to_base64 (bytes, {.padding = false}), "+//+/w");
}
GST_END_TEST;

GST_START_TEST (samples_travel_little_endian)
{
  fail_unless (to_bytes (std::vector<int16_t>{1, -2}) == std::string ("\x01\x00\xfe\xff", 4));
}
GST_END_TEST;

GST_START_TEST (reasons_are_cut_at_123_bytes_between_characters)
{
  fail_unless_equals_int (cut_reason (std::string (200, 'x')).size (), 123);
  const std::string umlauts = "x" + std::string (60, 'y');
  std::string text = umlauts;  // 61 bytes, then two bytes each: the border falls inside of a character
  for (int i = 0; i < 40; i++)
    text += "ü";
  fail_unless_equals_int (cut_reason (text).size (), 123);
  fail_unless_equals_int (cut_reason ("z" + text).size (), 122);
  fail_unless_reads (cut_reason ("short"), "short");
}
GST_END_TEST;

GST_START_TEST (frames_of_every_length_survive_the_way)
{
  for (const size_t size : {0, 1, 125, 126, 127, 65535, 65536, 200000}) {
    const std::string payload (size, 'p');
    const std::string bytes = encode_frame ({.payload = payload, .masked = true});
    FrameReader reader;
    reader.feed (bytes.substr (0, bytes.size () - 1));
    fail_if (reader.next ().has_value ());
    reader.feed (bytes.substr (bytes.size () - 1));
    const auto frame = reader.next ();
    fail_unless (frame && frame->payload == payload && frame->masked && frame->final);
  }
}
GST_END_TEST;

GST_START_TEST (chunks_follow_the_pattern_again_and_again_and_the_last_is_shorter)
{
  const auto chunks = chunk_frames (1000, {300, 200});
  fail_unless (chunks == (std::vector<size_t>{300, 200, 300, 200}));
  fail_unless (chunk_frames (1001, {300, 200}).back () == 1);
  fail_unless (chunk_frames (1001, {0}) == std::vector<size_t>{1001});
  fail_unless (chunk_frames (0, {300}).empty ());

  const auto usual = chunk_frames (48000, Shape ().chunks);
  fail_unless (usual == (std::vector<size_t>{4800, 5760, 5760, 5760, 5760, 5760, 5760, 5760, 2880}));
}
GST_END_TEST;

GST_START_TEST (the_counter_differs_in_every_sample_and_in_every_turn)
{
  fail_unless_equals_int (counter_sample (0), 1);
  fail_unless_equals_int (counter_sample (32767), -32768);
  fail_unless_equals_int (counter_sample (65536), 1);
  fail_unless_equals_int (counter_sample (0, 2), 8199);
  fail_unless (counter_samples (3, 1) == (std::vector<int16_t>{4100, 4101, 4102}));
}
GST_END_TEST;

static std::vector<int64_t> chunk_times (const Pace &pace)
{
  std::minstd_rand random (pace.seed);
  const Answer answer{.text = "", .samples = counter_samples (4 * 2400)};
  const Turn turn = plan_turn (answer, {.chunks = {2400}}, pace, {}, random);
  std::vector<int64_t> times;
  for (const Step &step : turn.steps)
    if (step.chunks > 0)
      times.push_back (step.at.count () / 1000);
  times.push_back (turn.end.count () / 1000);
  return times;
}

GST_START_TEST (chunks_leave_at_the_pace_asked_for)
{
  using std::chrono::milliseconds;
  using Times = std::vector<int64_t>;
  fail_unless (chunk_times ({.speed = 2.5}) == (Times{0, 40, 80, 120, 400}));
  fail_unless (chunk_times ({.speed = 0}) == (Times{0, 0, 0, 0, 400}));
  fail_unless (chunk_times ({.speed = 0, .playback = 0}) == (Times{0, 0, 0, 0, 0}));
  fail_unless (chunk_times ({.speed = 1, .first_chunk_delay = milliseconds (7)}) ==
               (Times{7, 107, 207, 307, 407}));
  fail_unless (chunk_times ({.speed = 1, .stalls = {{2, milliseconds (50)}}}) ==
               (Times{0, 100, 250, 350, 400}));
  fail_unless (chunk_times ({.speed = 0.5}) == (Times{0, 200, 400, 600, 600}));
}
GST_END_TEST;

GST_START_TEST (random_gaps_delay_chunks_but_keep_their_order_and_repeat_with_the_seed)
{
  const Pace pace{.speed = 1, .random_gap = std::chrono::milliseconds (90), .seed = 7};
  const auto times = chunk_times (pace), again = chunk_times (pace),
             others = chunk_times ({.speed = 1, .random_gap = pace.random_gap, .seed = 8});
  fail_unless (times == again);
  fail_if (times == others);
  fail_unless (std::is_sorted (times.begin (), times.end ()));
  for (size_t i = 0; i < 4; i++)
    fail_unless (times[i] >= static_cast<int64_t> (100 * i) &&
                 times[i] <= static_cast<int64_t> (100 * i + 90));
}
GST_END_TEST;

GST_START_TEST (a_transcript_is_cut_before_its_blanks)
{
  fail_unless (transcript_fragments ("One, two,  three.") ==
               (std::vector<std::string>{"One,", " two,", " ", " three."}));
}
GST_END_TEST;

GST_START_TEST (a_second_of_audio_is_32_tokens)
{
  fail_unless_equals_int (audio_tokens (24000 * 20, 24000), 640);
  fail_unless_equals_int (audio_tokens (1, 24000), 1);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (bytes, messages_have_the_sizes_seen_in_the_wild,
                   pretty_printed_json_has_two_blanks_a_level_and_a_newline_at_the_end,
                   compact_json_has_no_blanks, vertex_counts_candidates_where_the_gemini_api_counts_responses,
                   false_and_unknown_fields_are_written_if_asked_for,
                   base64_comes_in_either_alphabet_with_or_without_padding, samples_travel_little_endian,
                   reasons_are_cut_at_123_bytes_between_characters, frames_of_every_length_survive_the_way,
                   chunks_follow_the_pattern_again_and_again_and_the_last_is_shorter,
                   the_counter_differs_in_every_sample_and_in_every_turn, chunks_leave_at_the_pace_asked_for,
                   random_gaps_delay_chunks_but_keep_their_order_and_repeat_with_the_seed,
                   a_transcript_is_cut_before_its_blanks, a_second_of_audio_is_32_tokens)
