// The HTTP of the element, over real sockets, against a server that shares no code with it.

#include "net/http_client.h"

#include "net/asker.h"
#include "net/doorman.h"
#include "stand-in/server.h"
#include "support/certificate.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::Fault;
using stand_in::Manual;
using stand_in::Server;

namespace {

constexpr const char *kSecret = "AIzaSyCANARY-key-0123456789";
constexpr const char *kText =
    R"({"contents":[{"parts":[{"text":"Hello"}]}],"generationConfig":{"responseModalities":["AUDIO"]}})";

Target tts (const Server &server)
{
  return {.uri = server.uri () + "/v1beta/models/gemini-3.8-flash-tts:streamGenerateContent?alt=sse",
          .headers = {{"x-goog-api-key", kSecret}},
          .loopback = true};
}

stand_in::Options quick (size_t frames = 9600) { return {.counter_frames = frames, .pace = {.speed = 0}}; }

/// What is told of a request that fails.
HttpStream::Failure failure (const Target &target)
{
  Asker asker;
  auto answer = asker.ask (target, kText);
  fail_unless (answer->wait_for_end ());
  answer->give_up ();
  fail_unless (answer->failure_.has_value (), "%s", answer->log_.c_str ());
  fail_unless (answer->failure_->error.message.find (": ") != std::string::npos, "no advice");
  return *answer->failure_;
}

}  // namespace

GST_START_TEST (what_is_asked_arrives_and_the_answer_is_told)
{
  const Server server (quick ());
  Asker asker;
  auto answer = asker.ask (tts (server), kText);
  fail_unless (answer->wait_for_end ());
  fail_unless_equals_text (answer->log_, "head body finished ");
  fail_unless_equals_int (answer->head_.status, 200);
  fail_unless_equals_text (answer->head_.content_type, "text/event-stream");
  fail_unless (answer->body_.starts_with ("data: {"), "%s", answer->body_.c_str ());
  fail_unless (answer->body_.ends_with ("}\r\n\r\n"));
  const auto request = server.record ().requests.at (0);
  fail_unless_equals_text (request.method, "POST");
  fail_unless_equals_text (request.query, "alt=sse");
  fail_unless_equals_text (request.body, kText);
  fail_unless_equals_text (request.header ("content-type"), "application/json");
  fail_unless_equals_text (request.header ("x-goog-api-key"), kSecret);
  fail_unless (request.header ("user-agent").starts_with ("gst-gemini/"));
  answer->give_up ();
}
GST_END_TEST;

GST_START_TEST (a_compressed_answer_is_the_same)
{
  auto options = quick ();
  options.tts.gzip = true;
  const Server plain (quick ());
  const Server gzip (options);
  Asker asker;
  auto usual = asker.ask (tts (plain), kText);
  auto zipped = asker.ask (tts (gzip), kText);
  fail_unless (usual->wait_for_end () && zipped->wait_for_end ());
  fail_unless (zipped->head_.status == 200 && !zipped->body_.empty ());
  // All but the identifier of the answer.
  fail_unless_equals_int (zipped->body_.size (), usual->body_.size ());
  fail_unless (zipped->body_.starts_with (usual->body_.substr (0, 6000)));
  usual->give_up ();
  zipped->give_up ();
}
GST_END_TEST;

GST_START_TEST (a_refusal_is_an_answer_too)
{
  for (unsigned status : {400U, 404U, 429U, 503U}) {
    const Server server (
        {.faults = {{.kind = Fault::Kind::Http, .when = Fault::When::Upgrade, .code = status}}});
    Asker asker;
    auto answer = asker.ask (tts (server), kText);
    fail_unless (answer->wait_for_end ());
    fail_unless_equals_int (answer->head_.status, status);
    fail_unless (answer->body_.find ("\"error\"") != std::string::npos);
    fail_unless_equals_text (answer->log_, "head body finished ");
    answer->give_up ();
  }
}
GST_END_TEST;

