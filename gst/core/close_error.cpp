#include "core/close_error.h"

#include "core/json.h"
#include "core/text.h"

namespace gemini {

namespace {

using enum Error::Kind;

/// Close codes begin at 1000 and HTTP statuses end below, so one range names either.
struct Codes {
  unsigned first;
  unsigned last;
};
constexpr Codes kAny{0, 65535};
constexpr Codes range (unsigned first, unsigned last) { return {first, last}; }
constexpr Codes only (unsigned code) { return {code, code}; }

/// Whether a sentence tells in which phase it happened: for what can end a session at any time.
enum class When { Untold, Told };
using enum When;

/// One thing that is known to go wrong. The sentence is "`what`: `advice`".
struct Row {
  Codes codes;
  std::string_view words;  ///< somewhere in the reason or the body, in any case; empty: anything
  Error::Kind kind;
  std::string_view what;
  std::string_view advice;
  When when = Untold;
};

constexpr std::string_view kKeyRefused = "The API key was refused";
constexpr std::string_view kCheckKey = "check api-key, GOOGLE_API_KEY and GEMINI_API_KEY";
constexpr std::string_view kNoQuota = "The quota is used up, or too many sessions are open";
constexpr std::string_view kCheckQuota = "wait a while, close other sessions, or check plan and billing";
constexpr std::string_view kNoModel = "Gemini does not know the model or it does not speak through this API";
constexpr std::string_view kCheckModel = "check the model property";
constexpr std::string_view kNoSession = "Gemini does not know the session that was to be resumed";

/// The first row that fits says what happened, so words come before codes and the last row fits everything.
///
/// A reason is cut off after 123 bytes and may come with another code than the usual one: where its words say
/// enough, the code is left open, and the words are taken from the beginning of the text. Bodies of HTTP
/// errors repeat the same words, with the reason of the `ErrorInfo` and the canonical status besides.
constexpr Row kRows[] = {
    // the key and whom it belongs to
    {kAny, "API key expired", Unauthorized, "The API key has expired",
     "renew it and set api-key or GEMINI_API_KEY"},
    {kAny, "API key not valid", Unauthorized, kKeyRefused, kCheckKey},
    {kAny, "API_KEY_INVALID", Unauthorized, kKeyRefused, kCheckKey},
    {kAny, "User location is not supported", Unauthorized,
     "Gemini is not offered in the region of this computer", "connect from a region that it is offered in"},
    {only (400), "FAILED_PRECONDITION", Unauthorized, "Gemini is not offered to the project of this key",
     "check the project's region and billing"},

    // how much of it
    {only (429), "PerDay", Busy, "The quota of the day is used up",
     "wait for the next day, or check plan and billing"},
    {kAny, "exceeded your current quota", Busy, kNoQuota, kCheckQuota},
    {kAny, "service is currently unavailable", Busy, "Gemini is overloaded", "try again in a while"},

    // what was asked for; the third finds a model by a name so long that the rest was cut off
    {kAny, "is not found for API version", NotFound, kNoModel, kCheckModel},
    {kAny, "is not supported for bidiGenerateContent", NotFound, kNoModel, kCheckModel},
    {only (1008), "models/", NotFound, kNoModel, kCheckModel},
    {kAny, "Invalid session handle", Read, kNoSession, "start a new one"},
    {kAny, "session not found", Read, kNoSession, "start a new one"},
    {kAny, "Requested entity was not found", NotFound, "Gemini does not find something that was asked for",
     "check the model and voice properties, or start a new session if one was to be resumed"},
    {kAny, "Unknown name", Settings, "Gemini does not know a field that was sent",
     "check the setup property, and whether the api-version knows the field"},
    {kAny, "contains an invalid argument", Settings, "Gemini refused a value or a combination of settings",
     "check model, voice, language and setup, or start a new session if this one is long"},
    {kAny, "Operation is not implemented", Settings,
     "The model does not support something that was asked for", "check the model and setup properties"},

    // what happens to the best of sessions
    {kAny, "operation was aborted", Read, "Gemini aborted the connection", "try again", Told},
    {only (1008), "Request trace id", Read, "Gemini failed", "try again", Told},
    {only (1011), "Deadline expired", Read, "The connection reached the age at which Gemini ends it",
     "connect again", Told},
    {only (1011), "Internal error", Read, "Gemini had an internal error",
     "try again, and check the model and setup properties if it stays", Told},

    // HTTP statuses
    {range (0, 399), "", Connect, "The endpoint does not speak the protocol of Gemini",
     "check the endpoint property"},
    {only (400), "", Settings, "Gemini refused the request",
     "check the endpoint, model, voice and setup properties"},
    {only (401), "", Unauthorized, "The API key or access token was refused",
     "renew it and set api-key, GEMINI_API_KEY or access-token"},
    {only (403), "", Unauthorized, "The API key or access token may not use Gemini",
     "check its rights, and that the API is enabled in its project"},
    {only (404), "", NotFound, "The endpoint does not know the path of the API",
     "check the endpoint, api-version and model properties"},
    {only (407), "", Unauthorized, "The proxy asks for a user and password",
     "set proxy, proxy-id and proxy-pw"},
    {only (408), "", Read, "The server waited too long for the request", "check the network, then try again"},
    {only (429), "", Busy, kNoQuota, kCheckQuota},
    {range (400, 499), "", Connect, "The endpoint refused the connection", "check the endpoint property"},
    {only (500), "", Read, "Gemini had an internal error", "try again"},
    {only (502), "", Read, "A gateway on the way to Gemini failed", "try again"},
    {only (503), "", Busy, "Gemini is overloaded", "try again in a while"},
    {only (504), "", Read, "Gemini took too long to answer", "try again, with a shorter prompt if it stays"},
    {range (500, 999), "", Read, "The server failed", "try again"},

    // close codes
    {only (1000), "", Read, "Gemini ended the session",
     "start a new one; it may have reached its limit of time or tokens", Told},
    {only (1001), "", Read, "The server went away", "connect again", Told},
    {range (1005, 1006), "", Read, "The connection was lost", "check the network, then try again", Told},
    {only (1007), "", Settings, "Gemini refused what it was sent",
     "check the properties, setup and api-version above all"},
    {only (1008), "", Read, "Gemini refused to go on", "look into the debug details", Told},
    {only (1009), "", Read, "A message was too large", "send less at once"},
    {only (1011), "", Read, "Gemini failed", "try again", Told},
    {range (1012, 1013), "", Busy, "Gemini is overloaded or restarting", "try again in a while"},
    {only (1014), "", Read, "A gateway on the way to Gemini failed", "try again", Told},
    {only (1015), "", Connect, "The TLS connection failed",
     "check the clock and certificates of this computer"},
    {kAny, "", Read, "The connection was closed", "look into the debug details", Told},
};

constexpr size_t kMaxBody = 16 * 1024;  // more is no error of an API
constexpr size_t kMaxWords = 1000;      // of the server's in a detail

const Row &row_for (unsigned code, std::string_view text)
{
  const Row *row = kRows;
  while (code < row->codes.first || code > row->codes.last || !contains_ignoring_case (text, row->words))
    ++row;
  return *row;
}

std::string_view moment (ClosePhase phase)
{
  switch (phase) {
    case ClosePhase::SettingUp:
      return " before the session was ready";
    case ClosePhase::Idle:
      return " between two turns";
    case ClosePhase::InTurn:
      return " in the middle of a turn";
  }
  return "";
}

std::string sentence (const Row &row, std::string_view when)
{
  std::string text (row.what);
  if (row.when == Told)
    text += when;
  return text.append (": ").append (row.advice);
}

/// The server's words as a log can take them: valid UTF-8, not endless, without secrets.
std::string quotable (std::string_view words)
{
  const std::string some (trim (words).substr (0, kMaxWords));
  const CharPtr valid (g_utf8_make_valid (some.data (), static_cast<gssize> (some.size ())));
  return mask_secrets (valid.get ());
}

/// What an error body holds in its `error` object; empty if it is something else.
struct ServiceError {
  std::string status;
  std::string message;
};

ServiceError read_service_error (std::string_view body)
{
  // Without `alt=sse`, a stream answers with an array, of which the error is the only element.
  const size_t begin = body.find ('{');
  const size_t end = body.rfind ('}');
  if (begin == body.npos || end == body.npos || end < begin)
    return {};
  auto parsed = parse_json_object (body.substr (begin, end - begin + 1));
  auto *root = std::get_if<JsonNodePtr> (&parsed);
  if (!root)
    return {};
  JsonReader reader (JsonReader (json_node_get_object (root->get ())).object ("error"));
  return {.status = std::string (reader.string ("status").value_or ("")),
          .message = std::string (reader.string ("message").value_or (""))};
}

}  // namespace

Error close_error (const Closure &closure, ClosePhase phase)
{
  if (closure.error)
    return *closure.error;

  const Row &row = row_for (closure.code, closure.reason);
  Error error{.kind = row.kind, .message = sentence (row, moment (phase)), .close_code = closure.code};
  error.detail = "close code " + std::to_string (closure.code);
  if (const auto words = quotable (closure.reason); !words.empty ())
    error.detail += ": " + words;
  return error;
}

Error http_error (unsigned status, std::string_view reason_phrase, std::string_view body)
{
  body = body.substr (0, kMaxBody);
  const Row &row = row_for (status, body);
  ServiceError service = read_service_error (body);

  Error error{.kind = row.kind, .message = sentence (row, ""), .http_status = status};
  error.detail = "HTTP " + std::to_string (status);
  if (const auto words = quotable (reason_phrase); !words.empty ())
    error.detail += " " + words;
  if (!service.status.empty ())
    error.detail += ", " + quotable (service.status);
  if (const auto words = quotable (service.message.empty () ? body : service.message); !words.empty ())
    error.detail += ": " + words;
  error.retry = retry_advice (status, body);
  error.service_status = std::move (service.status);
  return error;
}

std::string mask_secrets (std::string_view text)
{
  // A name is kept, so that a reader sees what was there; a value without one is known by its beginning: the
  // keys of Google, new and old, and its OAuth tokens. No \w, \s or \b: to GLib these are Latin-1, and would
  // cut a character of UTF-8 in two.
  static GRegex *const secrets = g_regex_new (
      "((?i:(?:key|access_token)=[\"']?|x-goog-api-key: *|auth_tokens/|Bearer +))[^ \\t-\\r&\"'<>,;)]+"
      "|AIza[A-Za-z0-9_-]*|(?<![A-Za-z0-9_])(?:ya29\\.[A-Za-z0-9_.-]*|AQ\\.[A-Za-z0-9_-]{8,})",
      static_cast<GRegexCompileFlags> (G_REGEX_RAW | G_REGEX_OPTIMIZE), static_cast<GRegexMatchFlags> (0),
      nullptr);
  const std::string copy (text);
  const CharPtr masked (g_regex_replace (secrets, copy.c_str (), static_cast<gssize> (copy.size ()), 0,
                                         "\\1***", static_cast<GRegexMatchFlags> (0), nullptr));
  return masked ? masked.get () : "***";  // rather nothing than something unmasked
}

}  // namespace gemini
