// A transport may be destroyed at any moment: nothing is called afterwards, nothing stays behind.

#include <dirent.h>

#include "net/caller.h"
#include "stand-in/server.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::Fault;
using stand_in::Manual;
using stand_in::Server;

namespace {

std::string live (const Server &server)
{
  return "ws" + server.uri ().substr (4) +
         "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";
}

Fault at_upgrade (Fault::Kind kind, unsigned code = 0)
{
  return {.kind = kind, .when = Fault::When::Upgrade, .times = 1, .code = code};
}

size_t open_descriptors ()
{
  size_t count = 0;
  DIR *directory = opendir ("/proc/self/fd");
  while (readdir (directory) != nullptr)
    count++;
  closedir (directory);
  return count;
}

/// The same from beginning to end, many times: a descriptor lost each time would show. The libraries may open
/// one or two of their own, once.
void check_leaves_nothing (const std::function<void ()> &life)
{
  constexpr size_t kTimes = 10;
  life ();
  auto before = open_descriptors ();
  for (size_t i = 0; i < kTimes; i++)
    life ();
  fail_unless (open_descriptors () < before + kTimes, "%zu descriptors, before %zu", open_descriptors (),
               before);
}

}  // namespace

GST_START_TEST (before_the_answer_to_the_upgrade)
{
  check_leaves_nothing ([] {
    Server server ({.faults = {at_upgrade (Fault::Kind::Freeze)}});
    Caller caller (live (server));
    fail_unless (server.wait_for_requests (1));
    caller.hang_up ();
    fail_unless_equals_text (caller.log (), "");
  });
}
GST_END_TEST;

GST_START_TEST (before_the_connection_has_begun)
{
  check_leaves_nothing ([] {
    Server server ({.manual = Manual::Everything});
    Caller caller (live (server));
    caller.hang_up ();
  });
}
GST_END_TEST;

GST_START_TEST (while_the_reason_of_a_refusal_is_asked_for)
{
  check_leaves_nothing ([] {
    Server server ({.faults = {at_upgrade (Fault::Kind::Http, 429), at_upgrade (Fault::Kind::Freeze)}});
    Caller caller (live (server));
    fail_unless (server.wait_for_requests (2));
    caller.hang_up ();
    fail_unless_equals_text (caller.log (), "");
  });
}
GST_END_TEST;

GST_START_TEST (while_it_is_open)
{
  check_leaves_nothing ([] {
    Server server ({.manual = Manual::Everything});
    Caller caller (live (server));
    fail_unless (caller.wait_for_log ("open "));
    caller.hang_up ();
    fail_unless (server.wait_for_end ());
    fail_unless_equals_text (caller.log (), "open ");
  });
}
GST_END_TEST;

GST_START_TEST (while_a_large_message_arrives)
{
  check_leaves_nothing ([] {
    Server server ({.manual = Manual::Everything});
    Caller caller (live (server));
    fail_unless (caller.wait_for_log ("open "));
    server.send ("small");
    server.send (std::string (16 << 20, 'a'));
    fail_unless (caller.wait_for_log ("message "));
    caller.hang_up ();
    fail_unless (server.wait_for_end ());
  });
}
GST_END_TEST;

GST_START_TEST (while_a_goodbye_waits_for_its_answer)
{
  check_leaves_nothing ([] {
    Server server ({.manual = Manual::Everything});
    Caller caller (live (server));
    fail_unless (caller.wait_for_log ("open "));
    server.freeze ();
    caller.close (1000);
    caller.hang_up ();
    fail_unless_equals_text (caller.log (), "open ");
  });
}
GST_END_TEST;

GST_START_TEST (in_each_of_its_own_calls)
{
  for (const std::string word : {"open", "message", "closed"})
    check_leaves_nothing ([&] {
      Server server ({.manual = Manual::Everything});
      Caller caller (live (server), {}, word);
      fail_unless (caller.wait_for_log ("open "));
      server.send ("one");
      server.send ("two");
      server.close (1011);
      fail_unless (server.wait_for_end ());
      caller.hang_up ();
      fail_if (caller.log ().find (word + " ") == std::string::npos);
    });
}
GST_END_TEST;

GST_START_TEST (in_the_call_that_says_why_it_never_opened)
{
  check_leaves_nothing ([] {
    Server server ({.faults = {at_upgrade (Fault::Kind::Http, 503), at_upgrade (Fault::Kind::Http, 503)}});
    Caller refused (live (server), {}, "closed");
    fail_unless (refused.wait_for_closed ());
    Caller nowhere ("", {}, "closed");
    fail_unless (nowhere.wait_for_closed ());
  });
}
GST_END_TEST;

GEMINI_CHECK_MAIN (websocket_end, before_the_answer_to_the_upgrade, before_the_connection_has_begun,
                   while_the_reason_of_a_refusal_is_asked_for, while_it_is_open,
                   while_a_large_message_arrives, while_a_goodbye_waits_for_its_answer,
                   in_each_of_its_own_calls, in_the_call_that_says_why_it_never_opened)
