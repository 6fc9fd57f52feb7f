#include "core/endpoint.h"

#include "support/check.h"

using gemini::Access;
using gemini::Error;
using gemini::Target;

#define METHOD "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent"

static Target target (const Access &access)
{
  auto result = gemini::live_target (access);
  if (auto *error = std::get_if<Error> (&result))
    ck_abort_msg ("%s: %s", access.endpoint.c_str (), error->message.c_str ());
  return std::get<Target> (result);
}

static std::string uri (const std::string &endpoint)
{
  return target ({.endpoint = endpoint, .api_key = "KEY"}).uri;
}

/// All headers in one line, as a person would write them.
static std::string headers (const Access &access)
{
  std::string line;
  for (const auto &[name, value] : target (access).headers)
    line += name + ": " + value + ";";
  return line;
}

static Error refusal (const Access &access)
{
  auto result = gemini::live_target (access);
  fail_unless (std::holds_alternative<Error> (result), "%s is accepted", access.endpoint.c_str ());
  return std::get<Error> (result);
}

static void fail_unless_refused (const char *endpoint, const char *words)
{
  const Error error = refusal ({.endpoint = endpoint, .api_key = "KEY"});
  fail_unless (error.kind == Error::Kind::Settings, "%s", endpoint);
  fail_unless (error.message.find (words) != std::string::npos, "%s: %s", endpoint, error.message.c_str ());
}

GST_START_TEST (no_endpoint_means_the_one_of_google)
{
  fail_unless_equals_text (uri (""), "wss://generativelanguage.googleapis.com" METHOD);
}
GST_END_TEST;

GST_START_TEST (web_schemes_become_websocket_schemes)
{
  fail_unless_equals_text (uri ("https://gateway.example"), "wss://gateway.example" METHOD);
  fail_unless_equals_text (uri ("wss://gateway.example"), "wss://gateway.example" METHOD);
  fail_unless_equals_text (uri ("HTTPS://gateway.example"), "wss://gateway.example" METHOD);
  fail_unless_equals_text (uri ("http://localhost"), "ws://localhost" METHOD);
  fail_unless_equals_text (uri ("ws://localhost"), "ws://localhost" METHOD);
}
GST_END_TEST;

GST_START_TEST (port_and_path_are_kept_with_one_slash_between)
{
  for (const char *endpoint : {"https://gateway.example:8443/a/b", "https://gateway.example:8443/a/b/",
                               "https://gateway.example:8443/a/b//"})
    fail_unless_equals_text (uri (endpoint), "wss://gateway.example:8443/a/b" METHOD);
  for (const char *endpoint : {"https://gateway.example/", "https://gateway.example//"})
    fail_unless_equals_text (uri (endpoint), "wss://gateway.example" METHOD);
  fail_unless_equals_text (uri ("https://gateway.example/a%2Fb%20c"),
                           "wss://gateway.example/a%2Fb%20c" METHOD);
}
GST_END_TEST;

GST_START_TEST (a_host_name_may_be_international)
{
  fail_unless_equals_text (uri ("https://b\xc3\xbc.example"), "wss://xn--b-eha.example" METHOD);
}
GST_END_TEST;

GST_START_TEST (the_version_is_in_the_path)
{
  const auto alpha = target ({.api_version = "v1alpha", .api_key = "KEY"});
  fail_unless_equals_text (alpha.uri,
                           "wss://generativelanguage.googleapis.com/ws/"
                           "google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContent");
  fail_unless_equals_text (target ({.api_version = "", .api_key = "KEY"}).uri, uri (""));
}
GST_END_TEST;

GST_START_TEST (a_version_cannot_change_the_request)
{
  for (const char *version :
       {"v1/../x", "v1?key=1", "v1#", "v1 beta", "v1\r\nx", "v1.beta", "v1%2f", "\xc3\xa9"})
    fail_unless (refusal ({.api_version = version, .api_key = "KEY"}).kind == Error::Kind::Settings, "%s",
                 version);
}
GST_END_TEST;

GST_START_TEST (plain_connections_stay_on_this_computer)
{
  for (const char *host : {"localhost", "LocalHost:8080", "a.localhost", "a.b.localhost:1", "127.0.0.1",
                           "127.0.0.1:8080", "127.255.255.254"}) {
    const std::string expected = std::string ("ws://") + host + METHOD;
    fail_unless_equals_text (uri (std::string ("http://") + host), expected);
    fail_unless_equals_text (uri (std::string ("ws://") + host + "/"), expected);
  }
}
GST_END_TEST;

