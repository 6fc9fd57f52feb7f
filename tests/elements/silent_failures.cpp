// What goes wrong without a sound: each is one WARNING that helps, or a message, and never an error.

#include "elements/failure.h"
#include "stand-in/fault.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Manual;
using stand_in::Options;
using stand_in::Server;

namespace {

/// A turn of a server that can be told what to say.
struct Turn {
  explicit Turn (bool live = false) : server ({.manual = Manual::Turns}), source (server)
  {
    source.set ("is-live", live);
    source.play ();
    fail_unless (server.wait_for_messages (2));
  }

  void say (const char *content) { server.send (std::string (R"({"serverContent":)") + content + "}"); }

  /// One WARNING, of this code and with these words in it.
  void check_warning (GQuark domain, gint code, const char *says)
  {
    auto message = source.wait_for_message (GST_MESSAGE_WARNING);
    fail_unless (message != nullptr, "nothing is said of: %s", says);
    GError *error = nullptr;
    gst_message_parse_warning (message.get (), &error, nullptr);
    fail_unless (g_error_matches (error, domain, code), "code %d of '%s'", error->code, error->message);
    fail_if (strstr (error->message, says) == nullptr, "'%s' does not say '%s'", error->message, says);
    g_error_free (error);
  }

  /// Nothing more is said, and the stream ends in good order.
  void check_end ()
  {
    fail_unless (source.recorder->wait_for_eos ());
    fail_if (source.has_message (GST_MESSAGE_WARNING));
    fail_if (source.has_message (GST_MESSAGE_ERROR));
  }

  Server server;
  Source source;
};

}  // namespace

GST_START_TEST (a_turn_without_a_word)
{
  Turn turn;
  turn.say (R"({"turnComplete":true})");
  turn.check_warning (GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED, "without a word");
  turn.check_end ();
}
GST_END_TEST;

GST_START_TEST (text_in_place_of_speech)
{
  Turn turn;
  turn.say (R"({"modelTurn":{"parts":[{"text":"No voice."}]}})");
  turn.say (R"({"turnComplete":true})");
  turn.check_warning (GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, "text instead of speech");
  turn.check_end ();
}
GST_END_TEST;

GST_START_TEST (an_answer_that_is_silence_is_passed_on_and_told)
{
  Turn turn;
  std::vector<int16_t> quiet (4800, 1);
  turn.server.send_audio (quiet);
  turn.server.send_audio (quiet);
  turn.say (R"({"generationComplete":true})");
  turn.check_warning (GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED, "nothing but silence");
  turn.check_end ();
  fail_unless_equals_int (turn.source.recorder->speech ().size (), 9600);
}
GST_END_TEST;

GST_START_TEST (an_answer_that_was_refused)
{
  Turn turn;
  turn.say (R"({"turnComplete":true,"turnCompleteReason":"RESPONSE_REJECTED"})");
  turn.check_warning (GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED, "rejected");
  auto over = turn.source.wait_for_message ("gemini-turn-complete");
  fail_unless_equals_text (gst_structure_get_string (gst_message_get_structure (over.get ()), "reason"),
                           "RESPONSE_REJECTED");
  turn.check_end ();
}
GST_END_TEST;

GST_START_TEST (an_answer_that_pauses_in_the_middle)
{
  Turn turn;
  turn.server.send_audio (counter_samples (4800));
  auto stalled = turn.source.wait_for_message ("gemini-stalled");
  fail_unless (stalled != nullptr);
  guint64 duration = 0;
  fail_unless (gst_structure_get_uint64 (gst_message_get_structure (stalled.get ()), "duration", &duration));
  fail_unless_equals_uint64 (duration, 3 * GST_SECOND);
  turn.say (R"({"turnComplete":true})");
  turn.check_end ();
}
GST_END_TEST;

GST_START_TEST (an_answer_that_does_not_say_when_it_is_over)
{
  Server server ({.manual = Manual::Turns});
  Source source (server);
  source.set ("is-live", FALSE).set ("num-turns", 2);
  source.play ();
  for (size_t turn = 0; turn < 2; turn++) {
    fail_unless (server.wait_for_messages (2 + turn));
    server.send_audio (counter_samples (4800, turn));
    server.send (R"({"serverContent":{"generationComplete":true}})");
    gboolean sent = turn == 1;
    if (turn == 0) {
      fail_unless (source.wait_for_message ("gemini-turn-complete") != nullptr);
      g_signal_emit_by_name (source.element, "send-text", "Go on", &sent);
    }
    fail_unless (sent);
  }
  auto warning = source.wait_for_message (GST_MESSAGE_WARNING);
  GError *error = nullptr;
  gst_message_parse_warning (warning.get (), &error, nullptr);
  fail_unless (g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ));
  g_error_free (error);
  fail_unless (source.recorder->wait_for_eos ());
  fail_unless_equals_int (source.recorder->speech ().size (), 9600);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (silent_failures, a_turn_without_a_word, text_in_place_of_speech,
                   an_answer_that_is_silence_is_passed_on_and_told, an_answer_that_was_refused,
                   an_answer_that_pauses_in_the_middle, an_answer_that_does_not_say_when_it_is_over)
