#include "elements/uri.h"

#include <algorithm>
#include <memory>
#include <string_view>

#include "core/glib_ptr.h"
#include "elements/settings.h"

namespace gemini {
namespace {

constexpr std::string_view kSchemePrefix = "gemini-";

struct UriUnref {
  void operator() (GstUri *uri) const { gst_uri_unref (uri); }
};

/// Where to connect, as whom and by what way: never by a URI. Its scheme is the API.
constexpr std::string_view kNotInUris[] = {"api",     "api-key",    "access-token", "endpoint", "api-version",
                                           "project", "location",   "proxy",        "proxy-id", "proxy-pw",
                                           "ca-file", "user-agent", "extra-headers"};

bool is_property (std::string_view name)
{
  auto rows = settings_properties ();
  return std::any_of (rows.begin (), rows.end (), [name] (auto &row) { return name == row.name; });
}

/// As properties are called, and no key or token of Google's is: it may be quoted.
bool is_plain (std::string_view name)
{
  auto plain = [] (char c) { return g_ascii_islower (c) || c == '-'; };
  return !name.empty () && name.size () <= 32 && std::all_of (name.begin (), name.end (), plain);
}

/// The value is never quoted: it may be a key that somebody put into the wrong place.
bool refuse (GError **error, GstURIError code, const std::string &sentence)
{
  g_set_error_literal (error, GST_URI_ERROR, code, sentence.c_str ());
  return false;
}

/// What GStreamer 1.22 cannot decode it takes for no name at all, and crashes.
bool is_decodable (std::string_view text)
{
  for (size_t at = text.find ('%'); at != text.npos; at = text.find ('%', at + 1)) {
    const auto digits = text.substr (at + 1, 2);
    if (digits.size () < 2 || !g_ascii_isxdigit (digits[0]) || !g_ascii_isxdigit (digits[1]) ||
        digits == "00")
      return false;
  }
  return true;
}

bool to_value (GParamSpec *spec, const std::string &text, GValue *value)
{
  g_value_init (value, spec->value_type);
  if (G_VALUE_HOLDS_STRING (value)) {
    g_value_set_string (value, text.c_str ());
    return true;
  }
  if (text.empty ())
    return false;  // GStreamer takes it for 0
  // A value out of its range would be changed into one that is in it.
  return gst_value_deserialize_with_pspec (value, text.c_str (), spec) &&
         !g_param_value_validate (spec, value);
}

}  // namespace

const gchar *const kUriProtocols[] = {"gemini-live", "gemini-tts", nullptr};

bool parse_uri (const char *text, UriProperties &properties, GError **error)
{
  if (!is_decodable (text))
    return refuse (error, GST_URI_ERROR_BAD_URI, "The Gemini URI holds a '%' that begins no character");
  std::unique_ptr<GstUri, UriUnref> uri (gst_uri_from_string (text));
  const char *scheme = uri ? gst_uri_get_scheme (uri.get ()) : nullptr;
  if (scheme == nullptr || !g_strv_contains (kUriProtocols, scheme))
    return refuse (error, GST_URI_ERROR_UNSUPPORTED_PROTOCOL,
                   "This is no URI of gemini-live: or gemini-tts:, such as gemini-tts:?prompt=Hello");
  CharPtr path (gst_uri_get_path (uri.get ()));
  if (gst_uri_get_host (uri.get ()) != nullptr || gst_uri_get_userinfo (uri.get ()) != nullptr ||
      gst_uri_get_fragment (uri.get ()) != nullptr || (path && *path != '\0'))
    return refuse (error, GST_URI_ERROR_BAD_URI,
                   "A Gemini URI holds nothing but a query, such as gemini-tts:?prompt=Hello");

  properties = {{"api", std::string (scheme).substr (kSchemePrefix.size ())}};
  GList *keys = gst_uri_get_query_keys (uri.get ());
  bool good = true;
  for (auto *key = keys; key != nullptr && good; key = key->next) {
    const std::string name = static_cast<const char *> (key->data);
    const char *value = gst_uri_get_query_value (uri.get (), name.c_str ());
    if (std::find (std::begin (kNotInUris), std::end (kNotInUris), name) != std::end (kNotInUris))
      good = refuse (error, GST_URI_ERROR_BAD_REFERENCE,
                     "A Gemini URI may not hold '" + name + "': set the property, or the environment");
    else if (!is_property (name))
      good = refuse (
          error, GST_URI_ERROR_BAD_REFERENCE,
          (is_plain (name) ? "'" + name + "' in the Gemini URI" : "The Gemini URI holds something that") +
              " is no property that a URI may set");
    else if (value == nullptr || !g_utf8_validate (value, -1, nullptr))
      good = refuse (error, GST_URI_ERROR_BAD_REFERENCE,
                     "The value of '" + name + "' in the Gemini URI is missing or no UTF-8");
    else
      properties.emplace_back (name, value);
  }
  g_list_free (keys);
  return good;
}

bool set_from_uri (GObject *element, const UriProperties &properties, GError **error)
{
  std::vector<GValue> values (properties.size (), GValue G_VALUE_INIT);
  bool good = true;
  for (size_t i = 0; i < values.size () && good; i++) {
    auto &[name, text] = properties[i];
    auto *spec = g_object_class_find_property (G_OBJECT_GET_CLASS (element), name.c_str ());
    if (!to_value (spec, text, &values[i]))
      good = refuse (error, GST_URI_ERROR_BAD_REFERENCE,
                     "The value of '" + name + "' in the Gemini URI is none that it takes");
  }
  for (size_t i = 0; i < values.size (); i++) {
    if (good)
      g_object_set_property (element, properties[i].first.c_str (), &values[i]);
    if (G_IS_VALUE (&values[i]))
      g_value_unset (&values[i]);
  }
  return good;
}

}  // namespace gemini
