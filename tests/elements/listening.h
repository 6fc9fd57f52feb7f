#pragma once

#include "support/speaker.h"

namespace gemini::test {

/// The usual line of an application.
inline const std::string kPlay = "geminisrc name=src ! queue ! audioconvert ! audioresample ! ";

inline std::vector<int16_t> operator+ (std::vector<int16_t> left, const std::vector<int16_t> &right)
{
  left.insert (left.end (), right.begin (), right.end ());
  return left;
}

inline std::vector<int16_t> slice (const std::vector<int16_t> &samples, size_t from, size_t to)
{
  auto begin = samples.begin ();
  return {begin + static_cast<std::ptrdiff_t> (from), begin + static_cast<std::ptrdiff_t> (to)};
}

inline guint64 number (const GstStructure *structure, const char *field)
{
  guint64 wide = 0;
  guint narrow = 0;
  if (gst_structure_get_uint64 (structure, field, &wide))
    return wide;
  fail_unless (gst_structure_get_uint (structure, field, &narrow), "no number %s", field);
  return narrow;
}

inline guint64 number (const MessagePtr &message, const char *field)
{
  return number (gst_message_get_structure (message.get ()), field);
}

/// One number of `stats`.
inline guint64 stat (const Pipeline &pipeline, const char *field)
{
  GstStructure *stats = nullptr;
  g_object_get (pipeline.src, "stats", &stats, nullptr);
  auto value = number (stats, field);
  gst_structure_free (stats);
  return value;
}

/// All of it was heard, with no pauses but `pauses` and those that the element reported. The device runs dry
/// only if the machine is too busy for it; nothing is lost then either.
inline void check_heard (const Pipeline &pipeline, const Speaker &speaker, const std::vector<int16_t> &said,
                         size_t pauses = 0)
{
  speaker.drain ();
  auto stretches = speaker.find (said);
  auto reported = stat (pipeline, "underruns");
  fail_unless (stretches.size () <= 1 + pauses + reported + speaker.ran_dry (),
               "heard in %zu parts, and %" G_GUINT64_FORMAT " underruns were reported", stretches.size (),
               reported);
  pipeline.recorder->check_timeline ();
}

}  // namespace gemini::test
