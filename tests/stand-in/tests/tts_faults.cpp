// What goes wrong with speech over HTTP, seen from the client.
#include "client.h"
#include "http_client.h"
#include "support/check.h"

using namespace gemini::stand_in;

static const std::string kHello = tts_body ("Hello");

static Options with_fault (const char *spec)
{
  const auto fault = parse_fault (spec);
  if (const auto *error = std::get_if<std::string> (&fault))
    g_error ("%s", error->c_str ());
  return {.counter_frames = 9600,
          .pace = {.speed = 0},
          .shape = {.chunks = {4800}, .usage = false},
          .faults = {std::get<Fault> (fault)}};
}

static HttpAnswer ask (const char *spec, const std::string &path = kTtsStream)
{
  const Server server (with_fault (spec));
  return HttpClient (server).ask (path, kHello);
}

GST_START_TEST (every_status_can_be_the_answer)
{
  for (const unsigned status : {400, 401, 403, 404, 408, 429, 500, 502, 503, 504}) {
    const HttpAnswer answer = ask (("http:" + std::to_string (status)).c_str ());
    fail_unless_equals_int (answer.status, status);
    fail_unless_reads (answer.header ("Content-Type"), "text/event-stream");
    fail_unless (answer.body.starts_with ("{\n  \"error\": {\n    \"code\": " + std::to_string (status)),
                 "%s", answer.body.c_str ());
  }
  const HttpAnswer whole = ask ("http:500", kTts);
  fail_unless_reads (whole.header ("Content-Type"), "application/json; charset=UTF-8");
  fail_unless (ask ("http:500", "/v1beta/models/gemini-3.8-flash-tts:streamGenerateContent")
                   .body.starts_with ("[{\n  \"error\""));
}
GST_END_TEST;

GST_START_TEST (too_many_requests_say_when_to_come_again)
{
  const auto holds = [] (const char *spec, const char *text) {
    return ask (spec).body.find (text) != std::string::npos;
  };
  fail_unless (holds ("http:429:37", "\"retryDelay\": \"37s\""));
  fail_unless (holds ("http:503:0.5", "\"retryDelay\": \"0.5s\""));
  fail_unless (holds ("http:429:day", "PerDay"));
  fail_if (holds ("http:503", "retryDelay"));
}
GST_END_TEST;

GST_START_TEST (a_proxy_in_between_answers_with_a_page)
{
  const HttpAnswer answer = ask ("html:502");
  fail_unless_equals_int (answer.status, 502);
  fail_unless_reads (answer.header ("Content-Type"), "text/html; charset=UTF-8");
  fail_unless (answer.body.starts_with ("<!DOCTYPE html>"));
}
GST_END_TEST;

GST_START_TEST (errors_may_come_under_any_type)
{
  Options options = with_fault ("http:503");
  options.tts.content_type = "text/plain";
  const Server server (options);
  fail_unless_reads (HttpClient (server).ask (kTts, kHello).header ("Content-Type"), "text/plain");
}
GST_END_TEST;

GST_START_TEST (after_its_times_a_refusal_is_over)
{
  const Server server (with_fault ("http:503*2"));
  HttpClient client (server);
  for (const unsigned status : {503, 503, 200})
    fail_unless_equals_int (client.ask (kTtsStream, kHello).status, status);
  fail_unless_equals_int (server.record ().requests.size (), 3);
  fail_unless_equals_int (server.record ().readings.size (), 1);
}
GST_END_TEST;

GST_START_TEST (a_connection_may_end_in_place_of_an_answer)
{
  const Server reset (with_fault ("reset@request")), drop (with_fault ("drop@request")),
      early (with_fault ("drop@chunk:0"));
  HttpClient client (reset), other (drop), third (early);
  fail_unless_equals_int (client.ask (kTtsStream, kHello).status, 0);
  fail_unless (client.was_reset ());
  fail_unless_equals_int (other.ask (kTtsStream, kHello).status, 0);
  fail_if (other.was_reset ());
  fail_unless_equals_int (third.ask (kTtsStream, kHello).status, 0);
  fail_unless (early.wait_for_reading_end ());
}
GST_END_TEST;

