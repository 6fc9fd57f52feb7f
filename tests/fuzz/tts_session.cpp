// Texts that are read aloud under any sequence of steps: what the server answers, legal or not, to which of
// the requests that run, what the application does, and time. At the end the server behaves, and all that is
// still asked for must be read and played.

#include <array>

#include "fuzz/choices.h"
#include "fuzz/pass_time.h"
#include "fuzz/reader.h"

using namespace gemini;
using namespace gemini::fuzz;

namespace {

constexpr nanoseconds kLongest = 3min;
constexpr unsigned kMostPieces = 200;  // their numbers have 8 bits

TtsSession::Config session_settings (Input &input, int retries)
{
  const auto choice = input.byte ();
  TtsSession::Config config;
  config.speech.model = "m";
  config.speech.split = Split::Sentence;
  config.exchange.retry.retries = retries;
  config.exchange.retry.backoff_factor = choice & 1 ? 0 : 0.5;
  config.exchange.timeout = std::array{15s, 2s, 0s, 1s}[choice >> 1 & 3];
  config.exchange.random = [choice] { return choice & 8 ? 1.0 : 0.0; };
  return config;
}

class Play {
 public:
  explicit Play (Input input)
      : input_ (input),
        speaker_ (playout_config (input_)),
        retries_ (static_cast<int> (input_.byte () % 4)),
        reader_ (clock_, speaker_, retries_)
  {
    Session::Listener &listener = reader_;
    session_ = std::make_unique<TtsSession> (
        session_settings (input_, retries_), reader_,
        [this] (std::function<void ()> ring) { return clock_.make_alarm (std::move (ring)); }, listener);
  }

  void run ()
  {
    if (input_.flag ())
      send_text (1);
    session_->start ();
    while (!input_.empty () && clock_.now () < kLongest)
      step (input_.byte ());
    settle ();
  }

 private:
  /// One of the requests that run.
  Request *open (unsigned choice)
  {
    std::vector<Request *> all;
    for (auto &request : reader_.requests)
      if (request->open ())
        all.push_back (request.get ());
    return all.empty () ? nullptr : all[choice % all.size ()];
  }

  void step (unsigned choice)
  {
    auto *request = open (choice / 24);
    switch (choice % 24) {
      case 0:
        return advance (input_.byte () * 1ms);
      case 1:
        return advance (input_.byte () * 100ms);
      case 2:
        if (const auto due = clock_.next ())
          advance (*due - clock_.now ());
        return;
      case 3:
      case 4:
      case 5:
      case 6:
        return speak (request, input_.byte (), input_.byte ());
      case 7:
        return head (request, std::array{200U, 200U, 429U, 503U, 400U, 500U, 404U, 204U}[input_.byte () % 8]);
      case 8:
      case 9:
        return finish (request, input_.byte ());
      case 10:
        return fail (request, input_.byte ());
      case 11:
        return raw (request, input_.bytes (input_.byte ()));
      case 12:
        return body (request, event (R"("content":{"parts":[{"text":"words"}]})"));
      case 13:
        return body (request,
                     "data: {\"error\":{\"code\":" + std::to_string (400 + input_.byte ()) + "}}\n\n");
      case 14:
        return body (request, "data: {\"usageMetadata\":{\"totalTokenCount\":7}}\n\n");
      case 15:
      case 16:
        return send_text (1 + input_.byte () % 5);
      case 17:
        return send_text (0);
      case 18:
        reader_.interrupted_here ();
        return session_->interrupt ();
      case 19:
        return meanwhile (input_.byte ());
      case 20:
        return around (input_.byte ());
      case 21:
        return body (request,
                     event (R"("content":{"parts":[{"inlineData":{"mimeType":"audio/pcm","data":"?"}}]})"));
      case 22:
        return body (request, ": a comment\n\n");
      case 23:
        if (input_.byte () == 77)
          stop ();
        return;
    }
  }

  static std::string event (const std::string &candidate)
  {
    return R"(data: {"candidates":[{)" + candidate + "}]}\r\n\r\n";
  }

