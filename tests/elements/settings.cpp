// The properties: what they are, what they take, and what of them the server gets to read.

#include "core/json.h"
#include "support/check.h"
#include "support/source.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::Server;

namespace {

/// A property as a table in the documentation would have it; numbers as text.
struct Row {
  const char *name;
  const char *type;
  const char *range;
  const char *standard;  ///< the default
  const char *sample;    ///< another value it takes
  GParamFlags mutability = static_cast<GParamFlags> (GST_PARAM_MUTABLE_READY);
};

constexpr Row kRows[] = {
    {"api", "GstGeminiApi", "live tts", "live", "tts"},
    {"api-version", "gchararray", "", "NULL", "v1alpha"},
    {"ca-file", "gchararray", "", "NULL", "authorities.pem"},
    {"context-compression", "gboolean", "", "TRUE", "FALSE"},
    {"endpoint", "gchararray", "", "NULL", "https://gemini.invalid"},
    {"flush-on-interrupt", "gboolean", "", "FALSE", "TRUE"},
    {"idle-mode", "GstGeminiIdleMode", "silence none", "silence", "none"},
    {"is-live", "gboolean", "", "TRUE", "FALSE"},
    {"language", "gchararray", "", "NULL", "de-DE"},
    {"lead-time", "gint", "-1 60000", "40", "-1"},
    {"location", "gchararray", "", "NULL", "europe-west4"},
    {"max-buffered-bytes", "guint64", "1024 1000000000000000", "268435456", "1048576"},
    {"max-output-tokens", "guint", "0 2147483647", "0", "4096"},
    {"max-prebuffer-wait", "guint", "0 60000", "1000", "60000"},
    {"model", "gchararray", "", "NULL", "any-name-at-all"},
    {"num-turns", "gint", "-1 2147483647", "1", "-1"},
    {"prebuffer-chunks", "guint", "0 1000", "3", "0"},
    {"prebuffer-mode", "GstGeminiPrebufferMode", "adaptive fixed", "adaptive", "fixed"},
    {"prebuffer-time", "guint", "0 60000", "170", "0"},
    {"project", "gchararray", "", "NULL", "tide"},
    {"prompt", "gchararray", "", "NULL", "Tell me a joke"},
    {"proxy", "gchararray", "", "NULL", "http://proxy.invalid:8080"},
    {"proxy-id", "gchararray", "", "NULL", "somebody"},
    {"retries", "gint", "-1 2147483647", "3", "0"},
    {"retry-backoff-factor", "gdouble", "0 3600", "0.5", "0"},
    {"retry-backoff-max", "gdouble", "0 3600", "60", "1.5"},
    {"samples-per-buffer", "guint", "0 240000", "480", "0"},
    {"seed", "gint", "-1 2147483647", "-1", "0"},
    {"session-resumption", "gboolean", "", "TRUE", "FALSE"},
    {"setup", "gchararray", "", "NULL", "{}"},
    {"skip-leading-silence", "gboolean", "", "FALSE", "TRUE"},
    {"speakers", "gchararray", "", "NULL", "Joe=Kore,Jane=Puck"},
    {"split", "GstGeminiSplit", "auto none sentence", "auto", "sentence"},
    {"system-instruction", "gchararray", "", "NULL", "Be kind"},
    {"temperature", "gdouble", "-1 2", "-1", "0.7"},
    {"text-input", "GstGeminiTextInput", "auto client-content realtime-input", "auto", "realtime-input"},
    {"thinking-level", "GstGeminiThinkingLevel", "unset minimal low medium high", "unset", "low"},
    {"timeout", "guint", "0 3600", "15", "0"},
    {"transcription", "gboolean", "", "FALSE", "TRUE"},
    {"user-agent", "gchararray", "", "NULL", "kiosk/1.0"},
    {"voice", "gchararray", "", "NULL", "Kore"},
};

constexpr const char *kSecrets[] = {"access-token", "api-key", "extra-headers", "proxy-pw"};

std::string number (double value)
{
  if (value == static_cast<double> (static_cast<gint64> (value)))
    return std::to_string (static_cast<gint64> (value));
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  return g_ascii_formatd (text, sizeof text, "%.10g", value);
}

std::string to_text (const GValue *value)
{
  if (G_VALUE_HOLDS_STRING (value))
    return g_value_get_string (value) != nullptr ? g_value_get_string (value) : "NULL";
  if (G_VALUE_HOLDS_BOOLEAN (value))
    return g_value_get_boolean (value) ? "TRUE" : "FALSE";
  if (G_VALUE_HOLDS_ENUM (value)) {
    auto *values = static_cast<GEnumClass *> (g_type_class_peek (G_VALUE_TYPE (value)));
    return g_enum_get_value (values, g_value_get_enum (value))->value_nick;
  }
  GValue as_double = G_VALUE_INIT;
  g_value_init (&as_double, G_TYPE_DOUBLE);
  g_value_transform (value, &as_double);
  return number (g_value_get_double (&as_double));
}

std::string range_of (GParamSpec *spec)
{
  if (auto *s = G_IS_PARAM_SPEC_UINT (spec) ? G_PARAM_SPEC_UINT (spec) : nullptr)
    return number (s->minimum) + " " + number (s->maximum);
  if (auto *s = G_IS_PARAM_SPEC_UINT64 (spec) ? G_PARAM_SPEC_UINT64 (spec) : nullptr)
    return number (static_cast<double> (s->minimum)) + " " + number (static_cast<double> (s->maximum));
  if (auto *s = G_IS_PARAM_SPEC_INT (spec) ? G_PARAM_SPEC_INT (spec) : nullptr)
    return number (s->minimum) + " " + number (s->maximum);
  if (auto *s = G_IS_PARAM_SPEC_DOUBLE (spec) ? G_PARAM_SPEC_DOUBLE (spec) : nullptr)
    return number (s->minimum) + " " + number (s->maximum);
  std::string nicks;
  if (auto *s = G_IS_PARAM_SPEC_ENUM (spec) ? G_PARAM_SPEC_ENUM (spec) : nullptr)
    for (guint i = 0; i < s->enum_class->n_values; i++)
      nicks += (i > 0 ? " " : "") + std::string (s->enum_class->values[i].value_nick);
  return nicks;
}

std::string get (GstElement *element, const char *name)
{
  GValue value = G_VALUE_INIT;
  g_object_get_property (G_OBJECT (element), name, &value);
  auto text = to_text (&value);
  g_value_unset (&value);
  return text;
}

GstObjectPtr<GstElement> make_source ()
{
  GstObjectPtr<GstElement> element (gst_element_factory_make ("geminisrc", nullptr));
  fail_unless (element != nullptr, "is GST_PLUGIN_PATH set?");
  gst_object_ref_sink (element.get ());
  return element;
}

GParamSpec *spec_of (GstElement *element, const char *name)
{
  auto *spec = g_object_class_find_property (G_OBJECT_GET_CLASS (element), name);
  fail_unless (spec != nullptr, "there is no property %s", name);
  return spec;
}

}  // namespace

