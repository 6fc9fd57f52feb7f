// Devices and answers at other rates. Resampled, samples have no numbers: a tone tells by its length, its
// level and its phase whether anything of it is missing, doubled or moved.

#include <algorithm>
#include <cmath>

#include "elements/listening.h"
#include "stand-in/live/message.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::Manual;
using stand_in::Server;

namespace {

constexpr double kTone = 440;
constexpr double kLevel = 12000;
/// What a resampler smears at either end of a tone.
constexpr size_t kEdge = 256;
constexpr double kSlack = 480;  // 10 ms

double step (unsigned rate) { return 2 * M_PI * kTone / rate; }

std::vector<int16_t> tone (unsigned rate, size_t frames)
{
  std::vector<int16_t> samples;
  for (size_t i = 0; i < frames; i++)
    samples.push_back (
        static_cast<int16_t> (std::lround (kLevel * std::cos (step (rate) * static_cast<double> (i)))));
  return samples;
}

/// In a tone each sample follows from the two before it; where anything is missing or doubled it does not.
void check_tone (const std::vector<int16_t> &heard, unsigned rate, double seconds)
{
  auto length = static_cast<double> (heard.size ()) - seconds * rate;
  fail_unless (std::abs (length) <= kSlack, "%zu samples at %u Hz are %g too many", heard.size (), rate,
               length);
  auto factor = 2 * std::cos (step (rate));
  auto loudest = 0;
  for (size_t i = kEdge; i + kEdge < heard.size (); i++) {
    loudest = std::max (loudest, std::abs (heard[i]));
    auto expected = factor * heard[i - 1] - heard[i - 2];
    fail_unless (std::abs (heard[i] - expected) < 20, "%u Hz: sample %zu is %d, not %g", rate, i, heard[i],
                 expected);
  }
  fail_unless (std::abs (loudest - kLevel) < 0.02 * kLevel, "as loud as %d", loudest);
}

std::vector<std::vector<int16_t>> split (const std::vector<int16_t> &sound)
{
  constexpr int kQuiet = 200;  // zeros in a row are no part of a tone
  std::vector<std::vector<int16_t>> parts (1);
  int zeros = 0;
  for (auto sample : sound) {
    zeros = std::abs (sample) <= 2 ? zeros + 1 : 0;
    parts.back ().push_back (sample);
    if (zeros < kQuiet)
      continue;
    parts.back ().resize (parts.back ().size () - kQuiet);
    if (!parts.back ().empty ())
      parts.emplace_back ();
    zeros = 0;
  }
  if (parts.back ().empty ())
    parts.pop_back ();
  return parts;
}

/// Two turns of a second, each at its rate, through a device that takes one rate only.
void check_device (const std::string &device, const std::vector<unsigned> &rates, unsigned device_rate)
{
  Server server ({.manual = Manual::Turns});
  Pipeline pipeline (server, kPlay + Speaker::line (device));
  Speaker speaker (pipeline);
  g_object_set (pipeline.src, "num-turns", static_cast<int> (rates.size ()), nullptr);
  pipeline.play ();
  fail_unless (pipeline.recorder->wait_for_buffers (20));  // the speaker is open
  std::vector<int16_t> said;
  for (size_t turn = 0; turn < rates.size (); turn++) {
    if (turn > 0)
      fail_unless (pipeline.send_text ("Go on"));
    fail_unless (server.wait_for_messages (2 + turn));
    auto samples = tone (rates[turn], rates[turn]);
    server.send (R"({"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm;rate=)" +
                 std::to_string (rates[turn]) + R"(","data":")" +
                 stand_in::to_base64 (stand_in::to_bytes (samples), {}) + "\"}}]}}}");
    server.send (R"({"serverContent":{"turnComplete":true}})");
    pipeline.wait_for_message ("gemini-turn-complete");
    said = said + samples;
    if (turn + 1 < rates.size ())  // silence between the turns
      fail_unless (pipeline.recorder->wait_for_buffers (pipeline.recorder->buffers ().size () + 2));
  }
  pipeline.wait_for_eos ();
  fail_unless (pipeline.recorder->speech () == said);
  speaker.drain ();
  auto parts = split (speaker.sound ());
  auto pauses = stat (pipeline, "underruns") + speaker.ran_dry ();
  fail_unless (parts.size () >= rates.size () && parts.size () <= rates.size () + pauses,
               "%zu parts, %" G_GUINT64_FORMAT " pauses reported", parts.size (), pauses);
  // A pause that the machine made has edges of its own: then the pad's samples above must do.
  if (pauses == 0)
    for (auto &part : parts)
      check_tone (part, device_rate, 1);
}

}  // namespace

GST_START_TEST (a_device_of_48_kHz_plays_all_of_it) { check_device ("rate=48000", {24000}, 48000); }
GST_END_TEST;

GST_START_TEST (a_device_of_44_1_kHz_plays_all_of_it) { check_device ("rate=44100", {24000}, 44100); }
GST_END_TEST;

GST_START_TEST (a_turn_at_another_rate_is_played_whole)
{
  check_device ("rate=48000", {24000, 16000, 24000}, 48000);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (speaker_rates, a_device_of_48_kHz_plays_all_of_it, a_device_of_44_1_kHz_plays_all_of_it,
                   a_turn_at_another_rate_is_played_whole)
