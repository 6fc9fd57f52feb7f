// Speech over HTTP as the real service gives it.
#include "client.h"
#include "http_client.h"
#include "stand-in/fields.h"
#include "support/check.h"

using namespace gemini::stand_in;

static const std::string kHello = tts_body ("Hello");

static Options quick (size_t frames = 9600)
{
  return {.counter_frames = frames, .pace = {.speed = 0}, .shape = {.chunks = {4800}}};
}

static std::string path_of (const std::string &model, bool streaming = true)
{
  return "/v1beta/models/" + model + (streaming ? ":streamGenerateContent?alt=sse" : ":generateContent");
}

static HttpAnswer ask (const Options &options, const std::string &path = kTtsStream,
                       const std::string &headers = "")
{
  const Server server (options);
  return HttpClient (server).ask (path, kHello, headers);
}

static std::string mime_of (const std::string &json)
{
  const size_t begin = json.find ("\"audio/") + 1;
  return json.substr (begin, json.find ('"', begin) - begin);
}

GST_START_TEST (a_text_is_read_aloud_in_events)
{
  const Server server (quick (10001));
  const HttpAnswer answer = HttpClient (server).ask (kTtsStream, kHello);
  fail_unless_equals_int (answer.status, 200);
  fail_unless (answer.whole);
  fail_unless_reads (answer.header ("Content-Type"), "text/event-stream");
  fail_unless_reads (answer.header ("Content-Disposition"), "attachment");
  const Heard heard = answer.heard ();
  fail_unless_reads (heard.tale, "chunk 4800 usage, chunk 4800 usage, chunk 401 usage, no-parts STOP usage");
  fail_unless (heard.samples () == counter_samples (10001));
  fail_unless (server.reading ().samples == heard.samples ());
}
GST_END_TEST;

GST_START_TEST (an_event_is_one_line_of_data_and_one_http_chunk)
{
  const HttpAnswer answer = ask (quick ());
  fail_unless_equals_int (answer.chunks.size (), 3);
  for (const std::string &chunk : answer.chunks) {
    fail_unless (chunk.starts_with ("data: {\"candidates\":[{"), "%s", chunk.c_str ());
    fail_unless (chunk.ends_with ("}\r\n\r\n"));
    fail_unless_equals_int (chunk.find ('\n'), chunk.size () - 3);
  }
}
GST_END_TEST;

GST_START_TEST (usage_adds_up_from_event_to_event)
{
  const auto events = ask (quick (48000)).events ();
  const auto tokens = [&] (size_t event) {
    const gemini::JsonNodePtr root = parse_object (events.at (event));
    return *Fields (json_node_get_object (root.get ()))
                .object ("usageMetadata")
                .integer ("candidatesTokenCount");
  };
  fail_unless_equals_int (tokens (0), 7);
  fail_unless_equals_int (tokens (4), 32);
  fail_unless_equals_int (tokens (10), 64);
}
GST_END_TEST;

GST_START_TEST (one_answer_is_one_object_with_its_length)
{
  const HttpAnswer answer = ask (quick (), path_of ("gemini-2.5-flash-preview-tts", false));
  fail_unless_reads (answer.header ("Content-Type"), "application/json; charset=UTF-8");
  fail_unless (answer.whole && answer.chunks.empty ());
  fail_unless (answer.body.starts_with ("{\n  \"candidates\": ["));
  Heard heard;
  heard.add (answer.body);
  fail_unless_reads (heard.tale, "chunk 9600 STOP usage");
  fail_unless (heard.samples () == counter_samples (9600));
}
GST_END_TEST;

GST_START_TEST (a_38_model_answers_with_a_wav_file_unless_it_streams)
{
  Heard heard;
  const HttpAnswer answer = ask (quick (), kTts);
  heard.add (answer.body);
  fail_unless_reads (mime_of (answer.body), "audio/wav");
  fail_unless (heard.audio.starts_with ("RIFF"));
  fail_unless_equals_int (heard.audio.size (), 44 + 2 * 9600);
  heard.audio.erase (0, 44);
  fail_unless (heard.samples () == counter_samples (9600));
  fail_unless (ask (quick ()).heard ().samples () == counter_samples (9600));
}
GST_END_TEST;

GST_START_TEST (a_25_model_streams_everything_in_one_event)
{
  const HttpAnswer answer = ask (quick (), path_of ("gemini-2.5-pro-preview-tts"));
  fail_unless_reads (answer.heard ().tale, "chunk 9600 STOP usage");
}
GST_END_TEST;

GST_START_TEST (every_model_has_its_own_name_for_the_format)
{
  const auto mime = [] (const std::string &path) { return mime_of (ask (quick (), path).body); };
  fail_unless_reads (mime (kTtsStream), "audio/l16; rate=24000; channels=1");
  fail_unless_reads (mime (path_of ("gemini-3.1-flash-tts-preview")), "audio/l16; rate=24000; channels=1");
  fail_unless_reads (mime (path_of ("gemini-2.5-flash-preview-tts")), "audio/L16;codec=pcm;rate=24000");
  fail_unless_reads (mime ("/v1beta1/projects/p/locations/l/publishers/google/models/gemini-2.5-flash-tts"
                           ":generateContent"),
                     "audio/pcm");
  Options other = quick ();
  other.wire.mime_type = "audio/pcm";
  fail_unless_reads (mime_of (ask (other).body), "audio/pcm");
}
GST_END_TEST;

