// One client of the benchmark: asks, receives, and says in a line of JSON what that took.
//
//   receiver raw|soup|bare|element|live|tts URI WARM-UP QUESTION TURNS
#include <gst/gst.h>

#include <cstdlib>
#include <iostream>
#include <string_view>

#include "course.h"

using namespace gemini::bench;

namespace {

/// With its libraries, which the other clients have been linked with: a cold start is one of a conversation.
void load (const char *element)
{
  auto *factory = gst_element_factory_find (element);
  if (factory)
    gst_object_unref (gst_plugin_feature_load (GST_PLUGIN_FEATURE (factory)));
  g_clear_object (&factory);
}

}  // namespace

int main (int argc, char **argv)
{
  if (argc != 6) {
    std::cerr << "usage: receiver raw|soup|bare|element|live|tts URI WARM-UP QUESTION TURNS\n";
    return 2;
  }
  const std::string_view kind = argv[1];
  if (kind == "element" || kind == "live" || kind == "tts") {
    gst_init (nullptr, nullptr);
    load ("geminisrc");
    load ("fakesink");
  }
  Course course ({.uri = argv[2],
                  .warm_up = argv[3],
                  .question = argv[4],
                  .turns = static_cast<unsigned> (std::atoi (argv[5])),
                  .first_only = kind == "live"});
  if (kind == "raw")
    receive_raw (course);
  else if (kind == "bare" || kind == "soup")
    receive_bare (course, kind == "bare");
  else
    receive_element (course, kind == "live" ? Mode::Live : kind == "tts" ? Mode::Tts : Mode::File);
}
