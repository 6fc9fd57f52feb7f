// Whole conversations, as a client sees them.
#include "client.h"
#include "support/check.h"

using namespace gemini::stand_in;

static const Pace kAtOnce{.speed = 0, .playback = 0};

static std::string ask (const std::string &question, bool complete = true)
{
  return R"({"clientContent":{"turns":[{"role":"user","parts":[{"text":")" + question +
         R"("}]}],"turnComplete":)" + (complete ? "true" : "false") + "}}";
}

static std::string say (const std::string &text) { return R"({"realtimeInput":{"text":")" + text + R"("}})"; }

/// 16-bit samples of 16 kHz as `realtimeInput.audio`.
static std::string microphone (size_t frames, int16_t level)
{
  const std::vector<int16_t> samples (frames, level);
  const gemini::CharPtr data (
      g_base64_encode (reinterpret_cast<const guchar *> (samples.data ()), 2 * frames));
  return std::string (R"({"realtimeInput":{"audio":{"mimeType":"audio/pcm;rate=16000","data":")") +
         data.get () + "\"}}}";
}

GST_START_TEST (setup_is_answered_with_26_bytes_in_a_binary_frame)
{
  const Server server;
  Client client (server);
  client.send (kSetup);
  const auto message = client.receive ();
  fail_unless (message->binary);
  fail_unless_reads (message->text, "{\n  \"setupComplete\": {}\n}\n");
  fail_unless (server.wait_for_setup ());
}
GST_END_TEST;

GST_START_TEST (vertex_gives_a_session_id_and_names_the_role)
{
  const Server server ({.counter_frames = 4800, .pace = kAtOnce});
  Client client (server, kVertexPath);
  client.send (R"({"setup":{"model":"projects/p/locations/l/publishers/google/models/gemini-3.8-live"}})");
  fail_unless_equals_int (client.receive ()->text.size (), 85);
  client.send (kQuestion);
  const std::string chunk = client.receive ()->text;
  fail_unless_equals_int (chunk.size (), 13020);
  fail_unless (chunk.find ("\"role\": \"model\"") != chunk.npos);
}
GST_END_TEST;

GST_START_TEST (every_form_of_the_path_reaches_the_service)
{
  const Server server;
  for (const char *path :
       {"//ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent",
        "/ws/google.ai.generativelanguage.v1alpha.GenerativeService/BidiGenerateContent",
        "/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContentConstrained",
        "/ws/google.ai.generativelanguage.v1.GenerativeService.BidiGenerateContent?key=k"})
    ReadyClient client (server, kSetup, path);
  const std::string setup = R"({"setup":{"model":"publishers/google/models/gemini-3.8-live"}})";
  for (const char *path : {"//ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent",
                           "/ws/google.cloud.aiplatform.v1.LlmBidiService.BidiGenerateContent"})
    ReadyClient client (server, setup, path);
  fail_unless_equals_int (server.record ().connections.size (), 6);
}
GST_END_TEST;

GST_START_TEST (a_turn_is_audio_then_both_end_marks_then_usage)
{
  const Server server ({.counter_frames = 4800 + 5760 + 2400, .pace = kAtOnce});
  ReadyClient client (server);
  client.send (ask ("Hello"));
  const Heard heard = client.listen_until ("turnComplete");
  fail_unless_reads (heard.tale,
                     "chunk 4800, chunk 5760, chunk 2400, generation-complete, turn-complete usage");
  fail_unless (heard.samples () == counter_samples (4800 + 5760 + 2400));

  client.send (ask ("Again"));
  fail_unless (client.listen_until ("turnComplete").samples () == counter_samples (4800 + 5760 + 2400, 1));
  fail_unless (server.wait_for_turns (2));
  fail_unless (server.samples (1) == counter_samples (4800 + 5760 + 2400, 1));
  fail_unless_reads (server.connection ().turns[0].question, "Hello");
}
GST_END_TEST;