GST_START_TEST (a_connection_serves_one_request_after_the_other)
{
  const Server server (quick (480));
  HttpClient client (server);
  for (size_t turn = 0; turn < 3; turn++)
    fail_unless (client.ask (kTtsStream, kHello).heard ().samples () == counter_samples (480, turn));
  fail_unless_equals_int (server.record ().readings.size (), 3);
}
GST_END_TEST;

GST_START_TEST (requests_at_the_same_time_are_answered_at_the_same_time)
{
  Options slow = quick ();
  slow.manual = Manual::Turns;
  Server server (slow);
  HttpClient one (server), other (server);
  one.send (kTtsStream, tts_body ("one"));
  fail_unless (server.wait_for_readings (1));
  other.send (kTtsStream, tts_body ("other"));
  fail_unless (server.wait_for_readings (2));
  server.send_event (R"({"number":1})", 1);
  server.finish (1);
  fail_unless_reads (other.receive ().events ().at (0), R"({"number":1})");
  server.send_event (R"({"number":0})", 0);
  server.finish (0);
  fail_unless_reads (one.receive ().events ().at (0), R"({"number":0})");
}
GST_END_TEST;

GST_START_TEST (the_record_keeps_what_was_asked)
{
  const Server server (quick ());
  const std::string body = tts_body (
      "Guten Tag", R"(,"speechConfig":{"languageCode":"de-DE","voiceConfig":{"prebuiltVoiceConfig":)"
                   R"({"voiceName":"Kore"}}})");
  HttpClient client (server);
  client.ask (kTtsStream, body, "X-Server-Timeout: 30\r\nx-goog-api-key: any\r\n");
  client.ask (path_of ("gemini-9"), "{}");
  fail_unless (server.wait_for_reading_end (0));

  const Record record = server.record ();
  fail_unless_equals_int (record.requests.size (), 2);
  fail_unless_reads (record.requests[0].body, body);
  fail_unless_reads (record.requests[0].header ("x-server-timeout"), "30");
  fail_unless_equals_int (record.requests[0].status, 200);
  fail_unless_equals_int (record.requests[1].status, 404);
  fail_unless_equals_int (record.readings.size (), 1);
  const ReadingRecord &reading = record.readings[0];
  fail_unless_reads (reading.model + " " + reading.text + " " + reading.voice_name + " " + reading.language,
                     "gemini-3.8-flash-tts Guten Tag Kore de-DE");
  fail_unless (reading.streaming && reading.complete && !reading.cancelled);
  fail_unless_equals_int (reading.chunk_times.size (), 2);
}
GST_END_TEST;

GST_START_TEST (a_script_speaks_for_one_request)
{
  Server server (quick (480));
  Options text = quick (), failing = quick ();
  text.tts.content = Tts::Content::Text;
  failing.faults = {{.kind = Fault::Kind::Http, .when = Fault::When::Upgrade, .code = 503}};
  server.script (failing);
  server.script (text);
  HttpClient client (server);
  fail_unless_equals_int (client.ask (kTtsStream, kHello).status, 503);
  fail_unless_reads (client.ask (kTtsStream, kHello).heard ().tale, "text 'Hello' STOP usage");
  fail_unless (server.wait_for_reading_end (0));
  fail_unless (server.reading (0).samples.empty ());
  fail_unless_reads (client.ask (kTtsStream, kHello).heard ().tale, "chunk 480 usage, no-parts STOP usage");
}
GST_END_TEST;

GST_START_TEST (the_voice_reads_the_words_and_not_the_direction)
{
  const Server server ({.voice = Voice::Speech, .pace = {.speed = 0}});
  HttpClient client (server);
  // espeak-ng never says a thing twice in the same samples, but in the same time.
  const auto frames = [&] (const std::string &path, const char *text) {
    return client.ask (path, tts_body (text)).heard ().samples ().size ();
  };
  const std::string old = path_of ("gemini-3.1-flash-tts-preview");
  const size_t plain = frames (old, "Good morning.");
  fail_unless (plain > 12000);
  fail_unless_equals_int (frames (old, "Say cheerfully: Good morning."), plain);
  fail_unless (frames (kTtsStream, "Say cheerfully: Good morning.") > plain);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (tts, a_text_is_read_aloud_in_events, an_event_is_one_line_of_data_and_one_http_chunk,
                   usage_adds_up_from_event_to_event, one_answer_is_one_object_with_its_length,
                   a_38_model_answers_with_a_wav_file_unless_it_streams,
                   a_25_model_streams_everything_in_one_event, every_model_has_its_own_name_for_the_format,
                   a_connection_serves_one_request_after_the_other,
                   requests_at_the_same_time_are_answered_at_the_same_time, the_record_keeps_what_was_asked,
                   a_script_speaks_for_one_request, the_voice_reads_the_words_and_not_the_direction)
