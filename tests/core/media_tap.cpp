// Audio leaves an object before the object has ended.

#include "core/media_tap.h"

#include "support/check.h"

using namespace gemini;

namespace {

/// "type:data " of each part, "+data " of what continues it, and "{…} " of what remains of each object.
class Log final : public MediaTap::Sink {
 public:
  void on_media (const ServerMessage::InlineData &piece) override
  {
    // Pieces of one part are put together again; how it was cut is not what it says.
    if (!piece.continues)
      text += std::string (text.empty () ? "" : " ") + std::string (piece.mime_type) + ":";
    text += piece.data;
    most = std::max (most, piece.data.size ());
    total += piece.data.size ();
  }
  void on_object (const std::string &json) override { text += (text.empty () ? "" : " ") + json; }

  std::string text;
  size_t most = 0;
  size_t total = 0;
};

std::string tap (const std::string &text, size_t cut)
{
  Log log;
  MediaTap tap (log);
  tap.feed (std::string_view (text).substr (0, cut));
  tap.feed (std::string_view (text).substr (cut));
  tap.end ();
  return tap.error () ? "error: " + tap.error ()->detail : log.text;
}

std::string content (const std::string &parts)
{
  return R"({"candidates":[{"content":{"parts":[)" + parts + R"(],"role":"model"}}]})";
}

std::string part (const std::string &data)
{
  return R"({"inlineData":{"mimeType":"a/b","data":")" + data + R"("}})";
}

struct Case {
  std::string text;
  std::string expected;
};

const std::string kLong = "AAAABBBBCCCCDDDDEEEEFFFF";
const std::string kPlain = content (part (""));

const Case kCases[] = {
    {"{}", "{}"},
    {content (part (kLong)), "a/b:" + kLong + " " + kPlain},
    // Names may be written with escapes, as any string.
    {R"({"c\u0061ndidates":[{"content":{"\u0070arts":[{"inlineD\u0061ta":{"mime\u0054ype":"a/b","d\u0061ta":")" +
         kLong + R"("}}]}}]})",
     "a/b:" + kLong +
         R"( {"c\u0061ndidates":[{"content":{"\u0070arts":[{"inlineD\u0061ta":{"mime\u0054ype":"a/b","d\u0061ta":""}}]}}]})"},
    {content (part ("AA==")), "a/b:AA== " + kPlain},
    {content (part ("")), kPlain},
    {content (part ("AAAA") + "," + part ("BBBB")),
     "a/b:AAAA a/b:BBBB " + content (part ("") + "," + part (""))},
    // escapes, of which JSON has many that base64 does not need
    {content (part (R"(AA\/\u002b\u003d\u003D)")), "a/b:AA/+== " + kPlain},
    {content (part (R"(AA\n\u00e4)")), "a/b:AA\\\\ " + kPlain},
    // the type may follow, or be missing
    {content (R"({"inlineData":{"data":"AAAA","mimeType":"a\/b"}})"),
     "a/b:AAAA " + content (R"({"inlineData":{"data":"","mimeType":"a\/b"}})")},
    {content (R"({"inlineData":{"data":"AAAA"}})"), ":AAAA " + content (R"({"inlineData":{"data":""}})")},
    // only what is said by the first candidate, in this place
    {R"({"data":"AAAA","inlineData":{"data":"AAAA"}})", R"({"data":"AAAA","inlineData":{"data":"AAAA"}})"},
    {R"({"candidates":[{},)" + content (part ("AAAA")).substr (15),
     R"({"candidates":[{},)" + content (part ("AAAA")).substr (15)},
    {content (R"({"other":{"mimeType":"a/b","data":"AAAA"}})"),
     content (R"({"other":{"mimeType":"a/b","data":"AAAA"}})")},
    {content (R"({"thought":true,"inlineData":{"mimeType":"a/b","data":"AAAA"}})"),
     content (R"({"thought":true,"inlineData":{"mimeType":"a/b","data":""}})")},
    {content (R"({"thought":false,"inlineData":{"mimeType":"a/b","data":"AAAA"}})"),
     "a/b:AAAA " + content (R"({"thought":false,"inlineData":{"mimeType":"a/b","data":""}})")},
    // what looks like structure in a text is none
    {content (R"({"text":"\"}]},\\"},)" + part ("AAAA")),
     "a/b:AAAA " + content (R"({"text":"\"}]},\\"},)" + part (""))},
    // several objects, and an array around them
    {"{}\n{}", "{} {}"},
    {"[" + content (part ("AAAA")) + ",\n{}]\n", "a/b:AAAA " + kPlain + " {}"},
    {" { \"candidates\" : [ { \"content\" : { \"parts\" : [ { \"inlineData\" : { \"mimeType\" : \"a/b\" , "
     "\"data\" : "
     "\"AAAA\" } } ] } } ] } ",
     "a/b:AAAA { \"candidates\" : [ { \"content\" : { \"parts\" : [ { \"inlineData\" : { \"mimeType\" : "
     "\"a/b\" , "
     "\"data\" : \"\" } } ] } } ] }"},
    // what it is not
    {"x", "error: it is no JSON object"},
    {"\"x\"", "error: it is no JSON object"},
    {"{]", "error: its brackets do not match"},
    {"{", "error: an object ends too early"},
    {"{\"a\":" + std::string (64, '['), "error: it is nested too deeply"},
};

}  // namespace

