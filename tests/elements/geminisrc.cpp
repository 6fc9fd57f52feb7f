// The element as a whole, over a real WebSocket, on a clock that the test moves.

#include "support/check.h"
#include "support/source.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Manual;
using stand_in::Server;

namespace {

stand_in::Options burst (size_t frames)
{
  stand_in::Options options;
  options.counter_frames = frames;
  options.pace.speed = 0;
  return options;
}

}  // namespace

GST_START_TEST (every_sample_of_an_answer_leaves_in_order_after_silence)
{
  Server server ({.manual = Manual::Turns});
  Source source (server);
  source.play ();
  source.crank_until ([&] { return !source.recorder->buffers ().empty (); });
  fail_unless (server.wait_for_messages (2));  // setup, and the prompt
  auto answer = counter_samples (69120);
  server.send_audio ({answer.begin (), answer.begin () + 4800});
  server.send_audio ({answer.begin () + 4800, answer.end ()});
  server.send (R"({"serverContent":{"generationComplete":true}})");
  source.wait_for_state ("draining");
  source.crank_to_eos ();
  fail_unless (source.recorder->speech () == answer);
  fail_unless_equals_text (source.recorder->order (),
                           "stream-start caps segment silence speech silence eos ");
  source.recorder->check_timeline ();
}
GST_END_TEST;

GST_START_TEST (speech_that_is_there_before_playing_comes_first)
{
  Server server (burst (24000));
  Source source (server);
  source.set_state (GST_STATE_PAUSED);
  source.wait_for_state ("draining");  // all has come
  fail_unless (std::string ("stream-start ").starts_with (source.recorder->order ()));
  source.play ();
  source.crank_to_eos ();
  fail_unless_equals_text (source.recorder->order (), "stream-start caps segment speech silence eos ");
  fail_unless (source.recorder->speech () == counter_samples (24000));
  fail_unless_equals_uint64 (source.recorder->buffers ().front ().pts, 50 * GST_MSECOND);
}
GST_END_TEST;

GST_START_TEST (silence_is_droppable_and_no_gap)
{
  Server server ({.manual = Manual::Turns});
  Source source (server);
  source.play ();
  source.crank_until ([&] { return source.recorder->buffers ().size () >= 10; });
  auto buffers = source.recorder->buffers ();
  for (size_t i = 0; i < buffers.size (); i++) {
    fail_unless (buffers[i].silence ());
    fail_if (buffers[i].gap ());
  }
  source.recorder->check_timeline ();
}
GST_END_TEST;

GST_START_TEST (not_live_the_answer_comes_at_once_from_zero)
{
  Server server (burst (48000));
  Source source (server);
  source.set ("is-live", FALSE);
  source.play ();
  fail_unless (source.recorder->wait_for_eos ());
  fail_unless_equals_text (source.recorder->order (), "stream-start caps segment speech eos ");
  fail_unless (source.recorder->speech () == counter_samples (48000));
  source.recorder->check_timeline ();
  fail_unless_equals_uint64 (source.recorder->buffers ().front ().pts, 0);
  fail_unless_equals_uint64 (gst_clock_get_time (GST_CLOCK (source.clock)), 0);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (geminisrc, every_sample_of_an_answer_leaves_in_order_after_silence,
                   speech_that_is_there_before_playing_comes_first, silence_is_droppable_and_no_gap,
                   not_live_the_answer_comes_at_once_from_zero)
