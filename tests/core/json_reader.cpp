#include <string>

#include "core/json.h"
#include "support/check.h"

using gemini::JsonNodePtr;
using Reader = gemini::JsonReader;  // json-glib has a JsonReader too

/// An object and a reader of it.
struct Sample {
  JsonNodePtr node;
  Reader reader;

  explicit Sample (std::string_view text)
      : node (std::get<JsonNodePtr> (gemini::parse_json_object (text))),
        reader (json_node_get_object (node.get ()))
  {
  }
};

GST_START_TEST (members_are_read_by_their_types)
{
  Sample f (R"({"s":"text","b":true,"n":false,"i":42,"o":{"k":1},"a":[1,2]})");
  fail_unless (f.reader.string ("s") == "text");
  fail_unless (f.reader.boolean ("b") == true);
  fail_unless (f.reader.boolean ("n") == false);
  fail_unless (f.reader.integer ("i") == 42);
  fail_unless (json_object_has_member (f.reader.object ("o"), "k"));
  fail_unless_equals_int (json_array_get_length (f.reader.array ("a")), 2);
  fail_unless_equals_text (f.reader.wrong (), "");
}
GST_END_TEST;

static void fail_unless_nothing (Reader &reader, const char *name)
{
  fail_unless (!reader.string (name) && !reader.boolean (name) && !reader.integer (name) &&
               !reader.seconds (name));
  fail_unless (!reader.object (name) && !reader.array (name));
}

GST_START_TEST (absent_and_null_are_nothing_and_not_wrong)
{
  Sample f (R"({"null":null})");
  Reader none (nullptr);
  fail_unless_nothing (f.reader, "null");
  fail_unless_nothing (f.reader, "absent");
  fail_unless_nothing (none, "absent");
  fail_unless_equals_text (f.reader.wrong () + none.wrong (), "");
}
GST_END_TEST;

GST_START_TEST (an_empty_value_is_a_value)
{
  Sample f (R"({"s":"","o":{},"a":[],"i":0})");
  fail_unless (f.reader.string ("s") == "");
  fail_unless (f.reader.object ("o") && f.reader.array ("a"));
  fail_unless (f.reader.integer ("i") == 0);
}
GST_END_TEST;

GST_START_TEST (a_wrong_type_is_remembered_by_name)
{
  constexpr const char *kText = R"({"s":"x","b":true,"i":1,"d":1.5,"o":{},"a":[]})";
  const auto wrong = [] (auto read) {
    Sample f (kText);
    fail_unless (!read (f.reader));
    return f.reader.wrong ();
  };
  for (const char *name : {"b", "i", "d", "o", "a"})
    fail_unless_equals_text (wrong ([name] (Reader &r) { return r.string (name); }), name);
  for (const char *name : {"s", "i", "d", "o", "a"})
    fail_unless_equals_text (wrong ([name] (Reader &r) { return r.boolean (name); }), name);
  for (const char *name : {"s", "b", "d", "o", "a"})
    fail_unless_equals_text (wrong ([name] (Reader &r) { return r.integer (name); }), name);
  for (const char *name : {"s", "b", "i", "d", "o", "a"})
    fail_unless_equals_text (wrong ([name] (Reader &r) { return r.seconds (name); }), name);
  for (const char *name : {"s", "b", "i", "d", "a"})
    fail_unless_equals_text (wrong ([name] (Reader &r) { return r.object (name); }), name);
  for (const char *name : {"s", "b", "i", "d", "o"})
    fail_unless_equals_text (wrong ([name] (Reader &r) { return r.array (name); }), name);
}
GST_END_TEST;

GST_START_TEST (the_first_wrong_type_is_the_one_told)
{
  Sample f (R"({"a":1,"b":2,"c":"3"})");
  f.reader.integer ("c");
  f.reader.string ("b");
  f.reader.string ("a");
  fail_unless_equals_text (f.reader.wrong (), "b");
}
GST_END_TEST;

GST_START_TEST (an_integer_may_be_a_string_or_a_whole_fraction)
{
  Sample f (R"({"a":"42","b":"-9223372036854775808","c":"9223372036854775807","d":-7,"e":2.0,"f":1e3})");
  fail_unless (f.reader.integer ("a") == 42);
  fail_unless (f.reader.integer ("b") == INT64_MIN);
  fail_unless (f.reader.integer ("c") == INT64_MAX);
  fail_unless (f.reader.integer ("d") == -7);
  fail_unless (f.reader.integer ("e") == 2);
  fail_unless (f.reader.integer ("f") == 1000);
  fail_unless_equals_text (f.reader.wrong (), "");

  for (const char *none : {R"("")", R"("4 2")", R"(" 42")", R"("42x")", R"("+1")", R"("1.5")", R"("0x10")",
                           "1.5", "1e30", R"("9223372036854775808")", "9223372036854775808.0", "9.3e18"}) {
    Sample g (std::string (R"({"i":)") + none + "}");
    fail_if (g.reader.integer ("i"), "%s", none);
    fail_unless_equals_text (g.reader.wrong (), "i");
  }
}
GST_END_TEST;

