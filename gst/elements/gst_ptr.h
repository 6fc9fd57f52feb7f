#pragma once

#include <gst/gst.h>

#include <memory>

#include "core/glib_ptr.h"

namespace gemini {

struct MiniObjectUnref {
  template <typename T>
  void operator() (T *object) const noexcept
  {
    gst_mini_object_unref (GST_MINI_OBJECT_CAST (object));
  }
};

using BufferPtr = std::unique_ptr<GstBuffer, MiniObjectUnref>;
using CapsPtr = std::unique_ptr<GstCaps, MiniObjectUnref>;
using EventPtr = std::unique_ptr<GstEvent, MiniObjectUnref>;
template <typename T>
using GstObjectPtr = std::unique_ptr<T, Freer<gst_object_unref>>;

/// A mapped buffer; its scope is the mapping's lifetime.
class BufferMap {
 public:
  BufferMap (GstBuffer *buffer, GstMapFlags flags) : buffer_ (buffer)
  {
    if (!gst_buffer_map (buffer, &info_, flags))
      buffer_ = nullptr;
  }
  ~BufferMap ()
  {
    if (buffer_ != nullptr)
      gst_buffer_unmap (buffer_, &info_);
  }
  BufferMap (const BufferMap &) = delete;
  BufferMap &operator= (const BufferMap &) = delete;

  explicit operator bool () const { return buffer_ != nullptr; }
  guint8 *data () const { return info_.data; }
  gsize size () const { return info_.size; }

 private:
  GstBuffer *buffer_;
  GstMapInfo info_ = GST_MAP_INFO_INIT;
};

}  // namespace gemini
