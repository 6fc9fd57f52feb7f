// The fault matrix where it takes a wait or a certificate: servers that fall silent, and those whom nobody
// can trust.

#include "elements/live_faults.h"
#include "net/endless.h"
#include "support/certificate.h"

using namespace gemini;
using namespace gemini::test;
using stand_in::counter_samples;
using stand_in::Options;
using stand_in::Server;

namespace {

constexpr Failure kNothing{Domain::Resource, GST_RESOURCE_ERROR_READ, "nothing for 1 s"};

// Each of these lasts a second, which is the shortest `timeout`; so live only where that is another way.
constexpr Row kSilent[] = {
    {"freeze", Kind::Silence, kUpgrade | kSetup | kInAnswer | kIdle | kSwap | kAfterEnd, kNothing},
    {"deaf", Kind::Silence, kIdle, kNothing},
    {"drip:1", Kind::Silence, kPrebuffer | kSpeech, kNothing},
};
constexpr Row kSilentLive[] = {{"freeze", Kind::Silence, kUpgrade | kSpeech, kNothing}};

enum class Mode { Live, NotLive, Tts };
constexpr Mode kModes[] = {Mode::Live, Mode::NotLive, Mode::Tts};

Options quick (const std::string &certificate = {})
{
  return {.tls_certificate = certificate,
          .counter_frames = kAnswer,
          .pace = {.speed = 0, .playback = 0},
          .shape = {.chunks = kChunks}};
}

/// Nobody is told the key, and another server at the same element is.
void check_untrusted (const Server *server, const std::string &endpoint, const std::string &ca_file)
{
  for (auto mode : kModes) {
    Source source (endpoint);
    gst_util_set_object_arg (G_OBJECT (source.element), "api", mode == Mode::Tts ? "tts" : "live");
    source.set ("is-live", mode == Mode::Live)
        .set ("api-key", kSecretKey)
        .set ("retry-backoff-factor", 0.0)
        .set ("ca-file", ca_file.empty () ? nullptr : ca_file.c_str ());
    source.play ();
    if (mode == Mode::Live)
      source.wait_for_state ("disconnected");
    run_to_eos (source, mode == Mode::Live);
    check_told (messages_of (source.element),
                fails (Domain::Resource, GST_RESOURCE_ERROR_OPEN_READ, "cannot be trusted (TLS)"));
    if (server != nullptr)
      for (auto &request : server->record ().requests)
        fail_unless_equals_text (request.header ("x-goog-api-key"), "");

    const Server good (quick ());
    source.set ("endpoint", good.uri ().c_str ()).set ("ca-file", static_cast<const char *> (nullptr));
    check_plays_again (source, mode == Mode::Live, counter_samples (kAnswer));
  }
}

}  // namespace

GST_START_TEST (a_server_that_falls_silent)
{
  check_rows ("silence", kSilent, {false});
  check_rows ("silence, live", kSilentLive, {true});
}
GST_END_TEST;

GST_START_TEST (a_server_that_nobody_can_trust)
{
  Certificate unknown;
  Certificate of_another ("DNS:gemini.invalid");
  if (!unknown.usable ()) {
    g_print ("neither openssl nor a TLS backend here: nothing to test\n");
    return;
  }
  const Server self_signed (quick (unknown.file ()));
  check_untrusted (&self_signed, self_signed.uri (), "");
  // Vouched for, but somebody else: the name counts as well.
  const Server other_name (quick (of_another.file ()));
  check_untrusted (&other_name, other_name.uri (), of_another.file ());
  // Vouched for by an authority that is not the one that was asked for.
  check_untrusted (&self_signed, self_signed.uri (), of_another.file ());
  // Vouched for, of the right name, and of yesterday.
  Certificate old;
  old.expire ();
  fail_unless (old.usable ());
  const Server expired (quick (old.file ()));
  check_untrusted (&expired, expired.uri (), old.file ());
  // Somebody who knows nothing of TLS.
  const EndlessServer plain ("HTTP/1.1 400 Bad Request\r\n\r\n", "no TLS here\r\n");
  check_untrusted (nullptr, "https://" + plain.authority (), "");
  g_print ("TLS: %zu cells\n", 5 * std::size (kModes));
}
GST_END_TEST;

GEMINI_CHECK_MAIN (faults_door, a_server_that_falls_silent, a_server_that_nobody_can_trust)
