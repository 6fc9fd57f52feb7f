#include "core/live_session_fixture.h"

using namespace gemini::test;

GST_START_TEST (nothing_is_an_answer_before_the_setup_is_complete)
{
  Fixture f;
  f.session.start ();
  f.server.accept ();
  f.log.clear ();
  f.say ({audio ("AAA="), kToolCall, kTurnComplete});
  f.heard ("");
  f.server.say (kReady);
  f.heard ("ready ");
}
GST_END_TEST;

GST_START_TEST (nothing_is_sent_before_the_session_is_set_up)
{
  Fixture f;
  f.session.send_text ("A");
  f.session.start ();
  f.session.send_text ("B");
  f.heard ("connecting open(wss://x) ");
  f.server.accept ();
  f.session.send_text ("C");
  f.heard ("setting-up sent(SETUP) ");
  f.server.say (kReady);
  f.heard ("ready sent(A) awaited sent(B) sent(C) ");
  fail_unless (f.server.sent[1] == gemini::text_message (gemini::TextInput::ClientContent, "A"));
}
GST_END_TEST;

GST_START_TEST (a_text_is_sent_in_the_form_the_model_takes)
{
  Fixture f ({.target = {}, .setup = "SETUP", .text_input = gemini::TextInput::RealtimeInput});
  f.get_ready ();
  f.session.send_text ("A");
  f.heard ("sent(A) awaited ");
  fail_unless (f.server.sent[1] == R"({"realtimeInput":{"text":"A"}})");
}
GST_END_TEST;

GST_START_TEST (a_text_sent_in_a_callback_does_not_overtake_those_that_wait)
{
  Fixture f;
  f.recorder.meanwhile = [&] (const std::string &event) {
    if (event == "ready")
      f.session.send_text ("C");
    if (event == "awaited" && f.server.sent.size () == 2)
      f.session.send_text ("D");
  };
  f.session.send_text ("A");
  f.session.send_text ("B");
  f.session.start ();
  f.server.accept ();
  f.log.clear ();
  f.server.say (kReady);
  f.heard ("ready sent(A) awaited sent(B) sent(C) sent(D) ");
}
GST_END_TEST;

GST_START_TEST (only_setup_complete_makes_the_session_ready_and_only_once)
{
  Fixture f;
  f.session.send_text ("A");
  f.session.start ();
  f.server.accept ();
  f.log.clear ();
  f.say ({R"({"usageMetadata":{"totalTokenCount":1}})", R"({"new":1})"});
  f.heard ("usage(1) ");
  f.say ({kReady, kReady});
  f.heard ("ready sent(A) awaited ");
}
GST_END_TEST;

GST_START_TEST (generation_complete_ends_the_audio_of_a_turn)
{
  AskedSession f;
  f.say ({audio ("AAA="), audio ("BBB="), audio ("CCC="), kGenerationComplete});
  f.heard ("audio(AAA=) audio(BBB=) audio(CCC=) turn-end() ");
  fail_unless (f.session.turn () == Turn::Spoken);
  f.server.say (R"({"serverContent":{"turnComplete":true},"usageMetadata":{"totalTokenCount":42}})");
  f.heard ("usage(42) ");
  fail_unless (f.session.turn () == Turn::None);
  f.session.send_text ("B");
  f.heard ("sent(B) awaited ");
}
GST_END_TEST;

GST_START_TEST (turn_complete_alone_ends_a_turn_with_its_reason)
{
  SpeakingSession f;
  f.server.say (content (R"("turnComplete":true,"turnCompleteReason":"GENERATED_AUDIO_SAFETY")"));
  f.heard ("turn-end(GENERATED_AUDIO_SAFETY) ");
  fail_unless (f.session.turn () == Turn::None);
}
GST_END_TEST;

GST_START_TEST (one_message_may_carry_audio_and_the_end_of_its_turn)
{
  AskedSession f;
  f.server.say (content (turn (part ("AAA=") + "," + part ("BBB=")) + "," + heard_as ("One,")));
  f.server.say (content (heard_as (" two,")));
  f.server.say (content (turn (R"({"text":"Last number next.","thought":true})")));
  f.server.say (R"({"serverContent":{)" + turn (part ("CCC=")) +
                R"(,"generationComplete":true,"turnComplete":true,
                    "outputTranscription":{"text":" three.","finished":true}},"usageMetadata":{"totalTokenCount":50}})");
  f.heard (
      "audio(AAA=) audio(BBB=) model(One,) model( two,) audio(CCC=) model( three..) turn-end() usage(50) ");
  fail_unless (f.session.turn () == Turn::None);
}
GST_END_TEST;

GST_START_TEST (only_audio_is_audio)
{
  AskedSession f;
  f.server.say (
      content (turn (part ("AAA=", "image/png") + "," + part ("BBB=", "video/mp4") + "," +
                     part ("CCC=", "AUDIO/L16;rate=24000") + R"(,{"text":"x"},{"executableCode":{}})")));
  f.heard ("audio(CCC=) text(x) ");
}
GST_END_TEST;

GST_START_TEST (a_message_without_content_does_nothing)
{
  const std::string empty[] = {
      content (turn ("")), content (""), audio (""), content (turn ("{}")),
      content (R"("turnComplete":false,"interrupted":false,"generationComplete":false)")};
  ReadySession f;
  for (const auto &message : empty)
    f.server.say (message);
  f.heard ("");
  fail_unless (f.session.turn () == Turn::None);
  fail_if (f.alarm.delay ().has_value ());

  f.ask ("A");
  f.say ({empty[2], kTurnComplete});
  f.heard ("turn-end() ");
}
GST_END_TEST;

