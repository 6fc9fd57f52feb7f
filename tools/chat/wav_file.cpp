#include "wav_file.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace gemini::chat {
namespace {

constexpr size_t kHeaderSize = 44;

std::array<uint8_t, kHeaderSize> header (unsigned rate, uint64_t bytes)
{
  std::array<uint8_t, kHeaderSize> header{};
  auto put_text = [&] (size_t at, const char *text) { std::memcpy (&header[at], text, 4); };
  auto put = [&] (size_t at, size_t size, uint64_t value) {
    for (size_t i = 0; i < size; i++)
      header[at + i] = static_cast<uint8_t> (value >> (8 * i));
  };
  bytes = std::min<uint64_t> (bytes, UINT32_MAX - kHeaderSize);  // more has no place in a WAV header
  put_text (0, "RIFF");
  put (4, 4, bytes + kHeaderSize - 8);
  put_text (8, "WAVE");
  put_text (12, "fmt ");
  put (16, 4, 16);
  put (20, 2, 1);  // PCM
  put (22, 2, 1);  // channels
  put (24, 4, rate);
  put (28, 4, uint64_t{rate} * 2);
  put (32, 2, 2);   // bytes in a frame
  put (34, 2, 16);  // bits in a sample
  put_text (36, "data");
  put (40, 4, bytes);
  return header;
}

}  // namespace

WavFile::WavFile (const std::string &path, unsigned rate)
    : file_ (std::fopen (path.c_str (), "wb")), rate_ (rate)
{
  if (file_)
    update ();
}

WavFile::~WavFile ()
{
  if (file_)
    update ();
}

void WavFile::write (std::span<const uint8_t> samples)
{
  if (!good ())
    return;
  failed_ = std::fwrite (samples.data (), 1, samples.size (), file_.get ()) != samples.size ();
  bytes_ += samples.size ();
}

void WavFile::update ()
{
  const auto now = header (rate_, bytes_);
  failed_ |= std::fseek (file_.get (), 0, SEEK_SET) != 0 ||
             std::fwrite (now.data (), 1, now.size (), file_.get ()) != now.size () ||
             std::fseek (file_.get (), 0, SEEK_END) != 0 || std::fflush (file_.get ()) != 0;
}

}  // namespace gemini::chat
