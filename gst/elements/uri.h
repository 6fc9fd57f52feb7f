#pragma once

#include <gst/gst.h>

#include <string>
#include <utility>
#include <vector>

namespace gemini {

// A conversation as a URI, for playbin and whatever else plays URIs:
//
//   gemini-tts:?prompt=The%20kettle%20is%20on.&voice=Kore
//   gemini-live:?prompt=Tell%20me%20a%20joke
//
// The scheme is the API, the query holds properties. A URI may come from anywhere, so it cannot say where to
// connect and as whom: no key, no token, no endpoint.

extern const gchar *const kUriProtocols[];

/// Properties in the order of the query, the API among them; their values as text.
using UriProperties = std::vector<std::pair<std::string, std::string>>;

/// FALSE, with an error of GST_URI_ERROR, if the URI is none of ours or asks for what it may not.
bool parse_uri (const char *uri, UriProperties &properties, GError **error);

/// Sets what was parsed. All or, with an error, nothing.
bool set_from_uri (GObject *element, const UriProperties &properties, GError **error);

}  // namespace gemini