GST_START_TEST (a_stream_may_end_without_its_end)
{
  const Server server (with_fault ("drop@chunk:1"));
  const HttpAnswer answer = HttpClient (server).ask (kTtsStream, kHello);
  fail_unless_equals_int (answer.status, 200);
  fail_if (answer.whole);
  fail_unless_reads (answer.heard ().tale, "chunk 4800");
  fail_unless (server.wait_for_reading_end ());
  const ReadingRecord reading = server.reading ();
  fail_unless (!reading.complete && !reading.cancelled);
  fail_unless_equals_int (reading.samples.size (), 4800);
}
GST_END_TEST;

GST_START_TEST (a_stream_may_break_with_a_reset)
{
  const Server server (with_fault ("reset@chunk:1"));
  HttpClient client (server);
  fail_if (client.ask (kTtsStream, kHello).whole);
  fail_unless (client.was_reset ());
}
GST_END_TEST;

GST_START_TEST (an_answer_may_be_cut_in_the_middle)
{
  const HttpAnswer stream = ask ("cut@chunk:1");
  fail_if (stream.whole);
  fail_unless_reads (stream.heard ().tale, "chunk 4800");
  fail_unless_equals_int (stream.chunks.size (), 2);
  fail_unless (stream.chunks[1].size () > 4800 && stream.chunks[1].find ('\n') == std::string::npos);

  const HttpAnswer whole = ask ("cut@chunk:0", kTts);
  fail_if (whole.whole);
  const auto announced = g_ascii_strtoull (whole.header ("Content-Length").c_str (), nullptr, 10);
  fail_unless_equals_int (whole.body.size (), announced / 2);
}
GST_END_TEST;

GST_START_TEST (a_body_may_end_too_soon_in_good_order)
{
  const Server server (with_fault ("end@chunk:1"));
  const HttpAnswer answer = HttpClient (server).ask (kTtsStream, kHello);
  fail_unless (answer.whole);
  fail_unless_reads (answer.heard ().tale, "chunk 4800");
  fail_unless (server.wait_for_reading_end ());
  fail_if (server.reading ().complete);

  const HttpAnswer nothing = ask ("end@chunk:0");
  fail_unless (nothing.status == 200 && nothing.whole && nothing.body.empty ());
}
GST_END_TEST;

GST_START_TEST (an_error_may_come_in_the_middle)
{
  const HttpAnswer event = ask ("error:503@chunk:1");
  fail_unless_reads (event.heard ().tale, "chunk 4800, error 503");
  fail_unless (event.whole);
  const HttpAnswer bare = ask ("bare-error:500@chunk:1");
  fail_unless_reads (bare.heard ().tale, "chunk 4800");
  fail_unless (bare.body.ends_with ("\"status\": \"INTERNAL\"\n  }\n}\n"), "%s", bare.body.c_str ());
}
GST_END_TEST;

GST_START_TEST (events_may_be_nonsense)
{
  fail_unless_reads (ask (R"(message:{"a":1}@chunk:1)").events ().at (1), R"({"a":1})");
  const std::string malformed = ask ("malformed-json@chunk:1").events ().at (1);
  fail_unless (malformed.ends_with ("\"inlineData\": "), "%s", malformed.c_str ());
  fail_unless (ask ("bad-base64@chunk:0").events ().at (0).find ("!#") != std::string::npos);
  fail_unless (ask ("bad-utf8@chunk:0").events ().at (0).find ("\xff\xfe") != std::string::npos);
  fail_unless (ask ("deep:5000@chunk:0").events ().at (0).find (std::string (5000, '[')) !=
               std::string::npos);
  fail_unless (ask ("big:2@chunk:0").events ().at (0).size () > 2 << 20);
  fail_unless_reads (ask (R"(message:{"a":1})", kTts).body, R"({"a":1})");
}
GST_END_TEST;

