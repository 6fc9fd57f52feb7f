#include "core/json.h"

#include "support/check.h"

using gemini::Error;
using gemini::JsonNodePtr;

static JsonNodePtr parse (std::string_view text)
{
  auto parsed = gemini::parse_json_object (text);
  if (auto *error = std::get_if<Error> (&parsed))
    ck_abort_msg ("%s", error->message.c_str ());
  return std::move (std::get<JsonNodePtr> (parsed));
}

static Error refusal (std::string_view text)
{
  auto parsed = gemini::parse_json_object (text);
  fail_unless (std::holds_alternative<Error> (parsed), "accepted: %.200s", std::string (text).c_str ());
  const Error error = std::get<Error> (parsed);
  fail_unless (error.kind == Error::Kind::Decode);
  fail_unless (error.message.starts_with ("The text is no JSON object: "), "%s", error.message.c_str ());
  return error;
}

static void fail_unless_refused (std::string_view text, const char *words)
{
  const Error error = refusal (text);
  fail_unless (error.message.find (words) != std::string::npos, "%.200s: %s", std::string (text).c_str (),
               error.message.c_str ());
}

/// The member `x` of an object, as a string.
static std::string x_of (std::string_view text)
{
  const JsonNodePtr node = parse (text);
  gemini::JsonReader reader (json_node_get_object (node.get ()));
  const auto x = reader.string ("x");
  fail_unless (x.has_value ());
  return std::string (*x);
}

static std::string repeated (std::string_view text, size_t times)
{
  std::string all;
  for (size_t i = 0; i < times; ++i)
    all += text;
  return all;
}

GST_START_TEST (what_is_read_is_written_again)
{
  for (const char *text : {"{}", R"({"setupComplete":{}})", R"({"a":[1,-2,2.5,true,false,null,"x",[],{}]})",
                           R"({"a":{"b":{"c":"d"}},"e":"\"\\\n"})"})
    fail_unless_equals_text (gemini::to_json (parse (text).get ()), text);
  fail_unless_equals_text (
      gemini::to_json (parse (R"({"1e20.0":[1e20,-1E19,1e15,"2e+20.0\"3e20.0"]})").get ()),
      R"({"1e20.0":[1e+20,-1e+19,1000000000000000.0,"2e+20.0\"3e20.0"]})");
  fail_unless_equals_text (gemini::to_json (parse ("{\n  \"a\" : [ 1 ,\t2 ]\r\n}\n").get ()),
                           R"({"a":[1,2]})");
}
GST_END_TEST;

GST_START_TEST (only_the_given_characters_are_read)
{
  fail_unless_equals_text (x_of (std::string_view (R"({"x":"y"}garbage)").substr (0, 9)), "y");
}
GST_END_TEST;

GST_START_TEST (text_without_an_object_is_refused)
{
  for (const char *text : {"", " ", "\n\t"})
    fail_unless_refused (text, "it is empty");
  fail_unless_refused (std::string_view (), "it is empty");
  for (const char *text : {"[]", "[{}]", "\"x\"", "1", "true", "null", "hello", "<html>", "}", "/**/{}",
                           "var a = {}", "\xef\xbb\xbf{}"})
    fail_unless_refused (text, "does not begin with '{'");
}
GST_END_TEST;