GST_START_TEST (each_property_is_what_the_table_says)
{
  auto element = make_source ();
  for (auto &row : kRows) {
    auto *spec = spec_of (element.get (), row.name);
    fail_unless_equals_text (
        std::string (row.name) + " " + G_PARAM_SPEC_TYPE_NAME (spec) + " " + g_type_name (spec->value_type),
        std::string (row.name) + " " + G_PARAM_SPEC_TYPE_NAME (spec) + " " + row.type);
    fail_unless_equals_text (row.name + (" " + range_of (spec)), row.name + (" " + std::string (row.range)));
    fail_unless_equals_text (to_text (g_param_spec_get_default_value (spec)), row.standard);
    fail_unless_equals_text (get (element.get (), row.name), row.standard);
    fail_unless ((spec->flags & G_PARAM_READWRITE) == G_PARAM_READWRITE, "%s", row.name);
    constexpr int kMutable = GST_PARAM_MUTABLE_READY | GST_PARAM_MUTABLE_PAUSED | GST_PARAM_MUTABLE_PLAYING;
    fail_unless ((spec->flags & kMutable) == row.mutability, "%s", row.name);
    fail_unless (strlen (g_param_spec_get_blurb (spec)) > 10, "%s", row.name);
  }
}
GST_END_TEST;

