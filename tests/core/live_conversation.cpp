// A conversation over several connections: swaps in good order.
#include "core/live_conversation_fixture.h"

using gemini::LiveConversation;
using namespace gemini::test;

static const std::string kSetup = R"(sent({"setup":{"model":"m"}}) )";
static std::string setup (const std::string &name)
{
  return R"(sent({"setup":{"model":"m","sessionResumption":{"handle":")" + name + R"("}}}) )";
}

GST_START_TEST (what_is_said_before_the_session_is_ready_waits_in_order)
{
  ConversationFixture f;
  f.conversation.send_text ("A");
  f.conversation.send_message ("MINE", "");
  f.conversation.start ();
  f.conversation.send_text ("B");
  f.server->accept ();
  f.heard ("connecting open(wss://x) setting-up " + kSetup);
  f.server->say (kReady);
  f.heard ("ready READY sent(A) awaited sent(MINE) sent(B) ");
}
GST_END_TEST;

GST_START_TEST (texts_wait_until_their_turn_begins_or_they_are_given_up)
{
  ConversationFixture f;
  auto waiting = [&] (size_t count, std::source_location at = std::source_location::current ()) {
    const auto found = f.conversation.texts_waiting ();
    fail_unless (found == count, "line %u: %zu wait, not %zu", at.line (), found, count);
  };
  f.conversation.send_text ("A");
  f.conversation.send_message ("MINE", "");
  f.conversation.send_text ("B");
  waiting (2);
  f.conversation.start ();
  f.accept ("one");
  waiting (1);  // B, whose turn comes when that of A is over
  // Another connection asks A and B again; the turn of A has begun before.
  f.hang_up (1011);
  waiting (1);
  f.ring ();
  f.accept ("two");
  waiting (1);
  f.say ({audio ("AAA="), kGenerationComplete, kTurnComplete});
  waiting (0);
  f.say ({audio ("BBB="), kGenerationComplete, kTurnComplete});
  // However often texts are cut, merged or given up, none is counted for ever.
  for (int i = 0; i < 100; i++) {
    f.conversation.send_text ("C");
    f.conversation.send_text ("D");
    waiting (1);
    f.say ({audio ("AAA="), R"({"serverContent":{"interrupted":true}})"});
    waiting (1);
    f.conversation.interrupt ();
    waiting (0);
    f.say ({kTurnComplete, kTurnComplete});
    waiting (0);
  }
}
GST_END_TEST;

GST_START_TEST (one_session_passes_on_what_it_hears)
{
  OpenConversation f;
  f.ask ("A");
  f.say ({content (turn (part ("AAA=") + R"(,{"text":"x"})") + "," + heard_as ("Yes")), kGenerationComplete,
          R"({"serverContent":{"turnComplete":true},"usageMetadata":{"totalTokenCount":7}})"});
  f.heard ("audio(AAA=) text(x) model(Yes) turn-end() usage(7) ");
  f.conversation.interrupt ();
  f.heard ("interrupted ");
}
GST_END_TEST;

GST_START_TEST (after_go_away_between_turns_the_next_connection_takes_up_the_session)
{
  OpenConversation f;
  f.server->say (kGoAway);
  f.heard ("GO-AWAY close(1000) reconnecting open(wss://x) ");
  f.conversation.send_text ("A");
  f.heard ("");
  f.accept ();
  f.heard (setup ("one") + "ready RESUMED sent(A) awaited ");
}
GST_END_TEST;

GST_START_TEST (a_turn_is_finished_and_remembered_before_the_connection_is_swapped)
{
  OpenConversation f;
  f.ask ("A");
  f.say ({kNotResumable, audio ("AAA="), kGoAway, audio ("BBB="), kGenerationComplete});
  f.heard ("audio(AAA=) GO-AWAY audio(BBB=) turn-end() ");
  f.say ({kTurnComplete});
  f.heard ("");
  f.say ({handle ("two")});
  f.heard ("close(1000) reconnecting open(wss://x) ");
  f.accept ();
  f.heard (setup ("two") + "ready RESUMED ");
}
GST_END_TEST;

GST_START_TEST (a_handle_may_come_before_turn_complete)
{
  OpenConversation f;
  f.ask ("A");
  f.say ({audio ("AAA="), kGoAway, kGenerationComplete, handle ("two")});
  f.heard ("audio(AAA=) GO-AWAY turn-end() ");
  f.say ({kTurnComplete});
  f.heard ("close(1000) reconnecting open(wss://x) ");
}
GST_END_TEST;

