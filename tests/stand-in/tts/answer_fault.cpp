// How an answer over HTTP goes wrong, and how it learns that nobody listens any more.
#include <sys/socket.h>

#include "stand-in/http/listener.h"
#include "stand-in/tts/answer.h"

namespace gemini::stand_in {

static std::string repeat (const std::string &text, size_t times)
{
  std::string all;
  for (; times > 0; times--)
    all += text;
  return all;
}

void TtsAnswer::strike_for_chunks ()
{
  if (half_sent_)
    return disconnect (false);
  for (; faults_for_chunk_ <= chunks_; faults_for_chunk_++) {
    for (const Fault &fault : house_.faults.take (Fault::When::Chunk, faults_for_chunk_, job_.number)) {
      if (fault.delay.count () == 0) {
        next_.push_back (fault);
        continue;
      }
      later_.push_back (std::make_unique<Timer> ([this, fault] { strike (fault); }));
      later_.back ()->start_in (std::chrono::microseconds (fault.delay).count ());
    }
  }
  while (!next_.empty () && unwritten_ == 0 && !stopped_) {
    const Fault fault = next_.front ();
    next_.pop_front ();
    strike (fault);
  }
}

void TtsAnswer::strike (const Fault &fault)
{
  if (over_ || stopped_)
    return;
  report (std::string ("fault: ") + to_string (fault.kind));
  if (const auto json = fault_message (fault, true))
    return send_fault (fault, *json);

  switch (fault.kind) {
    case Fault::Kind::Reset:
    case Fault::Kind::Drop:
      return disconnect (fault.kind == Fault::Kind::Reset);
    case Fault::Kind::Cut:
      cut_next_ = true;
      return;
    case Fault::Kind::End:
      return end_body ();
    case Fault::Kind::Freeze:
      stopped_ = true;
      return;
    case Fault::Kind::Ping:
    case Fault::Kind::PingFlood:
      if (job_.form == TtsForm::Events)
        write (repeat (": are you there?" + job_.options.tts.line_end + job_.options.tts.line_end,
                       fault.kind == Fault::Kind::Ping ? 1 : fault.number));
      return;
    case Fault::Kind::Tiny:
      return write (repeat (frame ("{}", false), fault.number));
    case Fault::Kind::Http:
    case Fault::Kind::Html:
    case Fault::Kind::Close:
    case Fault::Kind::GoAway:
    case Fault::Kind::Message:
    case Fault::Kind::Error:
    case Fault::Kind::BareError:
    case Fault::Kind::MalformedJson:
    case Fault::Kind::BadBase64:
    case Fault::Kind::BadUtf8:
    case Fault::Kind::Deep:
    case Fault::Kind::Big:
    case Fault::Kind::ReservedBits:
    case Fault::Kind::MaskedFrame:
    case Fault::Kind::BadOpcode:
    case Fault::Kind::Nul:
    case Fault::Kind::Empty:
    case Fault::Kind::CutReason:
    case Fault::Kind::LongClose:
    case Fault::Kind::Deaf:
    case Fault::Kind::Drip:
    case Fault::Kind::EmptyFragments:
      return report ("this fault means nothing over HTTP");
  }
}

void TtsAnswer::send_fault (const Fault &fault, const std::string &json)
{
  const bool is_error = fault.kind == Fault::Kind::Error || fault.kind == Fault::Kind::BareError;
  const bool last = is_error || job_.form == TtsForm::Single;
  if (fault.kind != Fault::Kind::BareError)
    write (frame (json, last));
  else
    write (gzip_ ? gzip_->add (json, true) : json);
  ending_ = ending_ || last;
}

void TtsAnswer::disconnect (bool reset)
{
  stop_watching ();
  stopped_ = true;
  cut_off (message_.get (), reset);
}

/// libsoup looks at its socket only to write; a client that leaves while we wait would not be noticed.
/// Through TLS it is not: its farewell looks like one more request.
void TtsAnswer::watch_client ()
{
  GSocket *socket = soup_server_message_get_socket (message_.get ());
  client_ = g_socket_create_source (socket, static_cast<GIOCondition> (G_IO_IN | G_IO_HUP), nullptr);
  const GSocketSourceFunc look = [] (GSocket *client, GIOCondition, gpointer data) -> gboolean {
    auto *self = static_cast<TtsAnswer *> (data);
    char byte = 0;
    const auto count = recv (g_socket_get_fd (client), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    self->stop_watching ();  // whatever it is: its next request, or its end
    if (count > 0)
      return G_SOURCE_REMOVE;
    self->report ("the client is gone");
    self->note ([] (ReadingRecord &reading) { reading.cancelled = true; });
    self->disconnect (false);
    return G_SOURCE_REMOVE;
  };
  g_source_set_callback (client_, G_SOURCE_FUNC (look), this, nullptr);
  g_source_attach (client_, g_main_context_get_thread_default ());
}

void TtsAnswer::stop_watching ()
{
  if (!client_)
    return;
  g_source_destroy (client_);
  g_source_unref (client_);
  client_ = nullptr;
}

}  // namespace gemini::stand_in
