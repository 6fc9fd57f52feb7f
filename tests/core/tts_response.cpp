// The body of an answer: what is said in it, in whatever form it comes.

#include "core/tts_response.h"

#include "support/check.h"

using namespace gemini;

namespace {

const std::string kAudio =
    R"({"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"audio/l16; rate=24000; channels=1","data":"AAAA"}}],"role":"model"},"index":0}],"modelVersion":"x"})";
const std::string kLast =
    R"({"candidates":[{"content":{},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":"9","totalTokenCount":12}})";

std::string event (const std::string &json) { return "data: " + json + "\r\n\r\n"; }

struct Answer {
  explicit Answer (const std::string &body)
  {
    response.feed (body);
    response.finish ();
  }
  const TtsResponse::Facts &facts () const { return response.facts (); }
  std::string audio ()
  {
    std::string all;
    for (auto &piece : response.audio ())
      all += piece.data;
    return all;
  }

  TtsResponse response;
};

std::string understood (const std::string &body)
{
  Answer answer (body);
  return answer.facts ().error ? answer.facts ().error->detail : "";
}

}  // namespace

GST_START_TEST (events_one_object_and_an_array_say_the_same)
{
  for (const auto &body :
       {event (kAudio) + event (kAudio) + event (kLast), "[" + kAudio + ",\n" + kAudio + ",\n" + kLast + "]",
        kAudio + "\n" + kAudio + "\n" + kLast}) {
    Answer answer (body);
    fail_unless_equals_text (answer.audio (), "AAAAAAAA");
    fail_unless_equals_text (answer.response.audio ().front ().mime_type,
                             "audio/l16; rate=24000; channels=1");
    auto &facts = answer.facts ();
    fail_if (facts.error.has_value ());
    fail_unless (facts.spoke && !facts.wrote && !facts.cut_off);
    fail_unless_equals_int (facts.objects, 3);
    fail_unless_equals_text (facts.finish_reason, "STOP");
    fail_unless_equals_int (facts.usage->prompt_tokens, 3);
    fail_unless_equals_int (facts.usage->response_tokens, 9);
    fail_unless_equals_int (facts.usage->total_tokens, 12);
  }
}
GST_END_TEST;

GST_START_TEST (audio_is_there_before_its_event_has_ended)
{
  TtsResponse response;
  const auto body = event (kAudio);
  response.feed (body.substr (0, body.find ("AAAA")));
  fail_unless (response.audio ().empty ());
  response.feed (std::string (64, 'B'));
  fail_unless_equals_int (response.audio ().size (), 1);
  fail_if (response.audio ().front ().continues);
  response.feed (std::string (64, 'C'));
  fail_unless (response.audio ().back ().continues);
  fail_unless_equals_int (response.facts ().objects, 0);
}
GST_END_TEST;

GST_START_TEST (a_body_that_ends_inside_of_an_object_is_cut_off_and_its_audio_kept)
{
  const auto body = event (kAudio);
  for (size_t size : {body.size () - 5, body.find ("\"role\""), body.find ("}}]") + 1}) {
    Answer answer (body.substr (0, size));
    fail_unless (answer.facts ().cut_off);
    fail_unless_equals_text (answer.audio (), "AAAA");
    fail_if (answer.facts ().error.has_value ());
  }
  fail_if (Answer (body.substr (0, body.size () - 4)).facts ().cut_off);  // all but the empty line
}
GST_END_TEST;

GST_START_TEST (thoughts_and_what_is_no_audio_are_not_heard)
{
  Answer answer (event (
      R"({"candidates":[{"content":{"parts":[{"thought":true,"text":"Hm"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}},{"inlineData":{"mimeType":"audio/pcm","data":""}},{}]}}]})"));
  fail_unless_equals_text (answer.audio (), "");
  fail_if (answer.facts ().spoke || answer.facts ().wrote || answer.facts ().error);
  fail_unless (
      Answer (event (R"({"candidates":[{"content":{"parts":[{"text":"Hello"}]}}]})")).facts ().wrote);
}
GST_END_TEST;

GST_START_TEST (a_blocked_prompt_says_why)
{
  Answer answer (event (R"({"promptFeedback":{"blockReason":"SAFETY","blockReasonMessage":"No."}})"));
  fail_unless_equals_text (answer.facts ().block_reason, "SAFETY");
  fail_unless_equals_text (answer.facts ().block_message, "No.");
}
GST_END_TEST;

GST_START_TEST (an_error_is_found_in_every_form)
{
  const std::string error =
      R"({"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}})";
  const std::string pretty =
      "{\n  \"error\": {\n    \"code\": 503,\n    \"message\": \"The model is overloaded.\",\n"
      "    \"status\": \"UNAVAILABLE\"\n  }\n}\n";
  for (const auto &body : {event (error), pretty, "[" + error + "]", "[" + pretty + "]\n",
                           event (kAudio) + event (error), event (kAudio) + pretty}) {
    Answer answer (body);
    fail_unless (answer.facts ().error.has_value (), "%s", body.c_str ());
    fail_unless (answer.facts ().error->kind == Error::Kind::Busy);
    fail_unless_equals_int (answer.facts ().error->http_status.value_or (0), 503);
    fail_unless_equals_text (answer.facts ().error->service_status, "UNAVAILABLE");
    fail_unless_equals_text (answer.facts ().error_body, error);
  }
}
GST_END_TEST;

GST_START_TEST (nonsense_is_a_decode_error_that_says_what_is_wrong)
{
  fail_unless_equals_text (understood (event ("hello")), "it is no JSON object");
  fail_unless_equals_text (understood (event ("{]")), "its brackets do not match");
  fail_unless_equals_text (understood (event ("{\"a\":") + event ("1}")), "an object ends too early");
  fail_unless_equals_text (understood (event (R"({"candidates":7})")),
                           "unexpected type of field \"candidates\"");
  fail_unless_equals_text (understood (event (R"({"candidates":[7]})")),
                           "unexpected type of field \"candidates\"");
  fail_unless_equals_text (understood (event (R"({"candidates":[{"content":{"parts":[7]}}]})")),
                           "unexpected type of field \"parts\"");
  fail_unless_equals_text (
      understood (event (R"({"candidates":[{"content":{"parts":[{"inlineData":{"data":7}}]}}]})")),
      "unexpected type of field \"inlineData.data\"");
  fail_unless_equals_text (understood (event (R"({"usageMetadata":{"promptTokenCount":"x"}})")),
                           "unexpected type of field \"usageMetadata.promptTokenCount\"");
  fail_unless (understood (event ("{\"a\":\"\xff\"}")).find ("not valid UTF-8") != std::string::npos);
  fail_unless_equals_text (understood (event (R"({"candidates":[],"somethingNew":[1,2,{}]})")), "");
}
GST_END_TEST;

GEMINI_CHECK_MAIN (tts_response, events_one_object_and_an_array_say_the_same,
                   audio_is_there_before_its_event_has_ended,
                   a_body_that_ends_inside_of_an_object_is_cut_off_and_its_audio_kept,
                   thoughts_and_what_is_no_audio_are_not_heard, a_blocked_prompt_says_why,
                   an_error_is_found_in_every_form, nonsense_is_a_decode_error_that_says_what_is_wrong)
