#pragma once

#include <unistd.h>

#include <cstdarg>
#include <cstdlib>
#include <deque>
#include <initializer_list>
#include <sstream>
#include <string>

// After the headers of C++: it has a macro named like a method of every stream.
#include <gst/check/gstcheck.h>
#undef fail

namespace gemini::test {

/// One suite of plain tests; `names` is their list as it stands in the source.
inline Suite *make_suite (const char *suite_name, const char *names, std::initializer_list<TFun> tests)
{
  Suite *suite = suite_create (suite_name);
  TCase *cases = tcase_create (suite_name);
  suite_add_tcase (suite, cases);
  std::istringstream list (names);
  static std::deque<std::string> kept;  // the suite does not copy the names
  for (TFun test : tests) {
    std::getline (list >> std::ws, kept.emplace_back (), ',');
    _tcase_add_test (cases, test, kept.back ().c_str (), 0, 0, 0, 1);
  }
  return suite;
}

/// What a check that fails calls. In one process for all tests (CK_FORK=no) it ends the program: what the
/// test leaves running would otherwise be waited for at the end, for ever.
[[noreturn]] inline void assert_failed (const char *file, int line, const char *expression, ...)
{
  va_list arguments;
  va_start (arguments, expression);
  const char *format = va_arg (arguments, const char *);
  char *text = format != nullptr ? g_strdup_vprintf (format, arguments) : g_strdup (expression);
  va_end (arguments);
  if (g_strcmp0 (g_getenv ("CK_FORK"), "no") == 0) {
    g_printerr ("%s:%d: %s\n", file, line, text);
    _exit (EXIT_FAILURE);
  }
  (_ck_assert_failed) (file, line, expression, "%s", text, nullptr);
  abort ();  // the line above does not return
}

/// For texts that are temporaries; GstCheck's macro evaluates its arguments twice.
inline void check_text (const std::string &actual, const std::string &expected, const char *file, int line)
{
  if (actual != expected)
    _ck_assert_failed (file, line, "texts differ", "'%s' is not '%s'", actual.c_str (), expected.c_str (),
                       nullptr);
}

}  // namespace gemini::test

// The macros of GstCheck end in a function of this name.
#define _ck_assert_failed(...) gemini::test::assert_failed (__VA_ARGS__)

#define fail_unless_equals_text(actual, expected) \
  gemini::test::check_text (actual, expected, __FILE__, __LINE__)

/// GEMINI_CHECK_MAIN (base64, test_a, test_b): a `main ()` that runs these tests.
#define GEMINI_CHECK_MAIN(name, ...)                                             \
  int main (int argc, char **argv)                                               \
  {                                                                              \
    gst_check_init (&argc, &argv);                                               \
    auto *suite = gemini::test::make_suite (#name, #__VA_ARGS__, {__VA_ARGS__}); \
    return gst_check_run_suite (suite, #name, __FILE__);                         \
  }
