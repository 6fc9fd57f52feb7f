#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>

namespace gemini::chat {

/// A WAV file of 16-bit mono samples that is whole whenever the program ends: its header is brought up to
/// date by `update ()`, and at the end.
class WavFile {
 public:
  /// Replaces what is there. `good ()` tells whether that worked, and errno why not.
  WavFile (const std::string &path, unsigned rate);
  ~WavFile ();
  WavFile (const WavFile &) = delete;
  WavFile &operator= (const WavFile &) = delete;

  bool good () const { return file_ != nullptr && !failed_; }
  unsigned rate () const { return rate_; }
  uint64_t frames () const { return bytes_ / 2; }
  void write (std::span<const uint8_t> samples);
  void update ();

 private:
  struct Close {
    void operator() (std::FILE *file) const { std::fclose (file); }
  };

  std::unique_ptr<std::FILE, Close> file_;
  const unsigned rate_;
  uint64_t bytes_ = 0;
  bool failed_ = false;
};

}  // namespace gemini::chat