GST_START_TEST (turn_complete_waits_for_the_playback)
{
  const Server server ({.counter_frames = 4800, .pace = {.speed = 0}});
  ReadyClient client (server);
  const gint64 asked = g_get_monotonic_time ();
  client.send (ask ("Hello"));
  client.receive_until ("turnComplete");
  fail_unless (g_get_monotonic_time () - asked >= 200'000);
}
GST_END_TEST;

GST_START_TEST (the_transcript_runs_ahead_of_the_audio)
{
  const Server server (
      {.counter_frames = 1920, .answer = "One, two, three.", .pace = kAtOnce, .shape = {.chunks = {960}}});
  ReadyClient client (server,
                      R"({"setup":{"model":"models/gemini-3.8-live","outputAudioTranscription":{}}})");
  client.send (ask ("Count"));
  const Heard heard = client.listen_until ("turnComplete");
  fail_unless_reads (heard.tale,
                     "says 'One,', chunk 960, says ' two,', says ' three.', chunk 960, generation-complete, "
                     "turn-complete usage");
  fail_unless_reads (heard.transcript, "One, two, three.");
}
GST_END_TEST;

GST_START_TEST (the_transcript_of_vertex_begins_with_an_empty_object)
{
  const Server server ({.counter_frames = 960, .answer = "Yes.", .pace = kAtOnce});
  ReadyClient client (
      server,
      R"({"setup":{"model":"publishers/google/models/gemini-3.8-live","output_audio_transcription":{}}})",
      kVertexPath);
  client.send (ask ("Well?"));
  const Heard heard = client.listen_until ("turnComplete");
  fail_unless_reads (heard.tale,
                     "says nothing, says 'Yes.', chunk 960, generation-complete, turn-complete usage");
}
GST_END_TEST;

GST_START_TEST (a_question_while_speaking_interrupts)
{
  // Slow enough to be caught in the middle, whatever the machine.
  const Server server ({.counter_frames = 240000, .pace = {.speed = 0.1, .playback = 0}});
  ReadyClient client (server);
  client.send (ask ("Tell me a long story"));
  client.receive_until ("inlineData");
  client.send (ask ("Stop", false));
  const Heard heard = client.listen_until ("turnComplete");
  fail_unless_reads (heard.tale, "interrupted, turn-complete usage");
  fail_unless (server.wait_for_turns (1));
  fail_unless (server.connection ().turns[0].interrupted);
  fail_if (server.connection ().turns[0].generation_complete);
  fail_unless (server.samples () == counter_samples (4800));
}
GST_END_TEST;

GST_START_TEST (a_late_chunk_may_follow_an_interruption)
{
  const Server server ({.counter_frames = 240000, .pace = {.speed = 0.1}, .shape = {.late_chunk = true}});
  ReadyClient client (server);
  client.send (ask ("Tell me a long story"));
  client.receive_until ("inlineData");
  client.send (ask ("Stop", false));
  fail_unless_reads (client.listen_until ("turnComplete").tale,
                     "interrupted, chunk 5760, turn-complete usage");
}
GST_END_TEST;

GST_START_TEST (activity_interrupts_and_its_end_is_answered)
{
  const Server server ({.counter_frames = 240000, .pace = {.speed = 0.1}});
  ReadyClient client (server, R"({"setup":{"model":"models/gemini-3.8-live","inputAudioTranscription":{},)"
                              R"("realtimeInputConfig":{"automaticActivityDetection":{"disabled":true}}}})");
  client.send (ask ("Tell me a long story"));
  client.receive_until ("inlineData");
  client.send (R"({"realtimeInput":{"activityStart":{}}})");
  fail_unless_reads (client.listen_until ("turnComplete").tale, "interrupted, turn-complete usage");
  client.send (R"({"realtimeInput":{"activityEnd":{}}})");
  fail_unless_reads (client.listen_until ("inlineData").tale, "hears 'Hello there', chunk 4800");
}
GST_END_TEST;

GST_START_TEST (speech_in_the_microphone_interrupts_and_silence_does_not)
{
  const Server server ({.counter_frames = 240000, .pace = {.speed = 0.1}});
  ReadyClient client (server);
  client.send (ask ("Tell me a long story"));
  client.receive_until ("inlineData");
  client.send (microphone (1600, 20));
  client.send (microphone (1600, 8000));
  fail_unless (server.wait_for_messages (4));
  fail_unless_reads (client.listen_until ("turnComplete").tale, "interrupted, turn-complete usage");
  // Half a second of silence ends the user's speech.
  client.send (microphone (8000, 0));
  fail_unless_reads (client.listen_until ("inlineData").tale, "chunk 4800");
}
GST_END_TEST;

GST_START_TEST (a_pause_of_the_microphone_ends_the_users_speech)
{
  const Server server ({.counter_frames = 960, .pace = kAtOnce});
  ReadyClient client (server);
  client.send (microphone (1600, 8000));
  client.send (R"({"realtimeInput":{"audioStreamEnd":true}})");
  fail_unless_reads (client.listen_until ("generationComplete").tale, "chunk 960, generation-complete");
}
GST_END_TEST;

GST_START_TEST (without_interruption_a_question_waits_for_its_turn)
{
  const Server server ({.counter_frames = 9600, .pace = {.speed = 1, .playback = 0}});
  ReadyClient client (server, R"({"setup":{"model":"models/gemini-3.8-live",)"
                              R"("realtimeInputConfig":{"activityHandling":"NO_INTERRUPTION"}}})");
  client.send (ask ("First"));
  client.receive_until ("inlineData");
  client.send (say ("Second"));
  const Heard before = client.listen_until ("turnComplete");
  fail_unless_reads (before.tale, "chunk 4800, generation-complete, turn-complete usage");
  fail_unless (client.listen_until ("turnComplete").samples () == counter_samples (9600, 1));
}
GST_END_TEST;

GST_START_TEST (model_31_speaks_only_when_spoken_to_in_real_time)
{
  const Server server ({.counter_frames = 960, .pace = kAtOnce});
  ReadyClient client (server, R"({"setup":{"model":"models/gemini-3.1-flash-live-preview"}})");
  client.send (ask ("Are you there?"));
  client.send (say (" "));
  fail_unless_reads (client.listen_until ("generationComplete").tale, "chunk 960, generation-complete");
  // One turn, and it answers what had been history so far.
  fail_unless_equals_int (server.connection ().turns.size (), 1);
  fail_unless_reads (server.connection ().turns[0].question, "Are you there?");
}
GST_END_TEST;

GST_START_TEST (model_25_waits_for_the_user_after_a_turn_of_the_model)
{
  const Server server ({.counter_frames = 960, .pace = kAtOnce});
  ReadyClient client (server, R"({"setup":{"model":"models/gemini-2.5-flash-native-audio-latest"}})");
  client.send (
      R"({"clientContent":{"turns":[{"role":"model","parts":[{"text":"I said"}]}],"turnComplete":true}})");
  client.send (ask ("And now?"));
  client.receive_until ("generationComplete");
  fail_unless_equals_int (server.connection ().turns.size (), 1);
  fail_unless_reads (server.connection ().turns[0].question, "And now?");
}
GST_END_TEST;

GST_START_TEST (a_session_is_resumed_by_its_latest_handle_and_counts_its_turns_on)
{
  const Server server ({.counter_frames = 960, .pace = kAtOnce});
  std::string handle;
  {
    Client client (server);
    client.send (R"({"setup":{"model":"models/gemini-3.8-live","sessionResumption":{}}})");
    fail_unless_reads (client.listen_until ("newHandle").tale, "setup, handle");
    client.send (ask ("Hello"));
    const std::string turn = client.receive_until ("newHandle");
    handle = turn.substr (turn.rfind ("newHandle") + 13, 36);
  }
  Client client (server);
  client.send (R"({"setup":{"model":"models/gemini-3.8-live","sessionResumption":{"handle":")" + handle +
               R"("}}})");
  client.receive_until ("newHandle");
  client.send (ask ("Where were we?"));
  const Heard heard = client.listen_until ("newHandle");
  fail_unless_reads (heard.tale, "no-handle, chunk 960, generation-complete, turn-complete usage, handle");
  fail_unless (heard.samples () == counter_samples (960, 1));
}
GST_END_TEST;

