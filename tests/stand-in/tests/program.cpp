// The command line, and the program as a script runs it.
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>

#include <cstring>

#include "client.h"
#include "stand-in/fault_plan.h"
#include "stand-in/program/command_line.h"
#include "stand-in/recording/wire_log.h"
#include "support/check.h"

using namespace gemini;
using namespace gemini::stand_in;

static Command command_of (const std::vector<std::string> &arguments)
{
  auto command = parse_command_line (arguments);
  if (const auto *error = std::get_if<std::string> (&command))
    g_error ("%s", error->c_str ());
  return std::get<Command> (command);
}

GST_START_TEST (without_options_it_speaks_on_port_8765)
{
  const Command command = command_of ({});
  fail_unless_equals_int (command.options.port, 8765);
  fail_unless (command.options.voice == Voice::Speech);
  fail_if (command.verbose || command.help);
}
GST_END_TEST;

GST_START_TEST (options_take_their_value_from_the_next_word_or_behind_an_equals_sign)
{
  const Command command =
      command_of ({"--port", "0", "--speed=0", "--setup-delay", "20", "--accept-key", "a", "--accept-key=b=c",
                   "--compact", "--no-usage", "--verbose", "--voice", "counter"});
  fail_unless_equals_int (command.options.port, 0);
  fail_unless (command.options.pace.speed == 0);
  fail_unless_equals_int (command.options.pace.setup_delay.count (), 20);
  fail_unless (command.options.rules.accept_keys == (std::vector<std::string>{"a", "b=c"}));
  fail_unless (command.options.wire.compact && !command.options.shape.usage && command.verbose);
  fail_unless (command.options.voice == Voice::Counter);
}
GST_END_TEST;

GST_START_TEST (chunk_lists_stalls_and_faults_have_their_own_grammar)
{
  const Options options = command_of ({"--chunks", "4800,5760x2,960", "--stall", "3:250", "--fault",
                                       "http:429*2", "--fault", "reset@chunk:1"})
                              .options;
  fail_unless (options.shape.chunks == (std::vector<size_t>{4800, 5760, 5760, 960}));
  fail_unless_equals_int (options.pace.stalls.at (0).after_chunk, 3);
  fail_unless_equals_int (options.pace.stalls.at (0).pause.count (), 250);
  fail_unless_equals_int (options.faults.size (), 2);
  fail_unless (command_of ({"--chunks", "all"}).options.shape.chunks == std::vector<size_t>{0});
}
GST_END_TEST;

GST_START_TEST (speech_over_http_has_options_of_its_own)
{
  const Options options =
      command_of ({"--per-character", "1.5",          "--container",    "raw",     "--content",  "empty",
                   "--finish-reason", "OTHER",        "--block",        "SAFETY",  "--line-end", "cr",
                   "--comments",      "--data-lines", "--no-last-line", "--piece", "7",          "--gzip",
                   "--content-type",  "text/plain"})
          .options;
  const Tts &tts = options.tts;
  fail_unless (options.pace.per_character == 1.5);
  fail_unless (tts.container == Tts::Container::Raw && tts.content == Tts::Content::Empty);
  fail_unless_reads (tts.finish_reason + " " + tts.block_reason + " " + tts.content_type,
                     "OTHER SAFETY text/plain");
  fail_unless_reads (tts.line_end, "\r");
  fail_unless (tts.comments && tts.data_lines && !tts.last_line && tts.piece == 7 && tts.gzip);
}
GST_END_TEST;

GST_START_TEST (options_that_make_no_sense_are_refused_with_a_sentence)
{
  for (const std::vector<std::string> &arguments : {std::vector<std::string>{"port"},
                                                    {"--nothing"},
                                                    {"--record", ""},
                                                    {"--replay="},
                                                    {"--record", "a", "--replay", "b"},
                                                    {"--upstream", "http://127.0.0.1:1"},
                                                    {"--fast"},
                                                    {"--port"},
                                                    {"--port", "x"},
                                                    {"--port", "70000"},
                                                    {"--compact=1"},
                                                    {"--chunks", "0"},
                                                    {"--chunks", ""},
                                                    {"--chunks", "1,,2"},
                                                    {"--stall", "3"},
                                                    {"--stall", "0:1"},
                                                    {"--voice", "loud"},
                                                    {"--fault", "bang"},
                                                    {"--rate", "10"},
                                                    {"--speed", "-1"},
                                                    {"--fragments", "0"},
                                                    {"--per-character", "-1"},
                                                    {"--container", "ogg"},
                                                    {"--content", "video"},
                                                    {"--line-end", "none"},
                                                    {"--piece", "x"},
                                                    {"--record", "a", "--replay", "b"},
                                                    {"--LISTENING"}})
    fail_unless (std::holds_alternative<std::string> (parse_command_line (arguments)), "%s",
                 arguments[0].c_str ());
}
GST_END_TEST;

