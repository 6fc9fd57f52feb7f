#include "tts_answer.h"

#include <algorithm>

#include "voice.h"

namespace gemini::stand_in {
TtsAnswer::TtsAnswer (House &house, size_t number, const Options &options, TtsRequest request, TtsForm form,
                      GObjectPtr<SoupServerMessage> message, Task over)
    : house_ (house),
      number_ (number),
      options_ (options),
      request_ (std::move (request)),
      form_ (form),
      message_ (std::move (message)),
      over_called_ (std::move (over)),
      timer_ ([this] { play (); })
{
  g_signal_connect (message_.get (), "wrote-chunk",
                    G_CALLBACK (+[] (SoupServerMessage *, TtsAnswer *self) { self->on_wrote_chunk (); }),
                    this);
  g_signal_connect (message_.get (), "finished",
                    G_CALLBACK (+[] (SoupServerMessage *, TtsAnswer *self) { self->on_finished (); }), this);
  const CharPtr uuid (g_uuid_string_random ());
  response_id_ = uuid.get ();
  begin ();
}

TtsAnswer::~TtsAnswer () { g_signal_handlers_disconnect_by_data (message_.get (), this); }

void TtsAnswer::begin ()
{
  begin_ = g_get_monotonic_time ();
  const std::string words = words_to_read (request_);
  auto samples = speak ({words, request_.voice_name, request_.language, number_}, options_);
  if (const auto *error = std::get_if<std::string> (&samples))
    report (*error);
  else
    samples_ = std::move (std::get<std::vector<int16_t>> (samples));
  std::minstd_rand random (options_.pace.seed);
  steps_ = plan_tts (request_, samples_, options_, random);
  report (std::to_string (samples_.size ()) + " frames: " + words);

  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message_.get ());
  soup_server_message_set_status (message_.get (), SOUP_STATUS_OK, nullptr);
  soup_message_headers_set_content_type (headers, content_type (form_, options_.tts).c_str (), nullptr);
  soup_message_headers_append (headers, "Vary", "Origin, X-Origin, Referer");
  if (form_ != TtsForm::Single) {
    soup_message_headers_append (headers, "Content-Disposition", "attachment");
    soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  }
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message_.get ()), FALSE);
  soup_server_message_pause (message_.get ());
  timer_.start_in (0);
}

void TtsAnswer::play ()
{
  if (over_ || unwritten_ > 0)
    return;
  if (next_step_ == steps_.size ()) {
    soup_message_body_complete (soup_server_message_get_response_body (message_.get ()));
    return soup_server_message_unpause (message_.get ());
  }
  const gint64 due = begin_ + steps_[next_step_].at.count ();
  if (due > g_get_monotonic_time ())
    return timer_.start_at (due);
  send_step ();
}

void TtsAnswer::send_step ()
{
  const TtsStep &step = steps_[next_step_];
  const bool first = next_step_ == 0, last = ++next_step_ == steps_.size ();
  const std::string json = to_json (step.event, request_, response_id_, options_);
  const std::string bytes = frame_object (json, form_, options_.tts, first, last);
  if (form_ == TtsForm::Single)
    soup_message_headers_set_content_length (soup_server_message_get_response_headers (message_.get ()),
                                             static_cast<goffset> (bytes.size ()));
  const auto sent = std::span (samples_).subspan (frames_, step.frames - frames_);
  frames_ = step.frames;
  note ([&] (ReadingRecord &reading) {
    if (options_.record)
      reading.samples.insert (reading.samples.end (), sent.begin (), sent.end ());
    reading.chunk_times.insert (reading.chunk_times.end (), step.chunks, g_get_monotonic_time ());
  });
  write (bytes);
}

void TtsAnswer::write (std::string bytes)
{
  SoupMessageBody *body = soup_server_message_get_response_body (message_.get ());
  const size_t piece = options_.tts.piece == 0 ? bytes.size () : options_.tts.piece;
  for (size_t done = 0; done < bytes.size (); done += piece, unwritten_++)
    soup_message_body_append (body, SOUP_MEMORY_COPY, bytes.data () + done,
                              std::min (piece, bytes.size () - done));
  soup_server_message_unpause (message_.get ());
}

void TtsAnswer::on_wrote_chunk ()
{
  if (unwritten_ == 0 || --unwritten_ > 0)
    return;
  if (next_step_ == steps_.size ()) {
    complete_ = true;
    note ([] (ReadingRecord &reading) { reading.complete = true; });
  }
  timer_.start_in (0);
}

void TtsAnswer::on_finished ()
{
  over_ = true;
  timer_.stop ();
  report (complete_ ? "done" : "ended before its end");
  note ([] (ReadingRecord &reading) { reading.over = true; });
  over_called_ ();
}

void TtsAnswer::report (const std::string &event) const
{
  house_.report (SIZE_MAX, "reading " + std::to_string (number_) + ": " + event);
}

}  // namespace gemini::stand_in
