// The WebSocket of the element, over real sockets, against a server that shares no code with it.

#include "net/caller.h"
#include "net/doorman.h"
#include "stand-in/server.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::Fault;
using stand_in::Manual;
using stand_in::Server;

namespace {

constexpr const char *kSecret = "AIzaSyCANARY-key-0123456789";

/// What the element would open.
std::string live (const Server &server)
{
  return "ws" + server.uri ().substr (4) +
         "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";
}

Fault at_upgrade (Fault::Kind kind, unsigned code = 0)
{
  return {.kind = kind, .when = Fault::When::Upgrade, .times = 1, .code = code};
}

/// A server that says nothing of its own accord.
stand_in::Options mute () { return {.manual = Manual::Everything}; }

}  // namespace

GST_START_TEST (what_is_sent_arrives_and_what_comes_is_told)
{
  Server server (mute ());
  Caller caller (live (server), {{"x-goog-api-key", kSecret}});
  fail_unless (server.wait_for_connections (1));
  fail_unless_equals_text (server.connection ().request.header ("x-goog-api-key"), kSecret);
  fail_unless (server.connection ().request.header ("user-agent").starts_with ("gst-gemini/"));
  fail_unless (server.connection ().request.query.empty ());

  fail_unless (caller.wait_for_log ("open "));
  caller.send ("{\"one\":1}");
  caller.send ("{\"two\":\"ä\"}");
  fail_unless (server.wait_for_messages (2));
  fail_unless (server.messages () == std::vector<std::string> ({"{\"one\":1}", "{\"two\":\"ä\"}"}));

  server.send ("binary");
  server.send_text_frame ("text");
  server.send ("");
  fail_unless (caller.wait_for_log ("open message message message "));
  fail_unless (caller.messages () == std::vector<std::string> ({"binary", "text", ""}));
}
GST_END_TEST;

GST_START_TEST (a_goodbye_is_a_close_frame_and_on_closed_follows)
{
  for (unsigned code : {1000U, 1007U}) {
    Server server (mute ());
    Caller caller (live (server));
    fail_unless (caller.wait_for_log ("open "));
    caller.close (code);
    caller.send ("nobody reads this");
    fail_unless (server.wait_for_end ());
    fail_unless_equals_int (server.connection ().closed_by_client.at (0).code, code);
    fail_unless_equals_int (caller.closure ().code, code);
    fail_unless_equals_text (caller.log (), "open closed ");
    fail_unless (server.messages ().empty ());
  }
}
GST_END_TEST;

GST_START_TEST (the_close_code_and_reason_of_the_server_are_told)
{
  for (unsigned code : {1000U, 1001U, 1007U, 1008U, 1011U, 4000U})
    for (const char *reason : {"", "Internal error encountered.", "Schlüssel ungültig"}) {
      Server server (mute ());
      Caller caller (live (server));
      fail_unless (caller.wait_for_log ("open "));
      server.close (code, reason);
      auto closure = caller.closure ();
      fail_if (closure.error.has_value ());
      fail_unless_equals_int (closure.code, code);
      fail_unless_equals_text (closure.reason, reason);
      fail_unless_equals_text (caller.log (), "open closed ");
    }
}
GST_END_TEST;

GST_START_TEST (a_reason_cut_within_a_character_costs_the_reason_not_the_code)
{
  std::string reason = "The quota is used up \xc3";  // half of an "ä"
  std::string frame{'\x88', static_cast<char> (reason.size () + 2), '\x03', '\xf3'};
  auto doorman = Doorman::sending (frame + reason);
  Caller caller (doorman->uri ());
  auto closure = caller.closure ();
  fail_if (closure.error.has_value (), "%s", closure.error->detail.c_str ());
  fail_unless_equals_int (closure.code, 1011);
}
GST_END_TEST;

GST_START_TEST (a_connection_that_breaks_is_1006)
{
  for (auto strike : {&Server::reset, &Server::drop}) {
    Server server (mute ());
    Caller caller (live (server));
    fail_unless (caller.wait_for_log ("open "));
    server.send ("the last words");
    fail_unless (caller.wait_for_log ("message "));
    (server.*strike) (Server::kLatest);
    auto closure = caller.closure ();
    fail_unless_equals_int (closure.code, 1006);
    fail_if (closure.error.has_value ());
    fail_unless_equals_text (caller.log (), "open message closed ");
  }
}
GST_END_TEST;

GST_START_TEST (frames_that_no_server_may_send_are_an_error_told_once)
{
  for (auto kind : {Fault::Kind::ReservedBits, Fault::Kind::MaskedFrame, Fault::Kind::BadOpcode}) {
    Server server (mute ());
    Caller caller (live (server));
    fail_unless (caller.wait_for_log ("open "));
    server.strike ({.kind = kind});
    auto closure = caller.closure ();
    fail_unless (closure.error && closure.error->kind == Error::Kind::Decode);
    fail_unless (server.wait_for_end ());
    fail_unless_equals_int (server.connection ().closed_by_client.at (0).code, 1002);
    fail_unless_equals_text (caller.log (), "open closed ");
  }
}
GST_END_TEST;