GST_START_TEST (the_manual_names_every_fault_and_fits_80_columns)
{
  const std::string text = manual ();
  for (const char *word : {"NAME", "SYNOPSIS", "--port N", "malformed-json", "EXAMPLES", "EXIT STATUS"})
    fail_unless (text.find (word) != text.npos, "%s", word);
  for (int kind = 0; kind <= static_cast<int> (Fault::Kind::Ping); kind++) {
    const char *name = to_string (static_cast<Fault::Kind> (kind));
    fail_unless (text.find (std::string ("    ") + name) != text.npos, "%s", name);
  }
  size_t begin = 0;
  for (size_t end = text.find ('\n'); end != text.npos; begin = end + 1, end = text.find ('\n', begin))
    fail_unless (g_utf8_strlen (&text[begin], static_cast<gssize> (end - begin)) <= 80, "%s",
                 text.substr (begin, end - begin).c_str ());
}
GST_END_TEST;

/// A process that ends up as the program, its first line read.
class Program {
 public:
  explicit Program (std::vector<std::string> arguments, std::vector<std::string> command = {})
  {
    command.emplace_back (g_getenv ("STAND_IN_PROGRAM"));
    command.insert (command.end (), arguments.begin (), arguments.end ());
    std::vector<char *> words;
    for (std::string &word : command)
      words.push_back (word.data ());
    words.push_back (nullptr);
    GError *error = nullptr;
    const auto flags = static_cast<GSpawnFlags> (G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL);
    if (!g_spawn_async_with_pipes (nullptr, words.data (), nullptr, flags, nullptr, nullptr, &pid_, nullptr,
                                   &out_, nullptr, &error))
      g_error ("%s", error->message);
    for (char c = 0; read (out_, &c, 1) == 1 && c != '\n';)
      line_ += c;
  }
  ~Program ()
  {
    if (pid_)
      end (SIGKILL);
    close (out_);
  }

