#pragma once

#include <string>

#include "core/client_message.h"
#include "core/live_conversation.h"
#include "core/playout.h"
#include "fuzz/fuzz.h"

namespace gemini::fuzz {

// What a session may meet, by the bytes that choose it.

using namespace std::chrono_literals;

inline const char *const kReasons[] = {"",
                                       "The operation was aborted.",
                                       "You exceeded your current quota",
                                       "API key not valid",
                                       "Invalid session handle",
                                       "Internal error encountered.",
                                       "models/m is not found for API version"};
inline constexpr unsigned kCodes[] = {1000, 1001, 1005, 1006, 1007, 1008, 1009,
                                      1011, 1012, 1013, 1014, 1015, 4000};

inline Playout::Config playout_config (Input &input)
{
  constexpr uint64_t kBlocks[] = {480, 0, 1024, 160};
  const auto choice = input.byte ();
  const auto times = input.byte ();
  Playout::Config config{.live = choice % 4 != 0, .silence = choice % 16 < 12, .rate = 24000};
  config.frames_per_buffer = kBlocks[choice >> 4 & 3];
  config.lead = times % 4 == 3 ? -1ms : times % 4 * 20ms;
  config.opens_at = (times >> 2 & 1) * 300ms;
  config.start.mode = choice & 64 ? StartRule::Mode::Fixed : StartRule::Mode::Adaptive;
  config.start.prebuffer = (times >> 3 & 3) * 85ms;
  config.start.chunks = 1 + (times >> 5 & 3);
  config.downstream = times & 128 ? 100ms : 0ms;
  return config;
}

inline LiveConversation::Config session_config (Input &input)
{
  const auto choice = input.byte ();
  SetupConfig setup{.model = "m", .resumption = (choice & 1) == 0};
  LiveConversation::Config config;
  config.session.setup = std::get<std::string> (setup_message (setup));
  config.session.text_input = choice & 2 ? TextInput::RealtimeInput : TextInput::ClientContent;
  config.session.segmented = (choice & 4) != 0;
  config.session.stall = choice & 8 ? 300ms : 0ms;
  config.session.timeout = choice & 16 ? 2s : 15s;
  config.resume = setup.resumption;
  config.retry.backoff_factor = choice & 32 ? 0 : 0.5;
  config.random = [choice] { return choice & 64 ? 1.0 : 0.0; };
  return config;
}

/// What the server says besides, by bits.
inline std::string content (unsigned bits, const std::string &part)
{
  std::string fields = R"("modelTurn":{"parts":[)" + part + "]}";
  constexpr const char *kFields[] = {R"(,"generationComplete":true)",
                                     R"(,"turnComplete":true)",
                                     R"(,"interrupted":true)",
                                     R"(,"interactionStatus":"IN_PROGRESS")",
                                     R"(,"outputTranscription":{"text":"w","finished":true})",
                                     R"(,"inputTranscription":{"text":"q"})",
                                     R"(,"turnCompleteReason":"OTHER")"};
  for (unsigned bit = 0; bit < std::size (kFields); bit++)
    if (bits >> bit & 1)
      fields += kFields[bit];
  return R"({"serverContent":{)" + fields + R"(},"usageMetadata":{"totalTokenCount":1}})";
}

}  // namespace gemini::fuzz
