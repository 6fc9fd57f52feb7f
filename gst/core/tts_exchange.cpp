#include "core/tts_exchange.h"

#include <utility>

#include "core/close_error.h"

namespace gemini {

namespace {

constexpr unsigned kOk = 200;
constexpr size_t kMaxRefusal = 64 * 1024;
/// What a piece takes besides its audio.
constexpr size_t kPiece = 128;

size_t cost (const TtsResponse::Audio &audio)
{
  return audio.data.size () + audio.mime_type.size () + kPiece;
}

}  // namespace

TtsExchange::TtsExchange (const Config &config, std::string body, HttpClient &client,
                          const AlarmMaker &alarms, Owner &owner)
    : config_ (config),
      body_ (std::move (body)),
      client_ (client),
      owner_ (owner),
      alarm_ (alarms ([this] { on_alarm (); })),
      response_ (std::make_unique<TtsResponse> ())
{
}

void TtsExchange::start () { ask (); }

void TtsExchange::ask ()
{
  state_ = State::Asking;
  head_ = {};
  refusal_.clear ();
  empty_ = true;
  response_ = std::make_unique<TtsResponse> ();
  held_ = 0;
  paused_ = false;
  keep_waiting ();
  stream_ = client_.post (config_.target, body_, *this);
}

void TtsExchange::stop ()
{
  state_ = State::Done;
  alarm_->cancel ();
  stream_.reset ();
}

std::optional<TtsResponse::Audio> TtsExchange::take ()
{
  auto &audio = response_->audio ();
  if (audio.empty () || state_ == State::BackingOff)
    return std::nullopt;
  auto next = std::move (audio.front ());
  audio.pop_front ();
  held_ -= cost (next);
  taken_ = true;
  if (paused_ && stream_ && held_ < kMostHeld / 2) {
    paused_ = false;
    stream_->pause (false);
    keep_waiting ();
  }
  return next;
}

void TtsExchange::on_head (const HttpStream::Head &head)
{
  head_ = head;
  keep_waiting ();
}

void TtsExchange::on_body (std::string_view bytes)
{
  keep_waiting ();
  empty_ = empty_ && bytes.empty ();
  if (head_.status != kOk) {
    refusal_ += bytes.substr (0, kMaxRefusal - refusal_.size ());
    if (refusal_.size () == kMaxRefusal)
      on_finished ();  // more would say no more
    return;
  }

  const auto pieces = response_->audio ().size ();
  response_->feed (bytes);
  for (size_t i = pieces; i < response_->audio ().size (); ++i)
    held_ += cost (response_->audio ()[i]);
  if (response_->facts ().error)
    return conclude (tts_verdict (response_->facts ()));
  if (response_->audio ().size () > pieces)
    owner_.on_progress ();
  // Whoever listens takes it at once; this one's turn has not come.
  if (stream_ && !paused_ && held_ > kMostHeld) {
    paused_ = true;
    stream_->pause (true);
    alarm_->cancel ();
  }
}

void TtsExchange::on_finished ()
{
  if (head_.status != kOk)
    return conclude ({.error = http_error (head_.status, head_.reason_phrase, refusal_),
                      .advice = retry_advice (head_.status, refusal_)});
  response_->finish ();
  auto &facts = response_->facts ();
  if (facts.objects == 0 && !facts.error && !facts.cut_off && !empty_) {
    auto error = http_error (head_.status, head_.reason_phrase, "");
    error.detail += ", no event in " + head_.content_type;
    return conclude ({.error = error});
  }
  conclude (tts_verdict (facts));
}

void TtsExchange::on_failed (const HttpStream::Failure &failure)
{
  conclude ({.error = failure.error, .advice = {.helps = failure.transient}});
}

void TtsExchange::on_alarm ()
{
  if (state_ == State::BackingOff)
    return ask ();
  if (state_ != State::Asking)
    return;
  const auto seconds = std::chrono::ceil<std::chrono::seconds> (config_.timeout).count ();
  conclude ({.error = Error{.kind = Error::Kind::Read,
                            .message = "Gemini has sent nothing for " + std::to_string (seconds) +
                                       " s: check the network, or raise timeout",
                            .detail = head_.status == 0 ? "no answer to the request"
                                                        : "the answer stopped in the middle"}});
}

void TtsExchange::keep_waiting ()
{
  if (config_.timeout.count () > 0)
    alarm_->ring_in (config_.timeout);
}

void TtsExchange::be_patient ()
{
  if (state_ == State::Asking && !paused_)
    keep_waiting ();
}

void TtsExchange::conclude (TtsVerdict verdict)
{
  alarm_->cancel ();
  stream_.reset ();
  if (verdict.error && !taken_) {
    ++failed_;
    if (const auto delay = retry_delay (config_.retry, verdict.advice, failed_, config_.random ())) {
      state_ = State::BackingOff;
      alarm_->ring_in (*delay);
      return owner_.on_retry (*verdict.error, *delay);
    }
  }
  state_ = State::Done;
  verdict_ = std::move (verdict);
  owner_.on_progress ();
}

}  // namespace gemini
