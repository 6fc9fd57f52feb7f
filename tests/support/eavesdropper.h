#pragma once

#include <string>

namespace gemini::test {

/// From its beginning on: every line that GStreamer and all its elements log at the highest level
/// (GST_DEBUG=*:9), and all that GLib, GIO and libsoup log (G_MESSAGES_DEBUG=all). There is one in a process.
class Eavesdropper {
 public:
  static Eavesdropper &listen ();

  /// How many lines were heard since the last call of heard ().
  size_t lines ();
  /// The first line heard since then with `word` in it; empty: none.
  std::string heard (const std::string &word);

 private:
  Eavesdropper ();
};

}  // namespace gemini::test
