// All the forms that speech over HTTP may take.
#include "client.h"
#include "core/glib_ptr.h"
#include "http_client.h"
#include "stand-in/tts/body.h"
#include "support/check.h"

using namespace gemini::stand_in;

static const std::string kHello = tts_body ("Hello");

static Options quick (size_t frames = 9600)
{
  return {.counter_frames = frames, .pace = {.speed = 0}, .shape = {.chunks = {4800}}};
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

GST_START_TEST (the_container_can_be_chosen)
{
  Options wav = quick (), raw = quick ();
  wav.tts.container = Tts::Container::Wav;
  raw.tts.container = Tts::Container::Raw;
  const Server server (wav);
  const HttpAnswer stream = HttpClient (server).ask (kTtsStream, kHello);
  fail_unless_reads (mime_of (stream.body), "audio/wav");
  const Heard heard = stream.heard ();
  fail_unless_reads (heard.tale, "chunk 4822 usage, chunk 4800 usage, no-parts STOP usage");
  fail_unless (heard.audio.starts_with ("RIFF"));
  fail_unless (server.reading ().samples == counter_samples (9600));

  Heard bare;
  bare.add (ask (raw, kTts).body);
  fail_unless (bare.samples () == counter_samples (9600));
}
GST_END_TEST;

GST_START_TEST (every_form_of_an_event_reads_the_same)
{
  const std::string usual = ask (quick ()).heard ().tale;
  for (const Tts &tts : {Tts{.line_end = "\n"},
                         {.line_end = "\r"},
                         {.comments = true},
                         {.data_lines = true},
                         {.line_end = "\r", .comments = true, .data_lines = true},
                         {.piece = 777}}) {
    Options options = quick ();
    options.tts = tts;
    const HttpAnswer answer = ask (options);
    fail_unless (answer.whole);
    fail_unless_reads (answer.heard ().tale, usual);
    fail_unless (answer.heard ().samples () == counter_samples (9600));
  }
}
GST_END_TEST;

GST_START_TEST (events_may_be_cut_at_every_byte)
{
  Options options = quick (48);
  options.tts.piece = 1;
  const HttpAnswer answer = ask (options);
  fail_unless_equals_int (answer.chunks.size (), answer.body.size ());
  fail_unless (answer.heard ().samples () == counter_samples (48));
}
GST_END_TEST;

GST_START_TEST (the_last_event_may_lack_its_empty_line)
{
  Options options = quick ();
  options.tts.last_line = false;
  const HttpAnswer answer = ask (options);
  fail_unless_reads (answer.heard ().tale, "chunk 4800 usage, chunk 4800 usage");
  fail_unless (answer.body.ends_with ("}\r\n") && answer.body.find ("STOP") != std::string::npos);
}
GST_END_TEST;

GST_START_TEST (an_answer_is_compressed_for_those_who_take_it)
{
  Options options = quick ();
  options.tts.gzip = true;
  fail_unless_reads (ask (options).header ("Content-Encoding"), "");
  const HttpAnswer answer = ask (options, kTtsStream, "Accept-Encoding: gzip, deflate\r\n");
  fail_unless_reads (answer.header ("Content-Encoding"), "gzip");
  fail_unless_equals_int (answer.chunks.size (), 3);

  const gemini::GObjectPtr<GZlibDecompressor> decompressor (
      g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  HttpAnswer plain;
  std::string out (1 << 20, '\0');
  size_t used = 0;
  for (const std::string &chunk : answer.chunks) {
    // Each chunk holds its event to the end: nothing of it waits for the next.
    gsize read = 0, written = 0;
    g_converter_convert (G_CONVERTER (decompressor.get ()), chunk.data (), chunk.size (), out.data () + used,
                         out.size () - used, G_CONVERTER_NO_FLAGS, &read, &written, nullptr);
    used += written;
    plain.body = out.substr (0, used);
    fail_unless (plain.body.ends_with ("\r\n\r\n"));
  }
  fail_unless_reads (plain.heard ().tale, "chunk 4800 usage, chunk 4800 usage, no-parts STOP usage");
}
GST_END_TEST;

GST_START_TEST (an_answer_may_hold_no_speech)
{
  using Content = Tts::Content;
  const auto tale = [] (const Tts &tts) {
    Options options = quick ();
    options.tts = tts;
    options.shape.usage = false;
    return ask (options).heard ().tale;
  };
  fail_unless_reads (tale ({.content = Content::Text}), "text 'Hello' STOP");
  fail_unless_reads (tale ({.content = Content::Empty}), "no-parts OTHER");
  fail_unless_reads (tale ({.content = Content::None}), "no-content SAFETY");
  fail_unless_reads (tale ({.content = Content::None, .finish_reason = "PROHIBITED_CONTENT"}),
                     "no-content PROHIBITED_CONTENT");
  fail_unless_reads (tale ({.block_reason = "SAFETY"}), "blocked SAFETY");
  fail_unless_reads (tale ({.finish_reason = "OTHER"}), "chunk 4800, chunk 4800, no-parts OTHER");
}
GST_END_TEST;

GST_START_TEST (the_shapes_of_the_live_api_are_there_too)
{
  Options options = quick ();
  options.shape = {.chunks = {4800},
                   .odd_bytes = true,
                   .odd_tail = true,
                   .parts_per_message = 2,
                   .thoughts = true,
                   .empty_parts = true,
                   .bundle_end = true,
                   .usage = false};
  options.wire.alphabet = Alphabet::UrlSafe;
  options.wire.padding = false;
  options.wire.unknown_fields = true;
  const Heard heard = ask (options).heard ();
  fail_unless_reads (heard.tale, "no-parts, thought chunk 4800.5 chunk 4800 STOP");
  fail_unless (heard.samples () == counter_samples (9600));
}
GST_END_TEST;

GST_START_TEST (without_alt_sse_the_events_are_an_array)
{
  const HttpAnswer answer = ask (quick (), "/v1beta/models/gemini-3.8-flash-tts:streamGenerateContent");
  fail_unless (answer.header ("Content-Type").starts_with ("application/json"));
  const gemini::JsonNodePtr root (json_from_string (answer.body.c_str (), nullptr));
  fail_unless (root && JSON_NODE_HOLDS_ARRAY (root.get ()));
  fail_unless_equals_int (json_array_get_length (json_node_get_array (root.get ())), 3);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (tts_forms, the_container_can_be_chosen, every_form_of_an_event_reads_the_same,
                   events_may_be_cut_at_every_byte, the_last_event_may_lack_its_empty_line,
                   an_answer_is_compressed_for_those_who_take_it, an_answer_may_hold_no_speech,
                   the_shapes_of_the_live_api_are_there_too, without_alt_sse_the_events_are_an_array)