GST_START_TEST (a_duration_is_decimal_seconds)
{
  Sample f (R"({"a":"50s","b":"1.500s","c":"30.5s","d":"0s","e":"-0.25s","f":"0.000000001s"})");
  fail_unless (f.reader.seconds ("a") == 50.0);
  fail_unless (f.reader.seconds ("b") == 1.5);
  fail_unless (f.reader.seconds ("c") == 30.5);
  fail_unless (f.reader.seconds ("d") == 0.0);
  fail_unless (f.reader.seconds ("e") == -0.25);
  fail_unless (f.reader.seconds ("f") == 1e-9);
  fail_unless_equals_text (f.reader.wrong (), "");

  for (const char *none : {"", "s", "50", "50S", "50 s", " 50s", "1,5s", "50ms", "1e3s", "infs", "nans",
                           "0x1s", "1s2s", "1-2s", "--1s", ".s", "1.2.3s"}) {
    Sample g (std::string (R"({"t":")") + none + "\"}");
    fail_if (g.reader.seconds ("t"), "%s", none);
    fail_unless_equals_text (g.reader.wrong (), "t");
  }
}
GST_END_TEST;

/// A text as it is written after it was read; json-glib escapes DEL.
static std::string copied (const std::string &text)
{
  auto copy = gemini::to_json (Sample (text).node.get ());
  for (size_t at; (at = copy.find ("\\u007f")) != copy.npos;)
    copy.replace (at, 6, "\x7f");
  return copy;
}

GST_START_TEST (long_strings_are_read_as_short_ones_are)
{
  const std::string del = "\x7f";
  for (const size_t length : {1, 255, 256, 257, 263, 15360}) {
    const std::string is_long (length, 'A');
    for (const auto &said :
         {is_long, is_long + "/+=", is_long + "\u00e4", is_long + del, del + is_long, is_long + "\\n"}) {
      const auto quoted = '"' + said + '"';
      for (const auto &text :
           {"{\"x\":" + quoted + "}", "{" + quoted + ":" + quoted + "}",
            "{\"a\":[" + quoted + "," + quoted + "]}",
            "{\"a\":[{\"b\":\"" + del + "0\"}," + quoted + "],\"c\":{\"d\":" + quoted + "}}",
            "{\"x\":\"" + is_long + "\",\"y\":" + quoted + ",\"z\":\"0\"}"})
        fail_unless_equals_text (copied (text), text);
      Sample twice ("{\"x\" :\n" + quoted + " , \"x\" : \"y\"}");
      fail_unless (twice.reader.string ("x") == "y");
      Sample escaped ("{\"x\":" + quoted + ",\"y\":\"\\u007f0\"}");
      fail_unless (escaped.reader.string ("y") == del + "0");
    }
  }
}
GST_END_TEST;

/// What is read without json-glib and what json-glib reads.
GST_START_TEST (the_same_tree_comes_of_a_text_whoever_reads_it)
{
  const std::string plain =
      R"("a":[1,-2,0,123456789012345678,true,false,null,"x",[],{},[[1],{"b":"c"}]],"s":"a\"\\\/\b\f\n\r\tz","u":"ä€𝄞","e":"\u003d\u0041\u007F","":"")";
  const auto fast = gemini::to_json (Sample ("{" + plain + "}").node.get ());
  const auto slow = gemini::to_json (Sample ("{" + plain + R"(,"more":1.5,"escape":"\u00c4"})").node.get ());
  fail_unless_equals_text (fast.substr (0, fast.size () - 1) + R"(,"more":1.5,"escape":"Ä"})", slow);
  for (const char *text : {R"({"i":-0})", R"({"i":01})", R"({"i":9223372036854775807})", R"({"i":1e3})",
                           R"({"i":1.0})", R"({"i":-9223372036854775808})"}) {
    auto parsed = gemini::parse_json_object (text);
    if (auto *node = std::get_if<JsonNodePtr> (&parsed))
      fail_unless (Reader (json_node_get_object (node->get ())).integer ("i").has_value (), "%s", text);
  }
}
GST_END_TEST;

GST_START_TEST (beside_a_long_string_the_rest_is_looked_at_as_always)
{
  const auto is_long = '"' + std::string (300, 'A') + '"';
  for (const auto &text :
       {"{\"x\":" + is_long + ",}", "{\"x\" " + is_long + "}", "{\"x\":" + is_long + is_long + "}",
        "{" + is_long + "}", "{\"x\":" + is_long + ",\"y\":\"\xff\"}",
        "{\"x\":\"" + std::string (300, '\xff') + "\"}"})
    fail_unless (std::holds_alternative<gemini::Error> (gemini::parse_json_object (text)), "%s is accepted",
                 text.c_str ());
}
GST_END_TEST;

GEMINI_CHECK_MAIN (json_reader, the_same_tree_comes_of_a_text_whoever_reads_it,
                   long_strings_are_read_as_short_ones_are,
                   beside_a_long_string_the_rest_is_looked_at_as_always, members_are_read_by_their_types,
                   absent_and_null_are_nothing_and_not_wrong, an_empty_value_is_a_value,
                   a_wrong_type_is_remembered_by_name, the_first_wrong_type_is_the_one_told,
                   an_integer_may_be_a_string_or_a_whole_fraction, a_duration_is_decimal_seconds)
