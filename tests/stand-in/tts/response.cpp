#include "stand-in/tts/response.h"

#include <glib.h>

#include <algorithm>

#include "stand-in/json_writer.h"
#include "stand-in/live/turn.h"
#include "stand-in/voice/chunks.h"

namespace gemini::stand_in {
namespace {

using std::chrono::microseconds;

std::string little_endian (uint32_t value, size_t bytes)
{
  std::string text;
  for (size_t i = 0; i < bytes; i++)
    text += static_cast<char> (value >> 8 * i);
  return text;
}

std::string wav_header (size_t data_bytes, unsigned rate)
{
  const auto size = static_cast<uint32_t> (data_bytes);
  return "RIFF" + little_endian (36 + size, 4) + "WAVEfmt " + little_endian (16, 4) + little_endian (1, 2) +
         little_endian (1, 2) + little_endian (rate, 4) + little_endian (2 * rate, 4) + little_endian (2, 2) +
         little_endian (16, 2) + "data" + little_endian (size, 4);
}

std::string mime_type (const TtsRequest &request, const Options &options)
{
  const std::string rate = std::to_string (options.rate);
  if (!options.wire.mime_type.empty ())
    return options.wire.mime_type;
  if (is_wav (request, options.tts))
    return "audio/wav";
  if (request.vertex && options.rate == 24000)
    return "audio/pcm";
  if (request.family == TtsFamily::Tts25)
    return "audio/L16;codec=pcm;rate=" + rate;
  return "audio/l16; rate=" + rate + "; channels=1";
}

/// The only chunk of what is sent at once: due when the last one would be.
std::vector<Chunk> join (const std::vector<Chunk> &chunks)
{
  Chunk all;
  for (const Chunk &chunk : chunks) {
    all.bytes += chunk.bytes;
    all.at = chunk.at;
  }
  return {all};
}

/// Puts the events of an answer together, one after the other.
class Planner {
 public:
  Planner (const TtsRequest &request, const std::vector<int16_t> &samples, const Options &options,
           std::minstd_rand &random)
      : request_ (request), samples_ (samples), options_ (options)
  {
    Pace pace = options.pace;
    const double thinking = pace.per_character * 1000 * static_cast<double> (length ());
    delay_ = microseconds (static_cast<int64_t> (thinking)) + pace.first_chunk_delay;
    pace.first_chunk_delay = {};
    chunks_ = plan_chunks (samples, options.shape, pace, options.rate, random);
    if (!chunks_.empty () && is_whole ())
      chunks_ = join (chunks_);
    if (chunks_.empty () || !is_wav (request, options.tts))
      return;
    const std::string header = wav_header (2 * samples.size (), options.rate);
    header_size_ = header.size ();
    chunks_.front ().bytes.insert (0, header);
  }

  std::vector<TtsStep> plan (const std::string &finish_reason)
  {
    const size_t group = std::max (options_.shape.parts_per_message, 1u);
    for (size_t i = 0; i < chunks_.size (); i += group)
      add_audio (std::span (chunks_).subspan (i, std::min (group, chunks_.size () - i)));
    if (steps_.empty () || (!is_whole () && !options_.shape.bundle_end))
      add ({.content = std::vector<Part>{}});
    steps_.back ().event.finish_reason = finish_reason;
    return std::move (steps_);
  }

  /// One event, with everything in it.
  std::vector<TtsStep> plan_only (TtsEvent event)
  {
    frames_ = event.content ? samples_.size () : 0;
    add (std::move (event)).frames = 0;  // they are counted, but not sent
    return std::move (steps_);
  }

 private:
  size_t length () const
  {
    return static_cast<size_t> (
        g_utf8_strlen (request_.text.c_str (), static_cast<gssize> (request_.text.size ())));
  }

  bool is_whole () const { return !request_.streaming || request_.family == TtsFamily::Tts25; }

  TtsStep &add (TtsEvent event)
  {
    if (options_.shape.usage)
      event.usage = Usage{.prompt_tokens = static_cast<unsigned> (length () / 4 + 1),
                          .audio_tokens = audio_tokens (frames_, options_.rate)};
    steps_.push_back ({.at = delay_ + now_, .event = std::move (event), .frames = frames_});
    return steps_.back ();
  }

