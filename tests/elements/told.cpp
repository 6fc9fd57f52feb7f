// What is told to those who wait for a connection, to a recording about itself, and of when a turn was heard.

#include "support/pipeline.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Fault;
using stand_in::Options;
using stand_in::Server;

namespace {

Options quick () { return {.counter_frames = 24000, .pace = {.speed = 0, .playback = 0}}; }

/// The types of all PROGRESS messages up to one that is the last.
std::string progress (Source &source)
{
  std::string types;
  for (;;) {
    auto message = source.wait_for_message (GST_MESSAGE_PROGRESS);
    fail_unless (message != nullptr, "%s", types.c_str ());
    GstProgressType type;
    char *code = nullptr;
    gst_message_parse_progress (message.get (), &type, &code, nullptr);
    fail_unless_equals_text (CharPtr (code).get (), "connect");
    static constexpr const char *names[] = {"start ", "continue ", "complete ", "canceled ", "error "};
    types += names[type];
    if (type != GST_PROGRESS_TYPE_START && type != GST_PROGRESS_TYPE_CONTINUE)
      return types;
  }
}

}  // namespace

GST_START_TEST (the_way_to_a_session_is_told)
{
  Server server (quick ());
  Source source (server);
  source.set_state (GST_STATE_PAUSED);
  fail_unless_equals_text (progress (source), "start continue complete ");
}
GST_END_TEST;

GST_START_TEST (so_is_its_end_at_a_refusal)
{
  auto options = quick ();
  options.faults = {{.kind = Fault::Kind::Close, .when = Fault::When::Setup, .code = 1007}};
  Server server (options);
  Source source (server);
  source.set_state (GST_STATE_PAUSED);
  fail_unless_equals_text (progress (source), "start continue error ");
  fail_unless (source.wait_for_message (GST_MESSAGE_ERROR) != nullptr);
}
GST_END_TEST;

GST_START_TEST (so_is_that_nobody_waits_any_more)
{
  auto options = quick ();
  options.pace.setup_delay = std::chrono::hours (1);
  Server server (options);
  Source source (server);
  source.set_state (GST_STATE_PAUSED);
  fail_unless (server.wait_for_messages (1));
  source.set_state (GST_STATE_NULL);
  fail_unless_equals_text (progress (source), "start continue canceled ");
}
GST_END_TEST;

GST_START_TEST (a_stream_knows_what_it_is_before_its_first_word)
{
  Server server (quick ());
  const struct {
    const char *prompt;
    const char *voice;
    const char *language;
    std::string tags;
  } rows[] = {
      {"Tell me a joke", "Kore", "en-US",
       "taglist, title=(string)\"Tell\\ me\\ a\\ joke\", artist=(string)\"gemini-3.8-live\\,\\ Kore\", "
       "language-code=(string)en;"},
      {"Read this:\nA long text", nullptr, nullptr,
       "taglist, title=(string)\"Read\\ this:\", artist=(string)gemini-3.8-live;"},
  };
  for (auto &row : rows)
    for (bool live : {true, false}) {
      Source source (server);
      source.set ("is-live", live).set ("prompt", row.prompt);
      source.set ("voice", row.voice).set ("language", row.language);
      source.play ();
      if (live)
        source.crank_to_eos ();
      fail_unless (source.recorder->wait_for_eos ());
      fail_unless_equals_text (source.recorder->tags (), row.tags);
    }
}
GST_END_TEST;

GST_START_TEST (a_book_is_not_its_own_title)
{
  Server server (quick ());
  Source source (server);
  std::string book;
  for (int i = 0; i < 1000; i++)
    book += "ä";
  source.set ("is-live", FALSE).set ("prompt", book.c_str ());
  source.play ();
  fail_unless (source.recorder->wait_for_eos ());
  fail_unless (source.recorder->tags ().size () < 1000);
}
GST_END_TEST;

GST_START_TEST (a_recording_holds_its_tags_besides_every_sample)
{
  Server server (quick ());
  TemporaryFolder folder;
  for (const char *encoder : {"wavenc", "flacenc"}) {
    auto file = folder / encoder;
    Pipeline pipeline (server, std::string ("geminisrc name=src is-live=false voice=Kore ! ") + encoder +
                                   " ! filesink location=" + file);
    pipeline.run ();
    pipeline.set_state (GST_STATE_NULL);
    fail_unless (decode (file) == counter_samples (24000), "%s", encoder);
    char *contents = nullptr;
    gsize length = 0;
    fail_unless (g_file_get_contents (file.c_str (), &contents, &length, nullptr));
    CharPtr owner (contents);
    for (const char *tag : {"Hello", "gemini-3.8-live, Kore"})
      fail_unless (std::string (contents, length).find (tag) != std::string::npos, "%s: %s", encoder, tag);
  }
  fail_unless (read_wav (folder / "wavenc") == counter_samples (24000));
}
GST_END_TEST;

GST_START_TEST (a_turn_is_heard_when_its_time_and_the_latency_of_the_pipeline_are_over)
{
  Server server (quick ());
  for (bool live : {true, false}) {
    Source source (server);
    source.set ("is-live", live);
    source.play ();
    fail_unless (gst_harness_push_upstream_event (source.harness, gst_event_new_latency (300 * GST_MSECOND)));
    if (live)
      source.crank_to_eos ();
    auto message = source.wait_for_message ("gemini-turn-complete");
    guint64 started = 0;
    guint64 audible = 0;
    fail_unless (gst_structure_get (gst_message_get_structure (message.get ()), "started", G_TYPE_UINT64,
                                    &started, "first-audible", G_TYPE_UINT64, &audible, nullptr));
    fail_unless_equals_uint64 (audible, started + 300 * GST_MSECOND);
    GstStructure *stats = nullptr;
    g_object_get (source.element, "stats", &stats, nullptr);
    guint64 in_stats = 0;
    fail_unless (gst_structure_get_uint64 (stats, "first-audible", &in_stats));
    gst_structure_free (stats);
    fail_unless_equals_uint64 (in_stats, audible);
  }

  // of a turn without a word there is none
  auto options = quick ();
  options.voice = stand_in::Voice::None;
  Server silent (options);
  Source source (silent);
  source.set ("is-live", FALSE);
  source.play ();
  auto message = source.wait_for_message ("gemini-turn-complete");
  guint64 audible = 0;
  fail_unless (
      gst_structure_get_uint64 (gst_message_get_structure (message.get ()), "first-audible", &audible));
  fail_unless_equals_uint64 (audible, GST_CLOCK_TIME_NONE);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (told, a_turn_is_heard_when_its_time_and_the_latency_of_the_pipeline_are_over,
                   the_way_to_a_session_is_told, so_is_its_end_at_a_refusal, so_is_that_nobody_waits_any_more,
                   a_stream_knows_what_it_is_before_its_first_word, a_book_is_not_its_own_title,
                   a_recording_holds_its_tags_besides_every_sample)