  // the server; any of these may give the request up
  static void head (Request *request, unsigned status)
  {
    if (request == nullptr || std::exchange (request->headed, true))
      return;
    request->status = status;
    request->listener->on_head ({.status = status, .reason_phrase = "", .content_type = "text/event-stream"});
  }
  static void body (Request *request, std::string_view bytes, size_t cut = 0)
  {
    head (request, 200);
    for (auto part : {bytes.substr (0, cut), bytes.substr (std::min (cut, bytes.size ()))})
      if (request != nullptr && request->open () && !request->paused && !part.empty ())
        request->listener->on_body (part);
  }
  /// What follows may belong to it, so no samples do.
  static void raw (Request *request, std::string_view bytes)
  {
    if (request == nullptr || bytes.find_first_of ("dD\\") != bytes.npos)  // no `data`
      return;
    request->spoilt = true;
    body (request, bytes);
  }
  static void finish (Request *request, unsigned choice)
  {
    constexpr const char *kReasons[] = {"STOP", "STOP", "STOP", "MAX_TOKENS", "SAFETY", "OTHER", ""};
    if (choice % 8 < std::size (kReasons))
      body (request, event (R"("finishReason":")" + std::string (kReasons[choice % 8]) + "\""));
    head (request, 200);
    if (request == nullptr || !request->open ())
      return;
    request->over = true;
    request->listener->on_finished ();
  }
  static void fail (Request *request, unsigned choice)
  {
    if (request == nullptr)
      return;
    request->over = true;
    request->listener->on_failed (
        {.error = {.kind = Error::Kind::Read, .message = "lost"}, .transient = choice % 3 != 0});
  }

  /// Samples of a request, their event cut anywhere.
  static void speak (Request *request, unsigned amount, unsigned cut)
  {
    head (request, 200);
    if (request == nullptr || !request->open () || request->paused || request->spoilt ||
        request->status != 200)
      return;
    std::string bytes;
    for (unsigned i = 0; i < amount * 8; i++) {
      bytes += static_cast<char> (request->said++ & 255);
      bytes += static_cast<char> (request->piece);
    }
    const CharPtr data (g_base64_encode (reinterpret_cast<const guchar *> (bytes.data ()), bytes.size ()));
    const std::string type = cut & 128 ? "audio/pcm;rate=16000" : "audio/pcm";
    body (request,
          event (R"("content":{"parts":[{"inlineData":{"mimeType":")" + type + R"(","data":")" + data.get () +
                 R"("}}]})"),
          cut * 8);
  }

  // the application
  void send_text (unsigned pieces)
  {
    if (!reader_.over () && reader_.pieces () + pieces < kMostPieces)
      session_->send_text (reader_.next_text (pieces));
  }
  void stop ()
  {
    if (reader_.closed ())
      return;
    reader_.stop ();
    session_->stop ();
  }
  void meanwhile (unsigned choice)
  {
    switch (choice % 4) {
      case 0:
        reader_.meanwhile = [this] { stop (); };
        return;
      case 1:
        reader_.meanwhile = [this] {
          if (reader_.closed ())
            return;
          reader_.interrupted_here ();
          session_->interrupt ();
        };
        return;
      default:
        reader_.meanwhile = [this] { send_text (2); };
        return;
    }
  }
  void around (unsigned choice)
  {
    switch (choice % 4) {
      case 0:
        return speaker_.pause (clock_.now ());
      case 1:
        return speaker_.set_pipeline_latency (choice * 1ms);
      case 2:
        speaker_.was_held_up ();
        return clock_.move_to (clock_.now () + choice * 20ms);
      case 3:
        return speaker_.cut (false, true);
    }
  }

  void advance (nanoseconds by) { pass_time (by, clock_, speaker_, reader_); }

  /// From here on the server does as it should.
  void settle ()
  {
    reader_.meanwhile = {};
    if (speaker_.paused ())
      speaker_.pause (clock_.now ());
    for (unsigned round = 0; round < 1000 && !reader_.over () && !reader_.every_text_read (); round++) {
      if (auto *request = open (0)) {
        speak (request, 1, 0);
        if (request->open ())
          finish (request, 0);
      } else if (const auto due = clock_.next ()) {
        advance (*due - clock_.now ());
      } else {
        expect (false, "who has no request waits for the next one");
      }
    }
    expect (reader_.over () || reader_.every_text_read (), "every text is read");
    expect (reader_.over () || session_->texts_waiting () == 0, "no text is counted that does not wait");
    if (!reader_.over ())
      speaker_.finish (false);
    for (unsigned round = 0; round < 1000 && !speaker_.over () && speaker_.finished (); round++)
      advance (1s);
    expect (speaker_.over () || !speaker_.finished (), "a stream ends");
    if (speaker_.over ())
      speaker_.check_end ();
  }

  Input input_;
  Clock clock_;
  Speaker speaker_;
  const int retries_;
  Reader reader_;
  std::unique_ptr<TtsSession> session_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  Play (Input (bytes, size)).run ();
  return 0;
}