GST_START_TEST (when_time_runs_out_it_is_swapped_with_the_handle_there_is)
{
  OpenConversation f;
  f.ask ("A");
  f.say ({audio ("AAA="), kGoAway});
  fail_unless (f.clock ().delay == 30s);
  f.ring ();  // the turn still runs
  f.log.clear ();
  f.say ({audio ("BBB=")});
  f.heard ("audio(BBB=) ");
  f.say ({kGenerationComplete});
  f.heard ("turn-end() close(1000) reconnecting open(wss://x) ");
  f.accept ();
  fail_unless_equals_text (f.shown (), "one");
}
GST_END_TEST;

GST_START_TEST (the_alarm_of_go_away_goes_with_its_connection_or_with_the_session)
{
  OpenConversation swapped;
  swapped.say ({kGoAway});
  swapped.heard ("GO-AWAY close(1000) reconnecting open(wss://x) ");
  fail_if (swapped.clock ().delay.has_value ());
  swapped.accept ("two");
  fail_unless (swapped.clock ().delay == LiveConversation::kStable);

  OpenConversation lost;
  lost.ask ("A");
  lost.say ({audio ("AAA="), kGoAway});
  fail_unless (lost.clock ().delay == 30s);
  lost.hang_up (1006);
  fail_unless (lost.clock ().delay == 500ms);

  OpenConversation failed;
  failed.recorder.go_on = false;
  failed.ask ("A");
  failed.say ({audio ("AAA="), kGoAway});
  failed.hang_up (1006);
  fail_if (failed.clock ().delay.has_value ());

  OpenConversation stopped;
  stopped.ask ("A");
  stopped.say ({audio ("AAA="), kGoAway});
  stopped.conversation.stop ();
  fail_if (stopped.clock ().delay.has_value ());
}
GST_END_TEST;

GST_START_TEST (a_text_while_the_connection_goes_away_is_answered_by_it_or_asked_again)
{
  OpenConversation f;
  f.ask ("A");
  f.say ({audio ("AAA="), kGoAway, kGenerationComplete, kTurnComplete});
  f.log.clear ();
  f.conversation.send_text ("B");  // the handle of A has not come
  f.heard ("sent(B) awaited ");
  f.hang_up (1008, "The operation was aborted.");
  f.heard ("lost reconnecting retry(500) ");
  f.ring ();
  f.accept ();
  f.heard ("reconnecting open(wss://x) " + setup ("one") + "ready RESUMED sent(B) ");
  f.say ({audio ("BBB="), kTurnComplete});
  f.heard ("audio(BBB=) turn-end() ");
}
GST_END_TEST;

GST_START_TEST (a_server_that_sends_everybody_away_is_not_asked_for_ever)
{
  OpenConversation f;
  f.server->say (kGoAway);
  f.accept ("two");
  f.log.clear ();
  f.server->say (kGoAway);
  f.heard ("GO-AWAY close(1000) reconnecting retry(500) ");
  for (int round = 0; round < 3; round++) {
    f.ring ();
    f.accept ("three");
    f.log.clear ();
    f.server->say (kGoAway);
  }
  f.heard ("GO-AWAY close(1000) closed error ");

  OpenConversation g;  // one that works in between is
  for (int round = 0; round < 10; round++) {
    g.server->say (kGoAway);
    g.accept ();
    g.ask ("A");
    g.say ({audio ("AAA="), kTurnComplete, handle ("more")});
  }
  fail_unless_equals_int (g.connections, 11);
}
GST_END_TEST;

GST_START_TEST (without_handles_a_swap_begins_a_new_session)
{
  auto config = ConversationFixture::config ();
  config.resume = false;
  OpenConversation f (config);
  f.server->say (kGoAway);
  f.accept ();
  f.heard ("GO-AWAY close(1000) reconnecting open(wss://x) " + kSetup + "ready FRESH ");
}
GST_END_TEST;

GST_START_TEST (calls_that_were_not_answered_are_cancelled_with_their_connection)
{
  OpenConversation f;
  f.ask ("A");
  f.say ({kToolCall, audio ("AAA="), kTurnComplete, handle ("two"), kGoAway});
  f.log.clear ();
  f.ring ();  // no more time for the answer
  f.heard ("close(1000) cancelled(1) reconnecting open(wss://x) ");
  f.conversation.send_message (R"({"toolResponse":{}})", "1");
  f.accept ();
  f.heard (setup ("two") + "ready RESUMED ");
}
GST_END_TEST;

