// Where the samples come from.
#include "stand-in/voice/voice.h"

#include <glib/gstdio.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "client.h"
#include "stand-in/live/message.h"
#include "stand-in/voice/speech.h"
#include "support/check.h"

using namespace gemini::stand_in;

static Sound spoken (const std::string &text, const char *voice, const char *language = "")
{
  auto sound = synthesize (text, voice, language);
  if (const auto *error = std::get_if<std::string> (&sound))
    g_error ("%s", error->c_str ());
  return std::move (std::get<Sound> (sound));
}

static double seconds (const Sound &sound)
{
  return static_cast<double> (sound.samples.size ()) / sound.rate;
}

GST_START_TEST (speech_is_as_long_as_speech_and_as_loud)
{
  const Sound sound = spoken ("One, two, three, four, five.", "Kore");
  fail_unless (seconds (sound) > 1 && seconds (sound) < 6, "%g s", seconds (sound));
  const int16_t peak = *std::max_element (sound.samples.begin (), sound.samples.end ());
  fail_unless (peak > 5000, "%d", peak);
}
GST_END_TEST;

GST_START_TEST (voices_and_languages_differ)
{
  const auto kore = spoken ("Good morning, everyone.", "Kore").samples;
  fail_if (kore == spoken ("Good morning, everyone.", "Puck").samples);
  fail_if (kore == spoken ("Good morning, everyone.", "Kore", "de-DE").samples);
  fail_if (spoken ("Good morning", "A voice nobody knows", "xx-XX").samples.empty ());
}
GST_END_TEST;

GST_START_TEST (an_answer_begins_with_noise_of_one_bit)
{
  const auto samples = speak ({.text = "Hello"}, {.voice = Voice::Speech});
  const auto &heard = std::get<std::vector<int16_t>> (samples);
  fail_unless (
      std::all_of (heard.begin (), heard.begin () + 1440, [] (int16_t s) { return s >= -1 && s <= 1; }));
  fail_unless (std::any_of (heard.begin (), heard.begin () + 1440, [] (int16_t s) { return s != 0; }));
}
GST_END_TEST;

GST_START_TEST (a_spoken_turn_arrives_as_it_was_sent)
{
  const Server server ({.voice = Voice::Speech, .pace = {.speed = 0, .playback = 0}});
  ReadyClient client (server,
                      R"({"setup":{"model":"models/gemini-3.8-live","outputAudioTranscription":{}}})");
  client.send (R"({"realtimeInput":{"text":"Tell me a joke"}})");
  const Heard heard = client.listen_until ("turnComplete");
  fail_unless (server.wait_for_turns (1));
  fail_unless (heard.samples ().size () > 24000);
  fail_unless (heard.samples () == server.samples ());
  fail_unless_reads (heard.transcript, server.connection ().turns[0].answer);
}
GST_END_TEST;

static Sound sine (unsigned rate, double frequency)
{
  Sound sound{.samples = std::vector<int16_t> (rate), .rate = rate};
  for (size_t i = 0; i < sound.samples.size (); i++)
    sound.samples[i] = static_cast<int16_t> (
        10000 * std::sin (2 * std::numbers::pi * frequency * static_cast<double> (i) / rate));
  return sound;
}

GST_START_TEST (a_tone_is_the_same_tone_at_another_rate)
{
  const auto samples = resample (sine (22050, 1000), 24000);
  const auto wanted = sine (24000, 1000).samples;
  fail_unless (samples.size () >= 23999 && samples.size () <= 24001, "%zu", samples.size ());
  for (size_t i = 1000; i < 23000; i++)
    fail_unless (std::abs (samples[i] - wanted[i]) < 20, "%zu: %d for %d", i, samples[i], wanted[i]);
}
GST_END_TEST;

