// The same answer in every shape a client has to understand.
#include "client.h"
#include "support/check.h"

using namespace gemini::stand_in;

/// A turn of 4 × 480 frames in this shape, with a transcript of four words, up to its end.
static Heard hear (Shape shape, Wire wire = {}, const std::string &until = "turnComplete\": true")
{
  if (shape.chunks == Shape ().chunks)
    shape.chunks = {480};
  const Server server ({.counter_frames = 4 * 480,
                        .answer = "It is all right.",
                        .pace = {.speed = 0, .playback = 0},
                        .wire = std::move (wire),
                        .shape = std::move (shape)});
  ReadyClient client (server,
                      R"({"setup":{"model":"models/gemini-3.8-live","outputAudioTranscription":{}}})");
  client.send (kQuestion);
  Heard heard = client.listen_until (until);
  fail_unless (heard.samples () == counter_samples (4 * 480));
  fail_unless_reads (heard.transcript, "It is all right.");
  fail_unless (server.samples () == counter_samples (4 * 480));
  return heard;
}

GST_START_TEST (an_answer_may_be_one_chunk)
{
  fail_unless_reads (
      hear ({.chunks = {0}}).tale,
      "says 'It', chunk 1920, says ' is all right.', generation-complete, turn-complete usage");
}
GST_END_TEST;

GST_START_TEST (chunks_may_end_in_the_middle_of_a_sample)
{
  fail_unless_reads (
      hear ({.chunks = {480}, .odd_bytes = true}).tale,
      "says 'It', chunk 480.5, says ' is', says ' all', chunk 479.5, says ' right.', chunk 480.5, chunk "
      "479.5, generation-complete, turn-complete usage");
}
GST_END_TEST;

GST_START_TEST (a_turn_may_end_with_half_a_sample)
{
  const Heard heard = hear ({.odd_tail = true});
  fail_unless (heard.tale.find ("chunk 480.5, generation-complete") != heard.tale.npos, "%s",
               heard.tale.c_str ());
}
GST_END_TEST;

GST_START_TEST (a_message_may_have_several_parts)
{
  fail_unless_reads (
      hear ({.parts_per_message = 3}).tale,
      "says 'It', chunk 480 chunk 480 chunk 480, says ' is', says ' all', says ' right.', chunk 480, "
      "generation-complete, turn-complete usage");
}
GST_END_TEST;

GST_START_TEST (thoughts_come_alone_and_beside_audio)
{
  const Heard heard = hear ({.chunks = {960}, .thoughts = true});
  fail_unless (heard.tale.starts_with ("says 'It', thought, chunk 960, says"), "%s", heard.tale.c_str ());
  fail_unless (heard.tale.find ("thought chunk 960") != heard.tale.npos, "%s", heard.tale.c_str ());
}
GST_END_TEST;

GST_START_TEST (messages_and_parts_may_be_empty)
{
  const Heard heard = hear ({.empty_parts = true});
  fail_unless (heard.tale.find ("no-parts, chunk 480") != heard.tale.npos, "%s", heard.tale.c_str ());
  fail_unless (heard.tale.find ("chunk 0, chunk 480") != heard.tale.npos, "%s", heard.tale.c_str ());
}
GST_END_TEST;

GST_START_TEST (the_end_may_be_one_message)
{
  fail_unless_reads (hear ({.chunks = {960}, .bundle_end = true, .transcript_finished = true}).tale,
                     "says 'It', chunk 960, says ' is', says ' all', chunk 960 says ' right.' finished "
                     "generation-complete turn-complete usage");
}
GST_END_TEST;

GST_START_TEST (end_marks_and_usage_may_be_missing)
{
  const Heard no_usage = hear ({.chunks = {0}, .usage = false});
  fail_unless (no_usage.tale.ends_with ("generation-complete, turn-complete"), "%s", no_usage.tale.c_str ());
  const Heard no_generation = hear ({.chunks = {0}, .generation_complete = false});
  fail_unless (no_generation.tale.ends_with ("right.', turn-complete usage"), "%s",
               no_generation.tale.c_str ());
  const Heard no_turn = hear ({.chunks = {0}, .turn_complete = false}, {}, "generationComplete");
  fail_unless (no_turn.tale.ends_with ("generation-complete"), "%s", no_turn.tale.c_str ());
}
GST_END_TEST;

