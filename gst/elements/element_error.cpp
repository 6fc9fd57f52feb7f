#include "elements/element_error.h"

namespace gemini {
namespace {

struct Code {
  GQuark domain;
  gint code;
};

Code code_of (Error::Kind kind)
{
  switch (kind) {
    case Error::Kind::Settings:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS};
    case Error::Kind::Unauthorized:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED};
    case Error::Kind::NotFound:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND};
    case Error::Kind::Busy:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY};
    case Error::Kind::Connect:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ};
    case Error::Kind::Read:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ};
    case Error::Kind::Decode:
      return {GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE};
    case Error::Kind::Format:
      return {GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT};
    case Error::Kind::Failed:
      return {GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED};
  }
  return {GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED};
}

void post (GstElement *element, GstMessageType type, const Error &error)
{
  auto *details = gst_structure_new_empty ("details");
  if (error.http_status)
    gst_structure_set (details, "http-status-code", G_TYPE_UINT, *error.http_status, nullptr);
  if (error.close_code)
    gst_structure_set (details, "ws-close-code", G_TYPE_UINT, *error.close_code, nullptr);
  if (!error.service_status.empty ())
    gst_structure_set (details, "service-status", G_TYPE_STRING, error.service_status.c_str (), nullptr);

  auto [domain, code] = code_of (error.kind);
  gst_element_message_full_with_details (element, type, domain, code, g_strdup (error.message.c_str ()),
                                         error.detail.empty () ? nullptr : g_strdup (error.detail.c_str ()),
                                         __FILE__, GST_FUNCTION, __LINE__, details);
}

}  // namespace

void post_error (GstElement *element, const Error &error) { post (element, GST_MESSAGE_ERROR, error); }

void post_warning (GstElement *element, const Error &warning)
{
  post (element, GST_MESSAGE_WARNING, warning);
}

}  // namespace gemini
