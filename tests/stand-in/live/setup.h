#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "stand-in/http/route.h"
#include "stand-in/live/client_message.h"
#include "stand-in/options.h"

namespace gemini::stand_in {

/// Models that behave alike.
enum class Family {
  NativeAudio25,
  Flash31,  ///< `clientContent` is history, only `realtimeInput` speaks
  Live38,   ///< takes no thinking configuration
  Live38Thinking,
  HalfCascade,  ///< the only ones with TEXT; shut down, so unknown unless allowed by the rules
  Other,
};

/// What a client asked for in its `setup`.
struct Setup {
  std::string model;
  Family family = Family::Live38;
  std::string voice_name;
  std::string language;
  bool input_transcription = false;
  bool output_transcription = false;
  bool resumption = false;
  std::string handle;
  bool manual_activity = false;  ///< automatic activity detection is off
  bool interrupts = true;        ///< the user's activity cuts a turn short
  unsigned silence_ms = 500;     ///< of quiet audio that ends the user's speech
  std::vector<std::string> functions;
};

/// Judges a `setup` as the service would.
std::variant<Setup, Refusal> read_setup (const Fields &fields, const Route &route, const Rules &rules);

/// Why this caller may not come in, if so. The upgrade succeeds first; this is the answer to `setup`.
std::optional<Refusal> refuse_credential (const Credential &credential, const Rules &rules);

}  // namespace gemini::stand_in
