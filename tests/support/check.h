#pragma once

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

/// For texts that are temporaries; GstCheck's macro evaluates its arguments twice.
inline void check_text (const std::string &actual, const std::string &expected, const char *file, int line)
{
  if (actual != expected)
    _ck_assert_failed (file, line, "texts differ", "'%s' is not '%s'", actual.c_str (), expected.c_str (),
                       nullptr);
}

}  // namespace gemini::test

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