  void add_audio (std::span<const Chunk> chunks)
  {
    now_ = chunks.back ().at;
    const bool odd = steps_.size () % 2 == 1;
    if (options_.shape.empty_parts)
      add ({.content = odd ? std::vector<Part>{{}} : std::vector<Part>{}});
    std::vector<Part> parts;
    if (options_.shape.thoughts)
      parts.push_back ({.kind = Part::Kind::Thought, .data = "Thinking while speaking."});
    for (const Chunk &chunk : chunks) {
      parts.push_back ({.data = chunk.bytes});
      bytes_ += chunk.bytes.size ();
    }
    frames_ = std::min ((bytes_ - header_size_) / 2, samples_.size ());
    add ({.content = std::move (parts)}).chunks = chunks.size ();
  }

  const TtsRequest &request_;
  const std::vector<int16_t> &samples_;
  const Options &options_;
  std::vector<Chunk> chunks_;
  microseconds delay_{0}, now_{0};
  size_t bytes_ = 0, header_size_ = 0, frames_ = 0;
  std::vector<TtsStep> steps_;
};

void write_candidate (JsonWriter &json, const TtsEvent &event, const Dialect &dialect)
{
  json.name ("candidates").begin_array ().begin_object ();
  if (event.content) {
    json.name ("content").begin_object ();
    if (!event.content->empty ()) {
      json.name ("parts").begin_array ();
      for (const Part &part : *event.content)
        write_part (json, part, dialect);
      json.end_array ().name ("role").string ("model");
    }
    json.end_object ();
  }
  if (!event.finish_reason.empty ())
    json.name ("finishReason").string (event.finish_reason);
  json.name ("index").number (0);
  write_unknown (json, dialect, "futureCandidateField");
  json.end_object ().end_array ();
}

}  // namespace

bool is_wav (const TtsRequest &request, const Tts &tts)
{
  if (tts.container != Tts::Container::AsModel)
    return tts.container == Tts::Container::Wav;
  return request.family == TtsFamily::Tts38 && !request.streaming;
}

std::vector<TtsStep> plan_tts (const TtsRequest &request, const std::vector<int16_t> &samples,
                               const Options &options, std::minstd_rand &random)
{
  const Tts &tts = options.tts;
  const size_t limit = size_t{request.max_tokens} * options.rate / 32;
  const bool cut = samples.size () > limit;
  const std::vector<int16_t> head (
      samples.begin (), samples.begin () + static_cast<std::ptrdiff_t> (cut ? limit : samples.size ()));
  Planner planner (request, head, options, random);
  const auto reason = [&] (const char *usual) {
    return tts.finish_reason.empty () ? usual : tts.finish_reason;
  };
  if (!tts.block_reason.empty ())
    return planner.plan_only ({.block_reason = tts.block_reason});
  switch (tts.content) {
    case Tts::Content::Audio:
      return planner.plan (reason (cut ? "MAX_TOKENS" : "STOP"));
    case Tts::Content::Text:
      return planner.plan_only (
          {.content = std::vector<Part>{{.kind = Part::Kind::Text, .data = request.text}},
           .finish_reason = reason ("STOP")});
    case Tts::Content::Empty:
      return planner.plan_only ({.content = std::vector<Part>{}, .finish_reason = reason ("OTHER")});
    case Tts::Content::None:
      return planner.plan_only ({.finish_reason = reason ("SAFETY")});
  }
  return {};
}

std::string to_json (const TtsEvent &event, const TtsRequest &request, const std::string &response_id,
                     const Options &options)
{
  Dialect dialect{.vertex = request.vertex, .rate = options.rate, .wire = options.wire};
  dialect.wire.mime_type = mime_type (request, options);
  JsonWriter json (request.streaming ? !options.tts.data_lines : options.wire.compact);
  json.begin_object ();
  if (event.block_reason.empty ())
    write_candidate (json, event, dialect);
  else
    json.name ("promptFeedback")
        .begin_object ()
        .name ("blockReason")
        .string (event.block_reason)
        .end_object ();
  if (event.usage)
    write_usage (json, *event.usage, true, request.vertex);
  json.name ("modelVersion").string (request.model);
  json.name ("responseId").string (response_id);
  write_unknown (json, dialect, "futureField");
  return json.end_object ().take ();
}

}  // namespace gemini::stand_in
