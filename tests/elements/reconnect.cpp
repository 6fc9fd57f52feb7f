// One conversation over many connections: no text and no sample is lost, and the application is told.

#include <random>

#include "elements/failure.h"
#include "stand-in/fault.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Fault;
using stand_in::Options;
using stand_in::Record;
using stand_in::Server;

namespace {

constexpr size_t kFrames = 9600;

Options quick (std::vector<Fault> faults = {})
{
  return {.counter_frames = kFrames,
          .pace = {.speed = 0, .playback = 0},
          .shape = {.chunks = {2400}},
          .faults = std::move (faults)};
}

Fault fault (const char *spec)
{
  auto parsed = stand_in::parse_fault (spec);
  fail_unless (std::holds_alternative<Fault> (parsed), "%s", spec);
  return std::get<Fault> (parsed);
}

/// An open conversation, as fast as it comes.
struct Conversation : Source {
  explicit Conversation (const Server &server) : Source (server)
  {
    set ("is-live", FALSE).set ("num-turns", -1).set ("retry-backoff-factor", 0.0);
  }

  void say (const std::string &text)
  {
    gboolean sent = FALSE;
    g_signal_emit_by_name (element, "send-text", text.c_str (), &sent);
    fail_unless (sent);
  }

  /// The next gemini-session message.
  std::string event ()
  {
    auto message = wait_for_message ("gemini-session");
    fail_unless (message != nullptr);
    return gst_structure_get_string (gst_message_get_structure (message.get ()), "event");
  }

  void wait_for_turn () { fail_unless (wait_for_message ("gemini-turn-complete") != nullptr); }

  guint reconnects ()
  {
    GstStructure *stats = nullptr;
    g_object_get (element, "stats", &stats, nullptr);
    guint count = 0;
    fail_unless (gst_structure_get_uint (stats, "reconnects", &count));
    gst_structure_free (stats);
    return count;
  }

  void check_speech (size_t turns)
  {
    std::vector<int16_t> all;
    for (size_t turn = 0; turn < turns; turn++) {
      auto samples = counter_samples (kFrames, turn);
      all.insert (all.end (), samples.begin (), samples.end ());
    }
    fail_unless (recorder->speech () == all, "%zu of %zu frames", recorder->speech ().size (), all.size ());
  }
};

/// A connection was replaced, and on the way there was no moment that looked like the end.
void check_reconnected (const Source &source)
{
  const auto states = source.states ();
  fail_unless (states.find ("reconnecting ready ") != std::string::npos, "%s", states.c_str ());
  fail_unless (states.find ("disconnected") == std::string::npos, "%s", states.c_str ());
  fail_unless (states.find ("connecting ") == 0 && states.find (" connecting") == std::string::npos, "%s",
               states.c_str ());
}

/// The questions that were answered to the end, over all connections.
std::vector<std::string> answered (const Record &record)
{
  std::vector<std::string> questions;
  for (auto &connection : record.connections)
    for (auto &turn : connection.turns)
      if (turn.generation_complete)
        questions.push_back (turn.question);
  return questions;
}

size_t turns_over (const Record &record)
{
  size_t count = 0;
  for (auto &connection : record.connections)
    for (auto &turn : connection.turns)
      count += turn.over ? 1 : 0;
  return count;
}

}  // namespace

GST_START_TEST (go_away_is_told_and_the_session_is_taken_up)
{
  Server server (quick ());
  Conversation source (server);
  source.play ();
  fail_unless_equals_text (source.event (), "ready");
  source.wait_for_turn ();
  server.go_away (60);
  auto away = source.wait_for_message ("gemini-session");
  guint64 left = 0;
  auto *structure = gst_message_get_structure (away.get ());
  fail_unless_equals_text (gst_structure_get_string (structure, "event"), "go-away");
  fail_unless (gst_structure_get_uint64 (structure, "time-left", &left));
  fail_unless_equals_uint64 (left, 60 * GST_SECOND);
  fail_unless_equals_text (source.event (), "resumed");
  source.say ("Go on");
  source.wait_for_turn ();
  source.check_speech (2);
  fail_unless_equals_int (source.reconnects (), 1);
  check_reconnected (source);
  fail_if (source.has_message (GST_MESSAGE_WARNING));
}
GST_END_TEST;

