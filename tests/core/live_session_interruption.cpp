#include "core/live_session_fixture.h"

using namespace gemini::test;

GST_START_TEST (an_interruption_drops_what_comes_until_turn_complete)
{
  SpeakingSession f;
  f.say ({kInterrupted, content (turn (part ("BBB=")) + "," + heard_as ("late")), kInterrupted,
          kGenerationComplete});
  f.heard ("interrupted ");
  fail_unless (f.session.turn () == Turn::Cut);
  f.say ({kTurnComplete, audio ("CCC="), kGenerationComplete});
  f.heard ("audio(CCC=) turn-end() ");
}
GST_END_TEST;

GST_START_TEST (audio_in_the_message_that_interrupts_comes_first)
{
  SpeakingSession f;
  f.server.say (content (turn (part ("BBB=")) + R"(,"interrupted":true)"));
  f.heard ("audio(BBB=) interrupted ");
  fail_unless (f.session.turn () == Turn::Cut);
}
GST_END_TEST;

GST_START_TEST (one_message_may_interrupt_and_complete_a_turn)
{
  SpeakingSession f;
  f.server.say (content (R"("interrupted":true,"turnComplete":true)"));
  f.heard ("interrupted ");
  fail_unless (f.session.turn () == Turn::None);

  // and bring the last audio of what it cuts
  f.ask ("B");
  f.server.say (content (turn (part ("BBB=")) + R"(,"interrupted":true,"turnComplete":true)"));
  f.heard ("audio(BBB=) interrupted ");
  fail_unless (f.session.turn () == Turn::None);
}
GST_END_TEST;

GST_START_TEST (an_interruption_of_what_is_still_played_counts_after_its_turn)
{
  SpeakingSession f;
  f.say ({kGenerationComplete, kInterrupted, audio ("BBB="), kTurnComplete});
  f.heard ("turn-end() interrupted ");
  fail_unless (f.session.turn () == Turn::None);
  f.server.say (kInterrupted);
  f.heard ("interrupted ");
  fail_unless (f.session.turn () == Turn::None);
  f.ask ("B");
  f.say ({audio ("CCC="), kGenerationComplete});
  f.heard ("audio(CCC=) turn-end() ");
}
GST_END_TEST;

GST_START_TEST (an_interruption_with_nothing_said_is_harmless)
{
  ReadySession f;
  f.say ({kInterrupted, kTurnComplete});
  f.heard ("interrupted ");
  f.session.send_text ("A");
  f.say ({audio ("AAA="), kTurnComplete});
  f.heard ("sent(A) awaited audio(AAA=) turn-end() ");
}
GST_END_TEST;

GST_START_TEST (a_text_may_interrupt_the_answer_before_which_is_still_played)
{
  for (const auto &interruption : {std::vector{kInterrupted, kTurnComplete}, std::vector{kInterrupted},
                                   std::vector{content (R"("interrupted":true,"turnComplete":true)")}}) {
    AskedSession f;
    for (const auto &message : interruption)
      f.server.say (message);
    f.heard ("interrupted ");
    fail_unless (f.session.turn () == Turn::Awaited);
    f.say ({audio ("AAA="), kGenerationComplete, kTurnComplete});
    f.heard ("audio(AAA=) turn-end() ");
    fail_unless (f.session.turn () == Turn::None);
    f.ask ("B");
    f.server.say (kTurnComplete);  // an answer without audio
    f.heard ("turn-end() ");
  }
}
GST_END_TEST;

GST_START_TEST (only_one_turn_complete_belongs_to_the_answer_before)
{
  AskedSession f;
  f.say ({kInterrupted, kTurnComplete, kTurnComplete});
  f.heard ("interrupted turn-end() ");
  fail_unless (f.session.turn () == Turn::None);
}
GST_END_TEST;

GST_START_TEST (a_text_sent_while_the_model_speaks_interrupts_it)
{
  SpeakingSession f;
  f.session.send_text ("B");
  f.say ({audio ("BBB="), kInterrupted, audio ("CCC=")});
  f.heard ("sent(B) audio(BBB=) interrupted ");
  f.say ({kTurnComplete, audio ("DDD="), kGenerationComplete, kTurnComplete});
  f.heard ("awaited audio(DDD=) turn-end() ");
  fail_unless (f.session.turn () == Turn::None);
}
GST_END_TEST;

