// What an application does to a running session: it interrupts, answers calls, sends messages of its own.
#include "core/live_session_fixture.h"

using namespace gemini::test;

static const std::string kAnswer = R"({"toolResponse":{}})";

GST_START_TEST (an_interruption_here_ends_the_turn_at_once_and_what_still_comes_of_it_is_not_heard)
{
  SpeakingSession f;
  f.session.interrupt ();
  f.heard ("interrupted ");
  f.say ({audio ("BBB="), content (heard_as ("late")), kGenerationComplete, audio ("CCC="), kTurnComplete});
  f.heard ("");
  fail_unless (f.session.turn () == Turn::None);
  f.session.send_text ("B");
  f.say ({audio ("DDD="), kTurnComplete});
  f.heard ("sent(B) awaited audio(DDD=) turn-end() ");
}
GST_END_TEST;

GST_START_TEST (words_of_an_answer_that_was_cut_here_are_not_told_those_of_the_next_are)
{
  SpeakingSession f;
  f.session.interrupt ();
  f.session.send_text ("B");
  f.log.clear ();
  f.say ({content (heard_as ("once")), kGenerationComplete, content (heard_as ("late"))});
  f.heard ("");
  f.say ({kTurnComplete, content (heard_as ("Yes")), audio ("BBB="), kGenerationComplete,
          content (heard_as ("indeed"))});
  f.heard ("awaited model(Yes) audio(BBB=) turn-end() model(indeed) ");
  f.say ({kTurnComplete});

  // also if nobody asked for the next
  f.ask ("C");
  f.say ({audio ("CCC=")});
  f.session.interrupt ();
  f.say ({kGenerationComplete, kTurnComplete});
  f.log.clear ();
  f.say ({audio ("DDD="), kGenerationComplete, content (heard_as ("By the way"))});
  f.heard ("audio(DDD=) turn-end() model(By the way) ");
}
GST_END_TEST;

GST_START_TEST (a_turn_cut_here_needs_no_turn_complete_for_the_next_to_be_heard)
{
  SpeakingSession f;
  f.session.interrupt ();
  f.say ({kGenerationComplete});
  f.session.send_text ("B");
  f.log.clear ();
  f.say ({audio ("BBB="), kTurnComplete});
  f.heard ("awaited audio(BBB=) turn-end() ");
}
GST_END_TEST;

GST_START_TEST (a_text_after_an_interruption_here_is_answered)
{
  SpeakingSession f;
  f.session.interrupt ();
  f.session.send_text ("B");
  f.heard ("interrupted sent(B) ");
  f.say ({audio ("BBB="), kInterrupted, audio ("CCC="), kTurnComplete, audio ("DDD="), kTurnComplete});
  f.heard ("awaited audio(DDD=) turn-end() ");
}
GST_END_TEST;

GST_START_TEST (an_interruption_here_gives_up_every_text_that_was_sent)
{
  SpeakingSession f;
  f.session.send_text ("B");
  f.session.interrupt ();
  f.session.send_text ("C");
  f.heard ("sent(B) interrupted sent(C) ");
  f.say ({kInterrupted, kTurnComplete});
  f.heard ("awaited interrupted ");
  f.say ({audio ("BBB="), kInterrupted, kTurnComplete});
  f.heard ("awaited ");
  f.say ({audio ("CCC="), kGenerationComplete, kTurnComplete});
  f.heard ("audio(CCC=) turn-end() ");
  fail_unless (f.session.turn () == Turn::None);
}
GST_END_TEST;

GST_START_TEST (a_text_that_waits_for_the_session_is_withdrawn_by_an_interruption_a_message_is_not)
{
  Fixture f;
  f.session.start ();
  f.session.send_text ("A");
  f.session.send_message ("MINE", "");
  f.log.clear ();
  f.session.interrupt ();
  f.server.accept ();
  f.server.say (kReady);
  f.heard ("interrupted setting-up sent(SETUP) ready sent(MINE) ");
}
GST_END_TEST;

GST_START_TEST (with_nothing_asked_an_interruption_here_is_of_what_is_still_played)
{
  SpeakingSession f;
  f.say ({kGenerationComplete});
  f.log.clear ();
  f.session.interrupt ();
  f.heard ("interrupted ");
  f.say ({kTurnComplete});
  f.session.interrupt ();
  f.heard ("interrupted ");
  fail_unless (f.session.turn () == Turn::None);
}
GST_END_TEST;

