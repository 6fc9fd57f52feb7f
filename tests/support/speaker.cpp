#include "support/speaker.h"

#include <gst/audio/gstaudiosink.h>

#include <algorithm>

#include "support/sound_card.h"

using gemini::test::SoundCard;

namespace {

struct TestSpeaker {
  GstAudioSink parent;
  SoundCard *card;
  guint rate;
  guint64 device_time;  // µs
};
struct TestSpeakerClass {
  GstAudioSinkClass parent;
};

enum { kRate = 1, kDeviceTime };
/// Half of the usual buffer-time: the other half is there for whoever is late upstream.
constexpr guint64 kDefaultDeviceTime = 100'000;

GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
                             GST_STATIC_CAPS ("audio/x-raw, format=(string)S16LE, channels=(int)1, "
                                              "layout=(string)interleaved, rate=(int)[ 1, MAX ]"));

TestSpeaker *self (gpointer object) { return static_cast<TestSpeaker *> (object); }
SoundCard &card (gpointer object) { return *self (object)->card; }

}  // namespace

G_DEFINE_TYPE (TestSpeaker, test_speaker, GST_TYPE_AUDIO_SINK)

static void install_properties (GObjectClass *object)
{
  object->set_property = [] (GObject *o, guint id, const GValue *value, GParamSpec *) {
    if (id == kRate)
      self (o)->rate = g_value_get_uint (value);
    else
      self (o)->device_time = g_value_get_uint64 (value);
  };
  object->finalize = [] (GObject *o) {
    delete self (o)->card;
    G_OBJECT_CLASS (test_speaker_parent_class)->finalize (o);
  };
  auto flags = static_cast<GParamFlags> (G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (
      object, kRate, g_param_spec_uint ("rate", "Rate", "The only rate; 0: any", 0, G_MAXINT, 0, flags));
  g_object_class_install_property (
      object, kDeviceTime,
      g_param_spec_uint64 ("device-time", "Device time", "Length of the device's buffer in µs", 0, G_MAXINT64,
                           kDefaultDeviceTime, flags));
}

static void install_device (GstAudioSinkClass *sink)
{
  sink->open = [] (GstAudioSink *) -> gboolean { return TRUE; };
  sink->close = sink->unprepare = [] (GstAudioSink *) -> gboolean { return TRUE; };
  sink->prepare = [] (GstAudioSink *s, GstAudioRingBufferSpec *spec) -> gboolean {
    auto rate = static_cast<unsigned> (GST_AUDIO_INFO_RATE (&spec->info));
    card (s).open (rate, self (s)->device_time * rate / G_USEC_PER_SEC);
    return TRUE;
  };
  sink->write = [] (GstAudioSink *s, gpointer data, guint length) {
    card (s).write (static_cast<const int16_t *> (data), length / sizeof (int16_t));
    return static_cast<gint> (length);
  };
  sink->delay = [] (GstAudioSink *s) { return static_cast<guint> (card (s).delay ()); };
  sink->pause = [] (GstAudioSink *s) { card (s).pause (); };
  sink->resume = [] (GstAudioSink *s) { card (s).resume (); };
  sink->stop = [] (GstAudioSink *s) { card (s).stop (); };
}

static void test_speaker_class_init (TestSpeakerClass *klass)
{
  install_properties (G_OBJECT_CLASS (klass));
  install_device (GST_AUDIO_SINK_CLASS (klass));
  GST_BASE_SINK_CLASS (klass)->get_caps = [] (GstBaseSink *sink, GstCaps *filter) {
    auto *caps = gst_caps_make_writable (gst_pad_get_pad_template_caps (GST_BASE_SINK_PAD (sink)));
    if (self (sink)->rate > 0)
      gst_caps_set_simple (caps, "rate", G_TYPE_INT, static_cast<gint> (self (sink)->rate), nullptr);
    if (filter != nullptr) {
      auto *both = gst_caps_intersect_full (filter, caps, GST_CAPS_INTERSECT_FIRST);
      gst_caps_unref (caps);
      caps = both;
    }
    return caps;
  };
  auto *element = GST_ELEMENT_CLASS (klass);
  gst_element_class_add_static_pad_template (element, &sink_template);
  gst_element_class_set_static_metadata (element, "Speaker that remembers", "Sink/Audio",
                                         "Keeps every sample with the time at which it was heard",
                                         "The gst-gemini developers");
}

static void test_speaker_init (TestSpeaker *speaker)
{
  speaker->card = new SoundCard;
  speaker->device_time = kDefaultDeviceTime;
}

namespace gemini::test {

std::string Speaker::line (const std::string &properties, const std::string &name)
{
  static const bool registered =
      gst_element_register (nullptr, "testspeaker", GST_RANK_NONE, test_speaker_get_type ());
  fail_unless (registered);
  return "testspeaker name=" + name + " slave-method=none " + properties + " ";
}

Speaker::Speaker (const Pipeline &pipeline, const char *name)
    : element_ (gst_bin_get_by_name (GST_BIN (pipeline.pipeline), name)), card_ (card (element_))
{
}

Speaker::~Speaker () { gst_object_unref (element_); }

void Speaker::use_clock (GstClock *clock) { card_.use_clock (clock); }

std::vector<Speaker::Run> Speaker::heard () const
{
  auto record = card_.record ();
  std::vector<Run> runs;
  for (size_t i = 0; i < record.runs.size (); i++) {
    auto &run = record.runs[i];
    auto end = i + 1 < record.runs.size () ? record.runs[i + 1].first : record.samples.size ();
    auto at = [&] (size_t index) { return record.samples.begin () + static_cast<std::ptrdiff_t> (index); };
    runs.push_back ({run.at, run.rate, {at (run.first), at (end)}});
  }
  return runs;
}

void Speaker::drain () const { card_.drain (); }

unsigned Speaker::ran_dry () const { return card_.record ().ran_dry; }

std::vector<Speaker::Stretch> Speaker::find (const std::vector<int16_t> &said) const
{
  std::vector<Stretch> stretches;
  size_t next = 0;
  for (auto &run : heard ())
    for (size_t i = 0, quiet = 1; i < run.samples.size (); i++) {
      auto sample = run.samples[i];
      if (next < said.size () && sample == said[next]) {
        if (quiet > 0)
          stretches.push_back ({run.at + gst_util_uint64_scale (i, GST_SECOND, run.rate), next, 0});
        stretches.back ().frames++;
        next++;
        quiet = 0;
        continue;
      }
      fail_unless (sample == 0, "%d was heard after %zu of %zu samples, and not %d", sample, next,
                   said.size (), next < said.size () ? said[next] : 0);
      quiet++;
    }
  fail_unless (next == said.size (), "only %zu of %zu samples were heard, in %zu parts; it ran dry %u times",
               next, said.size (), stretches.size (), ran_dry ());
  return stretches;
}

std::vector<int16_t> Speaker::sound () const
{
  auto samples = card_.record ().samples;
  auto sounds = [] (int16_t sample) { return sample != 0; };
  auto begin = std::find_if (samples.begin (), samples.end (), sounds);
  auto end = std::find_if (samples.rbegin (), samples.rend (), sounds).base ();
  return begin < end ? std::vector<int16_t> (begin, end) : std::vector<int16_t> ();
}

}  // namespace gemini::test
