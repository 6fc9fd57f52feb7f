#include "stand-in/tts/answer.h"

#include <algorithm>

#include "stand-in/voice/voice.h"

namespace gemini::stand_in {

TtsAnswer::TtsAnswer (House &house, Job job, GObjectPtr<SoupServerMessage> message, Task over)
    : house_ (house),
      job_ (std::move (job)),
      message_ (std::move (message)),
      over_called_ (std::move (over)),
      timer_ ([this] { play (); }),
      begin_ (g_get_monotonic_time ())
{
  g_signal_connect (message_.get (), "wrote-chunk",
                    G_CALLBACK (+[] (SoupServerMessage *, TtsAnswer *self) { self->on_wrote_chunk (); }),
                    this);
  g_signal_connect (message_.get (), "finished",
                    G_CALLBACK (+[] (SoupServerMessage *, TtsAnswer *self) { self->on_finished (); }), this);
  const CharPtr uuid (g_uuid_string_random ());
  response_id_ = uuid.get ();
  if (job_.options.manual == Manual::No)
    read_aloud ();
  begin ();
}

TtsAnswer::~TtsAnswer ()
{
  stop_watching ();
  g_signal_handlers_disconnect_by_data (message_.get (), this);
}

void TtsAnswer::read_aloud ()
{
  const TtsRequest &request = job_.request;
  const std::string words = words_to_read (request);
  auto samples = speak ({words, request.voice_name, request.language, job_.number}, job_.options);
  if (const auto *error = std::get_if<std::string> (&samples))
    report (*error);
  else
    samples_ = std::move (std::get<std::vector<int16_t>> (samples));
  std::minstd_rand random (job_.options.pace.seed);
  steps_ = plan_tts (request, samples_, job_.options, random);
  report (std::to_string (samples_.size ()) + " frames: " + words);
}

void TtsAnswer::begin ()
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message_.get ());
  soup_server_message_set_status (message_.get (), SOUP_STATUS_OK, nullptr);
  soup_message_headers_replace (headers, "Content-Type", content_type (job_.form, job_.options.tts).c_str ());
  soup_message_headers_append (headers, "Vary", "Origin, X-Origin, Referer");
  if (job_.form != TtsForm::Single) {
    soup_message_headers_append (headers, "Content-Disposition", "attachment");
    soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  }
  if (job_.gzip) {
    soup_message_headers_append (headers, "Content-Encoding", "gzip");
    gzip_.emplace ();
  }
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message_.get ()), FALSE);
  soup_server_message_pause (message_.get ());
  watch_client ();
  timer_.start_in (0);
}

void TtsAnswer::play ()
{
  if (over_ || stopped_ || unwritten_ > 0)
    return;
  strike_for_chunks ();
  if (stopped_ || unwritten_ > 0)
    return;
  if (ending_) {
    stop_watching ();
    soup_message_body_complete (soup_server_message_get_response_body (message_.get ()));
    return soup_server_message_unpause (message_.get ());
  }
  if (next_step_ == steps_.size ())
    return;
  const gint64 due = begin_ + steps_[next_step_].at.count ();
  if (due > g_get_monotonic_time ())
    return timer_.start_at (due);
  send_step ();
}

void TtsAnswer::send_step ()
{
  const TtsStep &step = steps_[next_step_++];
  ending_ = next_step_ == steps_.size ();
  const std::string bytes = frame (to_json (step.event, job_.request, response_id_, job_.options), ending_);
  if (cut_next_) {
    half_sent_ = true;
    return write (std::string_view (bytes).substr (0, bytes.size () / 2));
  }
  whole_ = ending_;
  const auto sent = std::span (samples_).subspan (frames_, step.frames - frames_);
  frames_ = step.frames;
  chunks_ += step.chunks;
  note ([&] (ReadingRecord &reading) {
    if (job_.options.record)
      reading.samples.insert (reading.samples.end (), sent.begin (), sent.end ());
    reading.chunk_times.insert (reading.chunk_times.end (), step.chunks, g_get_monotonic_time ());
  });
  write (bytes);
}

void TtsAnswer::finish ()
{
  whole_ = true;
  if (unwritten_ == 0)
    note ([] (ReadingRecord &reading) { reading.complete = true; });
  end_body ();
}

void TtsAnswer::end_body ()
{
  ending_ = true;
  if (gzip_)
    write (gzip_->add ({}, true));
  timer_.start_in (0);
}

std::string TtsAnswer::frame (std::string_view json, bool last)
{
  std::string bytes = frame_object (json, job_.form, job_.options.tts, first_, last);
  first_ = false;
  if (gzip_)
    bytes = gzip_->add (bytes, last);
  if (job_.form == TtsForm::Single)
    soup_message_headers_set_content_length (soup_server_message_get_response_headers (message_.get ()),
                                             static_cast<goffset> (bytes.size ()));
  return bytes;
}

void TtsAnswer::write (std::string_view bytes)
{
  if (over_ || stopped_)
    return;
  SoupMessageBody *body = soup_server_message_get_response_body (message_.get ());
  const size_t piece = job_.options.tts.piece == 0 ? bytes.size () : job_.options.tts.piece;
  for (size_t done = 0; done < bytes.size (); done += piece, unwritten_++)
    soup_message_body_append (body, SOUP_MEMORY_COPY, bytes.data () + done,
                              std::min (piece, bytes.size () - done));
  soup_server_message_unpause (message_.get ());
}

void TtsAnswer::on_wrote_chunk ()
{
  if (unwritten_ == 0 || --unwritten_ > 0)
    return;
  if (whole_) {
    stop_watching ();
    note ([] (ReadingRecord &reading) { reading.complete = true; });
  }
  timer_.start_in (0);
}

void TtsAnswer::on_finished ()
{
  over_ = true;
  timer_.stop ();
  later_.clear ();
  stop_watching ();
  report ("over");
  note ([] (ReadingRecord &reading) { reading.over = true; });
  over_called_ ();
}

void TtsAnswer::report (const std::string &event) const
{
  house_.report (SIZE_MAX, "reading " + std::to_string (job_.number) + ": " + event);
}

}  // namespace gemini::stand_in