  const std::string &line () const { return line_; }
  std::string uri () const { return line_.substr (line_.find ("http")); }
  /// Waits until nobody can write to its standard output any more.
  void wait_for_silence () const
  {
    for (char c = 0; read (out_, &c, 1) == 1;)
      ;
  }
  /// Its exit status after this signal (0: on its own).
  int end (int signal)
  {
    if (signal)
      kill (pid_, signal);
    int status = -1;
    waitpid (pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED (status) ? WEXITSTATUS (status) : -1;
  }

 private:
  GPid pid_ = 0;
  int out_ = -1;
  std::string line_;
};

GST_START_TEST (it_says_where_it_listens_answers_and_stops_at_a_signal)
{
  for (const int signal : {SIGINT, SIGTERM}) {
    Program program (
        {"--port", "0", "--voice", "counter", "--frames", "480", "--speed", "0", "--playback", "0"});
    fail_unless (program.line ().starts_with ("Listening on http://127.0.0.1:"), "%s",
                 program.line ().c_str ());
    Client client (program.uri () + kLivePath);
    client.send (kSetup);
    client.send (kQuestion);
    fail_unless_reads (client.listen_until ("turnComplete").tale,
                       "setup, chunk 480, generation-complete, turn-complete usage");
    fail_unless_equals_int (program.end (signal), 0);
  }
}
GST_END_TEST;

GST_START_TEST (it_says_in_its_status_why_it_does_not_run)
{
  fail_unless_equals_int (Program ({"--bogus"}).end (0), 2);
  fail_unless_equals_int (Program ({"--wav", "/nowhere.wav"}).end (0), 1);
  const Program running ({"--port", "0", "--voice", "none"});
  const std::string port = running.uri ().substr (running.uri ().rfind (':') + 1);
  fail_unless_equals_int (Program ({"--port", port, "--voice", "none"}).end (0), 1);
  fail_unless_equals_int (Program ({"--version"}).end (0), 0);
}
GST_END_TEST;

GST_START_TEST (it_dies_with_its_parent_if_asked_to)
{
  Program shell ({"--port", "0", "--voice", "none", "--die-with-parent"},
                 {"/bin/sh", "-c", "\"$0\" \"$@\" & wait"});
  fail_unless (shell.line ().starts_with ("Listening"), "%s", shell.line ().c_str ());
  shell.end (SIGKILL);
  shell.wait_for_silence ();
}
GST_END_TEST;

GST_START_TEST (a_recording_reads_back_as_it_was_but_for_its_secrets)
{
  const CharPtr folder (g_dir_make_tmp ("wire-XXXXXX", nullptr));
  const std::string file = std::string (folder.get ()) + "/wire.jsonl";
  const auto ours = [] (const std::string &text) { return WireEvent{.from_client = true, .text = text}; };
  {
    WireWriter writer;
    fail_unless (writer.open (file));
    writer.add_secret ("canary-key");
    writer.write ({.what = WireEvent::What::Request,
                   .connection = 3,
                   .from_client = true,
                   .websocket = true,
                   .method = "GET",
                   .path = without_secrets ("/v1/projects/canary-project/x", "key=canary-key&alt=sse")});
    writer.write ({.connection = 3, .binary = true, .text = "{\n \"newHandle\" : \"canary/handle\"}\n"});
    writer.write (ours (R"({"setup":{"sessionResumption":{"handle":"canary/handle"}}})"));
    writer.write (ours ("\xff\"canary-key\""));
    writer.write (ours ("auth_tokens/canary-token projects/canary-project/locations"));
    // As Google refuses.
    writer.write (
        ours (R"({"message":"disabled in project 123456789012: visit ?project=123456789012 then retry",)"
              R"("consumer":"projects/123456789012"})"));
    writer.write ({.what = WireEvent::What::Close, .code = 1008, .text = "canary-key is leaked"});
  }
  char *contents = nullptr;
  fail_unless (g_file_get_contents (file.c_str (), &contents, nullptr, nullptr));
  fail_if (strstr (CharPtr (contents).get (), "canary"), "a secret was written");

  const auto read = read_wire_log (file);
  fail_unless (std::holds_alternative<std::vector<WireEvent>> (read));
  const auto &events = std::get<0> (read);
  fail_unless_equals_int (events.size (), 7);
  fail_unless (events[0].websocket && events[0].from_client && events[0].connection == 3);
  fail_unless_reads (events[0].method + " " + events[0].path, "GET /v1/projects/masked/x?alt=sse");
  fail_unless_reads (events[1].text, "{\n \"newHandle\" : \"handle-1\"}\n");
  fail_unless (events[1].binary && !events[1].from_client && !events[2].binary);
  fail_unless_reads (events[2].text, R"({"setup":{"sessionResumption":{"handle":"handle-1"}}})");
  fail_unless_reads (events[3].text, "\xff\"masked\"");
  fail_unless_reads (events[4].text, "auth_tokens/masked projects/masked/locations");
  fail_unless_reads (events[5].text,
                     R"({"message":"disabled in project masked: visit ?project=masked then retry",)"
                     R"("consumer":"projects/masked"})");
  fail_unless_equals_int (events[6].code, 1008);
  fail_unless_reads (events[6].text, "masked is leaked");
  g_remove (file.c_str ());
  g_rmdir (folder.get ());
}
GST_END_TEST;

GEMINI_CHECK_MAIN (program, a_recording_reads_back_as_it_was_but_for_its_secrets,
                   without_options_it_speaks_on_port_8765,
                   options_take_their_value_from_the_next_word_or_behind_an_equals_sign,
                   chunk_lists_stalls_and_faults_have_their_own_grammar,
                   speech_over_http_has_options_of_its_own,
                   options_that_make_no_sense_are_refused_with_a_sentence,
                   the_manual_names_every_fault_and_fits_80_columns,
                   it_says_where_it_listens_answers_and_stops_at_a_signal,
                   it_says_in_its_status_why_it_does_not_run, it_dies_with_its_parent_if_asked_to)
