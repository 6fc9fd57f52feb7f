#include "support/source.h"

#include "support/deadline.h"

namespace gemini::test {
namespace {

const GstClockTime kDeadline = static_cast<GstClockTime> (deadline ().count ()) * GST_SECOND;
/// How long a test clock is watched for a new wait before the condition is looked at again.
constexpr guint kLookAgainMs = 10;

}  // namespace

Source::Source (const std::string &endpoint)
{
  element = gst_element_factory_make ("geminisrc", nullptr);
  fail_unless (element != nullptr, "is GST_PLUGIN_PATH set?");
  set ("endpoint", endpoint.c_str ()).set ("prompt", "Hello");
  // A machine that is slow is no reason to give up, unless a test asks for it.
  set ("timeout", static_cast<guint> (2 * deadline ().count ()));
  harness = gst_harness_new_with_element (element, nullptr, "src");
  gst_harness_use_testclock (harness);
  clock = gst_harness_get_testclock (harness);
  bus_ = gst_bus_new ();
  gst_element_set_bus (element, bus_);
  auto notify = +[] (GObject *, GParamSpec *, Source *self) { self->on_state (); };
  g_signal_connect (element, "notify::state", G_CALLBACK (notify), this);
  GstPad *pad = gst_element_get_static_pad (element, "src");
  recorder = std::make_unique<PadRecorder> (pad);
  gst_object_unref (pad);
}

Source::~Source ()
{
  gst_element_set_state (element, GST_STATE_NULL);
  recorder.reset ();
  gst_element_set_bus (element, nullptr);
  gst_object_unref (bus_);
  gst_object_unref (clock);
  gst_harness_teardown (harness);
  gst_object_unref (element);
}

GstStateChangeReturn Source::set_state (GstState state) { return gst_element_set_state (element, state); }

void Source::on_state ()
{
  gint value = 0;
  g_object_get (element, "state", &value, nullptr);
  auto *spec = g_object_class_find_property (G_OBJECT_GET_CLASS (element), "state");
  std::lock_guard guard (lock_);
  states_ += std::string (g_enum_get_value (G_PARAM_SPEC_ENUM (spec)->enum_class, value)->value_nick) + " ";
  changed_.notify_all ();
}

std::string Source::states () const
{
  std::lock_guard guard (lock_);
  return states_;
}

void Source::wait_for_state (const std::string &nick) const
{
  std::unique_lock lock (lock_);
  bool reached = changed_.wait_for (lock, std::chrono::nanoseconds (kDeadline),
                                    [&] { return states_.ends_with (nick + " "); });
  fail_unless (reached, "states are %s", states_.c_str ());
}

MessagePtr Source::wait_for_message (GstMessageType type, const char *name)
{
  for (;;) {
    MessagePtr message (gst_bus_timed_pop_filtered (bus_, kDeadline, type));
    if (!message || name == nullptr || gst_message_has_name (message.get (), name))
      return message;
  }
}

bool Source::has_message (GstMessageType type)
{
  return MessagePtr (gst_bus_pop_filtered (bus_, type)) != nullptr;
}

void Source::crank ()
{
  crank_until ([crank_once = true] () mutable { return !std::exchange (crank_once, false); });
}

void Source::crank_until (const std::function<bool ()> &condition)
{
  auto give_up = g_get_monotonic_time () + static_cast<gint64> (kDeadline / 1000);
  while (!condition ()) {
    fail_if (g_get_monotonic_time () > give_up, "it never came: %s", recorder->order ().c_str ());
    GList *waits = nullptr;
    if (!gst_test_clock_timed_wait_for_multiple_pending_ids (clock, 1, kLookAgainMs, &waits))
      continue;
    auto time = gst_clock_id_get_time (static_cast<GstClockID> (waits->data));
    gst_test_clock_set_time (clock, MAX (time, gst_clock_get_time (GST_CLOCK (clock))));
    gst_test_clock_process_id_list (clock, waits);
    g_list_free_full (waits, gst_clock_id_unref);
  }
}

ErrorText error_text (GstMessage *message)
{
  GError *error = nullptr;
  char *debug = nullptr;
  gst_message_parse_error (message, &error, &debug);
  ErrorText text{error->domain, error->code, error->message, debug != nullptr ? debug : ""};
  g_error_free (error);
  g_free (debug);
  return text;
}

}  // namespace gemini::test
