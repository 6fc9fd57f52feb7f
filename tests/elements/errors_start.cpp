// What fails before anybody answers: settings, addresses, credentials, TLS.

#include "elements/failure.h"
#include "support/certificate.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Server;

namespace {

constexpr size_t kAnswer = 9600;

stand_in::Options burst () { return {.counter_frames = kAnswer, .pace = {.speed = 0, .playback = 0}}; }

/// One property that is wrong, and the value that puts it right; null: the default.
struct Case {
  const char *property;
  const char *wrong;
  Failure failure;
  const char *right = nullptr;
};

constexpr Case kSettings[] = {
    {"endpoint",
     "http://generativelanguage.googleapis.com",
     {Domain::Resource, GST_RESOURCE_ERROR_SETTINGS, "must begin with https://"}},
    {"endpoint", "no url", {Domain::Resource, GST_RESOURCE_ERROR_SETTINGS, "set it to https://"}},
    {"endpoint", "ftp://127.0.0.1", {Domain::Resource, GST_RESOURCE_ERROR_SETTINGS, "begin with https://"}},
    {"endpoint",
     "https://AIzaSyCANARY@127.0.0.1",
     {Domain::Resource, GST_RESOURCE_ERROR_SETTINGS, "set api-key or access-token"}},
    {"endpoint",
     "https://127.0.0.1/?key=AIzaSyCANARY",
     {Domain::Resource, GST_RESOURCE_ERROR_SETTINGS, "belongs into api-key"}},
    {"api-version", "v1/../v2", {Domain::Resource, GST_RESOURCE_ERROR_SETTINGS, "such as v1beta"}, "v1beta"},
    {"api-key",
     "AIzaSyCANARY\r\nHost: x",
     {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "check api-key"}},
    {"access-token",
     "auth_tokens/CANARY with blanks",
     {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "check access-token"}},
    {"setup", "{\"a\":", {Domain::Resource, GST_RESOURCE_ERROR_SETTINGS, "setup property", "too early"}},
    {"setup", "[1]", {Domain::Resource, GST_RESOURCE_ERROR_SETTINGS, "setup property", "begin with '{'"}},
    {"prompt", "\xff\xfe", {Domain::Resource, GST_RESOURCE_ERROR_SETTINGS, "in prompt is not UTF-8"}, "Hi"},
    {"voice", "K\xc3", {Domain::Resource, GST_RESOURCE_ERROR_SETTINGS, "in voice is not UTF-8"}},
    {"system-instruction",
     "\xc0\x80",
     {Domain::Resource, GST_RESOURCE_ERROR_SETTINGS, "in system-instruction is not UTF-8"}},
};

/// Refused by the server, whom it takes a credential or a name to refuse.
constexpr Case kRefused[] = {
    {"api-key",
     "bad-key",
     {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "key was refused: check api-key", "code 1007"}},
    {"api-key",
     "expired-key",
     {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "key has expired: renew it", "code 1007"}},
    {"access-token",
     "bad-token",
     {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "check", "close code"}},
    {"model",
     "gemini-0-mute",
     {Domain::Resource, GST_RESOURCE_ERROR_NOT_FOUND, "check the model property", "1008: models/gemini-0"},
     "gemini-3.8-live"},
    {"setup",
     R"({"futureField":1})",
     {Domain::Resource, GST_RESOURCE_ERROR_SETTINGS, "check the setup property", "futureField"}},
};

}  // namespace

GST_START_TEST (a_wrong_setting_fails_at_once_and_reaches_nobody)
{
  for (auto &row : kSettings)
    for (bool live : {true, false}) {
      Server server (burst ());
      Source source (server);
      source.set ("is-live", live).set ("api-key", kSecretKey).set (row.property, row.wrong);
      fail_unless (source.set_state (GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE, "%s", row.wrong);
      check_failure (messages_of (source.element), row.failure);
      fail_unless_equals_text (source.states (), "");
      fail_unless_equals_int (server.record ().requests.size (), 0);

      source.set (row.property, row.right);
      source.set ("endpoint", server.uri ().c_str ());
      check_plays_again (source, live, counter_samples (kAnswer));
    }
}
GST_END_TEST;

GST_START_TEST (without_a_key_google_is_not_even_asked)
{
  Server server (burst ());
  Source source (server);
  source.set ("endpoint", static_cast<const char *> (nullptr));
  fail_unless (source.set_state (GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE);
  check_failure (messages_of (source.element), {Domain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED,
                                                "No API key: set api-key or GEMINI_API_KEY"});
  fail_unless_equals_text (source.states (), "");
  fail_unless_equals_text (source.recorder->order (), "");
  source.set ("endpoint", server.uri ().c_str ());
  check_plays_again (source, true, counter_samples (kAnswer));
}
GST_END_TEST;

GST_START_TEST (what_the_server_refuses_is_named)
{
  for (auto &row : kRefused)
    for (bool live : {true, false}) {
      Server server (burst ());
      Source source (server);
      source.set ("is-live", live).set (row.property, row.wrong);
      source.play ();
      run_to_eos (source, live);
      check_failure (messages_of (source.element), row.failure);
      fail_unless (source.recorder->speech ().empty ());

      source.set (row.property, row.right);
      check_plays_again (source, live, counter_samples (kAnswer));
    }
}
GST_END_TEST;

/// `endpoint` leads nowhere; then to a server.
static void check_unreachable (const std::string &endpoint, const Failure &failure)
{
  for (bool live : {true, false}) {
    Source source (endpoint);
    source.set ("is-live", live).set ("access-token", kSecretToken);
    source.play ();
    run_to_eos (source, live);
    check_failure (messages_of (source.element), failure);

    Server server (burst ());
    source.set ("endpoint", server.uri ().c_str ());
    check_plays_again (source, live, counter_samples (kAnswer));
  }
}

GST_START_TEST (nobody_at_home_is_told)
{
  std::string endpoint;
  {
    Server gone;
    endpoint = gone.uri ();
  }
  check_unreachable (endpoint, {Domain::Resource, GST_RESOURCE_ERROR_OPEN_READ,
                                "check the network and the endpoint", "refused"});
}
GST_END_TEST;

GST_START_TEST (a_name_that_nobody_knows_is_told)
{
  check_unreachable ("https://gemini.invalid", {Domain::Resource, GST_RESOURCE_ERROR_NOT_FOUND,
                                                "cannot be found: check the network and the endpoint"});
}
GST_END_TEST;

GST_START_TEST (a_certificate_that_nobody_signed_is_not_trusted)
{
  Certificate certificate;
  if (!certificate.usable ()) {
    g_print ("neither openssl nor a TLS backend here: nothing to test\n");
    return;
  }
  Server server ({.tls_certificate = certificate.file ()});
  check_unreachable (server.uri (), {Domain::Resource, GST_RESOURCE_ERROR_OPEN_READ,
                                     "cannot be trusted (TLS): check the endpoint", "certificate"});
  fail_unless_equals_int (server.record ().requests.size (), 0);  // no header has left
}
GST_END_TEST;

GEMINI_CHECK_MAIN (errors_start, a_wrong_setting_fails_at_once_and_reaches_nobody,
                   without_a_key_google_is_not_even_asked, what_the_server_refuses_is_named,
                   nobody_at_home_is_told, a_name_that_nobody_knows_is_told,
                   a_certificate_that_nobody_signed_is_not_trusted)
