#include "core/resume.h"

#include "core/text.h"

namespace gemini {
namespace {

ResumeAdvice of_code (const LostConnection &lost, unsigned code)
{
  constexpr RetryAdvice kHelps{.helps = true};
  constexpr RetryAdvice kHelpsOnce{.helps = true, .once = true};
  auto says = [&] (std::string_view words) { return contains_ignoring_case (lost.error.detail, words); };
  const bool handle_refused = lost.with_handle && !lost.was_ready;
  if (lost.error.kind == Error::Kind::Unauthorized)
    return {};
  switch (code) {
    case 1000:  // not by us: its time or tokens are used up
    case 1001:
    case 1005:
    case 1006:
    case 1012:
    case 1013:
    case 1014:
      return {kHelps};
    case 1007:
      if (handle_refused)
        return {kHelps, true};
      return {};
    case 1008:
      if (handle_refused)
        return {kHelps, true};
      if (says ("operation was aborted") || says ("Request trace id"))
        return {kHelps};
      return {lost.was_ready && lost.error.kind != Error::Kind::NotFound ? kHelpsOnce : RetryAdvice{}};
    case 1011:
      // A handle of another model is refused like this, too.
      if (says ("quota"))
        return {};
      return {kHelps, lost.again_1011};
    case 1015:
      return {lost.ever_ready ? kHelps : RetryAdvice{}};
    default:
      return {};
  }
}

}  // namespace

ResumeAdvice resume_advice (const LostConnection &lost)
{
  auto &error = lost.error;
  if (error.http_status)
    return {error.retry};
  if (error.close_code)
    return of_code (lost, *error.close_code);
  if (error.kind == Error::Kind::Connect)
    return {{.helps = lost.ever_ready}};
  // A server that says nothing any more may do so again: each time costs a whole timeout.
  if (error.kind == Error::Kind::Read)
    return {{.helps = lost.ever_ready, .once = true}};
  return {};
}

}  // namespace gemini
