// The server in the hands of a test.

#include "client.h"
#include "support/check.h"

using namespace gemini::stand_in;

GST_START_TEST (a_test_can_answer_everything_itself)
{
  Server server ({.manual = Manual::Everything});
  Client client (server);
  client.send (R"({"anything":1})");
  fail_unless (server.wait_for_messages (1));
  fail_unless_reads (server.messages ()[0], R"({"anything":1})");
  server.send (R"({"setupComplete":{}})");
  const auto binary = client.receive ();
  fail_unless (binary->binary);
  fail_unless_reads (binary->text, R"({"setupComplete":{}})");
  server.send_text_frame ("{}");
  fail_if (client.receive ()->binary);
}
GST_END_TEST;

GST_START_TEST (a_test_can_leave_setup_to_the_server_and_play_the_turns)
{
  Server server ({.manual = Manual::Turns});
  ReadyClient client (server);
  client.send (kQuestion);
  fail_unless (server.wait_for_messages (2));
  server.send_audio (counter_samples (480));
  server.send_audio (counter_samples (7));
  server.send (R"({"serverContent":{"turnComplete":true}})");
  fail_unless_reads (client.listen_until ("turnComplete").tale, "chunk 480, chunk 7, turn-complete");
}
GST_END_TEST;

GST_START_TEST (a_test_can_end_the_connection_in_every_way)
{
  Server server ({.manual = Manual::Turns});
  {
    ReadyClient client (server);
    server.close (1011, std::string (200, 'x'));
    const CloseFrame end = client.wait_for_end ();
    fail_unless_equals_int (end.code, 1011);
    fail_unless_equals_int (end.reason.size (), 123);
    fail_unless (server.wait_for_end ());
    fail_unless_equals_int (server.connection ().closed_by_server.at (0).code, 1011);
  }
  {
    ReadyClient client (server);
    server.reset ();
    fail_unless_equals_int (client.wait_for_end ().code, 1006);
  }
  {
    ReadyClient client (server);
    server.drop ();
    fail_unless_equals_int (client.wait_for_end ().code, 1006);
  }
  fail_unless_equals_int (server.record ().connections.size (), 3);
}
GST_END_TEST;

GST_START_TEST (connections_are_told_apart)
{
  Server server ({.manual = Manual::Turns});
  ReadyClient one (server), other (server);
  server.send (R"({"goAway":{"timeLeft":"1s"}})", 0);
  server.send (R"({"goAway":{"timeLeft":"2s"}})");
  fail_unless_reads (one.listen_until ("goAway").tale, "go-away 1s");
  fail_unless_reads (other.listen_until ("goAway").tale, "go-away 2s");
}
GST_END_TEST;

GST_START_TEST (requests_are_kept_with_their_headers)
{
  const Server server;
  const Client client (server, std::string (kLivePath) + "?key=k%2B1", nullptr);
  const Request request = server.record ().requests.at (0);
  fail_unless_reads (request.path, kLivePath);
  fail_unless_reads (request.query, "key=k%2B1");
  fail_unless_reads (request.header ("UPGRADE"), "websocket");
  fail_unless_reads (request.credential.value, "k+1");
  fail_unless (request.credential.in_query);
}
GST_END_TEST;

GST_START_TEST (the_close_frame_of_a_client_is_kept)
{
  const Server server;
  ReadyClient client (server);
  client.close ();
  fail_unless (server.wait_for_end ());
  fail_unless_equals_int (server.connection ().closed_by_client.at (0).code, 1000);
  fail_unless_equals_int (client.wait_for_end ().code, 1000);
}
GST_END_TEST;

GST_START_TEST (options_change_with_the_next_turn)
{
  Server server ({.counter_frames = 480, .pace = {.speed = 0, .playback = 0}});
  ReadyClient client (server);
  client.send (kQuestion);
  client.receive_until ("turnComplete");
  server.set_options ({.counter_frames = 960, .pace = {.speed = 0, .playback = 0}});
  client.send (kQuestion);
  fail_unless_reads (client.listen_until ("generationComplete").tale, "chunk 960, generation-complete");
}
GST_END_TEST;

GST_START_TEST (destroying_the_server_stops_it_in_the_middle_of_anything)
{
  for (const char *spec : {"ping@ready", "freeze@chunk:1", "freeze@setup", "drop@chunk:1"}) {
    auto server = std::make_unique<Server> (
        Options{.pace = {.speed = 0.01}, .faults = {std::get<Fault> (parse_fault (spec))}});
    Client client (*server);
    client.send (kSetup);
    client.send (kQuestion);
    fail_unless (server->wait_for_messages (1));
    const gint64 begin = g_get_monotonic_time ();
    server.reset ();
    fail_unless (g_get_monotonic_time () - begin < G_USEC_PER_SEC / 2);
    client.wait_for_end ();
  }
}
GST_END_TEST;

static size_t open_descriptors ()
{
  size_t count = 0;
  GDir *dir = g_dir_open ("/proc/self/fd", 0, nullptr);
  while (g_dir_read_name (dir))
    count++;
  g_dir_close (dir);
  return count;
}

GST_START_TEST (servers_and_connections_leave_nothing_behind)
{
  const auto once = [] {
    const Server server ({.pace = {.speed = 0}});
    ReadyClient client (server);
    client.send (kQuestion);
    client.receive_until ("inlineData");
  };
  once ();
  const size_t before = open_descriptors ();
  for (int i = 0; i < 20; i++)
    once ();
  fail_unless_equals_int (open_descriptors (), before);
}
GST_END_TEST;

GST_START_TEST (many_sessions_speak_at_once)
{
  const Server server ({.counter_frames = 24000, .pace = {.speed = 10}});
  std::vector<std::unique_ptr<ReadyClient>> clients;
  for (int i = 0; i < 50; i++)
    clients.push_back (std::make_unique<ReadyClient> (server));
  for (auto &client : clients)
    client->send (kQuestion);
  for (auto &client : clients)
    fail_unless (client->listen_until ("turnComplete").samples () == counter_samples (24000));
}
GST_END_TEST;

GST_START_TEST (events_are_reported_without_keys)
{
  std::string report;
  {
    Server server ({.counter_frames = 480, .pace = {.speed = 0, .playback = 0}});
    server.set_reporter ([&report] (const std::string &line) { report += line + '\n'; });
    Client client (server, std::string (kLivePath) + "?key=secret-1", "secret-2");
    client.send (kSetup);
    client.send (kQuestion);
    client.receive_until ("turnComplete");
    client.close ();
    fail_unless (server.wait_for_end ());
  }
  fail_unless (report.find ("setup for models/gemini-3.8-live") != report.npos, "%s", report.c_str ());
  fail_unless (report.find ("closed by the client, code 1000") != report.npos, "%s", report.c_str ());
  fail_unless (report.find ("secret") == report.npos, "%s", report.c_str ());
}
GST_END_TEST;

GEMINI_CHECK_MAIN (manual, a_test_can_answer_everything_itself,
                   a_test_can_leave_setup_to_the_server_and_play_the_turns,
                   a_test_can_end_the_connection_in_every_way, connections_are_told_apart,
                   requests_are_kept_with_their_headers, the_close_frame_of_a_client_is_kept,
                   options_change_with_the_next_turn,
                   destroying_the_server_stops_it_in_the_middle_of_anything,
                   servers_and_connections_leave_nothing_behind, many_sessions_speak_at_once,
                   events_are_reported_without_keys)
