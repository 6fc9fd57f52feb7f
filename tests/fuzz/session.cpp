// A whole conversation under any sequence of steps: what the server says, legal or not, what the application
// does, lost connections, and time. At the end the server behaves, and all that is still asked for must be
// answered and played.

#include <array>
#include <memory>

#include "fuzz/choices.h"
#include "fuzz/hearer.h"
#include "fuzz/pass_time.h"

using namespace gemini;
using namespace gemini::fuzz;

namespace {

constexpr nanoseconds kLongest = 20min;
constexpr unsigned kMostSamples = 60'000;  // their numbers have 16 bits

class Play {
 public:
  explicit Play (Input input)
      : input_ (input),
        speaker_ (playout_config (input_)),
        hearer_ (clock_, speaker_, std::array{1U, 10U, 100U, 7U}[input_.byte () % 4])
  {
    auto config = session_config (input_);
    Office &office = hearer_;
    Session::Listener &listener = hearer_;
    conversation_ = std::make_unique<LiveConversation> (
        std::move (config), [&office] { return std::make_unique<Server> (office); },
        [this] (std::function<void ()> ring) { return clock_.make_alarm (std::move (ring)); }, listener);
  }

  void run ()
  {
    if (input_.flag ())
      send_text ();
    conversation_->start ();
    while (!input_.empty () && clock_.now () < kLongest)
      step (input_.byte ());
    settle ();
  }

 private:
  Server *server ()
  {
    if (hearer_.servers.empty ())
      return nullptr;
    return old_one_ ? hearer_.servers.front () : hearer_.servers.back ();
  }

  void say (const std::string &text)
  {
    if (auto *one = server ())
      one->say (text);
  }