GST_START_TEST (a_comment_is_no_event)
{
  const HttpAnswer answer = ask ("ping@chunk:1");
  fail_unless (answer.body.find ("\r\n\r\n: are you there?\r\n\r\n") != std::string::npos);
  fail_unless_reads (answer.heard ().tale, "chunk 4800, chunk 4800, no-parts STOP");
}
GST_END_TEST;

GST_START_TEST (faults_for_the_same_moment_keep_their_order)
{
  Options options = with_fault (R"(message:{"a":1}@chunk:1)");
  options.faults.push_back ({.kind = Fault::Kind::Drop, .chunk = 1});
  const Server server (options);
  const HttpAnswer answer = HttpClient (server).ask (kTtsStream, kHello);
  fail_unless_equals_int (answer.events ().size (), 2);
  fail_if (answer.whole);
}
GST_END_TEST;

GST_START_TEST (a_stream_may_stand_still)
{
  const Server server (with_fault ("freeze@chunk:1"));
  HttpClient client (server);
  client.send (kTtsStream, kHello);
  HttpAnswer answer = client.receive_head ();
  fail_unless (client.receive_chunk (answer).starts_with ("data: "));
  fail_unless (client.is_silent ());
  fail_if (server.reading ().over);
}
GST_END_TEST;

GST_START_TEST (a_client_that_leaves_is_noticed_while_nothing_is_sent)
{
  const Server server (with_fault ("freeze@chunk:0"));
  HttpClient client (server);
  client.send (kTtsStream, kHello);
  fail_unless (server.wait_for_readings (1));
  client.close ();
  fail_unless (server.wait_for_reading_end ());
  fail_unless (server.reading ().cancelled && !server.reading ().complete);
}
GST_END_TEST;

GST_START_TEST (a_client_that_leaves_in_the_middle_gets_no_more)
{
  const Server server ({.counter_frames = 2400000, .pace = {.speed = 1}});
  HttpClient client (server);
  client.send (kTtsStream, kHello);
  HttpAnswer answer = client.receive_head ();
  client.receive_chunk (answer);
  client.close ();
  fail_unless (server.wait_for_reading_end ());
  fail_unless (server.reading ().cancelled);
  fail_unless (server.reading ().samples.size () < 2400000);
}
GST_END_TEST;

GST_START_TEST (a_fault_strikes_the_answer_it_is_for)
{
  const Server server (with_fault ("end@chunk:1/1"));
  HttpClient client (server);
  const std::string usual = "chunk 4800, chunk 4800, no-parts STOP";
  fail_unless_reads (client.ask (kTtsStream, kHello).heard ().tale, usual);
  fail_unless_reads (client.ask (kTtsStream, kHello).heard ().tale, "chunk 4800");
  fail_unless_reads (client.ask (kTtsStream, kHello).heard ().tale, usual);
}
GST_END_TEST;

GST_START_TEST (a_test_can_end_an_answer_itself)
{
  Server server ({.manual = Manual::Everything});
  HttpClient client (server);
  client.send (kTtsStream, kHello);
  fail_unless (server.wait_for_readings (1));
  server.send_event ("{}");
  server.strike_reading ({.kind = Fault::Kind::Reset});
  client.receive ();
  fail_unless (client.was_reset ());
  fail_unless (server.wait_for_reading_end ());
}
GST_END_TEST;

GEMINI_CHECK_MAIN (tts_faults, every_status_can_be_the_answer, too_many_requests_say_when_to_come_again,
                   a_proxy_in_between_answers_with_a_page, errors_may_come_under_any_type,
                   after_its_times_a_refusal_is_over, a_connection_may_end_in_place_of_an_answer,
                   a_stream_may_end_without_its_end, a_stream_may_break_with_a_reset,
                   an_answer_may_be_cut_in_the_middle, a_body_may_end_too_soon_in_good_order,
                   an_error_may_come_in_the_middle, events_may_be_nonsense, a_comment_is_no_event,
                   faults_for_the_same_moment_keep_their_order, a_stream_may_stand_still,
                   a_client_that_leaves_is_noticed_while_nothing_is_sent,
                   a_client_that_leaves_in_the_middle_gets_no_more, a_fault_strikes_the_answer_it_is_for,
                   a_test_can_end_an_answer_itself)
