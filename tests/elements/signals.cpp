// An application in control of a conversation: what it may say, and what it is told.

#include "support/check.h"
#include "support/source.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Manual;
using stand_in::Options;
using stand_in::Server;

namespace {

constexpr const char *kTools = R"({"tools":[{"functionDeclarations":[{"name":"get_tide"}]}]})";
constexpr const char *kAskTide = "What does get_tide say?";

/// All at once.
Options quick (size_t frames = 24000)
{
  return {.counter_frames = frames, .pace = {.speed = 0, .playback = 0}};
}

/// As fast as it comes, without an end.
struct Conversation : Source {
  explicit Conversation (const Server &server) : Source (server)
  {
    set ("is-live", FALSE).set ("num-turns", -1);
  }

  bool say (const char *text)
  {
    gboolean sent = FALSE;
    g_signal_emit_by_name (element, "send-text", text, &sent);
    return sent;
  }
  bool send (const char *json)
  {
    gboolean sent = FALSE;
    g_signal_emit_by_name (element, "send-message", json, &sent);
    return sent;
  }
  bool answer (const std::string &id, const char *json)
  {
    gboolean sent = FALSE;
    g_signal_emit_by_name (element, "send-tool-response", id.c_str (), "get_tide", json, &sent);
    return sent;
  }
  void interrupt () { g_signal_emit_by_name (element, "interrupt"); }
};

const GstStructure *fields (const MessagePtr &message) { return gst_message_get_structure (message.get ()); }

std::string text (const MessagePtr &message, const char *field)
{
  const char *value = gst_structure_get_string (fields (message), field);
  fail_unless (value != nullptr, "no text %s", field);
  return value;
}

guint64 number (const MessagePtr &message, const char *field)
{
  guint64 value = 0;
  fail_unless (gst_structure_get_uint64 (fields (message), field, &value), "no number %s", field);
  return value;
}

guint turn (const MessagePtr &message)
{
  guint value = 0;
  fail_unless (gst_structure_get_uint (fields (message), "turn", &value));
  return value;
}

bool yes (const MessagePtr &message, const char *field)
{
  gboolean value = FALSE;
  fail_unless (gst_structure_get_boolean (fields (message), field, &value), "no boolean %s", field);
  return value;
}

}  // namespace

GST_START_TEST (transcripts_are_joined_as_they_come_and_say_when_they_are_heard)
{
  auto options = quick (48000);
  options.answer = "One, two, three.";
  options.shape.transcript_finished = true;
  Server server (options);
  Conversation source (server);
  source.set ("transcription", TRUE);
  source.play ();
  std::string joined;
  guint64 before = 0;
  for (bool finished = false; !finished;) {
    auto message = source.wait_for_message ("gemini-transcript");
    fail_unless (message != nullptr, "'%s'", joined.c_str ());
    fail_unless_equals_text (text (message, "role"), "model");
    joined += text (message, "text");
    finished = yes (message, "finished");
    fail_if (number (message, "running-time") < before);
    before = number (message, "running-time");
  }
  fail_unless_equals_text (joined, options.answer);
  fail_unless (before <= 2 * GST_SECOND);
}
GST_END_TEST;

GST_START_TEST (transcripts_say_who_speaks_and_empty_ones_are_not_told)
{
  Server server ({.manual = Manual::Turns});
  Conversation source (server);
  source.play ();
  fail_unless (server.wait_for_messages (2));
  server.send (R"({"serverContent":{"outputTranscription":{}}})");
  server.send (R"({"serverContent":{"inputTranscription":{"text":" Hello"}}})");
  auto heard = source.wait_for_message ("gemini-transcript");
  fail_unless_equals_text (text (heard, "role"), "user");
  fail_unless_equals_text (text (heard, "text"), " Hello");
  fail_if (yes (heard, "finished"));
  server.send_audio (counter_samples (12000));
  server.send (R"({"serverContent":{"outputTranscription":{"text":"Yes"}}})");
  auto said = source.wait_for_message ("gemini-transcript");
  fail_unless_equals_text (text (said, "role"), "model");
  fail_unless_equals_uint64 (number (said, "running-time"), 500 * GST_MSECOND);
  fail_unless_equals_int (turn (said), 1);
  server.send (R"({"serverContent":{"generationComplete":true}})");
  server.send (R"({"serverContent":{"outputTranscription":{"text":", indeed"}}})");
  fail_unless_equals_int (turn (source.wait_for_message ("gemini-transcript")), 1);
  server.send (R"({"serverContent":{"turnComplete":true}})");
  fail_unless (source.say ("Go on"));
  fail_unless (server.wait_for_messages (3));
  server.send (R"({"serverContent":{"outputTranscription":{"text":"No"}}})");
  fail_unless_equals_int (turn (source.wait_for_message ("gemini-transcript")), 2);
}
GST_END_TEST;