GST_START_TEST (a_redirect_is_not_followed)
{
  const Server elsewhere (quick ());
  for (unsigned status : {301U, 302U, 303U, 307U, 308U}) {
    auto doorman = Doorman::redirecting (status, tts (elsewhere).uri);
    Asker asker;
    auto answer = asker.ask ({.uri = "http" + doorman->uri ().substr (2),
                              .headers = {{"x-goog-api-key", kSecret}},
                              .loopback = true},
                             kText);
    fail_unless (answer->wait_for_end ());
    fail_unless_equals_int (answer->head_.status, status);
    answer->give_up ();
  }
  fail_unless (elsewhere.record ().requests.empty ());
}
GST_END_TEST;

GST_START_TEST (one_connection_serves_one_request_after_the_other)
{
  auto doorman = Doorman::answering ("words");
  Asker asker;
  for (int i = 0; i < 5; i++) {
    auto answer = asker.ask ({.uri = "http" + doorman->uri ().substr (2), .loopback = true});
    fail_unless (answer->wait_for_end ());
    fail_unless_equals_text (answer->body_, "words");
    answer->give_up ();
  }
  fail_unless_equals_int (doorman->callers (), 1);
}
GST_END_TEST;

GST_START_TEST (prepared_a_connection_is_open_before_the_first_request_and_serves_it)
{
  const GObjectPtr<GSocketListener> listener (g_socket_listener_new ());
  const auto port = g_socket_listener_add_any_inet_port (listener.get (), nullptr, nullptr);
  {
    Asker asker;
    asker.prepare ({.uri = "http://127.0.0.1:" + std::to_string (port), .loopback = true});
    const GObjectPtr<GSocketConnection> caller (
        g_socket_listener_accept (listener.get (), nullptr, nullptr, nullptr));
    fail_unless (caller != nullptr);
  }

  auto doorman = Doorman::answering ("words");
  const Target target{.uri = "http" + doorman->uri ().substr (2), .loopback = true};
  Asker asker;
  asker.prepare (target);
  auto answer = asker.ask (target);
  fail_unless (answer->wait_for_end ());
  fail_unless_equals_text (answer->body_, "words");
  answer->give_up ();
  fail_unless_equals_int (doorman->callers (), 1);
}
GST_END_TEST;

GST_START_TEST (a_connection_is_prepared_to_the_proxy_that_was_asked_for)
{
  const GObjectPtr<GSocketListener> listener (g_socket_listener_new ());
  const auto port = g_socket_listener_add_any_inet_port (listener.get (), nullptr, nullptr);
  Asker asker ({.proxy = "http://127.0.0.1:" + std::to_string (port)});
  asker.prepare ({.uri = "https://127.0.0.1:1", .loopback = true});
  const GObjectPtr<GSocketConnection> caller (
      g_socket_listener_accept (listener.get (), nullptr, nullptr, nullptr));
  fail_unless (caller != nullptr);
}
GST_END_TEST;

GST_START_TEST (what_cannot_be_prepared_is_not_told_and_may_be_given_up)
{
  for (const char *uri : {"http://127.0.0.1:1", "no address"}) {
    Asker asker;
    asker.prepare ({.uri = uri, .loopback = true});
  }
}
GST_END_TEST;

GST_START_TEST (paused_it_lets_the_server_wait)
{
  // More than the sockets between them hold.
  constexpr size_t kFrames = 8 * 1024 * 1024;
  auto options = quick (kFrames);
  options.record = false;
  const Server server (options);
  Asker asker;
  auto answer = asker.ask (tts (server), kText);
  fail_unless (answer->wait ([] (auto &a) { return !a.body_.empty (); }));
  answer->pause (true);
  size_t held = 0;
  asker.run ([&] { held = answer->body_.size (); });
  fail_unless (held < kFrames * 2);
  // Whatever was read already has been told; nothing follows.
  for (int i = 0; i < 100; i++)
    asker.run ([&] { fail_unless (answer->body_.size () <= held + 64 * 1024); });
  answer->pause (false);
  fail_unless (answer->wait_for_end ());
  fail_unless (answer->body_.size () > kFrames * 2 * 4 / 3);
  answer->give_up ();
}
GST_END_TEST;