GST_START_TEST (a_session_that_is_lost_begins_anew_and_says_so)
{
  Server server (quick ());
  Conversation source (server);
  source.set ("session-resumption", FALSE);
  source.play ();
  fail_unless_equals_text (source.event (), "ready");
  source.wait_for_turn ();
  server.reset ();
  fail_unless_equals_text (source.event (), "fresh");
  fail_unless (server.messages (0).at (0).find ("sessionResumption") == std::string::npos);
  check_reconnected (source);
}
GST_END_TEST;

GST_START_TEST (an_expired_handle_leads_to_one_new_session)
{
  Server server (quick ());
  Conversation source (server);
  source.play ();
  fail_unless_equals_text (source.event (), "ready");
  source.wait_for_turn ();
  server.add_fault (fault ("close:1008:BidiGenerateContent session not found@setup*1"));
  server.reset ();
  fail_unless_equals_text (source.event (), "fresh");
  fail_unless_equals_int (server.record ().connections.size (), 3);
  check_reconnected (source);
  source.say ("Who are you?");
  source.wait_for_turn ();
  fail_if (source.has_message (GST_MESSAGE_ERROR));
}
GST_END_TEST;

GST_START_TEST (a_question_whose_answer_never_began_is_asked_again)
{
  for (const char *loss :
       {"reset@chunk:0*1", "drop@chunk:0*1", "close:1011:Internal error encountered.@chunk:0*1",
        "close:1000@chunk:0*1", "close:1001@chunk:0*1"}) {
    Server server (quick ({fault (loss)}));
    Conversation source (server);
    source.set ("num-turns", 1);
    source.play ();
    fail_unless (source.recorder->wait_for_eos (), "%s", loss);
    source.check_speech (1);
    fail_if (source.has_message (GST_MESSAGE_ERROR), "%s", loss);
    fail_unless_equals_int (source.reconnects (), 1);
  }
}
GST_END_TEST;

GST_START_TEST (an_answer_cut_by_the_network_is_told_and_the_conversation_goes_on)
{
  Server server (quick ({fault ("reset@chunk:2*1")}));
  Conversation source (server);
  source.play ();
  auto warning = source.wait_for_message (GST_MESSAGE_WARNING);
  fail_unless (warning != nullptr);
  GError *error = nullptr;
  gst_message_parse_warning (warning.get (), &error, nullptr);
  fail_unless (g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ));
  g_error_free (error);
  auto over = source.wait_for_message ("gemini-turn-complete");
  fail_unless_equals_text (gst_structure_get_string (gst_message_get_structure (over.get ()), "reason"),
                           "CONNECTION_LOST");
  source.say ("Again");
  source.wait_for_turn ();
  auto expected = counter_samples (4800);
  auto whole = counter_samples (kFrames);
  expected.insert (expected.end (), whole.begin (), whole.end ());
  fail_unless (source.recorder->speech () == expected);
}
GST_END_TEST;

GST_START_TEST (a_server_that_is_overloaded_is_asked_again_at_the_door)
{
  Server server (quick ({fault ("http:503@upgrade*2")}));  // the second time it is asked for its reason
  Source source (server);
  source.set ("is-live", FALSE).set ("retry-backoff-factor", 0.0);
  source.play ();
  fail_unless (source.recorder->wait_for_eos ());
  fail_unless (source.recorder->speech () == counter_samples (kFrames));
}
GST_END_TEST;

GST_START_TEST (a_handle_appears_nowhere)
{
  Server server (quick ());
  Conversation source (server);
  source.play ();
  source.wait_for_turn ();
  server.send (R"({"sessionResumptionUpdate":{"newHandle":"CANARY-handle","resumable":true}})");
  server.close (1008, "session CANARY-handle was aborted. The operation was aborted.");
  fail_unless (server.wait_for_connections (2));
  fail_unless (server.wait ([] (const Record &record) { return record.connections.size () >= 3; }));
  fail_unless (server.messages (1).at (0).find ("CANARY-handle") != std::string::npos);
  source.set_state (GST_STATE_NULL);
  messages_of (source.element);  // checks them
}
GST_END_TEST;

GST_START_TEST (what_has_come_is_played_while_connections_are_swapped)
{
  for (bool in_order : {true, false}) {
    auto options = quick ();
    options.counter_frames = 48000;
    Server server (options);
    Source source (server);
    source.set ("num-turns", 2);
    source.play ();
    source.wait_for_state ("draining");
    fail_unless (server.wait_for_turns (1));
    in_order ? server.go_away (60) : server.reset ();
    fail_unless (server.wait_for_setup (1));  // nothing has been heard yet
    gboolean sent = FALSE;
    g_signal_emit_by_name (source.element, "send-text", "Go on", &sent);
    fail_unless (sent);
    source.crank_to_eos ();
    auto expected = counter_samples (48000);
    auto next = counter_samples (48000, 1);
    expected.insert (expected.end (), next.begin (), next.end ());
    fail_unless (source.recorder->speech () == expected);
    source.recorder->check_timeline ();
    fail_if (source.has_message (GST_MESSAGE_WARNING));
  }
}
GST_END_TEST;

