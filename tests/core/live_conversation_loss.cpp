// A conversation over several connections: those that break.
#include "core/live_conversation_fixture.h"

using gemini::Error;
using gemini::LiveConversation;
using namespace gemini::test;

GST_START_TEST (who_is_stopped_by_a_loss_says_nothing_more)
{
  for (const bool go_on : {true, false}) {
    OpenConversation f;
    f.recorder.go_on = go_on;
    f.recorder.meanwhile = [&f] (const std::string &) { f.conversation.stop (); };
    f.hang_up (1006);
    f.heard ("lost ");
  }
}
GST_END_TEST;

GST_START_TEST (a_connection_lost_between_turns_is_replaced)
{
  for (unsigned code : {1000, 1001, 1006, 1011}) {
    OpenConversation f;
    f.hang_up (code);
    f.heard ("lost reconnecting retry(500) ");
    fail_unless (f.clock ().delay == 500ms);
    f.conversation.send_text ("A");
    f.ring ();
    f.accept ();
    fail_unless_equals_text (f.shown (), "one");
    fail_unless (f.log.ends_with ("ready RESUMED sent(A) awaited "), "%s", f.log.c_str ());
  }
}
GST_END_TEST;

GST_START_TEST (texts_without_an_answer_are_asked_again_in_order)
{
  OpenConversation f;
  f.ask ("A");
  f.say ({audio ("AAA=")});
  f.ask ("B");
  f.say ({kInterrupted, kTurnComplete});  // B is awaited
  f.ask ("C");
  f.log.clear ();
  f.hang_up (1006);
  f.conversation.send_text ("D");
  f.heard ("lost reconnecting retry(500) ");
  f.ring ();
  f.log.clear ();
  f.accept ();
  const auto sent = f.log.substr (f.log.find ("RESUMED"));
  fail_unless_equals_text (sent, "RESUMED sent(B) sent(C) sent(D) ");
  f.log.clear ();
  f.say ({kInterrupted, kTurnComplete});
  f.heard ("interrupted awaited ");
}
GST_END_TEST;

GST_START_TEST (an_answer_lost_in_the_middle_is_for_the_listener_to_judge)
{
  OpenConversation f;
  f.ask ("A");
  f.say ({audio ("AAA=")});
  f.ask ("B");
  f.hang_up (1011, "Internal error encountered.");
  f.heard ("lost-in-turn reconnecting retry(500) ");
  f.ring ();
  f.accept ();
  fail_unless (f.log.ends_with ("RESUMED sent(B) awaited "), "%s", f.log.c_str ());

  OpenConversation g;
  g.recorder.go_on = false;
  g.ask ("A");
  g.say ({audio ("AAA=")});
  g.log.clear ();
  g.hang_up (1006);
  g.heard ("lost-in-turn closed error ");
  fail_if (g.clock ().delay.has_value ());
  g.conversation.send_text ("B");
  g.heard ("");
}
GST_END_TEST;

GST_START_TEST (all_of_an_answer_has_come_with_generation_complete)
{
  OpenConversation f;
  f.ask ("A");
  f.say ({audio ("AAA="), kGenerationComplete});
  f.log.clear ();
  f.hang_up (1006);
  f.heard ("lost reconnecting retry(500) ");
}
GST_END_TEST;

GST_START_TEST (the_waits_grow_and_come_to_an_end)
{
  OpenConversation f;
  f.hang_up (1006);
  for (const char *expected : {"lost reconnecting retry(500) ", "lost reconnecting retry(1000) ",
                               "lost reconnecting retry(2000) "}) {
    f.heard (expected);
    f.ring ();
    f.log.clear ();
    f.server->hang_up ({.error = Error{.kind = Error::Kind::Connect, .message = "No route"}});
  }
  f.heard ("closed error ");
  fail_unless (f.recorder.error->message == "No route");
}
GST_END_TEST;

GST_START_TEST (a_connection_that_lasts_makes_good_for_those_before)
{
  OpenConversation f;
  for (int round = 0; round < 10; round++) {
    f.hang_up (1006);
    f.ring ();
    f.accept ();
    fail_unless (f.clock ().delay == LiveConversation::kStable);
    f.ring ();
  }
  fail_unless (f.log.find ("retry(1000)") == std::string::npos);

  OpenConversation h;  // so does one that has answered
  for (int round = 0; round < 10; round++) {
    h.ask ("A");
    h.say ({audio ("AAA="), kTurnComplete});
    h.hang_up (1006);
    h.ring ();
    h.accept ();
  }
  fail_if (h.recorder.error.has_value ());

  OpenConversation g;  // one that breaks at once does not
  for (int round = 0; round < 3; round++) {
    g.hang_up (1006);
    g.ring ();
    g.accept ();
  }
  g.log.clear ();
  g.hang_up (1006);
  g.heard ("closed error ");
}
GST_END_TEST;

