// The body of a TTS answer says the same however its bytes are cut.
//
// The first byte seeds the cuts, the rest is the body.

#include "core/tts_response.h"

#include <vector>

#include "core/tts_verdict.h"
#include "fuzz/fuzz.h"

using namespace gemini;
using fuzz::expect;

namespace {

struct Heard {
  std::string audio;  ///< each part once, whatever pieces it came in
  std::string facts;
};

Heard listen (std::string_view body, const std::vector<size_t> &cuts)
{
  TtsResponse response;
  size_t begin = 0;
  for (size_t end : cuts) {
    response.feed (body.substr (begin, end - begin));
    begin = end;
  }
  response.feed (body.substr (begin));
  response.finish ();

  Heard heard;
  bool begun = false;
  for (auto &audio : response.audio ()) {
    expect (!audio.data.empty (), "no piece is empty");
    expect (!audio.continues || begun, "nothing continues before it began");
    if (!audio.continues)
      heard.audio += "\n" + audio.mime_type + " ";
    heard.audio += audio.data;
    begun = true;
  }
  auto &facts = response.facts ();
  heard.facts = std::to_string (facts.objects) + (facts.spoke ? " spoke" : "") +
                (facts.wrote ? " wrote" : "") + (facts.cut_off && !facts.error ? " cut" : "") + "\n" +
                facts.finish_reason + "\n" + facts.finish_message + "\n" + facts.block_reason + "\n" +
                facts.block_message + "\n" + facts.error_body;
  if (facts.usage)
    heard.facts += " tokens " + std::to_string (facts.usage->total_tokens);
  if (facts.error)
    heard.facts += " error " + facts.error->message + facts.error->detail;
  expect (facts.spoke == !response.audio ().empty (), "who spoke was heard");

  const auto verdict = tts_verdict (facts);
  for (auto *error : {&verdict.error, &verdict.warning})
    if (*error) {
      expect (!(*error)->message.empty (), "an error says something");
      expect (fuzz::is_utf8 ((*error)->detail), "a detail can be logged");
    }
  expect (verdict.error || facts.spoke, "silence is an error");
  return heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  fuzz::Input input (bytes, size);
  const auto seed = input.byte ();
  const auto body = input.rest ();
  const auto whole = listen (body, {});

  std::vector<size_t> single (body.size ());
  for (size_t i = 0; i < single.size (); i++)
    single[i] = i;
  std::vector<size_t> some;
  uint32_t random = seed * 2654435761U + 1;
  for (size_t at = 0; at < body.size (); at += random >> 27) {
    some.push_back (at);
    random = random * 1664525 + 1013904223;
  }
  for (auto *cuts : {&single, &some}) {
    const auto cut = listen (body, *cuts);
    expect (cut.facts == whole.facts, "facts do not depend on how bytes arrive");
    // Of an answer that is refused in its middle, so much has been heard as had come.
    if (whole.facts.find (" error ") == std::string::npos)
      expect (cut.audio == whole.audio, "audio does not depend on how bytes arrive");
  }
  return 0;
}