GST_START_TEST (a_function_is_called_and_answered)
{
  Server server (quick ());
  Conversation source (server);
  source.set ("setup", kTools).set ("prompt", kAskTide);
  source.play ();
  auto call = source.wait_for_message ("gemini-tool-call");
  fail_unless_equals_text (text (call, "name"), "get_tide");
  fail_unless_equals_text (text (call, "args"), "{}");
  auto id = text (call, "id");
  fail_if (source.answer (id, "1.8"));  // no object
  fail_if (source.answer ("another", "{}"));
  fail_unless (source.answer (id, R"({"metres":1.8})"));
  fail_if (source.answer (id, R"({"metres":1.8})"));
  fail_unless (source.wait_for_message ("gemini-turn-complete") != nullptr);
  fail_unless (source.recorder->speech () == counter_samples (24000));
  fail_unless_equals_text (server.messages ().at (2),
                           R"({"toolResponse":{"functionResponses":[{"id":")" + id +
                               R"(","name":"get_tide","response":{"metres":1.8}}]}})");
}
GST_END_TEST;

GST_START_TEST (a_cancelled_call_cannot_be_answered)
{
  Server server (quick ());
  Conversation source (server);
  source.set ("setup", kTools).set ("prompt", kAskTide);
  source.play ();
  auto id = text (source.wait_for_message ("gemini-tool-call"), "id");
  fail_unless (source.say ("Never mind"));
  auto cancelled = source.wait_for_message ("gemini-tool-call-cancelled");
  gchar **ids = nullptr;
  fail_unless (gst_structure_get (fields (cancelled), "ids", G_TYPE_STRV, &ids, nullptr));
  fail_unless_equals_int (g_strv_length (ids), 1);
  fail_unless_equals_text (ids[0], id);
  g_strfreev (ids);
  fail_if (source.answer (id, "{}"));
}
GST_END_TEST;

GST_START_TEST (a_call_that_nobody_answers_is_told_once_and_is_no_error)
{
  Server server (quick ());
  Conversation source (server);
  source.set ("setup", kTools).set ("prompt", kAskTide).set ("timeout", 1U);
  source.play ();
  auto id = text (source.wait_for_message ("gemini-tool-call"), "id");
  auto warning = source.wait_for_message (GST_MESSAGE_WARNING);
  GError *error = nullptr;
  gst_message_parse_warning (warning.get (), &error, nullptr);
  fail_unless (g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED));
  fail_unless (strstr (error->message, "send-tool-response") != nullptr, "%s", error->message);
  g_error_free (error);
  fail_unless (source.answer (id, "{}"));
  fail_unless (source.wait_for_message ("gemini-turn-complete") != nullptr);
  fail_if (source.has_message (GST_MESSAGE_WARNING));
  fail_if (source.has_message (GST_MESSAGE_ERROR));
}
GST_END_TEST;

GST_START_TEST (what_was_used_is_told)
{
  Server server (quick (48000));
  Conversation source (server);
  source.play ();
  auto usage = source.wait_for_message ("gemini-usage");
  gint64 prompt = 0, response = 0, total = 0;
  fail_unless (gst_structure_get (fields (usage), "prompt-tokens", G_TYPE_INT64, &prompt, "response-tokens",
                                  G_TYPE_INT64, &response, "total-tokens", G_TYPE_INT64, &total, nullptr));
  fail_unless_equals_int (prompt, 1);
  fail_unless_equals_int (response, 64);
  fail_unless_equals_int (total, 65);
}
GST_END_TEST;

GST_START_TEST (an_interruption_ends_the_turn_and_the_conversation_goes_on)
{
  Server server ({.manual = Manual::Turns});
  Conversation source (server);
  source.play ();
  fail_unless (server.wait_for_messages (2));
  server.send_audio (counter_samples (4800));
  fail_unless (source.recorder->wait_for_speech (4800));
  source.interrupt ();
  auto over = source.wait_for_message ("gemini-turn-complete");
  fail_unless (yes (over, "interrupted"));
  fail_unless_equals_uint64 (number (over, "heard"), 4800);
  server.send_audio (counter_samples (4800, 7));  // nobody wants to hear it
  server.send (R"({"serverContent":{"generationComplete":true}})");
  server.send (R"({"serverContent":{"turnComplete":true}})");
  fail_unless (source.say ("Go on"));
  fail_unless (server.wait_for_messages (3));
  server.send_audio (counter_samples (4800, 1));
  server.send (R"({"serverContent":{"turnComplete":true}})");
  over = source.wait_for_message ("gemini-turn-complete");
  fail_if (yes (over, "interrupted"));
  auto expected = counter_samples (4800);
  auto next = counter_samples (4800, 1);
  expected.insert (expected.end (), next.begin (), next.end ());
  fail_unless (source.recorder->speech () == expected);
}
GST_END_TEST;

