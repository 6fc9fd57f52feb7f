// Events in any form, cut anywhere.

#include "core/sse_parser.h"

#include <string>
#include <vector>

#include "support/check.h"

using gemini::SseParser;

namespace {

/// "data|data|": what each event holds, the pieces of its data put together.
class Events final : public SseParser::Sink {
 public:
  void on_data (std::string_view piece) override
  {
    log += piece;
    longest_piece = std::max (longest_piece, piece.size ());
    taken += piece.size ();
    pieces++;
  }
  void on_event_end () override { log += "|"; }

  std::string log;
  size_t longest_piece = 0;
  size_t taken = 0;
  size_t pieces = 0;
};

std::string parse (const std::vector<std::string> &bytes)
{
  Events events;
  SseParser parser (events);
  for (auto &piece : bytes)
    parser.feed (piece);
  parser.finish ();
  return events.log;
}

struct Case {
  std::string bytes;
  const char *events;
};

const Case kCases[] = {
    {"", ""},
    {"data: a\n\n", "a|"},
    {"data: a\r\n\r\ndata: b\r\n\r\n", "a|b|"},
    {"data: a\r\rdata: b\r\r", "a|b|"},
    {"data: a\r\n\ndata: b\n\r\n", "a|b|"},
    {"data:a\n\n", "a|"},
    {"data:  a \n\n", " a |"},
    {"data: a\ndata: b\n\n", "a\nb|"},
    {"data\n\ndata:\n\n", "||"},
    {": a comment\n\n:\n\ndata: a\n: another\n\n", "a|"},
    {"event: x\nid: 7\nretry: 10\ndata: a\n\n", "a|"},
    {"database: a\n\ndat: a\n\nData: a\n\ndata2: a\n\n", ""},
    {"a-name-without-end-that-is-longer-than-all: a\n\ndata: b\n\n", "b|"},
    {"\n\n\r\n\r\r\ndata: a\n\n\n\n", "a|"},
    {"\xef\xbb\xbf"
     "data: a\n\n",
     "a|"},
    {"data: \xef\xbb\xbf\n\n", "\xef\xbb\xbf|"},
    {"\xef\xbb"
     "data: a\n\n",
     ""},
    {"data: a\n\ndata: b", "a|b|"},
    {"data: a\n\ndata: b\n", "a|b|"},
    {"data: a\n\ndat", "a|"},
    {"{\n  \"error\": {\r\n    \"code\": 404\n  }\n}\n", "{\n  \"error\": {\r\n    \"code\": 404\n  }\n}\n|"},
    {"[{\n\n}]", "[{\n\n}]|"},
    {"data: a\n\n{\"error\":{}}", "a|{\"error\":{}}|"},
    {"data: {\"a\":1}\n\n", "{\"a\":1}|"},
};

}  // namespace

GST_START_TEST (each_event_is_its_data)
{
  for (auto &[bytes, events] : kCases)
    fail_unless_equals_text (parse ({bytes}), events);
}
GST_END_TEST;

GST_START_TEST (where_the_bytes_are_cut_does_not_matter)
{
  for (auto &[bytes, events] : kCases)
    for (size_t first = 0; first <= bytes.size (); first++)
      for (size_t second = first; second <= bytes.size (); second++)
        fail_unless_equals_text (
            parse ({bytes.substr (0, first), bytes.substr (first, second - first), bytes.substr (second)}),
            events);
}
GST_END_TEST;

GST_START_TEST (byte_by_byte_is_the_same)
{
  for (auto &[bytes, events] : kCases) {
    std::vector<std::string> single;
    for (char c : bytes)
      single.emplace_back (1, c);
    fail_unless_equals_text (parse (single), events);
  }
}
GST_END_TEST;

/// Whatever is passed on is passed on once, and nothing waits: so the cost of a line is its length.
GST_START_TEST (a_line_of_64_mib_is_passed_on_as_it_comes)
{
  constexpr size_t kPiece = 64 * 1024;
  constexpr size_t kPieces = 1024;
  const std::string piece (kPiece, 'A');

  Events events;
  SseParser parser (events);
  parser.feed ("data: ");
  for (size_t i = 1; i <= kPieces; i++) {
    parser.feed (piece);
    fail_unless_equals_uint64 (events.taken, i * kPiece);
    events.log.clear ();
  }
  parser.feed ("\n\n");
  fail_unless_equals_text (events.log, "|");
  fail_unless_equals_uint64 (events.longest_piece, kPiece);
  fail_unless_equals_uint64 (events.pieces, kPieces);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (sse_parser, each_event_is_its_data, where_the_bytes_are_cut_does_not_matter,
                   byte_by_byte_is_the_same, a_line_of_64_mib_is_passed_on_as_it_comes)
