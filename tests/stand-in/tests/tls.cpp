// https and wss, with a certificate made for the test.
#include <glib/gstdio.h>

#include "client.h"
#include "support/check.h"

using namespace gemini::stand_in;

/// Makes a PEM file with a key and a self-signed certificate; false if this machine cannot.
static bool make_certificate (const std::string &file)
{
  const char *command[] = {"openssl", "req",         "-x509", "-newkey",     "rsa:2048",
                           "-nodes",  "-days",       "1",     "-subj",       "/CN=localhost",
                           "-keyout", file.c_str (), "-out",  file.c_str (), nullptr};
  const auto flags = static_cast<GSpawnFlags> (G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
                                               G_SPAWN_STDERR_TO_DEV_NULL);
  int status = -1;
  return g_spawn_sync (nullptr, const_cast<char **> (command), nullptr, flags, nullptr, nullptr, nullptr,
                       nullptr, &status, nullptr) &&
         status == 0;
}

GST_START_TEST (a_certificate_makes_it_https)
{
  char *directory = g_dir_make_tmp ("stand-in-XXXXXX", nullptr);
  const std::string file = std::string (directory) + "/certificate.pem";
  if (!make_certificate (file) || !g_tls_backend_supports_tls (g_tls_backend_get_default ())) {
    g_print ("neither openssl nor a TLS backend here: nothing to test\n");
  } else {
    Server server ({.tls_certificate = file, .counter_frames = 24000, .pace = {.speed = 0, .playback = 0}});
    fail_unless_reads (server.error (), "");
    fail_unless (server.uri ().starts_with ("https://127.0.0.1:"));
    ReadyClient client (server);
    client.send (kQuestion);
    fail_unless (client.listen_until ("turnComplete").samples () == counter_samples (24000));
    server.reset ();
    fail_unless_equals_int (client.wait_for_end ().code, 1006);
  }
  g_remove (file.c_str ());
  g_rmdir (directory);
  g_free (directory);
}
GST_END_TEST;

GST_START_TEST (a_certificate_that_is_not_there_is_told)
{
  const Server server ({.tls_certificate = "/nowhere.pem"});
  fail_unless (server.error ().find ("/nowhere.pem") != std::string::npos, "%s", server.error ().c_str ());
}
GST_END_TEST;

GEMINI_CHECK_MAIN (tls, a_certificate_makes_it_https, a_certificate_that_is_not_there_is_told)