/// A file of this name that is gone with the test.
class TemporaryFile {
 public:
  explicit TemporaryFile (const std::string &contents)
  {
    char *name = nullptr;
    const int fd = g_file_open_tmp ("stand-in-XXXXXX.wav", &name, nullptr);
    g_close (fd, nullptr);
    name_ = name;
    g_free (name);
    g_file_set_contents (name_.c_str (), contents.data (), static_cast<gssize> (contents.size ()), nullptr);
  }
  ~TemporaryFile () { g_remove (name_.c_str ()); }
  const std::string &name () const { return name_; }

 private:
  std::string name_;
};

static std::string number (uint32_t value, unsigned bytes)
{
  std::string text;
  for (unsigned i = 0; i < bytes; i++)
    text += static_cast<char> (value >> (8 * i));
  return text;
}

static std::string wav (unsigned channels, unsigned rate, unsigned bits, const std::vector<int16_t> &samples)
{
  const std::string format = number (1, 2) + number (channels, 2) + number (rate, 4) +
                             number (rate * channels * bits / 8, 4) + number (channels * bits / 8, 2) +
                             number (bits, 2);
  const std::string data = to_bytes (samples);
  const std::string odd_chunk = "LIST" + number (3, 4) + "abc" + std::string (1, '\0');
  const std::string body = "WAVEfmt " + number (16, 4) + format + odd_chunk + "data" +
                           number (static_cast<uint32_t> (data.size ()), 4) + data;
  return "RIFF" + number (static_cast<uint32_t> (body.size ()), 4) + body;
}

static std::variant<Sound, std::string> read (const std::string &contents)
{
  const TemporaryFile file (contents);
  return read_wav (file.name ());
}

GST_START_TEST (recordings_of_one_and_two_channels_are_read)
{
  const auto mono = std::get<Sound> (read (wav (1, 24000, 16, {1, -2, 3})));
  fail_unless (mono.samples == (std::vector<int16_t>{1, -2, 3}));
  const auto stereo = std::get<Sound> (read (wav (2, 44100, 16, {10, 20, -4, -8})));
  fail_unless (stereo.samples == (std::vector<int16_t>{15, -6}));
  fail_unless_equals_int (stereo.rate, 44100);
}
GST_END_TEST;

GST_START_TEST (what_is_no_such_recording_is_refused_with_a_sentence)
{
  for (const std::string &contents : {std::string ("nonsense"), std::string ("RIFF1234WAVE"),
                                      wav (1, 24000, 8, {1}), wav (6, 24000, 16, {1}), wav (1, 0, 16, {1})})
    fail_unless (std::holds_alternative<std::string> (read (contents)));
  fail_unless (std::holds_alternative<std::string> (read_wav ("/nowhere/at/all.wav")));
}
GST_END_TEST;

GST_START_TEST (a_recording_is_spoken_sample_by_sample)
{
  const TemporaryFile file (wav (1, 24000, 16, counter_samples (5000)));
  const Server server ({.voice = Voice::Wav, .wav_file = file.name (), .pace = {.speed = 0, .playback = 0}});
  ReadyClient client (server);
  client.send (kQuestion);
  fail_unless (client.listen_until ("turnComplete").samples () == counter_samples (5000));
}
GST_END_TEST;

GST_START_TEST (questions_get_sensible_answers)
{
  fail_unless (answer_to ("Tell me a JOKE!", 0) != answer_to ("Tell me a joke", 1));
  fail_unless (answer_to ("hello", 0).find ("Hello") != std::string::npos);
  fail_unless (answer_to ("Who are you?", 0).find ("stand-in") != std::string::npos);
  fail_unless (answer_to ("Blue cheese", 0).find ("Blue cheese") != std::string::npos);
  fail_if (answer_to ("", 0).empty ());
}
GST_END_TEST;

GEMINI_CHECK_MAIN (voice, speech_is_as_long_as_speech_and_as_loud, voices_and_languages_differ,
                   an_answer_begins_with_noise_of_one_bit, a_spoken_turn_arrives_as_it_was_sent,
                   a_tone_is_the_same_tone_at_another_rate, recordings_of_one_and_two_channels_are_read,
                   what_is_no_such_recording_is_refused_with_a_sentence,
                   a_recording_is_spoken_sample_by_sample, questions_get_sensible_answers)