GST_START_TEST (each_property_gives_back_what_was_set_and_touches_no_other)
{
  for (auto &row : kRows) {
    auto element = make_source ();
    gst_util_set_object_arg (G_OBJECT (element.get ()), row.name, row.sample);
    for (auto &other : kRows)
      fail_unless_equals_text (
          other.name + (" " + get (element.get (), other.name)),
          other.name + (" " + std::string (&row == &other ? row.sample : other.standard)));
  }
}
GST_END_TEST;

GST_START_TEST (no_property_is_missing_in_the_table)
{
  auto element = make_source ();
  guint count = 0, ours = 0;
  auto *specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (element.get ()), &count);
  for (guint i = 0; i < count; i++)
    ours += specs[i]->owner_type == G_OBJECT_TYPE (element.get ()) ? 1 : 0;
  g_free (specs);
  // "state" and "stats" can only be read
  guint read_only = 0;
  for (const char *name : {"state", "stats"})
    if (auto *spec = g_object_class_find_property (G_OBJECT_GET_CLASS (element.get ()), name)) {
      fail_unless ((spec->flags & G_PARAM_READWRITE) == G_PARAM_READABLE, "%s", name);
      read_only++;
    }
  fail_unless_equals_int (ours, std::size (kRows) + std::size (kSecrets) + read_only);
}
GST_END_TEST;

GST_START_TEST (a_secret_can_be_set_but_not_read)
{
  auto element = make_source ();
  for (const char *name : kSecrets) {
    auto *spec = spec_of (element.get (), name);
    fail_unless ((spec->flags & G_PARAM_READWRITE) == G_PARAM_WRITABLE, "%s", name);
    gst_util_set_object_arg (G_OBJECT (element.get ()), name,
                             spec->value_type == GST_TYPE_STRUCTURE ? "headers,x-secret=CANARY" : "CANARY");
  }
  auto *bin = GST_BIN (gst_object_ref_sink (gst_bin_new (nullptr)));
  gst_bin_add (bin, element.get ());
  CharPtr dump (gst_debug_bin_to_dot_data (bin, GST_DEBUG_GRAPH_SHOW_ALL));
  fail_unless (std::string (dump.get ()).find ("CANARY") == std::string::npos);
  gst_object_unref (bin);
}
GST_END_TEST;

/// The first messages of the client, with the properties set by `set`, as compact JSON.
static std::vector<std::string> sent (const std::function<void (Source &)> &set)
{
  Server server ({.rules = {.accept_models = {"*"}}, .pace = {.speed = 0, .playback = 0}});
  Source source (server);
  set (source);
  source.play ();
  fail_unless (server.wait_for_messages (2));
  std::vector<std::string> messages;
  for (auto &message : server.messages ()) {
    auto parsed = parse_json_object (message);
    messages.push_back (to_json (std::get<JsonNodePtr> (parsed).get ()));
  }
  return messages;
}

GST_START_TEST (what_is_not_set_is_not_sent)
{
  auto messages = sent ([] (Source &) {});
  fail_unless_equals_text (messages.at (0),
                           R"({"setup":{"model":"models/gemini-3.8-live",)"
                           R"("generationConfig":{"responseModalities":["AUDIO"]},"sessionResumption":{}}})");
  fail_unless_equals_text (messages.at (1),
                           R"({"clientContent":{"turns":[{"role":"user","parts":[{"text":"Hello"}]}],)"
                           R"("turnComplete":true}})");
}
GST_END_TEST;

