// What takes long, as it is heard, on a clock that the test moves: to the sample, and to the nanosecond.

#include "elements/listening.h"
#include "support/slow_motion.h"

using namespace gemini;
using namespace gemini::test;
using namespace std::chrono_literals;
using stand_in::counter_samples;
using stand_in::Manual;
using stand_in::Server;

namespace {

constexpr const char *kTurnComplete = R"({"serverContent":{"turnComplete":true}})";

/// An open conversation with a server that the test plays.
struct Talk {
  Server server{{.manual = Manual::Turns}};
  /// In large steps: minutes of them take a while.
  Pipeline pipeline{server, "geminisrc name=src num-turns=-1 samples-per-buffer=2400 ! " +
                                Speaker::line ("buffer-time=1000000 latency-time=50000 device-time=500000")};
  Speaker speaker{pipeline};
  SlowMotion time{pipeline, speaker};
  size_t asked = 0;

  Talk ()
  {
    pipeline.play ();
    time.run_for (3s);  // the speaker opens
    next_question ();
  }

  void next_question ()
  {
    if (asked++ > 0)
      fail_unless (pipeline.send_text ("Go on"));
    fail_unless (server.wait_for_messages (1 + asked));
  }

  /// Sends and waits until it is heard at the pad that speech has begun, at this very moment.
  void say (const std::vector<int16_t> &samples, const char *end)
  {
    auto before = pipeline.recorder->speech ().size ();
    server.send_audio (samples);
    if (end != nullptr) {
      server.send (end);
      pipeline.wait_for_source ("draining");
    }
    fail_unless (pipeline.recorder->wait_for_speech (before + 1));
  }

  /// Each stretch is where the element said it would be.
  void check (const std::vector<int16_t> &said, size_t stretches) const
  {
    auto heard = speaker.find (said);
    fail_unless_equals_int (heard.size (), stretches);
    fail_unless_equals_int (speaker.ran_dry (), 0);
    pipeline.recorder->check_timeline ();
  }
};

}  // namespace

GST_START_TEST (a_minute_that_comes_at_once_is_heard_for_a_minute)
{
  constexpr size_t kMinute = 60 * 24000;
  Talk talk;
  talk.say (counter_samples (kMinute), kTurnComplete);
  talk.time.run_for (63s);
  talk.check (counter_samples (kMinute), 1);
  fail_unless_equals_uint64 (stat (talk.pipeline, "underruns"), 0);
}
GST_END_TEST;

GST_START_TEST (after_five_idle_minutes_a_turn_is_heard_like_the_first)
{
  Talk talk;
  talk.say (counter_samples (24000), kTurnComplete);
  talk.time.run_for (5min);
  talk.next_question ();
  talk.say (counter_samples (24000, 1), kTurnComplete);
  talk.time.run_for (4s);
  talk.check (counter_samples (24000) + counter_samples (24000, 1), 2);
}
GST_END_TEST;

GST_START_TEST (a_stall_of_30_s_is_one_pause_of_30_s)
{
  Talk talk;
  auto said = counter_samples (48000);
  talk.say (slice (said, 0, 24000), nullptr);
  talk.time.run_for (31s);
  talk.say (slice (said, 24000, 48000), kTurnComplete);
  talk.time.run_for (4s);
  talk.check (said, 2);
  fail_unless_equals_uint64 (stat (talk.pipeline, "underruns"), 1);
  auto heard = talk.speaker.find (said);
  auto pause = heard[1].at - heard[0].at - GST_SECOND;
  fail_unless (pause >= 29 * GST_SECOND && pause <= 31 * GST_SECOND);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (speaker_time, a_minute_that_comes_at_once_is_heard_for_a_minute,
                   after_five_idle_minutes_a_turn_is_heard_like_the_first,
                   a_stall_of_30_s_is_one_pause_of_30_s)
