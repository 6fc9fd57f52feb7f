// Everything that can go wrong, seen from the client.
#include "client.h"
#include "stand-in/fault_plan.h"
#include "support/check.h"

using namespace gemini::stand_in;

static Fault fault_of (const char *spec)
{
  const auto fault = parse_fault (spec);
  if (const auto *error = std::get_if<std::string> (&fault))
    g_error ("%s", error->c_str ());
  return std::get<Fault> (fault);
}

static Options with_fault (const char *spec)
{
  return {.counter_frames = 9600, .pace = {.speed = 0, .playback = 0}, .faults = {fault_of (spec)}};
}

GST_START_TEST (specs_say_what_when_and_how_often)
{
  const Fault full = fault_of ("close:1011:Internal error: sorry*@chunk:3/2+250*4");
  fail_unless (full.kind == Fault::Kind::Close && full.when == Fault::When::Chunk);
  fail_unless (full.code == 1011 && full.chunk == 3 && full.turn == 2u && full.times == 4);
  fail_unless_reads (full.text, "Internal error: sorry*");
  fail_unless_equals_int (full.delay.count (), 250);

  fail_unless (fault_of ("http:429").when == Fault::When::Upgrade);
  fail_unless (fault_of ("freeze@setup").when == Fault::When::Setup);
  fail_unless_equals_int (fault_of ("big:17@ready").number, 17);
  fail_unless_reads (fault_of (R"(message:{"a":1}@ready)").text, R"({"a":1})");
  fail_unless (fault_of ("html:502").when == Fault::When::Upgrade);
  fail_unless (fault_of ("drop@request").when == Fault::When::Upgrade);
  const Fault wait = fault_of ("http:429:2.5*1");
  fail_unless (wait.code == 429 && wait.times == 1);
  fail_unless_reads (wait.text, "2.5");
}
GST_END_TEST;

GST_START_TEST (specs_that_make_no_sense_are_refused_with_a_sentence)
{
  for (const char *spec :
       {"", "explode", "http", "http:x", "close", "reset:1", "reset@", "reset@lunch", "reset@chunk",
        "reset@chunk:1/x", "reset@ready+x", "close:1000@upgrade", "http:429:soon", "html", "error:x",
        "cut@request", "http:404@chunk:1", "message:"}) {
    const auto fault = parse_fault (spec);
    fail_unless (std::holds_alternative<std::string> (fault), "%s was taken", spec);
  }
}
GST_END_TEST;

GST_START_TEST (a_plan_counts_how_often_a_fault_strikes)
{
  FaultPlan plan;
  plan.set ({fault_of ("http:503*2"), fault_of ("reset@chunk:1/1")});
  fail_unless_equals_int (plan.take (Fault::When::Upgrade).size (), 1);
  fail_unless_equals_int (plan.take (Fault::When::Upgrade).size (), 1);
  fail_unless_equals_int (plan.take (Fault::When::Upgrade).size (), 0);
  fail_unless_equals_int (plan.take (Fault::When::Chunk, 1, 0).size (), 0);
  fail_unless_equals_int (plan.take (Fault::When::Chunk, 1, 1).size (), 1);
  fail_unless_equals_int (plan.take (Fault::When::Chunk, 1, 1).size (), 1);
}
GST_END_TEST;

GST_START_TEST (faults_for_the_same_moment_strike_one_connection_after_the_other)
{
  FaultPlan plan;
  plan.set ({fault_of ("ping@setup"), fault_of ("reset@setup*1"), fault_of ("close:1011@setup*1")});
  const auto one = plan.take (Fault::When::Setup), two = plan.take (Fault::When::Setup);
  fail_unless (one.size () == 2 && one[1].kind == Fault::Kind::Reset);
  fail_unless (two.size () == 2 && two[1].kind == Fault::Kind::Close);
  fail_unless_equals_int (plan.take (Fault::When::Setup).size (), 1);
}
GST_END_TEST;

GST_START_TEST (every_status_can_be_the_answer_to_an_upgrade)
{
  constexpr unsigned kStatuses[] = {400, 401, 403, 404, 429, 500, 503};
  Server server;
  for (const unsigned status : kStatuses)
    server.add_fault ({.kind = Fault::Kind::Http, .when = Fault::When::Upgrade, .times = 1, .code = status});
  for (const unsigned status : kStatuses)
    fail_unless_equals_int (Client (server).status (), status);
  const ReadyClient client (server);
  fail_unless_equals_int (server.record ().requests.size (), 8);
}
GST_END_TEST;