GST_START_TEST (the_server_may_cut_the_turn_before_one_that_was_cut_here)
{
  AskedSession f;
  f.session.interrupt ();
  f.say ({kInterrupted, kTurnComplete, audio ("AAA=")});  // of the turn before; now the answer
  f.heard ("interrupted ");
  f.say ({kGenerationComplete, kTurnComplete});
  fail_unless (f.session.turn () == Turn::None);
}
GST_END_TEST;

GST_START_TEST (a_call_is_answered_once_and_only_if_it_was_made)
{
  AskedSession f;
  f.server.say (kToolCall);
  f.log.clear ();
  f.session.send_message ("OTHER", "2");
  f.session.send_message (kAnswer, "1");
  f.session.send_message (kAnswer, "1");
  f.heard ("sent(" + kAnswer + ") ");
  f.say ({audio ("AAA="), kGenerationComplete});
  f.heard ("audio(AAA=) turn-end() ");
}
GST_END_TEST;

GST_START_TEST (a_call_that_was_cancelled_is_not_answered)
{
  AskedSession f;
  f.server.say (kToolCall);
  f.log.clear ();
  f.server.say (R"({"toolCallCancellation":{"ids":["1","9"]}})");
  f.heard ("cancelled(1) ");
  f.session.send_message (kAnswer, "1");
  f.heard ("");
}
GST_END_TEST;

GST_START_TEST (while_the_application_is_to_answer_the_server_is_not_waited_for)
{
  AskedSession f;
  f.server.say (kToolCall);
  fail_if (f.alarm.delay ().has_value ());
  f.session.send_message (kAnswer, "1");
  fail_unless (f.alarm.delay ().has_value ());
  f.say ({kToolCall, audio ("AAA="), kTurnComplete});  // the model goes on without the answer
  fail_if (f.alarm.delay ().has_value ());
  f.session.send_text ("B");
  fail_unless (f.alarm.delay ().has_value ());
}
GST_END_TEST;

GST_START_TEST (generation_complete_may_come_after_the_answer_to_the_call_it_followed)
{
  AskedSession f;
  f.server.say (kToolCall);
  f.session.send_message (kAnswer, "1");
  f.log.clear ();
  f.say ({kGenerationComplete, audio ("AAA="), kGenerationComplete});
  f.heard ("audio(AAA=) turn-end() ");
}
GST_END_TEST;

GST_START_TEST (calls_that_nobody_answers_do_not_pile_up_for_ever)
{
  ReadySession f;
  f.ask ("A");
  for (size_t i = 0; i < gemini::LiveSession::kMostCalls; i++)
    f.server.say (kToolCall);
  fail_if (f.recorder.error.has_value ());
  f.server.say (kToolCall);
  fail_unless (f.recorder.error && f.recorder.error->kind == gemini::Error::Kind::Decode);
  fail_unless (f.session.state () == gemini::Session::State::Closed);
}
GST_END_TEST;

GST_START_TEST (messages_keep_their_place_among_texts)
{
  Fixture f;
  f.session.send_text ("A");
  f.session.send_message ("MINE", "");
  f.session.send_text ("B");
  f.get_ready ();
  fail_unless_equals_int (f.server.sent.size (), 4);
  fail_unless (f.server.sent[2] == "MINE");
  f.session.send_message ("MORE", "");
  f.heard ("sent(MORE) ");
}
GST_END_TEST;

GST_START_TEST (after_the_end_nothing_is_done)
{
  SpeakingSession f;
  f.session.stop ();
  f.log.clear ();
  f.session.interrupt ();
  f.session.send_message ("MINE", "");
  f.heard ("");
}
GST_END_TEST;

GEMINI_CHECK_MAIN (live_session_control,
                   an_interruption_here_ends_the_turn_at_once_and_what_still_comes_of_it_is_not_heard,
                   words_of_an_answer_that_was_cut_here_are_not_told_those_of_the_next_are,
                   a_turn_cut_here_needs_no_turn_complete_for_the_next_to_be_heard,
                   a_text_after_an_interruption_here_is_answered,
                   an_interruption_here_gives_up_every_text_that_was_sent,
                   a_text_that_waits_for_the_session_is_withdrawn_by_an_interruption_a_message_is_not,
                   with_nothing_asked_an_interruption_here_is_of_what_is_still_played,
                   the_server_may_cut_the_turn_before_one_that_was_cut_here,
                   a_call_is_answered_once_and_only_if_it_was_made, a_call_that_was_cancelled_is_not_answered,
                   while_the_application_is_to_answer_the_server_is_not_waited_for,
                   generation_complete_may_come_after_the_answer_to_the_call_it_followed,
                   calls_that_nobody_answers_do_not_pile_up_for_ever, messages_keep_their_place_among_texts,
                   after_the_end_nothing_is_done)
