// Texts read aloud over HTTP: in whatever form the speech comes, all of it leaves the pad, once and in order.

#include "elements/failure.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::Alphabet;
using stand_in::counter_samples;
using stand_in::Manual;
using stand_in::Options;
using stand_in::Server;
using stand_in::Tts;

namespace {

constexpr size_t kFrames = 24000;

Options quick (size_t frames = kFrames) { return {.counter_frames = frames, .pace = {.speed = 0}}; }

/// One event with all of an answer.
std::string spoken (const std::vector<int16_t> &samples)
{
  CharPtr base64 (g_base64_encode (reinterpret_cast<const guchar *> (samples.data ()), samples.size () * 2));
  return R"({"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"audio/L16;codec=pcm;rate=24000",)"
         R"("data":")" +
         std::string (base64.get ()) + R"("}}]},"finishReason":"STOP"}]})";
}

/// A source that reads; what is read can be compared sample by sample.
struct Reader : Source {
  explicit Reader (const Server &server, bool live = false) : Source (server)
  {
    gst_util_set_object_arg (G_OBJECT (element), "api", "tts");
    set ("is-live", live);
  }
  Reader &choose (const char *name, const char *value)
  {
    gst_util_set_object_arg (G_OBJECT (element), name, value);
    return *this;
  }
};

/// The text of each request as it stood in the text of the whole, whatever the order of arrival.
std::vector<int16_t> in_order_of (const std::string &text, const Server &server)
{
  auto readings = server.record ().readings;
  std::sort (readings.begin (), readings.end (),
             [&] (auto &a, auto &b) { return text.find (a.text) < text.find (b.text); });
  std::vector<int16_t> all;
  for (auto &reading : readings)
    all.insert (all.end (), reading.samples.begin (), reading.samples.end ());
  return all;
}

void check_whole (const char *what, const Options &options, const char *model = "gemini-3.8-flash-tts")
{
  GST_INFO ("%s", what);
  const Server server (options);
  Reader source (server);
  source.set ("model", model);
  source.play ();
  run_to_eos (source, false);
  fail_unless (source.recorder->speech () == counter_samples (kFrames), "%s: %zu frames", what,
               source.recorder->speech ().size ());
  for (auto &message : messages_of (source.element))
    fail_if (GST_MESSAGE_TYPE (message.get ()) == GST_MESSAGE_ERROR ||
                 GST_MESSAGE_TYPE (message.get ()) == GST_MESSAGE_WARNING,
             "%s", what);
}

}  // namespace

GST_START_TEST (a_prompt_is_read_by_the_default_model)
{
  for (bool live : {true, false}) {
    const Server server (quick ());
    Reader source (server, live);
    source.set ("api-key", "KEY")
        .set ("prompt", "The kettle is on.")
        .set ("voice", "Puck")
        .set ("language", "en-US");
    source.play ();
    if (live)
      source.wait_for_state ("draining");
    run_to_eos (source, live);
    fail_unless (source.recorder->speech () == counter_samples (kFrames));
    source.recorder->check_timeline ();
    fail_unless (source.states ().starts_with ("ready thinking "), "%s", source.states ().c_str ());

    const auto request = server.record ().requests.at (0);
    fail_unless_equals_text (request.path, "/v1beta/models/gemini-3.8-flash-tts:streamGenerateContent");
    fail_unless_equals_text (request.header ("x-goog-api-key"), "KEY");
    fail_unless_equals_text (server.reading ().text, "The kettle is on.");
    fail_unless_equals_text (server.reading ().voice_name, "Puck");
    fail_unless_equals_text (server.reading ().language, "en-US");
  }
}
GST_END_TEST;

GST_START_TEST (events_may_be_written_in_any_way)
{
  for (const char *line_end : {"\n", "\r", "\r\n"})
    for (size_t piece : {0, 7, 1000}) {
      auto options = quick ();
      options.tts.line_end = line_end;
      options.tts.piece = piece;
      check_whole ("line ends", options);
    }
  auto options = quick ();
  options.tts.comments = true;
  check_whole ("comments", options);
  options = quick ();
  options.tts.data_lines = true;
  check_whole ("several data lines", options);
  options = quick ();
  options.tts.last_line = false;
  check_whole ("no last line", options);
  options = quick ();
  options.tts.gzip = true;
  check_whole ("compressed", options);
  options = quick ();
  options.tts.content_type = "text/plain";
  check_whole ("another type", options);
}
GST_END_TEST;

