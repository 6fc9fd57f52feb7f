// When the events of an answer over HTTP are due; no clock runs here.
#include "client.h"
#include "stand-in/http/route.h"
#include "stand-in/tts/response.h"
#include "support/check.h"

using namespace gemini::stand_in;

/// Of an answer of 400 ms in four chunks to a text of ten characters, in ms.
static std::vector<int64_t> times (const Pace &pace, const TtsRequest &request)
{
  std::minstd_rand random;
  std::vector<int64_t> times;
  for (const TtsStep &step :
       plan_tts (request, counter_samples (9600), {.pace = pace, .shape = {.chunks = {2400}}}, random))
    times.push_back (step.at.count () / 1000);
  return times;
}

GST_START_TEST (events_leave_at_the_pace_asked_for)
{
  using Times = std::vector<int64_t>;
  const TtsRequest request{.streaming = true, .text = "0123456789"};
  fail_unless (times ({.speed = 2.5}, request) == (Times{0, 40, 80, 120, 120}));
  fail_unless (times ({.speed = 0}, request) == (Times{0, 0, 0, 0, 0}));
  fail_unless (times ({.speed = 1, .first_chunk_delay = std::chrono::milliseconds (7)}, request) ==
               (Times{7, 107, 207, 307, 307}));
}
GST_END_TEST;

GST_START_TEST (a_longer_text_takes_longer_to_begin)
{
  const Pace pace{.speed = 0, .first_chunk_delay = std::chrono::milliseconds (5), .per_character = 2.5};
  fail_unless_equals_int (times (pace, {.streaming = true, .text = "0123456789"}).front (), 30);
  fail_unless_equals_int (times (pace, {.streaming = true, .text = "öäüßöäüßöä"}).front (), 30);
  fail_unless_equals_int (times (pace, {.streaming = true, .text = "0"}).front (), 7);
}
GST_END_TEST;

GST_START_TEST (what_comes_at_once_comes_when_all_of_it_is_there)
{
  const Pace pace{.speed = 2.5};
  const std::vector<int64_t> end = {120};
  fail_unless (times (pace, {.streaming = false, .text = "x"}) == end);
  fail_unless (times (pace, {.family = TtsFamily::Tts25, .streaming = true, .text = "x"}) == end);
}
GST_END_TEST;

GST_START_TEST (an_answer_ends_at_the_limit_of_its_tokens)
{
  std::minstd_rand random;
  const auto steps = plan_tts ({.streaming = true, .text = "x", .max_tokens = 8}, counter_samples (24000),
                               {.shape = {.chunks = {4800}}}, random);
  fail_unless_equals_int (steps.back ().frames, 6000);
  fail_unless_reads (steps.back ().event.finish_reason, "MAX_TOKENS");
}
GST_END_TEST;

GST_START_TEST (directions_and_tags_are_not_read)
{
  const auto words = [] (const char *text, TtsFamily family) {
    return words_to_read ({.family = family, .text = text});
  };
  fail_unless_reads (words ("Say sadly: [sigh] No [1] <x>.", TtsFamily::Tts31), " No [1] <x>.");
  fail_unless_reads (words ("Say sadly: <sigh> No [x] < 1 >", TtsFamily::Tts38), "Say sadly:  No [x] < 1 >");
  fail_unless_reads (words ("Note: [sigh", TtsFamily::Tts25), "Note: [sigh");
}
GST_END_TEST;

GST_START_TEST (paths_say_version_model_and_method)
{
  const Route plain = find_route ("/v1beta/models/gemini-x:generateContent");
  fail_unless (plain.service == Route::Service::Tts && !plain.vertex && !plain.streaming);
  fail_unless_reads (plain.version + " " + plain.model, "v1beta models/gemini-x");
  const std::string full = "projects/p/locations/l/publishers/google/models/x";
  const Route vertex = find_route ("//v1beta1/" + full + ":streamGenerateContent");
  fail_unless (vertex.service == Route::Service::Tts && vertex.vertex && vertex.streaming);
  fail_unless_reads (vertex.model, full);
  for (const char *path : {"/v1alpha/models/x:streamGenerateContent", "/v1/models/x:generateContent",
                           "/v1/publishers/google/models/x:generateContent"})
    fail_unless (find_route (path).service == Route::Service::Tts, "%s", path);
  fail_unless (find_route ("/gw/v1beta/models/x:generateContent", "/gw").service == Route::Service::Tts);
}
GST_END_TEST;

GST_START_TEST (other_paths_are_unknown)
{
  for (const char *path :
       {"/", "/v1beta", "/v2/models/x:generateContent", "/v1beta/models/x", "/v1beta/models/:generateContent",
        "/v1beta/models/x:countTokens", "/v1beta/models/x/y:generateContent",
        "/v1beta1/models/x:generateContent", "/v1beta1/projects/p/models/x:generateContent",
        "/v1beta1/projects//locations/l/publishers/google/models/x:generateContent"})
    fail_unless (find_route (path).service == Route::Service::Unknown, "%s", path);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (tts_plan, events_leave_at_the_pace_asked_for, a_longer_text_takes_longer_to_begin,
                   what_comes_at_once_comes_when_all_of_it_is_there,
                   an_answer_ends_at_the_limit_of_its_tokens, directions_and_tags_are_not_read,
                   paths_say_version_model_and_method, other_paths_are_unknown)
