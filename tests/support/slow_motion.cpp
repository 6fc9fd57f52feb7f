#include "support/slow_motion.h"

#include "support/deadline.h"

namespace gemini::test {
namespace {

/// Running time is not the clock's time.
constexpr GstClockTime kStart = GST_SECOND * 3600;
/// Much less than a sink has in store, so that nothing is late if only the machine is slow.
constexpr guint kLookAgainMs = 10;

}  // namespace

SlowMotion::SlowMotion (const Pipeline &pipeline, Speaker &speaker)
    : clock_ (GST_TEST_CLOCK (gst_test_clock_new_with_start_time (kStart)))
{
  gst_pipeline_use_clock (GST_PIPELINE (pipeline.pipeline), GST_CLOCK (clock_));
  speaker.use_clock (GST_CLOCK (clock_));
}

SlowMotion::~SlowMotion () { gst_object_unref (clock_); }

/// The source or, at the beginning, the sink; and the device. While a sink has no room, the device alone.
GList *SlowMotion::wait_for_waits () const
{
  auto give_up = std::chrono::steady_clock::now () + deadline ();
  GList *waits = nullptr;
  for (guint count = 2;
       !gst_test_clock_timed_wait_for_multiple_pending_ids (clock_, count, kLookAgainMs, &waits);
       count = 3 - count)
    fail_if (std::chrono::steady_clock::now () > give_up, "%u wait", gst_test_clock_peek_id_count (clock_));
  return waits;
}

void SlowMotion::run_for (std::chrono::nanoseconds length)
{
  auto end = gst_clock_get_time (GST_CLOCK (clock_)) + static_cast<GstClockTime> (length.count ());
  for (;;) {
    auto *waits = wait_for_waits ();
    auto next = gst_clock_id_get_time (static_cast<GstClockID> (waits->data));
    g_list_free_full (waits, gst_clock_id_unref);
    if (next > end)
      break;
    if (next > gst_clock_get_time (GST_CLOCK (clock_)))
      gst_test_clock_set_time (clock_, next);
    gst_clock_id_unref (gst_test_clock_process_next_clock_id (clock_));
  }
  gst_test_clock_set_time (clock_, end);
}

}  // namespace gemini::test