GST_START_TEST (what_is_cut_off_is_refused)
{
  for (const char *text : {"{", R"({"a":1)", R"({"a":[1)", R"({"a":{})"})
    fail_unless_refused (text, "ends too early");
  for (const char *text : {R"({"a)", R"({"a":"b\")", R"({"a":"b\)", R"({"a":"\\\")"})
    fail_unless_refused (text, "a string has no end");
}
GST_END_TEST;

GST_START_TEST (a_second_value_is_refused)
{
  for (const char *text : {"{}{}", "{} {}", "{}]", "{}}", "{},", "{}1", "{}\"", "{}//"})
    fail_unless_refused (text, "something follows");
}
GST_END_TEST;

GST_START_TEST (what_is_no_json_is_refused_with_its_place)
{
  for (const char *text :
       {"{1}", "{a:1}", R"({"a"})", R"({"a":})", R"({"a":1,})", R"({"a":[1,]})", R"({"a":[1 2]})",
        R"({"a":1 "b":2})", R"({"a":[1}})", R"({"a":(1))", R"({"a":tru})", R"({"a":1x})", R"({"a":-})",
        R"({"a":--1})", R"({"a":1.2.3})", "{:}", "{,}"})
    refusal (text);
  fail_unless_refused ("{\n  \"a\": 1,\n  \"b\": x\n}", "line 3");
}
GST_END_TEST;

GST_START_TEST (extensions_of_json_are_refused)
{
  for (const char *text : {"{'a':1}", R"({"a":1}//)", R"({"a":/*x*/1})", "{//x\n}", R"({"a":0x10;})",
                           R"({"a"=1})", R"({"a":$1})", "{#\n}"})
    refusal (text);
}
GST_END_TEST;

GST_START_TEST (a_number_that_could_not_be_written_again_is_refused)
{
  for (const char *text : {R"({"a":1e999})", R"({"a":[-1.5E+400]})"})
    fail_unless_refused (text, "out of range");
  for (const char *text :
       {R"({"a":9223372036854775808})", R"({"a":[-9223372036854775809]})", R"({"a":100000000000000000000})"})
    fail_unless_refused (text, "64 bits");
  parse (R"({"a":[-1.5e300,1e-300,0,-7]})");
}
GST_END_TEST;

GST_START_TEST (the_largest_and_the_smallest_numbers_are_written_as_they_were_read)
{
  const char *whole = R"({"a":[9223372036854775807,-9223372036854775808]})";
  fail_unless_equals_text (gemini::to_json (parse (whole).get ()), whole);
  // Too small for any double: zero, as everywhere.
  fail_unless_equals_text (gemini::to_json (parse (R"({"a":1e-999})").get ()), R"({"a":0.0})");
}
GST_END_TEST;

GST_START_TEST (an_error_quotes_nothing_of_the_text)
{
  for (const char *text :
       {R"({"newHandle" "hush"})", R"({"a":hush})", R"({"a":"hush)", R"({"a":'hush'})", R"({"hush":1,})"}) {
    const Error error = refusal (text);
    fail_unless ((error.message + error.detail).find ("hush") == std::string::npos, "%s",
                 error.message.c_str ());
  }
}
GST_END_TEST;

GST_START_TEST (nul_is_refused_in_any_form)
{
  using namespace std::string_view_literals;
  for (auto text : {"{}\0"sv, "{\"x\":\"a\0b\"}"sv, "{\0}"sv, "\0"sv})
    refusal (text);
  fail_unless_refused (R"({"x":"a\u0000b"})", "a NUL");
}
GST_END_TEST;

GST_START_TEST (invalid_utf8_is_refused)
{
  for (const char *text : {"{\"x\":\"\xff\"}", "{\"x\":\"\xc3\"}", "{\"x\":\"\xed\xa0\x80\"}",
                           "{\"x\":\"\xc0\x80\"}", "{\"\xff\":1}"})
    fail_unless_refused (text, "not valid UTF-8");
}
GST_END_TEST;

GST_START_TEST (escapes_are_resolved)
{
  fail_unless_equals_text (x_of (R"({"x":"\"\\\/\b\f\n\r\t"})"), "\"\\/\b\f\n\r\t");
  fail_unless_equals_text (x_of (R"({"x":"\u0041\u00e4\u20AC"})"), "A\xc3\xa4\xe2\x82\xac");
  fail_unless_equals_text (x_of (R"({"x":"\ud83d\ude00"})"), "\xf0\x9f\x98\x80");
  fail_unless_equals_text (x_of (R"({"x":"\u003c\\u0000"})"), "<\\u0000");
}
GST_END_TEST;

GST_START_TEST (escapes_that_json_does_not_have_are_refused)
{
  for (const char *text :
       {R"({"x":"\x41"})", R"({"x":"\0"})", R"({"x":"\101"})", R"({"x":"\'"})", R"({"x":"\U0041"})"})
    fail_unless_refused (text, "unknown escape");
  for (const char *text : {R"({"x":"\u"})", R"({"x":"\u12"})", R"({"x":"\u12g4"})", R"({"x":"\u-123"})"})
    fail_unless_refused (text, "without four digits");
}
GST_END_TEST;

GST_START_TEST (half_a_surrogate_pair_is_refused)
{
  for (const char *text : {R"({"x":"\ud800"})", R"({"x":"\udc00"})", R"({"x":"\udc00\udc00"})",
                           R"({"x":"\ud800x"})", R"({"x":"\ud800\n"})", R"({"x":"\ud800\ud800"})",
                           R"({"x":"\ud800\u0041"})", R"({"x":"\ud800\u"})", R"({"x":"\udfff\ud800"})"})
    fail_unless_refused (text, "half a surrogate pair");
}
GST_END_TEST;

GST_START_TEST (sixty_four_levels_are_read_and_no_more)
{
  const auto nested = [] (size_t depth) {
    return "{\"a\":" + repeated ("[", depth - 1) + repeated ("]", depth - 1) + "}";
  };
  parse (nested (64));
  fail_unless_refused (nested (65), "nested too deeply");
  parse ("{\"x\":[" + repeated ("[],", 1000) + "{}]}");
}
GST_END_TEST;

GST_START_TEST (hostile_nesting_does_not_crash)
{
  constexpr size_t kMany = 400'000;
  for (const char *deep : {"[", "{", "{\"a\":", "{\"a\":["})
    refusal (repeated (deep, kMany));
  fail_unless_refused ("{\"a\":" + repeated ("[", kMany) + repeated ("]", kMany) + "}", "nested too deeply");
}
GST_END_TEST;

GST_START_TEST (nesting_cannot_hide_behind_what_looks_like_a_string)
{
  // json-glib sees the nesting in each of these; a count that knows only strings and escapes would not.
  const std::string deep = repeated ("[", 400'000);
  for (const char *disguise :
       {R"({"\ud800",":%s"})", R"({/*"*/"a":%s})", R"({"'":1,'"':%s})", R"({'"':%s,'"':1})"}) {
    std::string text = disguise;
    text.replace (text.find ("%s"), 2, deep);
    refusal (text);
  }
}
GST_END_TEST;

GST_START_TEST (brackets_in_strings_are_not_nesting)
{
  const std::string brackets = repeated ("[{", 1000);
  fail_unless_equals_text (x_of ("{\"x\":\"" + brackets + "\"}"), brackets);
  fail_unless_equals_text (x_of ("{\"x\":\"" + repeated ("\\\"[", 1000) + "\"}"), repeated ("\"[", 1000));
}
GST_END_TEST;

GST_START_TEST (a_megabyte_of_escapes_is_read_in_one_pass)
{
  fail_unless (x_of ("{\"x\":\"" + repeated ("\\n", 1'000'000) + "\"}").size () == 1'000'000);
  fail_unless (x_of ("{\"x\":\"" + repeated ("\\\"", 1'000'000) + "\"}").size () == 1'000'000);
}
GST_END_TEST;

GST_START_TEST (every_cut_and_every_changed_byte_is_survived)
{
  const std::string text = R"({"a":["\ud83d\ude00\n",-1.5e3,{"b":null,"c":true}],"d":"x\"y"})";
  parse (text);
  for (size_t size = 0; size < text.size (); ++size)
    refusal (std::string_view (text).substr (0, size));
  for (size_t place = 0; place < text.size (); ++place)
    for (int c = 0; c < 256; ++c) {
      std::string changed = text;
      changed[place] = static_cast<char> (c);
      auto parsed = gemini::parse_json_object (changed);
      if (auto *node = std::get_if<JsonNodePtr> (&parsed))
        parse (gemini::to_json (node->get ()));
    }
}
GST_END_TEST;

static std::string merged (const char *base, const char *extra)
{
  const JsonNodePtr to = parse (base);
  const JsonNodePtr from = parse (extra);
  gemini::merge_json (json_node_get_object (to.get ()), json_node_get_object (from.get ()));
  fail_unless_equals_text (gemini::to_json (from.get ()), extra);
  return gemini::to_json (to.get ());
}

GST_START_TEST (objects_are_merged_member_by_member)
{
  fail_unless_equals_text (merged (R"({"a":{"b":1,"c":{"d":2}}})", R"({"a":{"c":{"e":3}},"f":4})"),
                           R"({"a":{"b":1,"c":{"d":2,"e":3}},"f":4})");
  fail_unless_equals_text (merged (R"({"a":1})", "{}"), R"({"a":1})");
  fail_unless_equals_text (merged ("{}", R"({"a":{"b":{}}})"), R"({"a":{"b":{}}})");
}
GST_END_TEST;

GST_START_TEST (everything_but_objects_is_replaced)
{
  fail_unless_equals_text (merged (R"({"a":[1,2],"b":"x"})", R"({"a":[3],"b":false})"),
                           R"({"a":[3],"b":false})");
  fail_unless_equals_text (merged (R"({"a":{"b":1}})", R"({"a":[1]})"), R"({"a":[1]})");
  fail_unless_equals_text (merged (R"({"a":[1]})", R"({"a":{"b":1}})"), R"({"a":{"b":1}})");
}
GST_END_TEST;

GST_START_TEST (a_null_is_written_and_deletes_nothing)
{
  fail_unless_equals_text (merged (R"({"a":{"b":1},"c":2})", R"({"a":null})"), R"({"a":null,"c":2})");
  fail_unless_equals_text (merged (R"({"a":null})", R"({"a":{"b":1}})"), R"({"a":{"b":1}})");
}
GST_END_TEST;

GST_START_TEST (a_merged_object_is_no_longer_the_one_it_came_from)
{
  const JsonNodePtr to = parse ("{}");
  const JsonNodePtr from = parse (R"({"a":{"b":{"c":1}}})");
  const JsonNodePtr more = parse (R"({"a":{"b":{"c":2}}})");
  gemini::merge_json (json_node_get_object (to.get ()), json_node_get_object (from.get ()));
  gemini::merge_json (json_node_get_object (to.get ()), json_node_get_object (more.get ()));
  fail_unless_equals_text (gemini::to_json (to.get ()), R"({"a":{"b":{"c":2}}})");
  fail_unless_equals_text (gemini::to_json (from.get ()), R"({"a":{"b":{"c":1}}})");
}
GST_END_TEST;

GEMINI_CHECK_MAIN (json, what_is_read_is_written_again, only_the_given_characters_are_read,
                   text_without_an_object_is_refused, what_is_cut_off_is_refused, a_second_value_is_refused,
                   what_is_no_json_is_refused_with_its_place, extensions_of_json_are_refused,
                   a_number_that_could_not_be_written_again_is_refused,
                   the_largest_and_the_smallest_numbers_are_written_as_they_were_read,
                   an_error_quotes_nothing_of_the_text, nul_is_refused_in_any_form, invalid_utf8_is_refused,
                   escapes_are_resolved, escapes_that_json_does_not_have_are_refused,
                   half_a_surrogate_pair_is_refused, sixty_four_levels_are_read_and_no_more,
                   hostile_nesting_does_not_crash, nesting_cannot_hide_behind_what_looks_like_a_string,
                   brackets_in_strings_are_not_nesting, a_megabyte_of_escapes_is_read_in_one_pass,
                   every_cut_and_every_changed_byte_is_survived, objects_are_merged_member_by_member,
                   everything_but_objects_is_replaced, a_null_is_written_and_deletes_nothing,
                   a_merged_object_is_no_longer_the_one_it_came_from)