GST_START_TEST (after_its_times_a_fault_is_over)
{
  const Server server ({.faults = {fault_of ("http:503*2")}});
  fail_unless_equals_int (Client (server).status (), 503);
  fail_unless_equals_int (Client (server).status (), 503);
  const ReadyClient client (server);
}
GST_END_TEST;

GST_START_TEST (a_connection_may_end_before_the_upgrade)
{
  for (const char *spec : {"reset@upgrade", "drop@upgrade"}) {
    const Server server (with_fault (spec));
    const Client client (server);
    fail_if (client.connected ());
    fail_unless_equals_int (client.status (), 0);
  }
}
GST_END_TEST;

GST_START_TEST (an_upgrade_may_never_be_answered)
{
  const Server server (with_fault ("freeze@upgrade"));
  const gemini::GObjectPtr<GSocketClient> client (g_socket_client_new ());
  const auto port = static_cast<guint16> (g_ascii_strtoull (server.uri ().substr (17).c_str (), nullptr, 10));
  const gemini::GObjectPtr<GSocketConnection> connection (
      g_socket_client_connect_to_host (client.get (), "127.0.0.1", port, nullptr, nullptr));
  const std::string request = std::string ("GET ") + kLivePath + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection.get ()));
  g_output_stream_write_all (out, request.data (), request.size (), nullptr, nullptr, nullptr);
  fail_unless (server.wait_for_requests (1));
  GSocket *socket = g_socket_connection_get_socket (connection.get ());
  fail_if (g_socket_condition_timed_wait (socket, G_IO_IN, G_USEC_PER_SEC / 20, nullptr, nullptr));
}
GST_END_TEST;

GST_START_TEST (a_session_may_end_in_place_of_its_setup)
{
  for (const char *spec : {"reset@setup", "drop@setup"}) {
    const Server server (with_fault (spec));
    Client client (server);
    client.send (kSetup);
    fail_unless_equals_int (client.wait_for_end ().code, 1006);
    fail_unless (server.wait_for_end ());
  }
  const Server server (with_fault ("close:1011:You exceeded your current quota@setup"));
  Client client (server);
  client.send (kSetup);
  const CloseFrame end = client.wait_for_end ();
  fail_unless_equals_int (end.code, 1011);
  fail_unless_reads (end.reason, "You exceeded your current quota");
}
GST_END_TEST;

GST_START_TEST (a_session_may_end_between_two_chunks)
{
  const Server server (with_fault ("close:1011:Internal error encountered.@chunk:1"));
  ReadyClient client (server);
  client.send (kQuestion);
  fail_unless_reads (client.listen_until ("inlineData").tale, "chunk 4800");
  fail_unless_equals_int (client.wait_for_end ().code, 1011);
  fail_unless (server.samples () == counter_samples (4800));
}
GST_END_TEST;

GST_START_TEST (a_reset_between_two_chunks_ends_without_a_word)
{
  for (const char *spec : {"reset@chunk:0", "drop@chunk:1", "cut@chunk:1", "reset@ready"}) {
    const Server server (with_fault (spec));
    Client client (server);
    client.send (kSetup);
    client.send (kQuestion);
    fail_unless_equals_int (client.wait_for_end ().code, 1006);
  }
}
GST_END_TEST;

GST_START_TEST (a_frozen_session_hears_and_says_nothing)
{
  Server server (with_fault ("freeze@chunk:1"));
  ReadyClient client (server);
  client.send (kQuestion);
  client.receive_until ("inlineData");
  client.send (kQuestion);
  fail_unless (server.wait_for_messages (3));
  fail_unless_equals_int (server.connection ().turns.size (), 1);
  fail_if (server.connection ().over);
}
GST_END_TEST;

/// What comes between the first chunk of a turn and the second.
static std::string between_chunks (const char *spec)
{
  const Server server (with_fault (spec));
  ReadyClient client (server);
  client.send (kQuestion);
  client.receive_until ("inlineData");
  return client.receive ()->text;
}

GST_START_TEST (broken_messages_come_between_good_ones)
{
  const std::string malformed = between_chunks ("malformed-json@chunk:1");
  fail_unless (json_from_string (malformed.c_str (), nullptr) == nullptr);
  fail_unless (between_chunks ("bad-base64@chunk:1").find ('!') != std::string::npos);
  const std::string deep = between_chunks ("deep:3000@chunk:1");
  fail_unless (deep.find (std::string (3000, '[')) != deep.npos);
  fail_unless (between_chunks ("big:17@chunk:1").size () > 17 << 20);
  fail_unless_reads (between_chunks (R"(message:{"serverContent":{}}@chunk:1)"), R"({"serverContent":{}})");
  fail_if (g_utf8_validate (between_chunks ("bad-utf8@chunk:1").c_str (), -1, nullptr));
}
GST_END_TEST;