GST_START_TEST (audio_after_generation_complete_belongs_to_no_turn)
{
  SpeakingSession f;
  f.say ({kGenerationComplete, audio ("BBB="), content (turn (part ("CCC=")) + R"(,"turnComplete":true)")});
  f.heard ("turn-end() ");
  f.ask ("B");
  f.server.say (audio ("DDD="));
  f.heard ("audio(DDD=) ");
}
GST_END_TEST;

GST_START_TEST (generation_complete_before_a_call_is_answered_ends_nothing)
{
  AskedSession f;
  f.say (
      {kToolCall, kGenerationComplete, audio ("AAA="), kGenerationComplete, audio ("BBB="), kTurnComplete});
  f.heard (R"(call(1 tide {"x":1}) audio(AAA=) audio(BBB=) turn-end() )");

  f.ask ("B");  // the order of the other service
  f.say ({content (turn (R"({"executableCode":{}})")), audio ("CCC="), kToolCall, kGenerationComplete,
          audio ("DDD="), kTurnComplete});
  f.heard (R"(audio(CCC=) call(1 tide {"x":1}) audio(DDD=) turn-end() )");
}
GST_END_TEST;

GST_START_TEST (a_segmented_answer_ends_when_the_model_is_idle)
{
  Fixture f (segmented ());
  f.get_ready ();
  f.ask ("A");
  f.say ({audio ("AAA="), kGenerationComplete, kInProgress, audio ("BBB="), kInProgress});
  f.heard ("audio(AAA=) audio(BBB=) ");
  f.say ({content (turn (part ("CCC=")) +
                   R"(,"generationComplete":true,"turnComplete":true,"interactionStatus":"IDLE")")});
  f.heard ("audio(CCC=) turn-end() ");
  fail_unless (f.session.turn () == Turn::None);

  f.ask ("B");
  f.say ({kInProgress, kIdle});
  f.heard ("turn-end() ");
  f.ask ("C");
  f.say ({audio ("DDD="), kTurnComplete});  // a status may be missing
  f.heard ("audio(DDD=) turn-end() ");
}
GST_END_TEST;

GST_START_TEST (segments_are_for_the_models_that_have_them)
{
  SpeakingSession f;
  f.server.say (kInProgress);
  f.heard ("turn-end() ");
  fail_unless (f.session.turn () == Turn::None);
}
GST_END_TEST;

GST_START_TEST (an_answer_may_be_empty)
{
  AskedSession f;
  f.say ({kGenerationComplete,
          R"({"serverContent":{"turnComplete":true},"usageMetadata":{"totalTokenCount":7}})"});
  f.heard ("turn-end() usage(7) ");
  f.ask ("B");
  f.server.say (
      content (R"("generationComplete":true,"turnComplete":true,"turnCompleteReason":"NEED_MORE_INPUT")"));
  f.heard ("turn-end(NEED_MORE_INPUT) ");
  f.ask ("C");
  f.say ({content (turn (R"({"text":"No sound."})")), kGenerationComplete, kTurnComplete});
  f.heard ("text(No sound.) turn-end() ");
  fail_unless (f.session.turn () == Turn::None);
}
GST_END_TEST;

GST_START_TEST (audio_that_nobody_asked_for_is_a_turn)
{
  ReadySession f;
  f.say ({audio ("AAA="), kGenerationComplete, kTurnComplete});
  f.heard ("audio(AAA=) turn-end() ");

  // as is what follows a turnComplete in mid-sentence
  f.ask ("A");
  f.say ({audio ("BBB="), kTurnComplete, audio ("CCC="), kGenerationComplete, kTurnComplete, kTurnComplete});
  f.heard ("audio(BBB=) turn-end() audio(CCC=) turn-end() ");
}
GST_END_TEST;

GST_START_TEST (transcripts_are_passed_on_as_they_come)
{
  AskedSession f;
  f.say ({content (R"("inputTranscription":{"text":"Hello"},"outputTranscription":{})"),
          content (heard_as ("Yes")), audio ("AAA="), kGenerationComplete,
          content (heard_as (", until six.")), kTurnComplete,
          content (R"("outputTranscription":{"finished":true})")});
  f.heard ("user(Hello) model() model(Yes) audio(AAA=) turn-end() model(, until six.) model(.) ");
}
GST_END_TEST;

GEMINI_CHECK_MAIN (live_session, nothing_is_an_answer_before_the_setup_is_complete,
                   nothing_is_sent_before_the_session_is_set_up, a_text_is_sent_in_the_form_the_model_takes,
                   a_text_sent_in_a_callback_does_not_overtake_those_that_wait,
                   only_setup_complete_makes_the_session_ready_and_only_once,
                   generation_complete_ends_the_audio_of_a_turn,
                   turn_complete_alone_ends_a_turn_with_its_reason,
                   one_message_may_carry_audio_and_the_end_of_its_turn, only_audio_is_audio,
                   a_message_without_content_does_nothing, audio_after_generation_complete_belongs_to_no_turn,
                   generation_complete_before_a_call_is_answered_ends_nothing,
                   a_segmented_answer_ends_when_the_model_is_idle, segments_are_for_the_models_that_have_them,
                   an_answer_may_be_empty, audio_that_nobody_asked_for_is_a_turn,
                   transcripts_are_passed_on_as_they_come)