GST_START_TEST (at_whatever_moment_of_an_answer_the_network_fails_what_came_is_heard)
{
  std::minstd_rand random (11);
  std::vector<Fault> faults;
  for (int i = 0; i < 40; i++) {
    auto chunk = std::to_string (random () % 5);
    const char *kinds[] = {"reset", "drop", "cut", "close:1011:Internal error encountered.", "close:1001"};
    faults.push_back (fault ((std::string (kinds[random () % 5]) + "@chunk:" + chunk + "*1").c_str ()));
  }
  Server server (quick (faults));
  Conversation source (server);
  source.set ("retries", -1);
  source.play ();
  std::vector<int16_t> expected;
  size_t whole = 0;
  for (int turn = 0; turn < 50; turn++) {
    auto over = source.wait_for_message ("gemini-turn-complete");
    fail_unless (over != nullptr);
    auto *structure = gst_message_get_structure (over.get ());
    guint64 came = 0;
    guint64 heard = 0;
    gst_structure_get (structure, "samples", G_TYPE_UINT64, &came, "heard", G_TYPE_UINT64, &heard, nullptr);
    fail_unless_equals_uint64 (heard, came);
    // a session that is taken up counts on from the last answer it remembers
    auto samples = counter_samples (kFrames, whole);
    expected.insert (expected.end (), samples.begin (), samples.begin () + static_cast<long> (came));
    if (strcmp (gst_structure_get_string (structure, "reason"), "CONNECTION_LOST") != 0) {
      fail_unless_equals_uint64 (came, kFrames);
      whole++;
    }
    fail_unless (server.wait ([=] (const Record &record) { return turns_over (record) >= whole; }));
    source.say ("Go on");
  }
  fail_unless (source.recorder->speech () == expected);
  fail_unless (whole > 0);
  fail_if (source.has_message (GST_MESSAGE_ERROR));
}
GST_END_TEST;

GST_START_TEST (in_a_long_conversation_no_text_and_no_sample_is_lost)
{
  constexpr size_t kTurns = 200;
  constexpr size_t kEach = 20;  // turns a connection
  Server server (quick ());
  Conversation source (server);
  source.set ("prompt", "Question 0");
  source.play ();
  std::minstd_rand random (7);
  std::vector<std::string> asked{"Question 0"};
  for (size_t turn = 0; turn < kTurns; turn++) {
    source.wait_for_turn ();
    if (turn + 1 == kTurns)
      break;
    if (turn % kEach == kEach - 1) {
      // what it holds of this turn is complete; how the connection ends must not matter
      fail_unless (server.wait ([=] (const Record &record) { return turns_over (record) > turn; }));
      switch (random () % 4) {
        case 0:
          server.go_away (60);
          break;
        case 1:
          server.reset ();
          break;
        case 2:
          server.drop ();
          break;
        default:
          server.close (1011, "Deadline expired before operation could complete.");
          break;
      }
    }
    asked.push_back ("Question " + std::to_string (turn + 1));
    source.say (asked.back ());  // before, while or after the connection is replaced
  }
  source.check_speech (kTurns);
  fail_unless (answered (server.record ()) == asked);
  fail_unless_equals_int (server.record ().connections.size (), kTurns / kEach);
  fail_unless_equals_int (source.reconnects (), kTurns / kEach - 1);
  fail_if (source.has_message (GST_MESSAGE_ERROR));
}
GST_END_TEST;

GEMINI_CHECK_MAIN (reconnect, go_away_is_told_and_the_session_is_taken_up,
                   a_session_that_is_lost_begins_anew_and_says_so, an_expired_handle_leads_to_one_new_session,
                   a_question_whose_answer_never_began_is_asked_again,
                   an_answer_cut_by_the_network_is_told_and_the_conversation_goes_on,
                   a_server_that_is_overloaded_is_asked_again_at_the_door, a_handle_appears_nowhere,
                   at_whatever_moment_of_an_answer_the_network_fails_what_came_is_heard,
                   what_has_come_is_played_while_connections_are_swapped,
                   in_a_long_conversation_no_text_and_no_sample_is_lost)
