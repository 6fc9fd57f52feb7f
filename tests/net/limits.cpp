// What a server sends without an end is not read without an end.

#include "net/asker.h"
#include "net/caller.h"
#include "net/endless.h"

using namespace gemini;
using namespace gemini::test;

namespace {

const std::string kHeaders = "X-Endless: " + std::string (1000, 'x') + "\r\n";
const std::string kRefusal =
    "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\n\r\nThe caller does not have permission. ";

}  // namespace

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
                   a_reason_without_an_end_is_read_as_far_as_it_helps)