GST_START_TEST (a_text_that_does_not_interrupt_is_answered_next)
{
  SpeakingSession f;
  f.session.send_text ("B");
  f.say ({audio ("BBB="), kGenerationComplete, kTurnComplete, audio ("CCC="), kTurnComplete});
  f.heard ("sent(B) audio(BBB=) turn-end() awaited audio(CCC=) turn-end() ");
  fail_unless (f.session.turn () == Turn::None);
}
GST_END_TEST;

GST_START_TEST (the_next_answer_needs_no_turn_complete_of_the_one_before)
{
  SpeakingSession f;
  f.server.say (kGenerationComplete);
  f.session.send_text ("B");
  f.heard ("turn-end() sent(B) ");
  f.say ({audio ("BBB="), kGenerationComplete, kTurnComplete});
  f.heard (kMissingEnd + "awaited audio(BBB=) turn-end() ");
  fail_unless (f.session.turn () == Turn::None);
}
GST_END_TEST;

GST_START_TEST (a_text_may_cut_a_turn_that_has_said_nothing_yet)
{
  AskedSession f;
  f.session.send_text ("B");
  f.say ({kInterrupted, kTurnComplete});
  f.heard ("sent(B) interrupted awaited ");
  f.say ({audio ("BBB="), kGenerationComplete, kTurnComplete});
  f.heard ("audio(BBB=) turn-end() ");
  fail_unless (f.session.turn () == Turn::None);
  fail_if (f.alarm.delay ().has_value ());
}
GST_END_TEST;

GST_START_TEST (each_text_gets_its_turn_once_whenever_it_is_sent)
{
  SpeakingSession f;
  f.session.send_text ("B");
  f.recorder.meanwhile = [&] (const std::string &event) {
    if (event == "turn-end()" && f.server.sent.size () == 3)
      f.session.send_text ("C");
  };
  f.server.say (kTurnComplete);
  f.heard ("sent(B) turn-end() sent(C) awaited ");
  f.say ({audio ("BBB="), kTurnComplete});
  f.heard ("audio(BBB=) turn-end() awaited ");
  f.say ({audio ("CCC="), kTurnComplete});
  f.heard ("audio(CCC=) turn-end() ");
  fail_unless (f.session.turn () == Turn::None);
}
GST_END_TEST;

GST_START_TEST (a_call_that_was_cut_does_not_hold_the_end_of_the_next_turn)
{
  SpeakingSession f;
  f.say ({kToolCall, kInterrupted, kToolCall, kTurnComplete});
  f.ask ("B");
  f.say ({audio ("BBB="), kGenerationComplete});
  f.heard ("audio(BBB=) turn-end() ");

  // nor does one made between two turns
  f.say ({kTurnComplete, kToolCall});
  f.ask ("C");
  f.say ({audio ("CCC="), kGenerationComplete});
  f.heard ("audio(CCC=) turn-end() ");

  // nor if the next one was not asked for
  f.say ({kTurnComplete, audio ("CCC="), kToolCall, kInterrupted, kTurnComplete, audio ("DDD="),
          kGenerationComplete});
  f.heard (R"(audio(CCC=) call(1 tide {"x":1}) interrupted audio(DDD=) turn-end() )");
}
GST_END_TEST;

GST_START_TEST (a_segmented_answer_can_be_interrupted)
{
  Fixture f (segmented ());
  f.get_ready ();
  f.ask ("A");
  f.say ({audio ("AAA="), kInProgress, kInterrupted, audio ("BBB="), kIdle});
  f.heard ("audio(AAA=) interrupted ");
  fail_unless (f.session.turn () == Turn::None);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (
    live_session_interruption, an_interruption_drops_what_comes_until_turn_complete,
    audio_in_the_message_that_interrupts_comes_first, one_message_may_interrupt_and_complete_a_turn,
    an_interruption_of_what_is_still_played_counts_after_its_turn,
    an_interruption_with_nothing_said_is_harmless,
    a_text_may_interrupt_the_answer_before_which_is_still_played,
    only_one_turn_complete_belongs_to_the_answer_before, a_text_sent_while_the_model_speaks_interrupts_it,
    a_text_that_does_not_interrupt_is_answered_next, the_next_answer_needs_no_turn_complete_of_the_one_before,
    a_text_may_cut_a_turn_that_has_said_nothing_yet, each_text_gets_its_turn_once_whenever_it_is_sent,
    a_call_that_was_cut_does_not_hold_the_end_of_the_next_turn, a_segmented_answer_can_be_interrupted)