GST_START_TEST (a_first_connection_is_tried_again_only_where_that_helps)
{
  const struct {
    gemini::Closure closure;
    const char *log;
  } rows[] = {
      {{.error = Error{.kind = Error::Kind::Connect, .message = "No such host"}}, "closed error "},
      {{.code = 1007, .reason = "API key not valid."}, "closed error "},
      {{.code = 1008, .reason = "models/x is not found for API version v1beta"}, "closed error "},
      {{.code = 1011, .reason = "You exceeded your current quota"}, "closed error "},
      {{.code = 1011, .reason = "The service is currently unavailable."}, "lost connecting retry(500) "},
      {{.code = 1006}, "lost connecting retry(500) "},
      {{.error = gemini::http_error (503, "", "")}, "lost connecting retry(500) "},
      {{.error = gemini::http_error (403, "", "")}, "closed error "},
      {{.error = gemini::http_error (
            429, "",
            R"({"error":{"details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"7s"}]}})")},
       "lost connecting retry(7000) "},
  };
  for (const auto &[closure, log] : rows) {
    ConversationFixture f;
    f.conversation.start ();
    f.log.clear ();
    f.server->hang_up (closure);
    f.heard (log);
  }
}
GST_END_TEST;

GST_START_TEST (a_refused_handle_is_followed_by_one_new_session_at_once)
{
  const std::pair<unsigned, const char *> refusals[] = {{1008, "BidiGenerateContent session not found"},
                                                        {1008, "Requested entity was not found."},
                                                        {1007, "Invalid session handle"}};
  for (const auto &[code, reason] : refusals) {
    OpenConversation f;
    f.ask ("A");
    f.server->say (kGoAway);
    f.hang_up (1006);
    f.ring ();
    f.log.clear ();
    f.hang_up (code, reason);
    f.heard ("lost reconnecting retry(0) ");
    f.ring ();
    f.accept ();
    fail_unless_equals_text (f.shown (), "");
    fail_unless (f.log.ends_with ("ready FRESH sent(A) "), "%s", f.log.c_str ());

    // no loop: what refuses a new session, too, is the end
    f.log.clear ();
    f.hang_up (1007, reason);
    f.heard ("closed error ");
  }
}
GST_END_TEST;

GST_START_TEST (refused_handles_do_not_make_a_loop)
{
  OpenConversation f;
  for (int round = 0; round < 4; round++) {
    f.log.clear ();
    f.hang_up (1006);
    if (f.recorder.error)
      break;
    f.ring ();
    f.hang_up (1008, "BidiGenerateContent session not found");
    if (f.recorder.error)
      break;
    f.ring ();
    f.accept ("again");
  }
  fail_unless (f.recorder.error.has_value ());
}
GST_END_TEST;

GST_START_TEST (the_second_1011_in_a_row_drops_the_handle)
{
  OpenConversation f;
  f.hang_up (1011, "Internal error encountered.");
  f.ring ();
  f.server->accept ();
  fail_unless_equals_text (f.shown (), "one");
  f.hang_up (1011, "Internal error encountered.");
  f.ring ();
  f.accept ();
  fail_unless_equals_text (f.shown (), "");
  fail_unless (f.log.ends_with ("ready FRESH "), "%s", f.log.c_str ());
}
GST_END_TEST;

GST_START_TEST (a_handle_is_kept_while_the_session_cannot_be_resumed_and_replaced_by_the_next)
{
  OpenConversation f;
  f.say ({kNotResumable, R"({"sessionResumptionUpdate":{"newHandle":"","resumable":false}})"});
  f.hang_up (1006);
  f.ring ();
  f.accept ("two");
  fail_unless_equals_text (f.shown (), "one");
  f.hang_up (1006);
  f.ring ();
  f.accept ();
  fail_unless_equals_text (f.shown (), "two");
}
GST_END_TEST;

