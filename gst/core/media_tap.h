#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/server_message.h"

namespace gemini {

/// Reads the objects of a TTS answer while they arrive, and lets the audio in them go at once: a whole minute
/// may come as one object, and is heard long before its end.
///
/// What remains is the same object with an empty string where the audio was, small whatever was said; it is
/// passed on when it is complete, for a parser that judges it. The tap itself only follows brackets and
/// strings. Objects may be elements of one array. Only the first candidate is listened to, and no thought
/// that says so before its data. Pure.
class MediaTap {
 public:
  class Sink {
   public:
    /// Groups of four characters, but for the last piece of a part.
    virtual void on_media (const ServerMessage::InlineData &piece) = 0;
    virtual void on_object (const std::string &json) = 0;

   protected:
    ~Sink () = default;
  };

  /// More than the longest answer of any model, many times over.
  static constexpr uint64_t kMaxObject = 256 * 1024 * 1024;
  static constexpr size_t kMaxText = 16 * 1024 * 1024;  ///< of it, without its audio

  explicit MediaTap (Sink &sink) : sink_ (sink) {}

  void feed (std::string_view text);
  /// No object goes on behind this.
  void end ();

  /// Set by a text that is none of these objects; the rest of it is skipped.
  const std::optional<Error> &error () const { return error_; }
  /// Whether an object has begun and not ended.
  bool inside () const { return !levels_.empty (); }
  /// Characters that are held, be the object as long as it will.
  size_t held () const { return text_.size () + pending_.size (); }

 private:
  enum class In { Text, Key, Value, Media };
  struct Level {
    bool array = false;
    bool key_due = false;
    std::string key;
    unsigned index = 0;
  };

  void take (std::string_view &text);
  void between (char c);
  void token (char c);
  void open (char c);
  void close (char c);
  void string (std::string_view &text);
  void escape (std::string_view &text);
  void string_ends ();
  void flush (bool last);
  bool at_part () const;
  bool at_inline_data () const;
  void refuse (const char *why);

  Sink &sink_;
  std::optional<Error> error_;
  std::vector<Level> levels_;
  uint64_t length_ = 0;  ///< of the object
  std::string text_;     ///< the object without its audio
  In in_ = In::Text;
  size_t string_begin_ = 0;  ///< in `text_`
  bool escaping_ = false;
  std::string escape_;  ///< what there is of one

  // of the part
  bool thought_ = false;
  std::optional<std::string> media_type_;
  std::string pending_;
  bool begun_ = false;  ///< something of it was passed on
};

}  // namespace gemini