GST_START_TEST (audio_is_taken_out_and_the_rest_remains)
{
  for (auto &[text, expected] : kCases)
    fail_unless_equals_text (tap (text, text.size ()), expected);
}
GST_END_TEST;

GST_START_TEST (where_the_text_is_cut_does_not_matter)
{
  for (auto &[text, expected] : kCases)
    for (size_t cut = 0; cut < text.size (); cut++)
      fail_unless_equals_text (tap (text, cut), expected);
}
GST_END_TEST;

GST_START_TEST (byte_by_byte_pieces_are_groups_of_four)
{
  struct Groups final : MediaTap::Sink {
    void on_media (const ServerMessage::InlineData &piece) override
    {
      fail_unless (piece.data.size () % 4 == 0);
      fail_unless (piece.continues || piece.data.size () >= 16, "the first has only %zu", piece.data.size ());
      data += piece.data;
    }
    void on_object (const std::string &) override { data += "."; }
    std::string data;
  } groups;
  MediaTap tap (groups);
  for (char c : content (part (kLong)))
    tap.feed ({&c, 1});
  fail_unless_equals_text (groups.data, kLong + ".");
}
GST_END_TEST;

/// What is held does not grow with the object, so no part of it can be looked at twice.
GST_START_TEST (an_object_of_64_mib_is_heard_while_it_comes)
{
  constexpr size_t kPiece = 64 * 1024;
  const std::string piece (kPiece, 'A');
  const auto frame = content (part ("|"));
  const auto middle = frame.find ('|');

  Log log;
  MediaTap tap (log);
  tap.feed (std::string_view (frame).substr (0, middle));
  for (size_t i = 1; i <= 1024; i++) {
    tap.feed (piece);
    fail_unless_equals_uint64 (log.total, i * kPiece);
    fail_unless (tap.held () < 200, "%zu characters are held", tap.held ());
    log.text.clear ();
  }
  tap.feed (std::string_view (frame).substr (middle + 1));
  fail_unless_equals_text (log.text, kPlain);
  fail_if (tap.inside ());
}
GST_END_TEST;

GST_START_TEST (beyond_the_limits_there_is_one_clear_error)
{
  const std::string piece (16 * 1024 * 1024, 'A');
  {
    Log log;
    MediaTap tap (log);
    tap.feed (R"({"text":")");
    for (size_t i = 0; i < 3; i++)
      tap.feed (piece);
    fail_unless (tap.error ().has_value ());
    fail_unless_equals_text (tap.error ()->detail, "an object is too large");
    fail_unless (tap.error ()->kind == Error::Kind::Decode);
    fail_unless (tap.held () < 3 * piece.size ());
  }
  Log log;
  MediaTap tap (log);
  const auto frame = content (part ("|"));
  tap.feed (std::string_view (frame).substr (0, frame.find ('|')));
  for (size_t i = 0; i < MediaTap::kMaxObject / piece.size () && !tap.error (); i++) {
    tap.feed (piece);
    log.text.clear ();
  }
  fail_unless (tap.error ().has_value ());
  const auto total = log.total;
  tap.feed (piece);
  fail_unless_equals_uint64 (log.total, total);
}
GST_END_TEST;

GST_START_TEST (a_media_type_is_short_as_every_piece_carries_it)
{
  auto with_type = [] (size_t size) {
    return content (R"({"inlineData":{"mimeType":")" + std::string (size, 'a') + R"(","data":"AAAA"}})");
  };
  const auto longest = with_type (256);
  fail_if (tap (longest, 100).starts_with ("error"));
  fail_unless_equals_text (tap (with_type (257), 100), "error: a media type is too long");
}
GST_END_TEST;

GEMINI_CHECK_MAIN (media_tap, audio_is_taken_out_and_the_rest_remains, where_the_text_is_cut_does_not_matter,
                   byte_by_byte_pieces_are_groups_of_four, an_object_of_64_mib_is_heard_while_it_comes,
                   beyond_the_limits_there_is_one_clear_error,
                   a_media_type_is_short_as_every_piece_carries_it)
