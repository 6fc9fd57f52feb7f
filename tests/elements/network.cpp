// How the element gets to its server: gateways, proxies, authorities and Vertex AI, with both APIs.

#include "support/certificate.h"
#include "support/check.h"
#include "support/proxy.h"
#include "support/source.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Server;

namespace {

constexpr size_t kFrames = 4800;

stand_in::Options answer (const std::string &certificate = {})
{
  stand_in::Options options;
  options.counter_frames = kFrames;
  options.pace.speed = 0;
  options.tls_certificate = certificate;
  return options;
}

Source &as_fast_as_possible (Source &source, const char *api)
{
  gst_util_set_object_arg (G_OBJECT (source.element), "api", api);
  return source.set ("is-live", FALSE);
}

void fail_unless_speaks (Source &source)
{
  source.play ();
  fail_unless (source.recorder->wait_for_eos ());
  if (source.has_message (GST_MESSAGE_ERROR))
    ck_abort_msg ("there was an error");
  fail_unless (source.recorder->speech () == counter_samples (kFrames));
}

ErrorText failure_of (Source &source)
{
  source.play ();
  return error_text (source.wait_for_message (GST_MESSAGE_ERROR).get ());
}

}  // namespace

GST_START_TEST (a_server_is_trusted_if_the_authority_in_ca_file_vouches_for_it)
{
  Certificate certificate;
  if (!certificate.usable ())
    return;
  for (const char *api : {"live", "tts"}) {
    Server server (answer (certificate.file ()));
    Source trusting (server);
    fail_unless_speaks (as_fast_as_possible (trusting, api).set ("ca-file", certificate.file ().c_str ()));
  }
  for (const char *api : {"live", "tts"}) {
    Server server (answer (certificate.file ()));
    Source wary (server);
    auto error = failure_of (as_fast_as_possible (wary, api));
    fail_unless (error.domain == GST_RESOURCE_ERROR && error.code == GST_RESOURCE_ERROR_OPEN_READ);
    fail_unless (error.message.find ("ca-file") != std::string::npos, "%s", error.message.c_str ());
  }
}
GST_END_TEST;

GST_START_TEST (ca_file_may_be_named_from_the_working_folder)
{
  Certificate certificate;
  if (!certificate.usable ())
    return;
  const CharPtr before (g_get_current_dir ());
  const CharPtr folder (g_path_get_dirname (certificate.file ().c_str ()));
  const CharPtr name (g_path_get_basename (certificate.file ().c_str ()));
  Server server (answer (certificate.file ()));
  Source source (server);
  fail_unless_equals_int (g_chdir (folder.get ()), 0);
  fail_unless_speaks (as_fast_as_possible (source, "live").set ("ca-file", name.get ()));
  fail_unless_equals_int (g_chdir (before.get ()), 0);
}
GST_END_TEST;

