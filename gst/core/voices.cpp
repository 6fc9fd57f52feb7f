#include "core/voices.h"

#include <algorithm>
#include <iterator>

namespace gemini {

namespace {

constexpr std::string_view kVoices[] = {
    "Zephyr",    "Puck",          "Charon",       "Kore",      "Fenrir",     "Leda",
    "Orus",      "Aoede",         "Callirrhoe",   "Autonoe",   "Enceladus",  "Iapetus",
    "Umbriel",   "Algieba",       "Despina",      "Erinome",   "Algenib",    "Rasalgethi",
    "Laomedeia", "Achernar",      "Alnilam",      "Schedar",   "Gacrux",     "Pulcherrima",
    "Achird",    "Zubenelgenubi", "Vindemiatrix", "Sadachbia", "Sadaltager", "Sulafat",
};

}  // namespace

bool is_prebuilt_voice (std::string_view name)
{
  return std::find (std::begin (kVoices), std::end (kVoices), name) != std::end (kVoices);
}

}  // namespace gemini