GST_START_TEST (audio_may_come_in_any_form)
{
  for (const char *type :
       {"audio/pcm", "audio/L16;codec=pcm;rate=24000", "audio/l16; rate=24000; channels=1"}) {
    auto options = quick ();
    options.wire.mime_type = type;
    check_whole (type, options);
  }
  for (const char *model :
       {"gemini-3.8-flash-tts", "gemini-3.1-flash-tts-preview", "gemini-2.5-flash-preview-tts"}) {
    check_whole (model, quick (), model);
    auto options = quick ();
    options.tts.container = Tts::Container::Wav;
    check_whole ("WAV", options, model);
  }
  auto options = quick ();
  options.wire.alphabet = Alphabet::UrlSafe;
  options.wire.padding = false;
  options.shape.odd_bytes = true;
  options.shape.chunks = {1000, 333};
  check_whole ("odd chunks of URL-safe base64", options);
  options = quick ();
  options.shape.odd_tail = true;
  check_whole ("half a sample at the end", options);
  options = quick ();
  options.shape.parts_per_message = 3;
  options.shape.thoughts = true;
  options.shape.empty_parts = true;
  options.wire.unknown_fields = true;
  check_whole ("parts", options);
  options = quick ();
  options.shape.bundle_end = true;
  options.shape.usage = false;
  check_whole ("all in the last event", options);
}
GST_END_TEST;

GST_START_TEST (sentences_are_asked_one_by_one_and_heard_in_order)
{
  std::string text;
  for (int i = 0; i < 40; i++)
    text += "Sentence number " + std::to_string (i) + " has the words " +
            std::string (1, static_cast<char> ('a' + i % 26)) + " and out. ";
  auto options = quick (1001);
  options.pace.speed = 50;
  options.pace.random_gap = std::chrono::milliseconds (5);
  const Server server (options);
  Reader source (server);
  source.choose ("split", "sentence").set ("prompt", text.c_str ());
  source.play ();
  run_to_eos (source, false);

  fail_unless_equals_int (server.record ().readings.size (), 40);
  fail_unless (source.recorder->speech () == in_order_of (text, server));
  source.recorder->check_timeline ();
  const auto complete = source.wait_for_message ("gemini-turn-complete");
  guint64 samples = 0;
  gst_structure_get_uint64 (gst_message_get_structure (complete.get ()), "samples", &samples);
  fail_unless_equals_uint64 (samples, 40 * 1001);
  fail_if (source.has_message (GST_MESSAGE_ELEMENT), "more than one turn");
}
GST_END_TEST;

GST_START_TEST (the_first_sentence_is_heard_while_the_next_are_still_asked_for)
{
  Server server ({.manual = Manual::Turns});
  Reader source (server);
  source.choose ("split", "sentence")
      .set ("prompt", "One is here. Two is there. Three is far. Four is none.");
  source.play ();
  fail_unless (server.wait_for_readings (3));
  auto readings = server.record ().readings;
  // They may arrive in any order; only the first sentence is answered.
  size_t first = 0;
  while (first < readings.size () && readings[first].text.find ("One") == std::string::npos)
    first++;
  fail_unless (first < readings.size (), "the first sentence is not among the first requests");
  server.send_event (spoken (counter_samples (4800)), first);
  server.finish (first);
  fail_unless (source.recorder->wait_for_speech (4800));
  fail_unless (source.recorder->speech () == counter_samples (4800));
  // The fourth waits for its place, not for the first to be heard.
  fail_unless (server.wait_for_readings (4));
}
GST_END_TEST;

