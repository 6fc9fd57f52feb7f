#include "core/turn_verdict.h"

#include "support/check.h"

using namespace gemini;

GST_START_TEST (an_answer_is_worth_no_word)
{
  fail_if (turn_warning ({.audio = true, .audible = true}).has_value ());
  fail_if (turn_warning ({.audio = true, .audible = true, .text = true, .tool_call = true}).has_value ());
  fail_if (turn_warning ({.audio = true, .audible = true, .reason = "TURN_COMPLETE_REASON_UNSPECIFIED"})
               .has_value ());
}
GST_END_TEST;

GST_START_TEST (a_function_may_be_called_in_silence)
{
  fail_if (turn_warning ({.tool_call = true}).has_value ());
}
GST_END_TEST;

GST_START_TEST (what_is_no_answer_is_told_with_advice)
{
  using Kind = Error::Kind;
  const struct {
    TurnFacts facts;
    Kind kind;
    const char *says;
  } rows[] = {
      {{}, Kind::Failed, "without a word"},
      {{.audio = true}, Kind::Failed, "nothing but silence"},
      {{.text = true}, Kind::Format, "text instead of speech"},
      {{.reason = "RESPONSE_REJECTED"}, Kind::Failed, "rejected"},
      {{.audio = true, .audible = true, .reason = "GENERATED_AUDIO_SAFETY"}, Kind::Failed, "cut off"},
      {{.reason = "PROHIBITED_INPUT_CONTENT"}, Kind::Failed, "question was blocked"},
      {{.reason = "INPUT_IP_PROHIBITED"}, Kind::Failed, "question was blocked"},
      {{.reason = "BLOCKLIST"}, Kind::Failed, "question was blocked"},
      {{.reason = "NEED_MORE_INPUT"}, Kind::Failed, "say more"},
      {{.tool_call = true, .reason = "MALFORMED_FUNCTION_CALL"}, Kind::Failed, "declarations"},
      {{.reason = "OUTPUT_IMAGE_IP_PROHIBITED"}, Kind::Failed, "cut off"},
      {{.reason = "MAX_REGENERATION_REACHED"}, Kind::Failed, "gave up"},
      {{.audio = true, .audible = true, .reason = "SOMETHING_NEW"}, Kind::Failed, "reason of its own"},
  };
  for (auto &[facts, kind, says] : rows) {
    auto warning = turn_warning (facts);
    fail_unless (warning.has_value (), "%s", says);
    fail_unless (warning->kind == kind, "%s", warning->message.c_str ());
    fail_if (warning->message.find (says) == std::string::npos, "'%s' does not say '%s'",
             warning->message.c_str (), says);
    fail_if (warning->message.find (": ") == std::string::npos, "no advice in '%s'",
             warning->message.c_str ());
    fail_if (warning->detail.find (facts.reason) == std::string::npos, "'%s'", warning->detail.c_str ());
  }
}
GST_END_TEST;

GEMINI_CHECK_MAIN (turn_verdict, an_answer_is_worth_no_word, a_function_may_be_called_in_silence,
                   what_is_no_answer_is_told_with_advice)
