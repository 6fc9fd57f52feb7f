#include "recorder.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "elements/gst_ptr.h"

namespace gemini::chat {
namespace {

constexpr const char *kMark = "gemini-chat-turn";

bool is_folder (const std::string &place)
{
  std::error_code error;
  return place.ends_with ('/') || std::filesystem::is_directory (place, error);
}

/// What makes of a WAV file what was asked for, by the ending of its name; nullptr: we know nothing.
const char *converter (std::string_view ending)
{
  for (auto [name, elements] : {std::pair (".flac", "flacenc"), std::pair (".mp3", "lamemp3enc"),
                                std::pair (".ogg", "audioresample ! opusenc ! oggmux"),
                                std::pair (".opus", "audioresample ! opusenc ! oggmux")})
    if (ending == name)
      return elements;
  return nullptr;
}

/// Nobody wants WAV by another name.
std::string complain_of_name (const std::string &place)
{
  auto wav = std::filesystem::path (place);
  const CharPtr ending (g_ascii_strdown (wav.extension ().c_str (), -1));
  if (std::string_view (ending.get ()).empty () || std::string_view (ending.get ()) == ".wav")
    return "";
  wav.replace_extension (".wav");
  const auto complaint =
      "cannot record to " + place + ": what is recorded is WAV; record to " + wav.string ();
  const auto *elements = converter (ending.get ());
  return elements == nullptr
             ? complaint
             : complaint + ", then: gst-launch-1.0 filesrc location=" + wav.string () +
                   " ! wavparse ! audioconvert ! " + elements + " ! filesink location=" + place;
}

/// The highest number of a turn in a folder; 0: there is none.
unsigned last_file (const std::string &folder)
{
  unsigned last = 0;
  std::error_code error;
  for (const auto &entry : std::filesystem::directory_iterator (folder, error)) {
    unsigned number = 0;
    int end = 0;
    const std::string name = entry.path ().filename ();
    if (std::sscanf (name.c_str (), "turn-%9u.wav%n", &number, &end) == 1 &&
        static_cast<size_t> (end) == name.size ())
      last = std::max (last, number);
  }
  return last;
}

}  // namespace

std::string Recorder::complain (const std::string &place)
{
  if (!is_folder (place)) {
    if (auto complaint = complain_of_name (place); !complaint.empty ())
      return complaint;
    // What is there is replaced when there is something to say, and not before.
    std::error_code error;
    const bool existed = std::filesystem::exists (place, error);
    if (!std::ofstream (place, std::ios::app))
      return "cannot record to " + place + ": " + std::strerror (errno);
    if (!existed)
      std::filesystem::remove (place, error);
    return "";
  }
  std::error_code error;
  if (const auto file = place.substr (0, place.find_last_not_of ('/') + 1);
      std::filesystem::is_regular_file (file, error))
    return "cannot record to " + place + ": it is a file; leave out the '/' behind it";
  std::filesystem::create_directories (place, error);
  return error ? "cannot make the folder " + place + ": " + error.message () : "";
}

Recorder::Recorder (std::string place)
    : place_ (std::move (place)), folder_ (is_folder (place_)), before_ (folder_ ? last_file (place_) : 0)
{
}

GstElement *Recorder::add_to (GstBin *bin)
{
  auto *queue = gst_element_factory_make ("queue", "recorder");
  auto *speech_only = gst_element_factory_make ("identity", nullptr);
  sink_ = gst_element_factory_make ("fakesink", nullptr);
  g_object_set (queue, "max-size-buffers", 0U, "max-size-bytes", 0U, "max-size-time", guint64{0}, nullptr);
  gst_util_set_object_arg (G_OBJECT (speech_only), "drop-buffer-flags", "droppable");
  g_object_set (sink_, "async", FALSE, "sync", FALSE, nullptr);
  gst_bin_add_many (bin, queue, speech_only, sink_, nullptr);
  gst_element_link_many (queue, speech_only, sink_, nullptr);

  const GstObjectPtr<GstPad> pad (gst_element_get_static_pad (sink_, "sink"));
  const auto what =
      static_cast<GstPadProbeType> (GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);
  gst_pad_add_probe (
      pad.get (), what,
      [] (GstPad *, GstPadProbeInfo *info, gpointer self) {
        return static_cast<Recorder *> (self)->on_data (info);
      },
      this, nullptr);
  return queue;
}

void Recorder::mark_turn (GstPad *source, unsigned turn)
{
  auto *mark = gst_structure_new (kMark, "turn", G_TYPE_UINT, turn, nullptr);
  gst_pad_push_event (source, gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM, mark));
}

GstPadProbeReturn Recorder::on_data (GstPadProbeInfo *info)
{
  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER)
    write (GST_PAD_PROBE_INFO_BUFFER (info));
  else
    on_event (GST_PAD_PROBE_INFO_EVENT (info));
  return GST_PAD_PROBE_OK;
}

void Recorder::on_event (GstEvent *event)
{
  if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS) {
    GstCaps *caps = nullptr;
    int rate = 0;
    gst_event_parse_caps (event, &caps);
    gst_structure_get_int (gst_caps_get_structure (caps, 0), "rate", &rate);
    rate_ = static_cast<unsigned> (rate);
  } else if (GST_EVENT_TYPE (event) == GST_EVENT_EOS) {
    close ();
  } else if (gst_event_has_name (event, kMark)) {
    gst_structure_get_uint (gst_event_get_structure (event), "turn", &turn_);
    if (folder_)
      close ();
    else if (file_)
      file_->update ();
  }
}

void Recorder::write (GstBuffer *buffer)
{
  if (broken_)
    return;
  if (!file_)
    open ();
  if (file_->rate () != rate_) {
    broken_ = true;
    return post (gst_message_new_warning (
        GST_OBJECT (sink_),
        GErrorPtr (g_error_new (GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
                                "The server speaks at another rate now, which %s cannot hold: the rest is "
                                "not recorded. Record to a folder for a file each turn",
                                path_.c_str ()))
            .get (),
        nullptr));
  }
  const BufferMap map (buffer, GST_MAP_READ);
  if (map)
    file_->write ({map.data (), map.size ()});
  if (file_->good ())
    return;
  broken_ = true;
  const auto why = "Cannot record to " + path_ + ": " + std::strerror (errno);
  post (gst_message_new_error (
      GST_OBJECT (sink_),
      GErrorPtr (g_error_new_literal (GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE, why.c_str ())).get (),
      nullptr));
}

void Recorder::open ()
{
  path_ = place_;
  if (folder_) {
    const CharPtr name (g_strdup_printf ("turn-%03u.wav", before_ + turn_));
    path_ = std::filesystem::path (place_) / name.get ();
  }
  file_ = std::make_unique<WavFile> (path_, rate_);
}

void Recorder::close ()
{
  if (!file_)
    return;
  const auto frames = file_->frames ();
  file_.reset ();
  post (gst_message_new_application (
      GST_OBJECT (sink_),
      gst_structure_new ("recorded", "file", G_TYPE_STRING, path_.c_str (), "turn", G_TYPE_UINT,
                         folder_ ? turn_ : 0U, "frames", G_TYPE_UINT64, frames, nullptr)));
}

}  // namespace gemini::chat