GST_START_TEST (an_error_may_be_a_message)
{
  const std::string error = between_chunks ("error:503@chunk:1");
  fail_unless (error.starts_with (R"({"error":{"code":503,)"), "%s", error.c_str ());
}
GST_END_TEST;

GST_START_TEST (frames_that_no_server_may_send_end_the_connection)
{
  for (const char *spec : {"reserved-bits@ready", "masked-frame@ready", "bad-opcode@ready"}) {
    const Server server (with_fault (spec));
    ReadyClient client (server);
    // libsoup, on the client's side, answers a protocol error.
    client.wait_for_end ();
    fail_unless (server.wait_for_end ());
    fail_unless_equals_int (server.connection ().closed_by_client.at (0).code, 1002);
  }
}
GST_END_TEST;

GST_START_TEST (what_is_harmless_does_no_harm)
{
  for (const char *spec : {"ping@chunk:1", "ping-flood:1000@chunk:1", "tiny:1000@chunk:1",
                           "empty-fragments@chunk:1", "drip:4096@chunk:1"}) {
    const Server server (with_fault (spec));
    ReadyClient client (server);
    client.send (kQuestion);
    fail_unless (client.listen_until ("generationComplete").samples () == counter_samples (9600), "%s", spec);
  }
}
GST_END_TEST;

GST_START_TEST (a_message_may_be_empty_or_hold_a_nul)
{
  fail_unless_reads (between_chunks ("empty@chunk:1"), "");
  const std::string nul = between_chunks ("nul@chunk:1");
  fail_unless (nul.find ('\0') != nul.npos && nul.ends_with ("}"));
  fail_unless_reads (between_chunks ("empty-fragments@chunk:1"), "{}\n");
  fail_unless_reads (between_chunks ("tiny:2@chunk:1"), "{}");
}
GST_END_TEST;

GST_START_TEST (a_close_frame_may_be_wrong)
{
  for (const char *spec : {"cut-reason:1011@chunk:1", "long-close:1011@chunk:1"}) {
    const Server server (with_fault (spec));
    ReadyClient client (server);
    client.send (kQuestion);
    client.wait_for_end ();
    fail_unless (server.samples ().size () >= 4800);
    fail_unless (server.wait_for_end ());
  }
}
GST_END_TEST;

GST_START_TEST (a_deaf_server_speaks_and_hears_nothing)
{
  Server server (with_fault ("deaf@ready"));
  {
    ReadyClient client (server);
    client.send (kQuestion);
    server.send (R"({"serverContent":{}})");
    client.receive_until ("serverContent");
    fail_unless_equals_int (server.messages ().size (), 1);
  }
  fail_unless_equals_int (server.connection ().turns.size (), 0);
}
GST_END_TEST;

GST_START_TEST (a_fault_may_strike_later)
{
  const Server server (with_fault ("close:1001@ready+20"));
  ReadyClient client (server);
  client.send (kQuestion);
  client.receive_until ("generationComplete");
  fail_unless_equals_int (client.wait_for_end ().code, 1001);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (faults, specs_say_what_when_and_how_often,
                   specs_that_make_no_sense_are_refused_with_a_sentence,
                   a_plan_counts_how_often_a_fault_strikes,
                   faults_for_the_same_moment_strike_one_connection_after_the_other,
                   every_status_can_be_the_answer_to_an_upgrade, after_its_times_a_fault_is_over,
                   a_connection_may_end_before_the_upgrade, an_upgrade_may_never_be_answered,
                   a_session_may_end_in_place_of_its_setup, a_session_may_end_between_two_chunks,
                   a_reset_between_two_chunks_ends_without_a_word, a_frozen_session_hears_and_says_nothing,
                   broken_messages_come_between_good_ones, an_error_may_be_a_message,
                   frames_that_no_server_may_send_end_the_connection, what_is_harmless_does_no_harm,
                   a_message_may_be_empty_or_hold_a_nul, a_close_frame_may_be_wrong,
                   a_deaf_server_speaks_and_hears_nothing, a_fault_may_strike_later)