GST_START_TEST (given_up_the_server_is_told_and_nobody_else)
{
  for (const char *when : {"head", "body", "finished"}) {
    const Server server (quick ());
    Asker asker;
    auto answer = asker.ask (tts (server), kText, when);
    fail_unless (answer->wait ([&] (auto &a) { return a.log_.ends_with (std::string (when) + " "); }));
    asker.run ([] {});
  }
  const Server server ({.manual = Manual::Turns});
  Asker asker;
  auto answer = asker.ask (tts (server), kText);
  fail_unless (server.wait_for_readings (1));
  answer->give_up ();
  fail_unless (server.wait_for_reading_end ());
  fail_unless (server.reading ().cancelled);
}
GST_END_TEST;

GST_START_TEST (a_client_may_go_with_a_request_under_way)
{
  for (int i = 0; i < 3; i++) {
    const Server server ({.manual = Manual::Turns});
    Asker asker;
    auto answer = asker.ask (tts (server), kText);
    if (i > 0)
      fail_unless (server.wait_for_readings (1));
    answer->give_up ();
  }
}
GST_END_TEST;

GST_START_TEST (a_connection_lost_in_the_middle_may_be_better_next_time)
{
  // Dropped between two chunks it looks like an end; who reads the events knows better.
  auto options = quick ();
  options.faults = {{.kind = Fault::Kind::Reset, .when = Fault::When::Chunk, .chunk = 1, .times = 1}};
  const Server server (options);
  const auto lost = failure (tts (server));
  fail_unless (lost.error.kind == Error::Kind::Read);
  fail_unless (lost.transient);
  fail_unless (lost.error.message.find ("in the middle of the answer") != std::string::npos);

  options.faults = {{.kind = Fault::Kind::Reset, .when = Fault::When::Upgrade, .times = 1}};
  const Server silent (options);
  const auto unanswered = failure (tts (silent));
  fail_unless (unanswered.error.kind == Error::Kind::Read && unanswered.transient);
  fail_unless (unanswered.error.message.find ("lost before the answer") != std::string::npos);
}
GST_END_TEST;

GST_START_TEST (a_host_that_is_not_there_is_said_by_its_kind)
{
  std::string nobody;
  {
    const Server server;
    nobody = server.uri ();
  }
  const auto refused = failure ({.uri = nobody, .loopback = true});
  fail_unless (refused.error.kind == Error::Kind::Connect && refused.transient);

  for (const char *uri : {"http://", "no address", ""}) {
    Asker asker;
    auto answer = asker.ask ({.uri = uri});
    fail_unless (answer->wait_for_end ());
    fail_unless (answer->failure_->error.kind == Error::Kind::Settings);
    fail_if (answer->failure_->transient);
    answer->give_up ();
  }
}
GST_END_TEST;

GST_START_TEST (a_certificate_that_nobody_signed_is_not_trusted)
{
  const Certificate certificate;
  if (!certificate.usable ())
    return;
  const Server server ({.tls_certificate = certificate.file ()});
  const auto untrusted = failure (tts (server));
  fail_unless (untrusted.error.kind == Error::Kind::Connect);
  fail_unless (untrusted.error.message.find ("TLS") != std::string::npos);
  fail_if (untrusted.transient);
  fail_unless (server.record ().requests.empty ());
}
GST_END_TEST;

GEMINI_CHECK_MAIN (http_client, what_is_asked_arrives_and_the_answer_is_told, a_compressed_answer_is_the_same,
                   a_refusal_is_an_answer_too, a_redirect_is_not_followed,
                   one_connection_serves_one_request_after_the_other,
                   prepared_a_connection_is_open_before_the_first_request_and_serves_it,
                   a_connection_is_prepared_to_the_proxy_that_was_asked_for,
                   what_cannot_be_prepared_is_not_told_and_may_be_given_up, paused_it_lets_the_server_wait,
                   given_up_the_server_is_told_and_nobody_else, a_client_may_go_with_a_request_under_way,
                   a_connection_lost_in_the_middle_may_be_better_next_time,
                   a_host_that_is_not_there_is_said_by_its_kind,
                   a_certificate_that_nobody_signed_is_not_trusted)