GST_START_TEST (go_away_says_how_long_and_means_it)
{
  Server server;
  ReadyClient client (server);
  server.go_away (0);
  fail_unless_reads (client.listen_until ("goAway").tale, "go-away 0s");
  const CloseFrame end = client.wait_for_end ();
  fail_unless_equals_int (end.code, 1008);
  fail_unless_reads (end.reason, "The operation was aborted.");
}
GST_END_TEST;

GST_START_TEST (a_function_that_is_named_is_called_and_its_answer_is_spoken)
{
  const Server server ({.counter_frames = 960, .pace = kAtOnce});
  const char *setup =
      R"({"setup":{"model":"models/gemini-3.8-live","tools":[{"functionDeclarations":[{"name":"get_tide"}]}]}})";
  ReadyClient client (server, setup);
  client.send (ask ("What does get_tide say?"));
  fail_unless_reads (client.listen_until ("toolCall").tale, "tool-call");
  client.send (
      R"({"toolResponse":{"functionResponses":[{"id":"function-call-1","name":"get_tide","response":{}}]}})");
  fail_unless_reads (client.listen_until ("turnComplete").tale,
                     "chunk 960, generation-complete, turn-complete usage");
  client.send (ask ("What does get_tide say?"));
  client.send (ask ("Never mind"));
  fail_unless_reads (client.listen_until ("generationComplete").tale,
                     "tool-call, tool-call-cancelled, chunk 960, generation-complete");
}
GST_END_TEST;

GEMINI_CHECK_MAIN (
    live, setup_is_answered_with_26_bytes_in_a_binary_frame, vertex_gives_a_session_id_and_names_the_role,
    every_form_of_the_path_reaches_the_service, a_turn_is_audio_then_both_end_marks_then_usage,
    turn_complete_waits_for_the_playback, the_transcript_runs_ahead_of_the_audio,
    the_transcript_of_vertex_begins_with_an_empty_object, a_question_while_speaking_interrupts,
    a_late_chunk_may_follow_an_interruption, activity_interrupts_and_its_end_is_answered,
    speech_in_the_microphone_interrupts_and_silence_does_not, a_pause_of_the_microphone_ends_the_users_speech,
    without_interruption_a_question_waits_for_its_turn, model_31_speaks_only_when_spoken_to_in_real_time,
    model_25_waits_for_the_user_after_a_turn_of_the_model,
    a_session_is_resumed_by_its_latest_handle_and_counts_its_turns_on, go_away_says_how_long_and_means_it,
    a_function_that_is_named_is_called_and_its_answer_is_spoken)