GST_START_TEST (a_handle_is_told_to_nobody)
{
  OpenConversation f;
  f.say ({handle ("CANARY-handle")});
  f.hang_up (1006);
  f.ring ();
  f.server->accept ();
  f.hang_up (1008, "refused");  // it is dropped with this
  f.recorder.go_on = false;
  f.ring ();
  f.accept ();
  f.hang_up (1008, "session CANARY-handle was aborted");
  fail_unless (f.recorder.error->detail.find ("CANARY") == std::string::npos);
  fail_unless (f.recorder.error->detail.find ("session *** was") != std::string::npos, "%s",
               f.recorder.error->detail.c_str ());

  // A reason ends after 123 bytes, wherever that is.
  const std::string name = "CANARY-handle";
  for (size_t size = 8; size < name.size (); size++) {
    OpenConversation g;
    g.say ({handle (name)});
    g.recorder.go_on = false;
    g.hang_up (1008, (name + " was aborted: no session " + name.substr (0, size)).c_str ());
    fail_unless (g.recorder.error->detail.ends_with ("*** was aborted: no session ***"), "%s",
                 g.recorder.error->detail.c_str ());
    fail_unless (g.recorder.error->message.find ("CANARY") == std::string::npos);
  }
}
GST_END_TEST;

GST_START_TEST (a_server_that_falls_silent_is_asked_once_more)
{
  OpenConversation f;
  f.ask ("A");
  f.clocks.back ()->ring ();  // 15 s are over
  f.heard ("close(1000) lost reconnecting retry(500) ");
  f.ring ();
  f.accept ();
  f.log.clear ();
  f.ring ();  // the connection is ten seconds old, which proves nothing as long as it does not answer
  f.clocks.back ()->ring ();
  f.heard ("close(1000) closed error ");
}
GST_END_TEST;

GST_START_TEST (what_helps_once_may_follow_what_helps_often)
{
  OpenConversation f;
  f.ask ("A");
  f.hang_up (1006);
  f.ring ();
  f.accept ();
  f.log.clear ();
  f.clocks.back ()->ring ();  // now it is silent: for the first time
  f.heard ("close(1000) lost reconnecting retry(1000) ");
}
GST_END_TEST;

GST_START_TEST (what_cannot_be_read_is_the_end)
{
  OpenConversation f;
  f.server->say ("no JSON");
  f.heard ("close(1007) closed error ");
}
GST_END_TEST;

GST_START_TEST (calls_are_cancelled_with_the_connection_and_the_text_is_asked_again)
{
  OpenConversation f;
  f.ask ("A");
  f.say ({kToolCall});
  f.log.clear ();
  f.hang_up (1006);
  f.heard ("lost reconnecting cancelled(1) retry(500) ");
  f.ring ();
  f.accept ();
  fail_unless (f.log.ends_with ("RESUMED sent(A) "), "%s", f.log.c_str ());
}
GST_END_TEST;

GST_START_TEST (without_retries_the_first_loss_is_the_end)
{
  auto config = ConversationFixture::config ();
  config.retry.retries = 0;
  OpenConversation f (config);
  f.hang_up (1006);
  f.heard ("closed error ");

  OpenConversation g (config);
  g.server->say (kGoAway);  // which is no failure
  g.accept ();
  fail_unless (g.log.ends_with ("ready RESUMED "), "%s", g.log.c_str ());
}
GST_END_TEST;

GEMINI_CHECK_MAIN (live_conversation_loss, a_connection_lost_between_turns_is_replaced,
                   texts_without_an_answer_are_asked_again_in_order,
                   an_answer_lost_in_the_middle_is_for_the_listener_to_judge,
                   all_of_an_answer_has_come_with_generation_complete, the_waits_grow_and_come_to_an_end,
                   a_connection_that_lasts_makes_good_for_those_before,
                   a_first_connection_is_tried_again_only_where_that_helps,
                   a_refused_handle_is_followed_by_one_new_session_at_once,
                   refused_handles_do_not_make_a_loop, the_second_1011_in_a_row_drops_the_handle,
                   a_handle_is_kept_while_the_session_cannot_be_resumed_and_replaced_by_the_next,
                   a_handle_is_told_to_nobody, who_is_stopped_by_a_loss_says_nothing_more,
                   a_server_that_falls_silent_is_asked_once_more, what_helps_once_may_follow_what_helps_often,
                   what_cannot_be_read_is_the_end,
                   calls_are_cancelled_with_the_connection_and_the_text_is_asked_again,
                   without_retries_the_first_loss_is_the_end)
