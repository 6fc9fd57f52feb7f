#include "support/pipeline.h"

#include <glib/gstdio.h>

#include <cstring>

#include "core/glib_ptr.h"
#include "support/deadline.h"

namespace gemini::test {
namespace {

const GstClockTime kDeadline = static_cast<GstClockTime> (deadline ().count ()) * GST_SECOND;

constexpr guint kUsualTimeout = 15;

MessagePtr pop (GstBus *bus, GstMessageType type, const char *name)
{
  auto types = static_cast<GstMessageType> (type | GST_MESSAGE_ERROR);
  for (;;) {
    MessagePtr message (gst_bus_timed_pop_filtered (bus, kDeadline, types));
    fail_unless (message != nullptr, "no %s message", gst_message_type_get_name (type));
    if (GST_MESSAGE_TYPE (message.get ()) == GST_MESSAGE_ERROR && type != GST_MESSAGE_ERROR)
      fail_unless (false, "%s: %s", GST_MESSAGE_SRC_NAME (message.get ()),
                   error_text (message.get ()).message.c_str ());
    if (name == nullptr || gst_message_has_name (message.get (), name))
      return message;
  }
}

GstElement *launch (const std::string &line)
{
  GError *error = nullptr;
  auto *pipeline = gst_parse_launch (line.c_str (), &error);
  fail_unless (error == nullptr, "%s: %s", line.c_str (), error != nullptr ? error->message : "");
  return pipeline;
}

void configure (const GValue *item, gpointer endpoint)
{
  auto *element = g_value_get_object (item);
  char *prompt = nullptr;
  g_object_get (element, "prompt", &prompt, nullptr);
  if (prompt == nullptr)
    g_object_set (element, "prompt", "Hello", nullptr);
  g_free (prompt);
  g_object_set (element, "endpoint", static_cast<const char *> (endpoint), nullptr);
  guint timeout = 0;
  g_object_get (element, "timeout", &timeout, nullptr);
  if (timeout == kUsualTimeout)  // too short for a machine that is slow
    g_object_set (element, "timeout", static_cast<guint> (2 * deadline ().count ()), nullptr);
}

template <typename Number>
Number read_number (const char *at)
{
  Number number;
  std::memcpy (&number, at, sizeof number);
  return number;
}

}  // namespace

Pipeline::Pipeline (const stand_in::Server &server, const std::string &line) : pipeline (launch (line))
{
  bus_ = gst_element_get_bus (pipeline);
  auto *sources = gst_bin_iterate_all_by_element_factory_name (GST_BIN (pipeline), "geminisrc");
  gst_iterator_foreach (sources, configure, const_cast<char *> (server.uri ().c_str ()));
  gst_iterator_free (sources);
  src = gst_bin_get_by_name (GST_BIN (pipeline), "src");
  fail_unless (src != nullptr, "no geminisrc of the name src in: %s", line.c_str ());
  gst_element_add_property_notify_watch (src, "state", TRUE);
  recorder = record ("src", "src");
}

Pipeline::~Pipeline ()
{
  set_state (GST_STATE_NULL);
  recorder.reset ();
  gst_object_unref (src);
  gst_object_unref (bus_);
  gst_object_unref (pipeline);
}

void Pipeline::wait_for_playing ()
{
  GstState state = GST_STATE_NULL;
  gst_element_get_state (pipeline, &state, nullptr, kDeadline);
  fail_unless_equals_int (state, GST_STATE_PLAYING);
  // Who changed it tells before it lets go of the lock, which an interruption does not wait for.
  GST_STATE_LOCK (pipeline);
  GST_STATE_UNLOCK (pipeline);
}

void Pipeline::run ()
{
  play ();
  wait_for_eos ();
}

bool Pipeline::send_text (const char *text)
{
  gboolean sent = FALSE;
  g_signal_emit_by_name (src, "send-text", text, &sent);
  return sent;
}

MessagePtr Pipeline::wait_for_message (GstMessageType type, const char *name)
{
  return pop (bus_, type, name);
}

void Pipeline::wait_for_source (const char *state)
{
  auto is = [&] (gint value) {
    auto *known = static_cast<GEnumClass *> (
        g_type_class_peek (g_object_class_find_property (G_OBJECT_GET_CLASS (src), "state")->value_type));
    return std::strcmp (g_enum_get_value (known, value)->value_nick, state) == 0;
  };
  gint value = 0;
  g_object_get (src, "state", &value, nullptr);
  while (!is (value)) {  // what has passed by already counts, too
    auto message = pop (bus_, GST_MESSAGE_PROPERTY_NOTIFY, nullptr);
    const GValue *notified = nullptr;
    gst_message_parse_property_notify (message.get (), nullptr, nullptr, &notified);
    value = g_value_get_enum (notified);
  }
}

std::unique_ptr<PadRecorder> Pipeline::record (const char *element, const char *pad) const
{
  GstObjectPtr<GstElement> owner (gst_bin_get_by_name (GST_BIN (pipeline), element));
  GstObjectPtr<GstPad> found (gst_element_get_static_pad (owner.get (), pad));
  return std::make_unique<PadRecorder> (found.get ());
}

TemporaryFolder::TemporaryFolder ()
{
  CharPtr path (g_dir_make_tmp ("geminisrc-XXXXXX", nullptr));
  fail_unless (path != nullptr);
  path_ = path.get ();
}

TemporaryFolder::~TemporaryFolder ()
{
  auto *folder = g_dir_open (path_.c_str (), 0, nullptr);
  while (const char *name = g_dir_read_name (folder))
    g_unlink ((*this / name).c_str ());
  g_dir_close (folder);
  g_rmdir (path_.c_str ());
}

std::vector<int16_t> read_wav (const std::string &path)
{
  constexpr gsize kHeader = 44;
  char *contents = nullptr;
  gsize length = 0;
  fail_unless (g_file_get_contents (path.c_str (), &contents, &length, nullptr), "%s", path.c_str ());
  CharPtr owner (contents);
  fail_unless (length >= kHeader, "%" G_GSIZE_FORMAT " bytes are no WAV file", length);
  fail_unless (std::memcmp (contents, "RIFF", 4) == 0 && std::memcmp (contents + 8, "WAVEfmt ", 8) == 0);
  fail_unless (std::memcmp (contents + 36, "data", 4) == 0);
  fail_unless_equals_int (read_number<guint16> (contents + 22), 1);
  fail_unless_equals_int (read_number<guint32> (contents + 24), 24000);
  fail_unless_equals_int (read_number<guint16> (contents + 34), 16);
  gsize end = length;
  if (length > kHeader) {
    fail_unless_equals_int (read_number<guint32> (contents + 4), length - 8);
    end = kHeader + read_number<guint32> (contents + 40);
    if (end != length) {  // what the recording knows about itself
      fail_unless (length > end + 8 && std::memcmp (contents + end, "LIST", 4) == 0);
      fail_unless_equals_int (read_number<guint32> (contents + end + 4), length - end - 8);
    }
  }
  std::vector<int16_t> samples;
  for (auto at = kHeader; at + 1 < end; at += sizeof (int16_t))
    samples.push_back (read_number<int16_t> (contents + at));
  return samples;
}

std::vector<int16_t> decode (const std::string &path)
{
  GstObjectPtr<GstElement> pipeline (
      launch ("filesrc location=" + path +
              " ! decodebin ! audioconvert ! audioresample ! audio/x-raw,format=S16LE,rate=24000,channels=1 "
              "! fakesink name=sink"));
  GstObjectPtr<GstElement> sink (gst_bin_get_by_name (GST_BIN (pipeline.get ()), "sink"));
  GstObjectPtr<GstPad> pad (gst_element_get_static_pad (sink.get (), "sink"));
  GstObjectPtr<GstBus> bus (gst_element_get_bus (pipeline.get ()));
  PadRecorder recorder (pad.get ());
  gst_element_set_state (pipeline.get (), GST_STATE_PLAYING);
  pop (bus.get (), GST_MESSAGE_EOS, nullptr);
  gst_element_set_state (pipeline.get (), GST_STATE_NULL);
  return recorder.speech ();
}

}  // namespace gemini::test
