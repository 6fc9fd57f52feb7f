#include "core/tts_verdict.h"

#include <string_view>

#include "core/close_error.h"

namespace gemini {

namespace {

using Facts = TtsResponse::Facts;
using Kind = Error::Kind;

/// What a `finishReason` says about the text. Any other one is only the end of something that went wrong.
struct Refusal {
  std::string_view reason;
  const char *sentence;
};

constexpr Refusal kRefusals[] = {
    {"SAFETY", "Gemini refused to read this text: change it, or set safetySettings in the setup property"},
    {"PROHIBITED_CONTENT", "Gemini may not read this text: change it"},
    {"BLOCKLIST", "A word in this text is on a list of blocked ones: change it"},
    {"SPII", "Gemini found personal information in this text: leave it out"},
    {"RECITATION", "Gemini took this text for a recitation of somebody's work: change it"},
    {"LANGUAGE", "The model does not speak the language of this text: use another model or text"},
};

/// The server's own words, for the debug part.
std::string detail_of (const char *name, const std::string &reason, const std::string &message)
{
  auto detail =
      std::string (name) + " " + (reason.empty () ? "missing" : mask_secrets (reason.substr (0, 80)));
  return message.empty () ? detail : detail + ": " + mask_secrets (message.substr (0, 1000));
}

const char *refusal (const std::string &reason)
{
  for (auto &row : kRefusals)
    if (row.reason == reason)
      return row.sentence;
  return nullptr;
}

TtsVerdict silent (const Facts &facts)
{
  const auto detail = detail_of ("finishReason", facts.finish_reason, facts.finish_message);
  if (const char *sentence = refusal (facts.finish_reason))
    return {.error = Error{.kind = Kind::Failed, .message = sentence, .detail = detail}};
  if (facts.wrote)
    return {.error = Error{.kind = Kind::Failed,
                           .message = "Gemini answered with text instead of reading aloud: check that the "
                                      "model is one for speech, or change the prompt",
                           .detail = detail},
            .advice = {.helps = true}};
  return {.error = Error{.kind = Kind::Failed,
                         .message = "Gemini sent no speech: try again, or change the prompt",
                         .detail = detail},
          .advice = {.helps = true}};
}

std::optional<Error> warning (const Facts &facts)
{
  const auto &reason = facts.finish_reason;
  if (reason == "STOP")
    return std::nullopt;
  const char *sentence = refusal (reason);
  if (!sentence)
    sentence = reason == "MAX_TOKENS"
                   ? "The speech was cut off at the longest that Gemini speaks at once: set split to sentence"
                   : "Gemini stopped in the middle of the speech: try again, or set split to sentence";
  return Error{.kind = Kind::Failed,
               .message = sentence,
               .detail = detail_of ("finishReason", reason, facts.finish_message)};
}

}  // namespace

TtsVerdict tts_verdict (const Facts &facts)
{
  if (facts.error)
    return {.error = facts.error,
            .advice = retry_advice (facts.error->http_status.value_or (0), facts.error_body)};
  // A connection that is dropped between two events looks like the end of the body; only the reason proves
  // it.
  if (facts.cut_off || (facts.spoke && facts.finish_reason.empty ()))
    return {.error = Error{.kind = Kind::Read,
                           .message = "The answer ended in the middle: check the network, then try again",
                           .detail = facts.cut_off ? "the body ends inside of an object" : "no finishReason"},
            .advice = {.helps = true}};
  if (!facts.block_reason.empty ()) {
    const char *sentence = refusal (facts.block_reason);
    return {.error = Error{.kind = Kind::Failed,
                           .message = sentence ? sentence : "Gemini refused to read this text: change it",
                           .detail = detail_of ("blockReason", facts.block_reason, facts.block_message)}};
  }
  if (!facts.spoke)
    return silent (facts);
  return {.warning = warning (facts)};
}

}  // namespace gemini
