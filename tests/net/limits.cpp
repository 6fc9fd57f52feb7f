// What a server sends without an end is not read without an end.

#include "net/asker.h"
#include "net/caller.h"
#include "net/endless.h"
#include "support/certificate.h"

using namespace gemini;
using namespace gemini::test;

namespace {

const std::string kHeaders = "X-Endless: " + std::string (1000, 'x') + "\r\n";
const std::string kRefusal =
    "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\n\r\nThe caller does not have permission. ";

std::string repeat (const std::string &words, size_t times)
{
  std::string all;
  for (size_t i = 0; i < times; i++)
    all += words;
  return all;
}

/// A server that lets callers in, and talks when they have said something.
struct Talk {
  EndlessServer server;
  Caller caller;

  Talk (const std::string &beginning, const std::string &words, const std::string &certificate = {})
      : server (EndlessServer::kUpgrade + beginning, words, {}, certificate),
        caller ((certificate.empty () ? "ws://" : "wss://") + server.authority () + "/", {}, {},
                network (certificate))
  {
    fail_unless (caller.wait_for_log ("open "));
    caller.send ("{}");
  }
  static NetworkConfig network (const std::string &certificate)
  {
    if (certificate.empty ())
      return {};
    auto authorities = std::get<GObjectPtr<GTlsDatabase>> (load_authorities (certificate));
    return {.authorities = {authorities.release (), g_object_unref}};
  }
  void check_told (const char *says)
  {
    auto error = caller.closure ().error;
    fail_unless (error && error->kind == Error::Kind::Decode);
    fail_if (error->message.find (says) == std::string::npos, "%s", error->message.c_str ());
    fail_unless_equals_text (caller.log (), "open closed ");
    // At once, not only when whoever was told lets go of it.
    fail_unless (server.wait_for_end (), "the connection stays");
  }
};

// Frames: what they hold, in hexadecimal before it, and how long that is.
const std::string kFirst ("\x02\0", 2);
const std::string kEmpty ("\0\0", 2);
const std::string kPing = std::string ("\x89\x7d") + std::string (125, 'x');
const std::string kMessage = "\x82\x02{}";
const std::string kEmptyMessage ("\x82\0", 2);

}  // namespace

GST_START_TEST (a_message_of_fragments_without_a_last_one_is_too_large)
{
  const std::string fragment = std::string ("\0\x7e\xff\xff", 4) + std::string (65535, 'x');
  Talk (kFirst, fragment).check_told ("too large");
}
GST_END_TEST;

GST_START_TEST (so_is_one_of_fragments_that_are_empty)
{
  Talk (kFirst, repeat (kEmpty, 10000)).check_told ("too large");
}
GST_END_TEST;

GST_START_TEST (pings_of_a_server_that_reads_no_answer_are_a_flood)
{
  Talk (kPing, repeat (kPing, 100)).check_told ("flooded");
}
GST_END_TEST;

GST_START_TEST (nobody_says_goodbye_to_who_does_not_read)
{
  const Certificate certificate;
  if (!certificate.usable ())
    return;
  Talk (kPing, repeat (kPing, 100), certificate.file ()).check_told ("flooded");
  // Stopped while what was said still waits to be read.
  Talk talk (kMessage, "", certificate.file ());
  fail_unless (talk.caller.wait ([] (const std::string &log) { return log.starts_with ("open message "); }));
  talk.caller.send (std::string (32 << 20, 'x'));
  talk.caller.hang_up ();
}
GST_END_TEST;

GST_START_TEST (who_ends_waits_for_no_flood)
{
  const std::string pong ("\x8a\0", 2);
  for (const auto &words : {kMessage, kPing, pong, kEmptyMessage}) {
    Talk talk (kMessage, repeat (words, 1000));
    fail_unless (
        talk.caller.wait ([] (const std::string &log) { return log.starts_with ("open message "); }));
    talk.caller.end ();
    talk.caller.hang_up ();
    fail_if (talk.caller.log ().ends_with ("closed "));
  }
}
GST_END_TEST;

GST_START_TEST (headers_without_an_end_refuse_an_upgrade)
{
  const EndlessServer server ("HTTP/1.1 101 Switching Protocols\r\n", kHeaders);
  Caller caller ("ws://" + server.authority () + "/");
  fail_unless (caller.closure ().error.has_value ());
  fail_unless_equals_text (caller.log (), "closed ");
}
GST_END_TEST;

GST_START_TEST (headers_without_an_end_fail_a_request)
{
  const EndlessServer server ("HTTP/1.1 200 OK\r\n", kHeaders);
  Asker asker;
  auto answer =
      asker.ask ({.uri = "http://" + server.authority () + "/", .headers = {}, .loopback = true}, "{}");
  fail_unless (answer->wait_for_end ());
  fail_unless_equals_text (answer->log_, "failed ");
  answer->give_up ();
}
GST_END_TEST;

GST_START_TEST (a_reason_without_an_end_is_read_as_far_as_it_helps)
{
  const EndlessServer server (kRefusal, std::string (4096, 'x'),
                              "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  Caller caller ("ws://" + server.authority () + "/");
  auto error = caller.closure ().error;
  fail_unless (error && error->http_status == 403U);
  // Its words are known although it has not ended.
  fail_if (error->detail.find ("does not have permission") == std::string::npos, "%s",
           error->detail.c_str ());
  fail_unless (error->detail.size () < 2000);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (limits, headers_without_an_end_refuse_an_upgrade, headers_without_an_end_fail_a_request,
                   a_reason_without_an_end_is_read_as_far_as_it_helps,
                   a_message_of_fragments_without_a_last_one_is_too_large,
                   so_is_one_of_fragments_that_are_empty, pings_of_a_server_that_reads_no_answer_are_a_flood,
                   nobody_says_goodbye_to_who_does_not_read, who_ends_waits_for_no_flood)