GST_START_TEST (what_is_set_is_sent_where_the_api_looks_for_it)
{
  auto messages = sent ([] (Source &source) {
    source.set ("model", "gemini-9-live").set ("prompt", "Say \"ä\"\n").set ("voice", "Puck");
    source.set ("language", "de-DE")
        .set ("temperature", 0.5)
        .set ("seed", 0)
        .set ("max-output-tokens", 8192U);
    source.set ("system-instruction", "Be brief.").set ("text-input", 2);
    source.set ("setup", R"({"generationConfig":{"topP":0.75,"seed":7},"outputAudioTranscription":{}})");
  });
  fail_unless_equals_text (
      messages.at (0),
      R"({"setup":{"model":"models/gemini-9-live","generationConfig":{"responseModalities":["AUDIO"],)"
      R"("temperature":0.5,"seed":7,"maxOutputTokens":8192,"speechConfig":{"voiceConfig":)"
      R"({"prebuiltVoiceConfig":{"voiceName":"Puck"}},"languageCode":"de-DE"},"topP":0.75},)"
      R"("systemInstruction":{"parts":[{"text":"Be brief."}]},"sessionResumption":{},"outputAudioTranscription":{}}})");
  fail_unless_equals_text (messages.at (1), R"({"realtimeInput":{"text":"Say \"ä\"\n"}})");
}
GST_END_TEST;

GST_START_TEST (zero_is_a_value_where_minus_one_is_none)
{
  auto messages = sent ([] (Source &source) { source.set ("temperature", 0.0).set ("seed", 0); });
  fail_if (messages.at (0).find (R"("temperature":0)") == std::string::npos, "%s", messages[0].c_str ());
  fail_if (messages.at (0).find (R"("seed":0)") == std::string::npos, "%s", messages[0].c_str ());
}
GST_END_TEST;

/// The warning about settings at the start, or "".
static std::string warned (const char *api, const std::function<void (Source &)> &set)
{
  Server server;
  Source source (server);
  gst_util_set_object_arg (G_OBJECT (source.element), "api", api);
  set (source);
  source.set_state (GST_STATE_PAUSED);
  const GstObjectPtr<GstBus> bus (gst_element_get_bus (source.element));
  const MessagePtr message (gst_bus_pop_filtered (bus.get (), GST_MESSAGE_WARNING));
  if (!message)
    return "";
  GError *warning = nullptr;
  gst_message_parse_warning (message.get (), &warning, nullptr);
  fail_unless (g_error_matches (warning, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS));
  return GErrorPtr (warning)->message;
}

GST_START_TEST (what_belongs_to_the_other_api_is_told_as_without_effect)
{
  auto of_tts = [] (Source &source) { source.set ("speakers", "Joe=Kore,Jane=Puck").set ("split", 2); };
  auto of_live = [] (Source &source) {
    source.set ("transcription", TRUE).set ("thinking-level", 1).set ("session-resumption", FALSE);
  };
  fail_unless_equals_text (warned ("live", of_tts), "Without effect with api=live: speakers, split");
  fail_unless_equals_text (warned ("tts", of_live),
                           "Without effect with api=tts: thinking-level, transcription, session-resumption");
  fail_unless_equals_text (warned ("live", of_live), "");
  fail_unless_equals_text (warned ("tts", of_tts), "");
}
GST_END_TEST;

GEMINI_CHECK_MAIN (settings, each_property_is_what_the_table_says,
                   each_property_gives_back_what_was_set_and_touches_no_other,
                   no_property_is_missing_in_the_table, a_secret_can_be_set_but_not_read,
                   what_is_not_set_is_not_sent, what_is_set_is_sent_where_the_api_looks_for_it,
                   zero_is_a_value_where_minus_one_is_none,
                   what_belongs_to_the_other_api_is_told_as_without_effect)