GST_START_TEST (an_interruption_drops_what_has_not_left)
{
  Server server (quick (48000));
  Source source (server);
  source.play ();
  source.wait_for_state ("draining");
  source.crank_until ([&] { return source.recorder->speech ().size () >= 4800; });
  g_signal_emit_by_name (source.element, "interrupt");
  auto cut = source.wait_for_message ("gemini-interrupted");
  auto heard = number (cut, "heard");
  fail_unless (heard >= 4800 && heard < 48000);
  fail_unless_equals_uint64 (heard + number (cut, "dropped"), 48000);
  source.crank_to_eos ();
  auto expected = counter_samples (48000);
  expected.resize (heard);
  fail_unless (source.recorder->speech () == expected);
}
GST_END_TEST;

GST_START_TEST (an_interruption_takes_back_what_was_to_be_read_aloud)
{
  Server server (quick ());
  Conversation source (server);
  source.set ("api", 1).set ("prompt", "One.");
  source.play ();
  fail_unless (source.wait_for_message ("gemini-turn-complete") != nullptr);
  auto options = quick ();
  options.pace.first_chunk_delay = std::chrono::hours (1);
  server.set_options (options);
  fail_unless (source.say ("Two."));
  fail_unless (server.wait_for_readings (2));
  source.interrupt ();
  fail_unless (server.wait_for_reading_end ());
  fail_unless (server.reading ().cancelled);
  auto over = source.wait_for_message ("gemini-turn-complete");
  fail_unless (yes (over, "interrupted"));
  fail_if (source.send ("{}"));  // there is nobody to read it
}
GST_END_TEST;

GST_START_TEST (a_message_of_the_application_is_sent_as_it_is)
{
  Server server (quick ());
  Conversation source (server);
  source.set ("prompt", static_cast<const char *> (nullptr));
  source.play ();
  fail_if (source.send ("no JSON"));
  fail_if (source.send ("[]"));
  fail_if (source.send (nullptr));
  fail_if (source.send (R"({"setup":{}})"));
  fail_unless (source.send (R"({ "realtimeInput": {"text": "Hi"} })"));  // maybe before the session is ready
  fail_unless (source.wait_for_message ("gemini-turn-complete") != nullptr);
  fail_unless_equals_text (server.messages ().at (1), R"({"realtimeInput":{"text":"Hi"}})");
}
GST_END_TEST;

GST_START_TEST (nothing_can_be_done_while_the_element_is_not_started)
{
  Server server (quick ());
  Conversation source (server);
  for (int round = 0; round < 2; round++) {
    fail_if (source.say ("Hi"));
    fail_if (source.send ("{}"));
    fail_if (source.answer ("1", "{}"));
    source.interrupt ();
    source.play ();
    fail_unless (source.wait_for_message ("gemini-turn-complete") != nullptr);
    source.set_state (GST_STATE_NULL);
  }
}
GST_END_TEST;

GST_START_TEST (texts_that_nobody_answers_do_not_pile_up_for_ever)
{
  Server server ({.manual = Manual::Everything});
  Conversation source (server);
  source.play ();
  fail_unless (server.wait_for_messages (1));
  for (size_t i = 0; i < 999; i++)  // the prompt waits, too
    fail_unless (source.say ("Hi"));
  fail_if (source.say ("Hi"));
  source.interrupt ();
  source.crank_until ([&] { return source.say ("Hi"); });
}
GST_END_TEST;

GEMINI_CHECK_MAIN (signals, transcripts_are_joined_as_they_come_and_say_when_they_are_heard,
                   transcripts_say_who_speaks_and_empty_ones_are_not_told, a_function_is_called_and_answered,
                   a_cancelled_call_cannot_be_answered,
                   a_call_that_nobody_answers_is_told_once_and_is_no_error, what_was_used_is_told,
                   an_interruption_ends_the_turn_and_the_conversation_goes_on,
                   an_interruption_drops_what_has_not_left,
                   an_interruption_takes_back_what_was_to_be_read_aloud,
                   a_message_of_the_application_is_sent_as_it_is,
                   nothing_can_be_done_while_the_element_is_not_started,
                   texts_that_nobody_answers_do_not_pile_up_for_ever)
