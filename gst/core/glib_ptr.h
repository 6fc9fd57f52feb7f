#pragma once

#include <glib-object.h>
#include <json-glib/json-glib.h>

#include <memory>

namespace gemini {

/// Deleter for a C type with an exported free function.
template <auto Free>
struct Freer {
  template <typename T>
  void operator() (T *ptr) const noexcept
  {
    Free (ptr);
  }
};

template <typename T>
using GObjectPtr = std::unique_ptr<T, Freer<g_object_unref>>;
using GErrorPtr = std::unique_ptr<GError, Freer<g_error_free>>;
using GBytesPtr = std::unique_ptr<GBytes, Freer<g_bytes_unref>>;
using GUriPtr = std::unique_ptr<GUri, Freer<g_uri_unref>>;
using CharPtr = std::unique_ptr<char, Freer<g_free>>;
using JsonNodePtr = std::unique_ptr<JsonNode, Freer<json_node_unref>>;

}  // namespace gemini