GST_START_TEST (each_text_is_a_turn)
{
  const Server server (quick (4800));
  Reader source (server);
  source.set ("num-turns", 3);
  source.play ();
  gboolean taken = FALSE;
  for (const char *text : {"Second", "Third"}) {
    g_signal_emit_by_name (source.element, "send-text", text, &taken);
    fail_unless (taken);
  }
  run_to_eos (source, false);
  fail_unless (source.recorder->speech () == in_order_of ("Hello Second Third", server));
  for (guint turn = 1; turn <= 3; turn++) {
    const auto message = source.wait_for_message ("gemini-turn-complete");
    guint number = 0;
    gst_structure_get_uint (gst_message_get_structure (message.get ()), "turn", &number);
    fail_unless_equals_int (number, turn);
  }
}
GST_END_TEST;

GST_START_TEST (speech_that_is_cut_off_is_kept_and_a_warning)
{
  auto options = quick ();
  options.tts.finish_reason = "MAX_TOKENS";
  const Server server (options);
  Reader source (server);
  source.play ();
  run_to_eos (source, false);
  fail_unless (source.recorder->speech () == counter_samples (kFrames));
  const auto warning = source.wait_for_message (GST_MESSAGE_WARNING);
  fail_unless (warning != nullptr);
  GError *error = nullptr;
  gst_message_parse_warning (warning.get (), &error, nullptr);
  const GErrorPtr owned (error);
  fail_unless (g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED));
  fail_unless (strstr (error->message, "set split to sentence") != nullptr, "%s", error->message);
  fail_if (source.has_message (GST_MESSAGE_ERROR));
}
GST_END_TEST;

GST_START_TEST (a_full_queue_lets_the_server_wait_and_loses_nothing)
{
  const std::string text = "One is here. Two is there. Three is far. Four is near.";
  const Server server (quick ());
  Reader source (server);
  source.choose ("split", "sentence").set ("prompt", text.c_str ()).set ("max-buffered-bytes", guint64{4000});
  source.play ();
  run_to_eos (source, false);
  fail_unless_equals_int (source.recorder->speech ().size (), 4 * kFrames);
  fail_unless (source.recorder->speech () == in_order_of (text, server));

  // What it was told to wait for would never come.
  Reader live (server, true);
  live.set ("max-buffered-bytes", guint64{4000}).set ("max-prebuffer-wait", 60000U);
  live.play ();
  live.crank_until ([&] { return !live.recorder->speech ().empty (); });
  // The clock is turned while the rest of what fits arrives, but not for all of that minute.
  const auto started = live.wait_for_message ("gemini-turn-started");
  guint64 first_byte = 0, began = 0;
  fail_unless (gst_structure_get (gst_message_get_structure (started.get ()), "first-byte", G_TYPE_UINT64,
                                  &first_byte, "started", G_TYPE_UINT64, &began, nullptr));
  fail_unless (began - first_byte < 50 * GST_SECOND);

  // Nothing leaves a live source in PAUSED, so its queue stays full until it is stopped.
  Reader paused (server, true);
  paused.set ("max-buffered-bytes", guint64{4000});
  paused.set_state (GST_STATE_PAUSED);
  fail_unless (server.wait_for_readings (6));
  fail_if (paused.set_state (GST_STATE_NULL) == GST_STATE_CHANGE_FAILURE);
}
GST_END_TEST;

GST_START_TEST (it_stops_at_any_moment)
{
  for (auto manual : {Manual::Turns, Manual::No})
    for (bool live : {true, false}) {
      auto options = quick ();
      options.manual = manual;
      const Server server (options);
      Reader source (server, live);
      source.play ();
      fail_unless (server.wait_for_readings (1));
      fail_if (source.set_state (GST_STATE_NULL) == GST_STATE_CHANGE_FAILURE);
      fail_unless (server.wait_for_reading_end ());
      fail_if (source.has_message (GST_MESSAGE_ERROR));
    }
}
GST_END_TEST;

GEMINI_CHECK_MAIN (tts, a_prompt_is_read_by_the_default_model, events_may_be_written_in_any_way,
                   audio_may_come_in_any_form, sentences_are_asked_one_by_one_and_heard_in_order,
                   the_first_sentence_is_heard_while_the_next_are_still_asked_for, each_text_is_a_turn,
                   speech_that_is_cut_off_is_kept_and_a_warning,
                   a_full_queue_lets_the_server_wait_and_loses_nothing, it_stops_at_any_moment)
