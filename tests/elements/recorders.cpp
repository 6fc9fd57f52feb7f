// Three branches at once: a speaker, a recorder of the speech alone, and one in real time, silence included.

#include "elements/listening.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Server;

namespace {

constexpr size_t kFrames = 24000;

struct Format {
  const char *encoder;
  /// Frames that a codec may add or take; 0: the file gives back every sample.
  size_t padding;
};

constexpr Format kFormats[] = {
    {"wavenc", 0},
    {"flacenc", 0},
    {"matroskamux", 0},
    {"audioconvert ! audioresample ! opusenc ! oggmux", 500},
    {"audioconvert ! audioresample ! opusenc ! matroskamux", 1000},
    {"audioconvert ! audioresample ! opusenc ! mp4mux", 1000},
    {"audioconvert ! audioresample ! lamemp3enc", 3000},
    {"audioconvert ! audioresample ! lamemp3enc ! mp4mux", 3000},
};

void check_file (const Format &format, const std::string &file, const std::vector<int16_t> &given)
{
  auto decoded = decode (file);
  if (format.padding == 0)
    fail_unless (decoded == given, "%s: %zu frames of %zu", format.encoder, decoded.size (), given.size ());
  fail_unless (
      decoded.size () + format.padding >= given.size () && decoded.size () <= given.size () + format.padding,
      "%s: %zu frames of %zu", format.encoder, decoded.size (), given.size ());
}

/// With its silence.
std::vector<int16_t> all (const PadRecorder &recorder)
{
  std::vector<int16_t> samples;
  for (auto &buffer : recorder.buffers ())
    samples.insert (samples.end (), buffer.samples.begin (), buffer.samples.end ());
  return samples;
}

void check_recorders (bool async)
{
  for (auto &format : kFormats) {
    Server server ({.counter_frames = kFrames, .pace = {.speed = 10}});
    TemporaryFolder folder;
    auto encode = std::string (" ! ") + format.encoder + " ! filesink async=" + (async ? "true" : "false") +
                  " location=";
    Pipeline pipeline (
        server, "geminisrc name=src ! tee name=t t. ! queue ! audioconvert ! audioresample ! " +
                    Speaker::line () + "t. ! queue ! identity name=speech " + "drop-buffer-flags=droppable" +
                    encode + (folder / "speech") + " t. ! queue" + encode + (folder / "all"));
    Speaker speaker (pipeline);
    auto speech = pipeline.record ("speech", "src");
    pipeline.run ();
    fail_unless (all (*speech) == counter_samples (kFrames), "%s", format.encoder);
    // A recorder that waits for speech keeps the speaker waiting, too: it opens too late for the first words.
    if (!async)
      check_heard (pipeline, speaker, counter_samples (kFrames));
    pipeline.set_state (GST_STATE_NULL);
    check_file (format, folder / "speech", counter_samples (kFrames));
    check_file (format, folder / "all", all (*pipeline.recorder));
  }
}

}  // namespace

GST_START_TEST (beside_a_speaker_each_format_holds_the_speech_and_in_real_time_the_silence_too)
{
  check_recorders (true);
}
GST_END_TEST;

GST_START_TEST (with_recorders_that_do_not_wait_for_speech_every_sample_is_heard_as_well)
{
  check_recorders (false);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (recorders, beside_a_speaker_each_format_holds_the_speech_and_in_real_time_the_silence_too,
                   with_recorders_that_do_not_wait_for_speech_every_sample_is_heard_as_well)
