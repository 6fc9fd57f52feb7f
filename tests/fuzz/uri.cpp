// A URI may come from anywhere: it sets properties, all or none, and never where to connect and as whom.

#include "elements/uri.h"

#include "elements/settings.h"
#include "fuzz/fuzz.h"

using namespace gemini;
using fuzz::expect;

namespace {

/// As much of the element as takes properties.
struct Holder {
  GObject parent;
  Settings *settings;
};
struct HolderClass {
  GObjectClass parent;
};
G_DEFINE_TYPE (Holder, holder, G_TYPE_OBJECT)

void holder_init (Holder *self) { self->settings = new Settings; }

void holder_class_init (HolderClass *klass)
{
  auto *object = G_OBJECT_CLASS (klass);
  object->set_property = [] (GObject *self, guint id, const GValue *value, GParamSpec *) {
    set_field (settings_properties ()[id - 1], *reinterpret_cast<Holder *> (self)->settings, value);
  };
  object->get_property = [] (GObject *self, guint id, GValue *value, GParamSpec *) {
    get_field (settings_properties ()[id - 1], *reinterpret_cast<Holder *> (self)->settings, value);
  };
  object->finalize = [] (GObject *self) {
    delete reinterpret_cast<Holder *> (self)->settings;
    G_OBJECT_CLASS (holder_parent_class)->finalize (self);
  };
  install_properties (object, settings_properties ());
}

void check_refusal (GError *error)
{
  expect (error != nullptr && error->domain == GST_URI_ERROR, "a refusal has a reason");
  expect (g_utf8_validate (error->message, -1, nullptr), "a reason can be read");
  expect (std::string (error->message).find ("CANARY") == std::string::npos, "a value is never quoted");
  g_error_free (error);
}

bool same (const Settings &a, const Settings &b)
{
  return a.prompt == b.prompt && a.voice == b.voice && a.num_turns == b.num_turns && a.timeout == b.timeout &&
         a.is_live == b.is_live && a.temperature == b.temperature && a.model == b.model && a.api == b.api;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  static const bool ready = gst_init_check (nullptr, nullptr, nullptr) != FALSE;
  expect (ready, "GStreamer starts");
  const auto text = fuzz::c_string ({reinterpret_cast<const char *> (bytes), size});

  UriProperties properties;
  GError *error = nullptr;
  if (!parse_uri (text.c_str (), properties, &error)) {
    check_refusal (error);
    return 0;
  }
  expect (error == nullptr, "what is taken is no error");
  expect (!properties.empty () && properties[0].first == "api", "the scheme is the API");
  for (auto &[name, value] : properties) {
    expect (fuzz::is_utf8 (value), "a value is UTF-8");
    for (const char *secret : {"api-key", "access-token", "endpoint", "api-version", "project", "location",
                               "proxy", "proxy-id", "proxy-pw", "ca-file", "user-agent", "extra-headers"})
      expect (name != secret, "a URI does not say where to connect and as whom");
  }

  auto *element = static_cast<GObject *> (g_object_new (holder_get_type (), nullptr));
  auto &settings = *reinterpret_cast<Holder *> (element)->settings;
  const auto before = settings;
  if (!set_from_uri (element, properties, &error)) {
    check_refusal (error);
    expect (same (settings, before), "what is refused sets nothing");
  } else {
    expect (settings.num_turns >= -1 && settings.temperature <= 2 && settings.timeout <= G_MAXINT,
            "a value is within its range");
    expect (settings.endpoint.empty () && settings.api_key.empty () && settings.access_token.empty (),
            "a URI does not say where to connect and as whom");
  }
  g_object_unref (element);
  return 0;
}
