// Whatever a server gives as its reason becomes a sentence, a detail without secrets and bounded advice.
//
// The first two bytes are a code or status, the third chooses, the next line is a reason, the rest a body.

#include "core/close_error.h"

#include "core/resume.h"
#include "fuzz/fuzz.h"

using namespace gemini;
using fuzz::expect;

namespace {

constexpr std::string_view kKey = "AIzaSECRETSECRET";

void check_error (const Error &error)
{
  expect (!error.message.empty () && error.message.size () < 300, "an error is one sentence");
  expect (fuzz::is_utf8 (error.message) && fuzz::is_utf8 (error.detail), "an error can be logged");
  expect (error.detail.find (kKey) == std::string::npos, "a key is masked");
  expect (error.detail.size () < 5000, "a detail is bounded");
}

void check_delays (const RetryAdvice &advice)
{
  const RetryPolicy policy;
  for (unsigned failed = 1; failed < 6; failed++) {
    const auto delay = retry_delay (policy, advice, failed, 0.5);
    expect (!delay || advice.helps, "what does not help is not tried");
    expect (!delay || failed <= 3, "there are no more retries than asked for");
    expect (!delay || (delay->count () >= 0 && delay->count () <= 60'000), "a delay is within the policy");
    expect (!delay || !advice.delay_seconds || delay->count () + 1 >= *advice.delay_seconds * 1000,
            "the server's own delay is kept");
  }
  for (unsigned failed : {1U, 70U, 4'000'000'000U}) {
    const auto delay = retry_delay ({.retries = -1}, advice, failed, 1);
    expect (!delay || (delay->count () > 0 && delay->count () <= 60'000),
            "without end, but not without pause");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  fuzz::Input input (bytes, size);
  const auto high = input.byte ();
  const auto code = high * 256 + input.byte ();
  const auto choice = input.byte ();
  const auto reason = input.line ();
  const auto body = input.rest ();

  const auto phase = static_cast<ClosePhase> (choice % 3);
  const auto closed = close_error ({.error = {}, .code = code, .reason = reason}, phase);
  check_error (closed);
  check_error (close_error ({.error = closed, .code = 1000, .reason = ""}, phase));
  expect (closed.close_code == code, "the code is kept");
  for (unsigned bits = 0; bits < 16; bits++)
    check_delays (resume_advice ({.error = closed,
                                  .was_ready = (bits & 1) != 0,
                                  .ever_ready = (bits & 2) != 0,
                                  .with_handle = (bits & 4) != 0,
                                  .again_1011 = (bits & 8) != 0})
                      .retry);

  const auto status = code % 1000;
  const auto http = http_error (status, reason, body);
  check_error (http);
  expect (http.http_status == status, "the status is kept");
  expect (fuzz::is_utf8 (http.service_status), "a status is a name");
  check_delays (http.retry);
  check_delays (retry_advice (status, body));

  const auto masked = mask_secrets (body);
  expect (masked.find (kKey) == masked.npos, "a key is masked wherever it stands");
  expect (mask_secrets (masked) == masked, "what is masked once stays as it is");
  return 0;
}
