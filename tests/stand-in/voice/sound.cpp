// Recordings, and the way from one rate to another.
#include <glib.h>
#include <samplerate.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "core/glib_ptr.h"
#include "stand-in/voice/speech.h"

namespace gemini::stand_in {
namespace {

uint32_t little_endian (std::string_view bytes)
{
  uint32_t value = 0;
  for (size_t i = bytes.size (); i-- > 0;)
    value = value << 8 | static_cast<uint8_t> (bytes[i]);
  return value;
}

struct WavFormat {
  unsigned encoding = 0, channels = 0, rate = 0, bits = 0;
};

constexpr unsigned kPcm = 1, kExtensible = 0xfffe;

std::vector<int16_t> mix_down (std::string_view data, unsigned channels)
{
  std::vector<int16_t> samples (data.size () / (2 * channels));
  for (size_t i = 0; i < samples.size (); i++) {
    int sum = 0;
    for (unsigned channel = 0; channel < channels; channel++)
      sum += static_cast<int16_t> (little_endian (data.substr (2 * (i * channels + channel), 2)));
    samples[i] = static_cast<int16_t> (sum / static_cast<int> (channels));
  }
  return samples;
}

std::variant<Sound, std::string> parse_wav (std::string_view bytes, const std::string &file)
{
  if (!bytes.starts_with ("RIFF") || bytes.size () < 12 || bytes.substr (8, 4) != "WAVE")
    return file + " is no WAV file";
  bytes.remove_prefix (12);

  std::optional<WavFormat> format;
  while (bytes.size () >= 8) {
    const std::string_view id = bytes.substr (0, 4);
    const size_t size = little_endian (bytes.substr (4, 4));
    // A file that was never finished says more than it holds.
    const std::string_view body = bytes.substr (8, std::min (size, bytes.size () - 8));
    if (id == "fmt " && body.size () >= 16)
      format = WavFormat{.encoding = little_endian (body.substr (0, 2)),
                         .channels = little_endian (body.substr (2, 2)),
                         .rate = little_endian (body.substr (4, 4)),
                         .bits = little_endian (body.substr (14, 2))};
    if (id == "data" && format) {
      const bool pcm = format->encoding == kPcm || format->encoding == kExtensible;
      if (!pcm || format->bits != 16 || format->channels < 1 || format->channels > 2 || format->rate == 0)
        return file + " is not 16-bit PCM with one or two channels: convert it first";
      return Sound{.samples = mix_down (body, format->channels), .rate = format->rate};
    }
    bytes.remove_prefix (std::min (8 + body.size () + (size & 1), bytes.size ()));
  }
  return file + " holds no audio";
}

}  // namespace

std::variant<Sound, std::string> read_wav (const std::string &file)
{
  char *contents = nullptr;
  gsize size = 0;
  GError *raw_error = nullptr;
  if (!g_file_get_contents (file.c_str (), &contents, &size, &raw_error)) {
    const GErrorPtr error (raw_error);
    return std::string (error->message);
  }
  const CharPtr owner (contents);
  return parse_wav ({contents, size}, file);
}

std::vector<int16_t> resample (const Sound &sound, unsigned rate)
{
  if (sound.rate == rate || sound.samples.empty ())
    return sound.samples;
  const double ratio = static_cast<double> (rate) / sound.rate;
  std::vector<float> in (sound.samples.size ());
  std::vector<float> out (static_cast<size_t> (static_cast<double> (in.size ()) * ratio) + 1);
  src_short_to_float_array (sound.samples.data (), in.data (), static_cast<int> (in.size ()));
  SRC_DATA data{};
  data.data_in = in.data ();
  data.input_frames = static_cast<long> (in.size ());
  data.data_out = out.data ();
  data.output_frames = static_cast<long> (out.size ());
  data.src_ratio = ratio;
  src_simple (&data, SRC_SINC_FASTEST, 1);
  std::vector<int16_t> samples (static_cast<size_t> (data.output_frames_gen));
  src_float_to_short_array (out.data (), samples.data (), static_cast<int> (samples.size ()));
  return samples;
}

}  // namespace gemini::stand_in