  void step (unsigned choice)
  {
    old_one_ = choice >= 200;
    switch (choice % 25) {
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
        return speak (input_.byte (), input_.byte ());
      case 6:
        return say (content (input_.byte (), ""));
      case 7:
      case 8:
        if (auto *one = server ())
          one->accept ();
        if (choice % 25 == 7)
          say (R"({"setupComplete":{}})");
        return;
      case 9:
        return say (R"({"setupComplete":{},"serverContent":{"turnComplete":true}})");
      case 10:
      case 11:
        return hang_up (input_.byte ());
      case 12: {
        const auto left = input_.byte ();
        return say (left == 255 ? R"({"goAway":{}})"
                                : R"({"goAway":{"timeLeft":")" + std::to_string (left) + R"(s"}})");
      }
      case 13: {
        const bool resumable = input_.byte () % 4 != 0;
        return say (R"({"sessionResumptionUpdate":{"newHandle":"handle-number-)" +
                    std::to_string (++handles_) + R"(","resumable":)" + (resumable ? "true}}" : "false}}"));
      }
      case 14:
        return say (R"({"toolCall":{"functionCalls":[{"id":"c)" + std::to_string (++calls_) +
                    R"(","name":"f","args":{}}]}})");
      case 15:
        return say (R"({"toolCallCancellation":{"ids":["c)" + std::to_string (input_.byte () % (calls_ + 1)) +
                    R"("]}})");
      case 16:
      case 17:
        return send_text ();
      case 18:
        return send_message ();
      case 19:
        hearer_.interrupted_here ();
        return conversation_->interrupt ();
      case 20:
        return say (std::string (input_.bytes (input_.byte ())));
      case 21:
        return fail (input_.byte ());
      case 22:
        return meanwhile (input_.byte ());
      case 23:
        return around (input_.byte ());
      case 24:
        if (input_.byte () == 77)
          stop ();
        return;
    }
  }

  /// A message with so many samples, and whatever else the bits say of it.
  void speak (unsigned amount, unsigned bits)
  {
    if (amount == 0)
      return say (content (bits, R"({"inlineData":{"mimeType":"audio/pcm","data":"A"}})"));
    std::string bytes;
    for (unsigned i = 0; i < amount * 8 && spoken_ < kMostSamples; i++) {
      ++spoken_;
      bytes += static_cast<char> (spoken_ & 255);
      bytes += static_cast<char> (spoken_ >> 8);
    }
    gchar *data = g_base64_encode (reinterpret_cast<const guchar *> (bytes.data ()), bytes.size ());
    const std::string type = amount % 32 == 31 ? "image/png"
                             : bits & 128      ? "audio/pcm;rate=16000"
                                               : "audio/pcm";
    const bool due = type != "image/png" && !bytes.empty () && is_due ();
    const auto before = hearer_.heard ();
    say (content (bits, R"({"inlineData":{"mimeType":")" + type + R"(","data":")" + data + R"("}})"));
    g_free (data);
    expect (!due || hearer_.heard () == spoken_, "what belongs to a turn is heard");
    expect (type != "image/png" || hearer_.heard () == before, "what is no audio is not heard");
  }

  /// An answer is due and its connection stands, so what comes now is the answer.
  bool is_due ()
  {
    return hearer_.turn_runs () && hearer_.ready () && !hearer_.over () && !hearer_.meanwhile &&
           server () == hearer_.servers.back () && server ()->state == Server::State::Open;
  }

  void hang_up (unsigned choice)
  {
    const auto reason = choice & 128 ? "refused: " + hearer_.secret : kReasons[choice % std::size (kReasons)];
    if (auto *one = server ())
      one->hang_up ({.error = {}, .code = kCodes[choice % std::size (kCodes)], .reason = reason});
  }

  /// The transport itself: no connection, or an HTTP answer that is none.
  void fail (unsigned choice)
  {
    Closure closure;
    if (choice % 2 == 0)
      closure.error = Error{.kind = choice % 4 ? Error::Kind::Connect : Error::Kind::Read, .message = "lost"};
    else
      closure.error =
          http_error (std::array{503U, 429U, 401U, 404U, 504U, 101U}[choice / 2 % 6], "no",
                      R"({"error":{"details":[{"@type":"google.rpc.RetryInfo","retryDelay":"2s"}]}})");
    if (auto *one = server ())
      one->hang_up (closure);
  }

  void send_text ()
  {
    if (!hearer_.over ())
      conversation_->send_text ("t" + std::to_string (hearer_.next_text ()));
  }
  void send_message ()
  {
    const auto call = calls_ > 0 && input_.flag () ? "c" + std::to_string (calls_) : "";
    conversation_->send_message (R"({"m":)" + std::to_string (++messages_) + "}", call);
  }
  void stop ()
  {
    if (hearer_.closed ())
      return;  // it has ended by itself, and says why
    hearer_.stop ();
    conversation_->stop ();
  }

  void meanwhile (unsigned choice)
  {
    if (choice % 4 == 0)
      hearer_.meanwhile = [this] { stop (); };
    else
      hearer_.meanwhile = [this] { send_text (); };
  }

  /// What the pipeline does.
  void around (unsigned choice)
  {
    switch (choice % 5) {
      case 0:
        return speaker_.pause (clock_.now ());
      case 1:
        return speaker_.set_pipeline_latency (choice * 1ms);
      case 2:
        speaker_.was_held_up ();
        return clock_.move_to (clock_.now () + choice * 20ms);
      case 3:
        return speaker_.cut (false, true);
      case 4:
        hearer_.goes_on = choice & 128;
        return;
    }
  }

  void advance (nanoseconds by) { pass_time (by, clock_, speaker_, hearer_); }

  /// From here on the server does as it should.
  void settle ()
  {
    old_one_ = false;
    hearer_.meanwhile = {};
    hearer_.goes_on = true;
    if (speaker_.paused ())
      speaker_.pause (clock_.now ());
    // As many rounds as there can be texts, and some.
    for (unsigned round = 0; round < 3000 && !hearer_.over () && !is_settled (); round++) {
      auto *one = server ();
      if (one->state == Server::State::Opening) {
        one->accept ();
        say (R"({"setupComplete":{}})");
      } else if (one->state == Server::State::Open) {
        say (R"({"setupComplete":{}})");
        if (hearer_.turn_runs ())
          speak (1, 1);
        say (content (2, ""));
        advance (100ms);
      } else if (const auto due = clock_.next ()) {
        advance (*due - clock_.now ());
      } else {
        expect (false, "who has no connection waits for the next one");
      }
    }
    expect (hearer_.over () || is_settled (), "every text is answered");
    expect (hearer_.over () || conversation_->texts_waiting () == 0, "no text is counted that does not wait");
    if (!hearer_.over ())
      speaker_.finish (false);
    for (unsigned round = 0; round < 1000 && !speaker_.over (); round++)
      advance (1s);
    expect (speaker_.over () || hearer_.stopped (), "a stream ends");
    if (speaker_.over ())
      speaker_.check_end ();
  }

  bool is_settled () { return hearer_.ready () && !hearer_.turn_runs () && hearer_.every_text_answered (); }

  Input input_;
  Clock clock_;
  Speaker speaker_;
  Hearer hearer_;
  std::unique_ptr<LiveConversation> conversation_;
  bool old_one_ = false;
  unsigned spoken_ = 0;
  unsigned handles_ = 0;
  unsigned calls_ = 0;
  unsigned messages_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  Play (Input (bytes, size)).run ();
  return 0;
}