GST_START_TEST (the_loopback_address_of_ipv6_keeps_its_brackets)
{
  fail_unless_equals_text (uri ("http://[::1]:8080/x"), "ws://[::1]:8080/x" METHOD);
  fail_unless_equals_text (uri ("ws://[::1]"), "ws://[::1]" METHOD);
}
GST_END_TEST;

GST_START_TEST (a_key_does_not_travel_in_the_clear)
{
  for (const char *endpoint : {"http://gateway.example",
                               "ws://gateway.example",
                               "http://localhost.example",
                               "http://127.0.0.1.example",
                               "http://127.0.0.1.",
                               "http://127.1",
                               "http://127.0.0.256",
                               "http://128.0.0.1",
                               "http://0.0.0.0",
                               "http://10.0.0.1",
                               "http://[::2]",
                               "http://[::]",
                               "http://[fe80::1]",
                               "http://[::ffff:10.0.0.1]",
                               "http://notlocalhost",
                               "http://.localhost.example",
                               "http://.localhost",
                               "http://xlocalhost",
                               "http://127.example",
                               "http://localhost%2eexample",
                               "http://0177.0.0.1",
                               "http://2130706433"})
    fail_unless_refused (endpoint, "does not travel in the clear");
}
GST_END_TEST;

GST_START_TEST (not_even_without_a_key_is_a_remote_host_spoken_to_in_the_clear)
{
  fail_unless (refusal ({.endpoint = "http://gateway.example"}).kind == Error::Kind::Settings);
}
GST_END_TEST;

GST_START_TEST (an_endpoint_holds_no_secret)
{
  for (const char *endpoint :
       {"https://user@gateway.example", "https://user:secret@gateway.example",
        "http://localhost@gateway.example", "http://localhost:80@gateway.example/",
        "http://gateway.example@localhost", "https://@gateway.example", "http://localhost\\@gateway.example"})
    fail_unless_refused (endpoint, "user or password");
  for (const char *endpoint : {"https://gateway.example?key=secret", "https://gateway.example/a?",
                               "https://h#secret", "https://gateway.example/#"})
    fail_unless_refused (endpoint, "query or fragment");
}
GST_END_TEST;

GST_START_TEST (an_endpoint_that_is_no_url_is_refused)
{
  for (const char *endpoint :
       {"gateway.example", "/path", "//gateway.example", "https://", "https:///path", "https:",
        "https://gateway.example:port", "https://gateway.example:99999", "https://[::1", " ", "https://a b",
        "https://a/b c", "https://a/b\r\nx: y", "https:gateway.example", "http://gateway%2f.localhost",
        "http://gateway%23.localhost", "http://gateway%3f.localhost", "http://a%00.localhost"})
    fail_unless_refused (endpoint, "is no URL");
  for (const char *endpoint : {"ftp://gateway.example", "file://localhost/etc", "gateway://x"})
    fail_unless_refused (endpoint, "unknown scheme");
}
GST_END_TEST;

GST_START_TEST (a_refused_endpoint_is_not_quoted)
{
  for (const char *endpoint : {"https://user:hush@gateway.example", "https://gateway.example?key=hush",
                               "https://user:hu/sh@gateway.example:hush", "ftp://hush", "http://hush"}) {
    const Error error = refusal ({.endpoint = endpoint, .api_key = "KEY"});
    fail_unless ((error.message + error.detail).find ("hush") == std::string::npos, "%s",
                 error.message.c_str ());
  }
}
GST_END_TEST;

GST_START_TEST (a_key_is_shown_in_a_header_and_never_in_the_uri)
{
  fail_unless_equals_text (headers ({.api_key = "KEY"}), "x-goog-api-key: KEY;");
  fail_unless (target ({.api_key = "KEY"}).uri.find ("KEY") == std::string::npos);
  fail_unless (target ({.access_token = "auth_tokens/SECRET"}).uri.find ("SECRET") == std::string::npos);
}
GST_END_TEST;

