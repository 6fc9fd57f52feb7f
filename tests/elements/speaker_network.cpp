// A network that stalls or is too slow, as it is heard: pauses, and every sample between them.

#include "elements/listening.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Server;

GST_START_TEST (a_stall_of_3_s_is_one_pause)
{
  Server server ({.counter_frames = 24000,
                  .pace = {.speed = 0, .stalls = {{2, std::chrono::seconds (3)}}, .playback = 0},
                  .shape = {.chunks = {6000}}});
  Pipeline pipeline (server, kPlay + Speaker::line ());
  Speaker speaker (pipeline);
  pipeline.play ();
  fail_unless (number (pipeline.wait_for_message ("gemini-underrun"), "duration") > 2 * GST_SECOND);
  pipeline.wait_for_eos ();
  check_heard (pipeline, speaker, counter_samples (24000));
}
GST_END_TEST;

GST_START_TEST (slower_than_speech_there_are_few_pauses_and_not_one_per_chunk)
{
  constexpr size_t kFrames = 120000;
  constexpr size_t kChunk = 960;
  Server server (
      {.counter_frames = kFrames, .pace = {.speed = 0.8, .playback = 0}, .shape = {.chunks = {kChunk}}});
  Pipeline pipeline (server, kPlay + Speaker::line ());
  Speaker speaker (pipeline);
  pipeline.run ();
  check_heard (pipeline, speaker, counter_samples (kFrames));
  auto pauses = stat (pipeline, "underruns");
  fail_unless (pauses >= 1 && pauses < kFrames / kChunk / 10, "%" G_GUINT64_FORMAT " pauses", pauses);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (speaker_network, a_stall_of_3_s_is_one_pause,
                   slower_than_speech_there_are_few_pauses_and_not_one_per_chunk)
