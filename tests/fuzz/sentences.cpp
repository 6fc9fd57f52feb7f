// However a text is split, every word of it is spoken once, in its order.
//
// The first byte chooses a language, the second how much is joined, the rest is the text.

#include "core/sentences.h"

#include "core/text.h"
#include "fuzz/fuzz.h"

using namespace gemini;
using fuzz::expect;

namespace {

/// Pieces are views into the text, one behind the other, and only blanks are between them.
void check_pieces (std::string_view text, const std::vector<std::string_view> &pieces)
{
  const char *at = text.data ();
  for (auto piece : pieces) {
    expect (!piece.empty (), "no piece is empty");
    expect (piece.data () >= at && piece.data () + piece.size () <= text.data () + text.size (),
            "pieces are in order");
    expect (trim ({at, static_cast<size_t> (piece.data () - at)}).empty (), "only blanks are left out");
    expect (trim (piece).size () == piece.size (), "no blanks are around a piece");
    expect (!fuzz::is_utf8 (text) || fuzz::is_utf8 (piece), "no character is cut in two");
    at = piece.data () + piece.size ();
  }
  expect (trim ({at, static_cast<size_t> (text.data () + text.size () - at)}).empty (), "nothing is lost");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  fuzz::Input input (bytes, size);
  constexpr const char *kLanguages[] = {"", "en-US", "de-DE", "fr-FR", "ja-JP", "th-TH", "xx", "@", "de@ss"};
  const std::string language = kLanguages[input.byte () % std::size (kLanguages)];
  const size_t most = input.byte () * 4;
  const auto text = input.rest ();

  const auto sentences = sentences_of (text, language);
  check_pieces (text, sentences);
  const auto joined = joined_sentences (sentences, most);
  check_pieces (text, joined);
  if (!sentences.empty ())
    expect (joined.front () == sentences.front (), "the first sentence stays alone");
  expect (joined.size () <= sentences.size (), "joining makes no pieces");
  for (size_t i = 1; i < joined.size (); i++)
    expect (joined[i].size () <= most ||
                std::find (sentences.begin (), sentences.end (), joined[i]) != sentences.end (),
            "nothing is joined beyond the limit");
  return 0;
}
