#pragma once

#include <optional>

#include "core/media_type.h"
#include "core/server_message.h"
#include "core/wav.h"
#include "elements/gst_ptr.h"

namespace gemini {

/// Turns the audio parts of messages into buffers of whole frames, decoding straight into their memory.
///
/// A byte left over at the end of a part waits for the next part of the turn. The header of a WAV file is
/// left out, whatever the media type says. Lives on the network thread.
class AudioDecoder {
 public:
  struct Chunk {
    BufferPtr buffer;  ///< null: nothing whole yet
    AudioFormat format;
  };

  Result<Chunk> decode (const ServerMessage::InlineData &data);
  /// A turn is over: half a frame of it belongs to no other.
  void reset ()
  {
    left_over_.reset ();
    silent_ = true;
    audible_ = false;
  }
  /// More than silence came of this turn: a sample above -60 dBFS.
  bool audible () const { return audible_; }
  /// Leave out the samples of 0 and ±1 that a turn begins with.
  void skip_leading_silence (bool skip) { skip_ = skip; }

 private:
  std::optional<Error> keep_samples (guint8 *bytes, gsize &size);
  void trim (Chunk &chunk);
  bool is_audible (GstBuffer *buffer) const;

  std::optional<guint8> left_over_;
  WavReader wav_;
  bool skip_ = false;
  bool audible_ = false;
  bool silent_ = true;  ///< nothing but silence came of this turn
};

}  // namespace gemini