GST_START_TEST (a_ca_file_that_is_none_is_an_error)
{
  Server server (answer ());
  Source source (server);
  source.set ("ca-file", "/nowhere/at/all.pem");
  fail_unless_equals_int (source.set_state (GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
  auto error = error_text (source.wait_for_message (GST_MESSAGE_ERROR).get ());
  fail_unless (error.domain == GST_RESOURCE_ERROR && error.code == GST_RESOURCE_ERROR_SETTINGS);
  fail_unless (error.message.find ("ca-file") != std::string::npos, "%s", error.message.c_str ());
}
GST_END_TEST;

GST_START_TEST (a_proxy_that_is_no_uri_is_an_error)
{
  for (const char *proxy : {"proxy", "ftp://proxy.invalid", "http://"}) {
    Server server (answer ());
    Source source (server);
    source.set ("proxy", proxy);
    fail_unless_equals_int (source.set_state (GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
    auto error = error_text (source.wait_for_message (GST_MESSAGE_ERROR).get ());
    fail_unless (error.domain == GST_RESOURCE_ERROR && error.code == GST_RESOURCE_ERROR_SETTINGS);
  }
}
GST_END_TEST;

GST_START_TEST (a_login_has_no_place_in_the_address_of_a_proxy)
{
  for (const char *proxy : {"http://kettle:canary@127.0.0.1:1", "http://kettle@127.0.0.1:1"}) {
    Server server (answer ());
    Source source (server);
    source.set ("proxy", proxy);
    fail_unless_equals_int (source.set_state (GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
    auto error = error_text (source.wait_for_message (GST_MESSAGE_ERROR).get ());
    fail_unless (error.domain == GST_RESOURCE_ERROR && error.code == GST_RESOURCE_ERROR_SETTINGS);
    fail_unless (error.message.find ("proxy-pw") != std::string::npos, "%s", error.message.c_str ());
    fail_unless ((error.message + error.debug).find ("canary") == std::string::npos);
  }
}
GST_END_TEST;

GST_START_TEST (through_a_proxy_that_wants_a_login_it_speaks)
{
  Certificate certificate;
  Proxy proxy ("kettle", "canary-password");
  if (!certificate.usable () || proxy.uri ().empty ()) {
    GST_WARNING ("no tinyproxy or no openssl: not tested\n%s", proxy.log ().c_str ());
    return;
  }
  for (const char *api : {"live", "tts"}) {
    Server server (answer (certificate.file ()));
    Source source (server);
    as_fast_as_possible (source, api).set ("ca-file", certificate.file ().c_str ());
    source.set ("proxy", proxy.uri ().c_str ())
        .set ("proxy-id", "kettle")
        .set ("proxy-pw", "canary-password");
    fail_unless_speaks (source);
  }
  for (const char *api : {"live", "tts"}) {
    Server server (answer (certificate.file ()));
    Source source (server);
    as_fast_as_possible (source, api).set ("ca-file", certificate.file ().c_str ()).set ("retries", 0);
    source.set ("proxy", proxy.uri ().c_str ());
    auto error = failure_of (source);
    fail_unless (error.message.find ("proxy-id") != std::string::npos, "%s", error.message.c_str ());
    fail_unless_equals_int (server.record ().requests.size (), 0);
  }
}
GST_END_TEST;

GST_START_TEST (headers_of_the_application_are_sent_with_ours)
{
  for (const char *api : {"live", "tts"}) {
    Server server (answer ());
    Source source (server);
    as_fast_as_possible (source, api).set ("user-agent", "kiosk/1.0").set ("api-key", "KEY");
    gst_util_set_object_arg (G_OBJECT (source.element), "extra-headers",
                             "headers,x-goog-user-project=tide,X-Number=(int)7");
    fail_unless_speaks (source);
    auto request = server.record ().requests.at (0);
    fail_unless_equals_text (request.header ("user-agent"), "kiosk/1.0");
    fail_unless_equals_text (request.header ("x-goog-user-project"), "tide");
    fail_unless_equals_text (request.header ("x-number"), "7");
    fail_unless_equals_text (request.header ("x-goog-api-key"), "KEY");
  }
}
GST_END_TEST;

GST_START_TEST (a_header_cannot_begin_another_one)
{
  Server server (answer ());
  Source source (server);
  auto *headers = gst_structure_new ("headers", "x-a", G_TYPE_STRING, "b\r\nx-c: d", nullptr);
  source.set ("extra-headers", headers);
  gst_structure_free (headers);
  fail_unless_equals_int (source.set_state (GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
  auto error = error_text (source.wait_for_message (GST_MESSAGE_ERROR).get ());
  fail_unless (error.message.find ("extra-headers") != std::string::npos, "%s", error.message.c_str ());
}
GST_END_TEST;

GST_START_TEST (extra_headers_without_a_header_are_refused)
{
  Server server (answer ());
  for (const char *text : {"x-goog-user-project", "headers", "headers,x-empty=(string)\"\""}) {
    Source source (server);
    gst_util_set_object_arg (G_OBJECT (source.element), "extra-headers", text);
    fail_unless_equals_int (source.set_state (GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
    auto error = error_text (source.wait_for_message (GST_MESSAGE_ERROR).get ());
    fail_unless (error.message.find ("extra-headers") != std::string::npos, "%s", error.message.c_str ());
  }
}
GST_END_TEST;

GST_START_TEST (on_vertex_ai_it_speaks_by_project_location_and_token)
{
  Server live (answer ());
  Source first (live);
  as_fast_as_possible (first, "live")
      .set ("project", "tide")
      .set ("location", "eu")
      .set ("access-token", "TOKEN");
  fail_unless_speaks (first);
  auto request = live.record ().requests.at (0);
  fail_unless_equals_text (request.path,
                           "/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent");
  fail_unless_equals_text (request.header ("authorization"), "Bearer TOKEN");
  fail_unless (
      live.messages ().at (0).find ("projects/tide/locations/eu/publishers/google/models/gemini-3.8-live") !=
      std::string::npos);

  Server tts (answer ());
  Source second (tts);
  as_fast_as_possible (second, "tts").set ("project", "tide").set ("access-token", "TOKEN");
  fail_unless_speaks (second);
  request = tts.record ().requests.at (0);
  fail_unless (request.path.find ("/v1beta1/projects/tide/locations/global/publishers/google/models/"
                                  "gemini-3.8-flash-tts:streamGenerateContent") != std::string::npos,
               "%s", request.path.c_str ());
}
GST_END_TEST;

GST_START_TEST (a_token_renewed_while_it_runs_is_used_from_the_next_request_on)
{
  Server server (answer ());
  Source source (server);
  as_fast_as_possible (source, "tts").set ("access-token", "FIRST").set ("num-turns", 2);
  source.play ();
  source.wait_for_message ("gemini-turn-complete");
  source.set ("access-token", "two words");  // no token has blanks: the old one is kept
  source.set ("access-token", "SECOND");
  gboolean sent = FALSE;
  g_signal_emit_by_name (source.element, "send-text", "Go on", &sent);
  fail_unless (sent);
  fail_unless (source.recorder->wait_for_eos ());
  auto requests = server.record ().requests;
  fail_unless_equals_int (requests.size (), 2);
  fail_unless_equals_text (requests[0].header ("authorization"), "Bearer FIRST");
  fail_unless_equals_text (requests[1].header ("authorization"), "Bearer SECOND");
}
GST_END_TEST;

GEMINI_CHECK_MAIN (network, a_token_renewed_while_it_runs_is_used_from_the_next_request_on,
                   a_server_is_trusted_if_the_authority_in_ca_file_vouches_for_it,
                   ca_file_may_be_named_from_the_working_folder, a_ca_file_that_is_none_is_an_error,
                   a_proxy_that_is_no_uri_is_an_error, a_login_has_no_place_in_the_address_of_a_proxy,
                   through_a_proxy_that_wants_a_login_it_speaks,
                   headers_of_the_application_are_sent_with_ours, a_header_cannot_begin_another_one,
                   extra_headers_without_a_header_are_refused,
                   on_vertex_ai_it_speaks_by_project_location_and_token)
