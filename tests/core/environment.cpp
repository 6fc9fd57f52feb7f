#include "core/environment.h"

#include <map>

#include "support/check.h"

using Variables = std::map<std::string, std::string, std::less<>>;

static gemini::Environment environment (Variables variables)
{
  return [variables = std::move (variables)] (std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find (name);
    return found == variables.end () ? std::nullopt : std::optional (found->second);
  };
}

GST_START_TEST (the_google_key_goes_before_the_gemini_key)
{
  fail_unless (gemini::api_key (environment ({{"GOOGLE_API_KEY", "one"}, {"GEMINI_API_KEY", "two"}})) ==
               "one");
  fail_unless (gemini::api_key (environment ({{"GOOGLE_API_KEY", "one"}})) == "one");
  fail_unless (gemini::api_key (environment ({{"GEMINI_API_KEY", "two"}})) == "two");
}
GST_END_TEST;

GST_START_TEST (a_variable_of_blanks_counts_as_unset)
{
  for (const char *blank : {"", " ", " \t\r\n"})
    fail_unless (gemini::api_key (environment ({{"GOOGLE_API_KEY", blank}, {"GEMINI_API_KEY", "two"}})) ==
                 "two");
  fail_unless (gemini::api_key (environment ({{"GOOGLE_API_KEY", " "}, {"GEMINI_API_KEY", ""}})) ==
               std::nullopt);
}
GST_END_TEST;

GST_START_TEST (values_are_trimmed)
{
  fail_unless (gemini::api_key (environment ({{"GEMINI_API_KEY", " \tkey with blank\r\n"}})) ==
               "key with blank");
}
GST_END_TEST;

GST_START_TEST (no_variable_at_all_is_nothing)
{
  fail_unless (gemini::api_key (environment ({{"OTHER", "x"}})) == std::nullopt);
  fail_unless (gemini::first_set (environment ({{"A", "x"}}), {}) == std::nullopt);
}
GST_END_TEST;

GST_START_TEST (vertex_is_asked_for_by_the_newer_name_or_the_older)
{
  for (const char *yes : {"1", "true", "TRUE", " True "})
    for (const char *name : {"GOOGLE_GENAI_USE_ENTERPRISE", "GOOGLE_GENAI_USE_VERTEXAI"})
      fail_unless (gemini::wants_vertex (environment ({{name, yes}})), "%s=%s", name, yes);
  for (const char *no : {"", "0", "false", "yes"})
    fail_if (gemini::wants_vertex (environment ({{"GOOGLE_GENAI_USE_VERTEXAI", no}})), "%s", no);
  fail_if (gemini::wants_vertex (
      environment ({{"GOOGLE_GENAI_USE_ENTERPRISE", "false"}, {"GOOGLE_GENAI_USE_VERTEXAI", "true"}})));
}
GST_END_TEST;

GST_START_TEST (the_first_that_is_set_wins)
{
  const auto variables = environment ({{"B", "b"}, {"C", "c"}});
  fail_unless (gemini::first_set (variables, {"A", "B", "C"}) == "b");
  fail_unless (gemini::first_set (variables, {"C", "B"}) == "c");
}
GST_END_TEST;

GST_START_TEST (the_environment_of_the_process_is_read_when_asked)
{
  const auto process = gemini::process_environment ();
  g_unsetenv ("GST_GEMINI_TEST");
  fail_unless (process ("GST_GEMINI_TEST") == std::nullopt);
  g_setenv ("GST_GEMINI_TEST", " x ", TRUE);
  fail_unless (process ("GST_GEMINI_TEST") == " x ");
  fail_unless (process (std::string_view ("GST_GEMINI_TEST_OF_MORE").substr (0, 15)) == " x ");
  fail_unless (gemini::first_set (process, {"GST_GEMINI_TEST"}) == "x");
  g_unsetenv ("GST_GEMINI_TEST");
}
GST_END_TEST;

GEMINI_CHECK_MAIN (environment, the_google_key_goes_before_the_gemini_key,
                   a_variable_of_blanks_counts_as_unset, values_are_trimmed, no_variable_at_all_is_nothing,
                   vertex_is_asked_for_by_the_newer_name_or_the_older, the_first_that_is_set_wins,
                   the_environment_of_the_process_is_read_when_asked)
