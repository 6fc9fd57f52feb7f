// Conversations as they are heard: every sample that was said comes out of the loudspeaker, once and in
// order.

#include "elements/listening.h"
#include "stand-in/live/message.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Manual;
using stand_in::Options;
using stand_in::Server;

namespace {

constexpr size_t kShort = 2400;  ///< less than a prebuffer

/// One chunk, all at once.
Options short_answer ()
{
  Options options{.counter_frames = kShort, .pace = {}};
  options.shape.chunks = {0};
  return options;
}

constexpr const char *kTurnComplete = R"({"serverContent":{"turnComplete":true}})";

}  // namespace

GST_START_TEST (every_sample_is_heard_once_and_without_a_pause)
{
  Server server ({.counter_frames = 36000, .pace = {}});
  Pipeline pipeline (server, kPlay + Speaker::line ());
  Speaker speaker (pipeline);
  pipeline.run ();
  check_heard (pipeline, speaker, counter_samples (36000));
}
GST_END_TEST;

GST_START_TEST (one_chunk_is_heard_although_the_end_of_its_turn_is_told_3_s_later)
{
  auto options = short_answer ();
  options.shape.generation_complete = false;
  options.pace.playback = 30;  // times 100 ms
  Server server (options);
  Pipeline pipeline (server, kPlay + Speaker::line ());
  Speaker speaker (pipeline);
  pipeline.run ();
  check_heard (pipeline, speaker, counter_samples (kShort));
  // It did not wait for the end of its turn.
  auto told = gst_element_get_base_time (pipeline.pipeline) + stat (pipeline, "generation-complete");
  fail_unless (speaker.find (counter_samples (kShort)).front ().at < told);
}
GST_END_TEST;

GST_START_TEST (one_chunk_is_heard_and_the_stream_ends_although_turn_complete_never_comes)
{
  auto options = short_answer ();
  options.shape.turn_complete = false;
  Server server (options);
  Pipeline pipeline (server, kPlay + Speaker::line ());
  Speaker speaker (pipeline);
  pipeline.run ();
  check_heard (pipeline, speaker, counter_samples (kShort));
}
GST_END_TEST;

GST_START_TEST (one_chunk_is_heard_although_the_end_of_its_turn_is_never_told)
{
  auto options = short_answer ();
  options.shape.generation_complete = options.shape.turn_complete = false;
  Server server (options);
  Pipeline pipeline (server, kPlay + Speaker::line ());
  Speaker speaker (pipeline);
  g_object_set (pipeline.src, "timeout", 2, nullptr);
  pipeline.play ();
  auto error = error_text (pipeline.wait_for_message (GST_MESSAGE_ERROR).get ());
  fail_unless (error.debug.find ("the answer stopped in the middle") != std::string::npos, "%s",
               error.debug.c_str ());
  check_heard (pipeline, speaker, counter_samples (kShort));
}
GST_END_TEST;

GST_START_TEST (the_second_turn_and_the_tenth_are_heard_like_the_first)
{
  constexpr int kTurns = 10;
  constexpr size_t kFrames = 6000;
  Server server ({.counter_frames = kFrames, .pace = {.playback = 0}});
  Pipeline pipeline (server, kPlay + Speaker::line ());
  Speaker speaker (pipeline);
  g_object_set (pipeline.src, "num-turns", kTurns, nullptr);
  pipeline.play ();
  std::vector<int16_t> said;
  for (size_t turn = 0; turn < kTurns; turn++) {
    auto complete = pipeline.wait_for_message ("gemini-turn-complete");
    fail_unless_equals_uint64 (number (complete, "heard"), kFrames);
    said = said + counter_samples (kFrames, turn);
    if (turn == 0) {  // from now on the speaker is open
      auto options = Options{.counter_frames = kFrames, .pace = {.playback = 0}};
      server.set_options (options);
    }
    if (turn + 1 < kTurns)
      fail_unless (pipeline.send_text ("Go on"));
  }
  pipeline.wait_for_eos ();
  check_heard (pipeline, speaker, said, kTurns - 1);
}
GST_END_TEST;

GST_START_TEST (interrupted_in_a_message_with_audio_nothing_stale_is_heard_and_the_next_turn_whole)
{
  constexpr size_t kFirst = 48000;
  constexpr size_t kSecond = 12000;
  Server server ({.manual = Manual::Turns});
  Pipeline pipeline (server, kPlay + Speaker::line ());
  Speaker speaker (pipeline);
  g_object_set (pipeline.src, "num-turns", 2, nullptr);
  pipeline.play ();
  fail_unless (server.wait_for_messages (2));
  // Behind the opening of the speaker.
  fail_unless (pipeline.recorder->wait_for_buffers (20));
  auto old_turn = counter_samples (kFirst);
  server.send_audio (slice (old_turn, 0, kFirst / 2));
  fail_unless (pipeline.recorder->wait_for_speech (9600));
  fail_unless (pipeline.send_text ("Stop"));
  fail_unless (server.wait_for_messages (3));
  server.send (R"({"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm;rate=24000",
      "data":")" +
               stand_in::to_base64 (stand_in::to_bytes (slice (old_turn, kFirst / 2, kFirst)), {}) +
               R"("}}]},"interrupted":true}})");
  server.send (kTurnComplete);
  server.send_audio (counter_samples (kSecond, 1));
  server.send (kTurnComplete);
  auto interrupted = pipeline.wait_for_message ("gemini-interrupted");
  auto heard = number (interrupted, "heard");
  fail_unless (heard >= 9600 && heard < kFirst / 2);
  fail_unless_equals_uint64 (number (interrupted, "dropped"), kFirst - heard);
  pipeline.wait_for_eos ();
  check_heard (pipeline, speaker, slice (old_turn, 0, heard) + counter_samples (kSecond, 1), 1);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (speaker, every_sample_is_heard_once_and_without_a_pause,
                   one_chunk_is_heard_although_the_end_of_its_turn_is_told_3_s_later,
                   one_chunk_is_heard_and_the_stream_ends_although_turn_complete_never_comes,
                   one_chunk_is_heard_although_the_end_of_its_turn_is_never_told,
                   the_second_turn_and_the_tenth_are_heard_like_the_first,
                   interrupted_in_a_message_with_audio_nothing_stale_is_heard_and_the_next_turn_whole)