GST_START_TEST (an_ephemeral_token_uses_the_constrained_method)
{
  const Access access{.access_token = "auth_tokens/abc"};
  fail_unless_equals_text (headers (access), "Authorization: Token auth_tokens/abc;");
  fail_unless_equals_text (target (access).uri,
                           "wss://generativelanguage.googleapis.com" METHOD "Constrained");
}
GST_END_TEST;

GST_START_TEST (another_token_is_a_bearer)
{
  const Access access{.access_token = "abc"};
  fail_unless_equals_text (headers (access), "Authorization: Bearer abc;");
  fail_unless_equals_text (target (access).uri, uri (""));
}
GST_END_TEST;

GST_START_TEST (a_token_wins_over_a_key)
{
  fail_unless_equals_text (headers ({.api_key = "KEY", .access_token = "abc"}), "Authorization: Bearer abc;");
  fail_unless_equals_text (headers ({.api_key = "KEY", .access_token = "auth_tokens/abc"}),
                           "Authorization: Token auth_tokens/abc;");
}
GST_END_TEST;

GST_START_TEST (blanks_around_a_credential_are_not_part_of_it)
{
  fail_unless_equals_text (headers ({.api_key = " KEY\n"}), "x-goog-api-key: KEY;");
  fail_unless_equals_text (headers ({.access_token = "\tauth_tokens/abc\r\n"}),
                           "Authorization: Token auth_tokens/abc;");
  fail_unless_equals_text (headers ({.api_key = "KEY", .access_token = " "}), "x-goog-api-key: KEY;");
}
GST_END_TEST;

GST_START_TEST (a_credential_cannot_begin_another_header)
{
  for (const char *secret : {"a\r\nx: y", "a\nb", "a b", "a\x7f", "a\x01", "caf\xc3\xa9"})
    for (const Access &access : {Access{.api_key = secret}, Access{.access_token = secret}}) {
      const Error error = refusal (access);
      fail_unless (error.kind == Error::Kind::Unauthorized);
      fail_unless ((error.message + error.detail).find (secret) == std::string::npos);
    }
}
GST_END_TEST;

GST_START_TEST (without_credentials_only_this_computer_is_asked)
{
  const Error error = refusal ({});
  fail_unless (error.kind == Error::Kind::Unauthorized);
  fail_unless_equals_text (error.message, "No API key: set api-key or GEMINI_API_KEY");
  fail_unless (refusal ({.endpoint = "https://gateway.example", .api_key = " "}).kind ==
               Error::Kind::Unauthorized);

  fail_unless_equals_text (headers ({.endpoint = "http://localhost:8080"}), "");
  fail_unless_equals_text (headers ({.endpoint = "https://[::1]"}), "");
}
GST_END_TEST;

GST_START_TEST (a_plain_model_name_gets_its_prefix)
{
  using gemini::model_resource_name;
  fail_unless_equals_text (model_resource_name ("gemini-3.8-live"), "models/gemini-3.8-live");
  fail_unless_equals_text (model_resource_name ("models"), "models/models");
  fail_unless_equals_text (model_resource_name ("other/x"), "models/other/x");
  for (const char *name : {"models/x", "tunedModels/x", "publishers/google/models/x",
                           "projects/p/locations/l/publishers/google/models/x"})
    fail_unless_equals_text (model_resource_name (name), name);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (endpoint, no_endpoint_means_the_one_of_google, web_schemes_become_websocket_schemes,
                   port_and_path_are_kept_with_one_slash_between, a_host_name_may_be_international,
                   the_version_is_in_the_path, a_version_cannot_change_the_request,
                   plain_connections_stay_on_this_computer, the_loopback_address_of_ipv6_keeps_its_brackets,
                   a_key_does_not_travel_in_the_clear,
                   not_even_without_a_key_is_a_remote_host_spoken_to_in_the_clear,
                   an_endpoint_holds_no_secret, an_endpoint_that_is_no_url_is_refused,
                   a_refused_endpoint_is_not_quoted, a_key_is_shown_in_a_header_and_never_in_the_uri,
                   an_ephemeral_token_uses_the_constrained_method, another_token_is_a_bearer,
                   a_token_wins_over_a_key, blanks_around_a_credential_are_not_part_of_it,
                   a_credential_cannot_begin_another_header, without_credentials_only_this_computer_is_asked,
                   a_plain_model_name_gets_its_prefix)