GST_START_TEST (fragments_make_one_message)
{
  Server server ({.manual = Manual::Everything, .wire = {.fragments = 9}});
  Caller caller (live (server));
  fail_unless (caller.wait_for_log ("open "));
  std::string text;
  for (int i = 0; i < 30000; i++)
    text += std::to_string (i) + " ";
  server.send (text);
  server.send_text_frame (text);
  fail_unless (caller.wait_for_log ("message message "));
  fail_unless (caller.messages () == std::vector<std::string> ({text, text}));
}
GST_END_TEST;

GST_START_TEST (a_message_may_be_64_mib_and_one_beyond_the_limit_is_an_error)
{
  for (unsigned fragments : {1U, 16U}) {
    Server server ({.manual = Manual::Everything, .wire = {.fragments = fragments}});
    Caller caller (live (server));
    fail_unless (caller.wait_for_log ("open "));
    std::string text (64 << 20, 'a');
    text.back () = 'z';
    server.send (text);
    fail_unless (caller.wait_for_log ("message "));
    fail_unless (caller.messages ().front () == text);
  }
  Server server (mute ());
  Caller caller (live (server));
  fail_unless (caller.wait_for_log ("open "));
  server.send (std::string (WebSocketTransport::kMaxMessage + 1, 'a'));
  auto closure = caller.closure ();
  fail_unless (closure.error && closure.error->message.find ("too large") != std::string::npos);
  fail_unless_equals_text (caller.log (), "open closed ");
}
GST_END_TEST;

GST_START_TEST (a_refusal_is_told_with_its_body_and_asked_for_with_the_same_key)
{
  Server server ({.faults = {at_upgrade (Fault::Kind::Http, 403), at_upgrade (Fault::Kind::Http, 403)}});
  Caller caller (live (server), {{"x-goog-api-key", kSecret}});
  auto error = caller.closure ().error;
  fail_unless (error.has_value ());
  fail_unless_equals_int (error->http_status.value_or (0), 403);
  fail_unless_equals_text (error->service_status, "PERMISSION_DENIED");
  fail_if (error->detail.find ("The caller does not have permission") == std::string::npos);
  for (auto &request : server.record ().requests)
    fail_unless_equals_text (request.header ("x-goog-api-key"), kSecret);
  fail_unless_equals_text (caller.log (), "closed ");
}
GST_END_TEST;

GST_START_TEST (a_second_answer_that_differs_or_never_comes_does_not_speak_for_the_first)
{
  for (auto kind : {Fault::Kind::Http, Fault::Kind::Reset, Fault::Kind::Freeze}) {
    Server server ({.faults = {at_upgrade (Fault::Kind::Http, 429), at_upgrade (kind, 503)}});
    Caller caller (live (server));
    auto error = caller.closure ().error;
    fail_unless (error && error->kind == Error::Kind::Busy);
    fail_unless_equals_int (error->http_status.value_or (0), 429);
    fail_unless (error->service_status.empty ());
  }
}
GST_END_TEST;

GST_START_TEST (a_redirect_is_not_followed_and_the_key_stays_here)
{
  for (unsigned status : {301U, 302U, 307U, 308U}) {
    Server elsewhere (mute ());
    auto doorman = Doorman::redirecting (status, elsewhere.uri () + "/ws/somewhere");
    Caller caller (doorman->uri (), {{"x-goog-api-key", kSecret}});
    auto error = caller.closure ().error;
    fail_unless (error && error->kind == Error::Kind::Connect);
    fail_unless_equals_int (error->http_status.value_or (0), status);
    fail_if (error->message.find ("check the endpoint") == std::string::npos);
    caller.hang_up ();
    fail_unless_equals_int (elsewhere.record ().requests.size (), 0);
  }
}
GST_END_TEST;

GST_START_TEST (what_is_no_address_is_an_error_at_once)
{
  for (const char *uri : {"", "ws://", "nonsense"}) {
    Caller caller (uri);
    auto error = caller.closure ().error;
    fail_unless (error && error->kind == Error::Kind::Settings, "%s", uri);
    fail_unless_equals_text (caller.log (), "closed ");
  }
}
GST_END_TEST;

GEMINI_CHECK_MAIN (websocket_transport, what_is_sent_arrives_and_what_comes_is_told,
                   a_goodbye_is_a_close_frame_and_on_closed_follows,
                   the_close_code_and_reason_of_the_server_are_told,
                   a_reason_cut_within_a_character_costs_the_reason_not_the_code,
                   a_connection_that_breaks_is_1006, frames_that_no_server_may_send_are_an_error_told_once,
                   fragments_make_one_message, a_message_may_be_64_mib_and_one_beyond_the_limit_is_an_error,
                   a_refusal_is_told_with_its_body_and_asked_for_with_the_same_key,
                   a_second_answer_that_differs_or_never_comes_does_not_speak_for_the_first,
                   a_redirect_is_not_followed_and_the_key_stays_here, what_is_no_address_is_an_error_at_once)