GST_START_TEST (an_answered_call_does_not_hold_up_a_swap)
{
  OpenConversation f;
  f.ask ("A");
  f.say ({kToolCall});
  f.conversation.send_message (R"({"toolResponse":{}})", "1");
  f.log.clear ();
  f.say ({audio ("AAA="), kTurnComplete, handle ("two"), kGoAway});
  f.heard ("audio(AAA=) turn-end() GO-AWAY close(1000) reconnecting open(wss://x) ");
}
GST_END_TEST;

GST_START_TEST (a_swap_waits_for_a_handle_that_knows_of_the_last_message)
{
  OpenConversation f;
  f.server->say (handle ("one"));
  f.conversation.send_message (R"({"clientContent":{}})", "");
  f.log.clear ();
  f.say ({kGoAway});
  f.heard ("GO-AWAY ");
  f.say ({handle ("two")});
  f.heard ("close(1000) reconnecting open(wss://x) ");
}
GST_END_TEST;

GST_START_TEST (an_interruption_while_connecting_withdraws_what_waits)
{
  OpenConversation f;
  f.ask ("A");
  f.hang_up (1006);
  f.log.clear ();
  f.conversation.send_text ("B");
  f.conversation.send_message ("MINE", "");
  f.conversation.interrupt ();
  f.heard ("interrupted ");
  f.ring ();
  f.accept ();
  f.heard ("reconnecting open(wss://x) " + setup ("one") + "ready RESUMED sent(MINE) ");
}
GST_END_TEST;

GST_START_TEST (a_text_given_up_is_not_asked_again)
{
  OpenConversation f;
  f.ask ("A");
  f.server->say (audio ("AAA="));
  f.ask ("B");
  f.conversation.interrupt ();
  f.conversation.send_text ("C");
  f.hang_up (1006);
  f.log.clear ();
  f.ring ();
  f.accept ();
  f.heard ("reconnecting open(wss://x) " + setup ("one") + "ready RESUMED sent(C) awaited ");
}
GST_END_TEST;

GST_START_TEST (it_can_be_stopped_in_every_callback_of_a_swap)
{
  for (const char *where : {"GO-AWAY", "cancelled(1)", "reconnecting", "ready", "RESUMED", "awaited"}) {
    OpenConversation f;
    f.say ({kToolCall});
    f.log.clear ();
    f.recorder.meanwhile = [&] (const std::string &event) {
      if (event == where)
        f.conversation.stop ();
    };
    f.server->say (kGoAway);
    if (f.clock ().delay)
      f.ring ();
    f.conversation.send_text ("A");
    if (f.connections == 2 && !f.log.ends_with ("close(1000) "))
      f.accept ();
    fail_unless (f.log.ends_with (std::string (where) + " close(1000) ") ||
                     f.log.ends_with (std::string (where) + " "),
                 "%s: '%s'", where, f.log.c_str ());
    f.log.clear ();
    f.conversation.send_text ("B");
    f.conversation.interrupt ();
    f.conversation.stop ();
    f.heard ("");
    fail_if (f.clock ().delay.has_value ());
  }
}
GST_END_TEST;

GEMINI_CHECK_MAIN (
    live_conversation, what_is_said_before_the_session_is_ready_waits_in_order,
    texts_wait_until_their_turn_begins_or_they_are_given_up, one_session_passes_on_what_it_hears,
    after_go_away_between_turns_the_next_connection_takes_up_the_session,
    a_turn_is_finished_and_remembered_before_the_connection_is_swapped,
    a_handle_may_come_before_turn_complete, when_time_runs_out_it_is_swapped_with_the_handle_there_is,
    the_alarm_of_go_away_goes_with_its_connection_or_with_the_session,
    a_text_while_the_connection_goes_away_is_answered_by_it_or_asked_again,
    a_server_that_sends_everybody_away_is_not_asked_for_ever, without_handles_a_swap_begins_a_new_session,
    calls_that_were_not_answered_are_cancelled_with_their_connection,
    an_answered_call_does_not_hold_up_a_swap, a_swap_waits_for_a_handle_that_knows_of_the_last_message,
    an_interruption_while_connecting_withdraws_what_waits, a_text_given_up_is_not_asked_again,
    it_can_be_stopped_in_every_callback_of_a_swap)