GST_START_TEST (a_turn_without_turn_complete_is_over_all_the_same)
{
  const Server server ({.counter_frames = 480,
                        .pace = {.speed = 0, .playback = 0},
                        .shape = {.generation_complete = false, .turn_complete = false}});
  ReadyClient client (server);
  client.send (kQuestion);
  fail_unless (server.wait_for_turns (1));
  client.send (kQuestion);
  fail_unless (server.wait_for_turns (2));
  fail_unless_reads (client.listen_until ("inlineData").tale, "chunk 480");
}
GST_END_TEST;

GST_START_TEST (a_turn_may_have_no_audio)
{
  const Server server ({.voice = Voice::None, .pace = {.speed = 0}});
  ReadyClient client (server);
  client.send (kQuestion);
  fail_unless_reads (client.listen_until ("turnComplete").tale, "generation-complete, turn-complete usage");
}
GST_END_TEST;

GST_START_TEST (the_wire_may_look_odd_and_mean_the_same)
{
  const std::string plain = hear ({}).tale;
  fail_unless_reads (hear ({}, {.text_frames = true}).tale, plain);
  fail_unless_reads (hear ({}, {.compact = true}, "turnComplete\":true").tale, plain);
  fail_unless_reads (hear ({}, {.fragments = 5}).tale, plain);
  fail_unless_reads (hear ({}, {.unknown_fields = true}).tale, plain);
  fail_unless_reads (hear ({}, {.false_fields = true}).tale, plain);
  fail_unless_reads (hear ({}, {.alphabet = Alphabet::UrlSafe, .padding = false}).tale, plain);
}
GST_END_TEST;

GST_START_TEST (text_frames_are_text_and_fragments_are_put_together)
{
  const Server server ({.wire = {.text_frames = true, .fragments = 4}});
  Client client (server);
  client.send (kSetup);
  const auto message = client.receive ();
  fail_if (message->binary);
  fail_unless_equals_int (message->text.size (), 26);
}
GST_END_TEST;

static std::string mime_type (const Options &options, const char *setup = kSetup,
                              const char *path = kLivePath)
{
  const Server server (options);
  ReadyClient client (server, setup, path);
  client.send (kQuestion);
  const std::string text = client.receive_until ("inlineData");
  const size_t begin = text.find ("mimeType\": \"") + 12;
  return text.substr (begin, text.find ('"', begin) - begin);
}

GST_START_TEST (the_mime_type_tells_the_rate_or_whatever_it_is_told)
{
  const char *vertex = R"({"setup":{"model":"publishers/google/models/gemini-3.8-live"}})";
  fail_unless_reads (mime_type ({}), "audio/pcm;rate=24000");
  fail_unless_reads (mime_type ({.rate = 48000}), "audio/pcm;rate=48000");
  fail_unless_reads (mime_type ({}, vertex, kVertexPath), "audio/pcm");
  fail_unless_reads (mime_type ({.rate = 16000}, vertex, kVertexPath), "audio/pcm;rate=16000");
  fail_unless_reads (mime_type ({.wire = {.mime_type = "Audio/L16 ; Rate = 24000"}}),
                     "Audio/L16 ; Rate = 24000");
}
GST_END_TEST;

GEMINI_CHECK_MAIN (shapes, an_answer_may_be_one_chunk, chunks_may_end_in_the_middle_of_a_sample,
                   a_turn_may_end_with_half_a_sample, a_message_may_have_several_parts,
                   thoughts_come_alone_and_beside_audio, messages_and_parts_may_be_empty,
                   the_end_may_be_one_message, end_marks_and_usage_may_be_missing,
                   a_turn_without_turn_complete_is_over_all_the_same, a_turn_may_have_no_audio,
                   the_wire_may_look_odd_and_mean_the_same,
                   text_frames_are_text_and_fragments_are_put_together,
                   the_mime_type_tells_the_rate_or_whatever_it_is_told)
