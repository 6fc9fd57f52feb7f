// What a person is told of an answer that looks right, and whether it is asked for again.

#include "core/tts_verdict.h"

#include "support/check.h"

using namespace gemini;

namespace {

using Facts = TtsResponse::Facts;

Facts ended (const char *reason, bool spoke = false)
{
  Facts facts;
  facts.objects = 1;
  facts.finish_reason = reason;
  facts.spoke = spoke;
  return facts;
}

void check_failed (const Facts &facts, const char *says, bool again)
{
  const auto verdict = tts_verdict (facts);
  fail_unless (verdict.error.has_value (), "%s", says);
  fail_unless (verdict.error->kind == Error::Kind::Failed);
  fail_unless (verdict.error->message.find (says) != std::string::npos, "'%s' does not say '%s'",
               verdict.error->message.c_str (), says);
  fail_unless (verdict.error->message.find (": ") != std::string::npos, "no advice");
  fail_unless (verdict.advice.helps == again, "%s", says);
  fail_if (verdict.warning.has_value ());
}

void check_warned (const Facts &facts, const char *says)
{
  const auto verdict = tts_verdict (facts);
  fail_if (verdict.error.has_value ());
  fail_unless (verdict.warning.has_value (), "%s", says);
  fail_unless (verdict.warning->message.find (says) != std::string::npos, "'%s' does not say '%s'",
               verdict.warning->message.c_str (), says);
}

}  // namespace

GST_START_TEST (speech_to_its_end_is_all_right)
{
  const auto verdict = tts_verdict (ended ("STOP", true));
  fail_if (verdict.error || verdict.warning);
}
GST_END_TEST;

GST_START_TEST (speech_that_stops_early_is_kept_and_said)
{
  check_warned (ended ("OTHER", true), "in the middle of the speech: try again, or set split");
  check_warned (ended ("MAX_TOKENS", true), "cut off at the longest that Gemini speaks at once: set split");
  check_warned (ended ("SAFETY", true), "refused to read this text");
  fail_unless_equals_text (tts_verdict (ended ("OTHER", true)).warning->detail, "finishReason OTHER");
}
GST_END_TEST;

GST_START_TEST (a_refusal_is_final)
{
  check_failed (ended ("SAFETY"), "refused to read this text", false);
  check_failed (ended ("PROHIBITED_CONTENT"), "may not read this text", false);
  check_failed (ended ("BLOCKLIST"), "list of blocked ones", false);
  check_failed (ended ("SPII"), "personal information", false);
  check_failed (ended ("RECITATION"), "recitation", false);
  check_failed (ended ("LANGUAGE"), "does not speak the language", false);

  for (const char *reason :
       {"SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "MODEL_ARMOR", "JAILBREAK", "NEW"}) {
    Facts facts;
    facts.block_reason = reason;
    facts.block_message = "Because.";
    check_failed (facts, "", false);
    fail_unless_equals_text (tts_verdict (facts).error->detail,
                             std::string ("blockReason ") + reason + ": Because.");
  }
}
GST_END_TEST;

GST_START_TEST (silence_is_asked_again)
{
  for (const char *reason : {"OTHER", "STOP", "MAX_TOKENS", "", "SOMETHING_NEW"})
    check_failed (ended (reason), "sent no speech", true);
  check_failed ({}, "sent no speech", true);
  auto facts = ended ("STOP");
  facts.wrote = true;
  check_failed (facts, "text instead of reading aloud", true);
}
GST_END_TEST;

GST_START_TEST (an_error_in_the_stream_counts_like_its_status)
{
  for (unsigned status : {500U, 503U, 400U, 404U}) {
    auto facts = ended ("", true);
    facts.error = Error{.kind = Error::Kind::Read, .message = "M", .http_status = status};
    const auto verdict = tts_verdict (facts);
    fail_unless_equals_text (verdict.error->message, "M");
    fail_unless (verdict.advice.helps == (status >= 500));
  }
  auto facts = ended ("STOP", true);
  facts.error = Error{.kind = Error::Kind::Decode, .message = "M"};
  fail_if (tts_verdict (facts).advice.helps);
}
GST_END_TEST;

GST_START_TEST (half_an_object_or_no_last_word_is_a_lost_connection)
{
  auto half = ended ("STOP", true);
  half.cut_off = true;
  for (const auto &facts : {half, ended ("", true)}) {
    const auto verdict = tts_verdict (facts);
    fail_unless (verdict.error->kind == Error::Kind::Read);
    fail_unless (verdict.advice.helps);
  }
}
GST_END_TEST;

GST_START_TEST (no_secret_of_the_server_is_repeated)
{
  auto facts = ended ("key=CANARY");
  facts.finish_message = "AIzaCANARY";
  fail_unless (tts_verdict (facts).error->detail.find ("CANARY") == std::string::npos);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (tts_verdict, speech_to_its_end_is_all_right, speech_that_stops_early_is_kept_and_said,
                   a_refusal_is_final, silence_is_asked_again, an_error_in_the_stream_counts_like_its_status,
                   half_an_object_or_no_last_word_is_a_lost_connection, no_secret_of_the_server_is_repeated)
