#include "turn.h"

#include <algorithm>
#include <limits>

namespace gemini::stand_in {
namespace {

using std::chrono::microseconds;

microseconds duration_of (size_t frames, unsigned rate)
{
  return microseconds (static_cast<int64_t> (frames) * 1'000'000 / rate);
}

struct Chunk {
  std::string bytes;
  microseconds at{0};
};

std::vector<Chunk> cut (const Answer &answer, const Shape &shape)
{
  std::string bytes = to_bytes (answer.samples);
  if (shape.odd_tail)
    bytes += '\x7f';

  std::vector<Chunk> chunks;
  size_t begin = 0, end = 0;
  const auto frames = chunk_frames (answer.samples.size (), shape.chunks);
  for (size_t i = 0; i < frames.size (); i++) {
    end += 2 * frames[i];
    const bool last = i + 1 == frames.size ();
    const size_t border = last ? bytes.size () : end + (shape.odd_bytes && i % 2 == 0 ? 1 : 0);
    chunks.push_back ({.bytes = bytes.substr (begin, border - begin)});
    begin = border;
  }
  return chunks;
}

void time (std::vector<Chunk> &chunks, const Pace &pace, unsigned rate, std::minstd_rand &random)
{
  std::uniform_int_distribution<int64_t> gap (0, microseconds (pace.random_gap).count ());
  microseconds shift = pace.first_chunk_delay, before{0};
  size_t bytes = 0;
  for (size_t i = 0; i < chunks.size (); i++) {
    for (const Pace::Stall &stall : pace.stalls)
      if (i > 0 && stall.after_chunk == i)
        shift += stall.pause;
    // The first chunk is there when it is there; each later one takes the time of its own audio.
    bytes += i > 0 ? chunks[i].bytes.size () : 0;
    microseconds at = shift;
    if (pace.speed > 0)
      at += microseconds (
          static_cast<int64_t> (static_cast<double> (duration_of (bytes / 2, rate).count ()) / pace.speed));
    at += microseconds (gap (random));
    before = chunks[i].at = std::max (before, at);
  }
}

/// Puts the messages of a turn together, one after the other.
class Planner {
 public:
  Planner (const Answer &answer, const Shape &shape, const Pace &pace, const Dialect &dialect)
      : answer_ (answer), shape_ (shape), pace_ (pace), dialect_ (dialect)
  {
    if (answer.transcribe)
      words_ = transcript_fragments (answer.text);
  }

  Turn plan (const std::vector<Chunk> &chunks)
  {
    now_ = pace_.first_chunk_delay;
    if (answer_.transcribe && dialect_.vertex)
      add ({.output_transcription = Transcription{}});
    const size_t group = std::max (shape_.parts_per_message, 1u);
    for (size_t i = 0; i < chunks.size (); i += group)
      add_audio (std::span (chunks).subspan (i, std::min (group, chunks.size () - i)), i, chunks.size ());
    finish (chunks.empty () ? now_ : chunks.front ().at);
    return std::move (turn_);
  }

 private:
  Step &add (ServerMessage message)
  {
    turn_.steps.push_back ({.at = now_, .message = std::move (message)});
    return turn_.steps.back ();
  }

  void add_audio (std::span<const Chunk> chunks, size_t first, size_t total)
  {
    now_ = chunks.back ().at;
    add_words (first, total);
    const bool odd = messages_++ % 2 == 1;
    if (shape_.empty_parts)
      add ({.model_turn = odd ? std::vector<Part>{{}} : std::vector<Part>{}});

    std::vector<Part> parts;
    size_t bytes = 0;
    if (shape_.thoughts && odd)
      parts.push_back ({.kind = Part::Kind::Thought, .data = "Thinking while speaking."});
    for (const Chunk &chunk : chunks) {
      parts.push_back ({.data = chunk.bytes});
      bytes += chunk.bytes.size ();
    }
    if (shape_.thoughts && !odd)
      add ({.model_turn =
                std::vector<Part>{{.kind = Part::Kind::Thought, .data = "Thinking before speaking."}}});
    Step &step = add ({.model_turn = std::move (parts)});
    step.chunks = chunks.size ();
    step.bytes = bytes;
  }

  /// The transcript runs twice as fast as the audio. The last fragment waits for `finish ()` if the end is
  /// bundled.
  void add_words (size_t chunk, size_t total)
  {
    const size_t keep = shape_.bundle_end && !words_.empty () ? 1 : 0;
    while (said_ + keep < words_.size () && said_ * total <= 2 * chunk * words_.size ())
      add ({.output_transcription = Transcription{.text = words_[said_++]}});
  }

  void finish (microseconds audio_begin)
  {
    const microseconds played = audio_begin + duration_of (answer_.samples.size (), dialect_.rate);
    const double rest = std::max (0.0, static_cast<double> ((played - now_).count ()));
    turn_.end = now_ + microseconds (static_cast<int64_t> (rest * pace_.playback));

    std::optional<Usage> usage;
    if (shape_.usage)
      usage = usage_of (answer_, answer_.samples.size (), dialect_.rate);

    if (shape_.bundle_end) {
      ServerMessage &last = turn_.steps.empty () ? add ({}).message : turn_.steps.back ().message;
      if (said_ < words_.size ())
        last.output_transcription =
            Transcription{.text = rest_of_words (), .finished = shape_.transcript_finished};
      last.generation_complete = shape_.generation_complete;
      last.turn_complete = shape_.turn_complete;
      if (shape_.turn_complete)
        last.usage = usage;
      turn_.end = now_;
      return;
    }
    if (said_ < words_.size ())
      add ({.output_transcription = Transcription{.text = rest_of_words ()}});
    if (answer_.transcribe && shape_.transcript_finished)
      add ({.output_transcription = Transcription{.finished = true}});
    if (shape_.generation_complete)
      add ({.generation_complete = true});
    now_ = turn_.end;
    if (shape_.turn_complete)
      add ({.turn_complete = true, .usage = usage});
  }

  std::string rest_of_words ()
  {
    std::string text;
    while (said_ < words_.size ())
      text += words_[said_++];
    return text;
  }

  const Answer &answer_;
  const Shape &shape_;
  const Pace &pace_;
  const Dialect &dialect_;
  std::vector<std::string> words_;
  size_t said_ = 0;
  size_t messages_ = 0;
  microseconds now_{0};
  Turn turn_;
};

}  // namespace

Turn plan_turn (const Answer &answer, const Shape &shape, const Pace &pace, const Dialect &dialect,
                std::minstd_rand &random)
{
  auto chunks = cut (answer, shape);
  time (chunks, pace, dialect.rate, random);
  return Planner (answer, shape, pace, dialect).plan (chunks);
}

std::vector<size_t> chunk_frames (size_t frames, const std::vector<size_t> &pattern)
{
  std::vector<size_t> chunks;
  for (size_t i = 0; frames > 0; i++) {
    const size_t wanted = pattern.empty () ? 0 : pattern[i % pattern.size ()];
    chunks.push_back (wanted == 0 ? frames : std::min (wanted, frames));
    frames -= chunks.back ();
  }
  return chunks;
}

std::vector<std::string> transcript_fragments (std::string_view text)
{
  std::vector<std::string> fragments;
  while (!text.empty ()) {
    const size_t size = std::min (text.find (' ', 1), text.size ());
    fragments.emplace_back (text.substr (0, size));
    text.remove_prefix (size);
  }
  return fragments;
}

unsigned audio_tokens (size_t frames, unsigned rate)
{
  return static_cast<unsigned> ((frames * 32 + rate - 1) / rate);
}

Usage usage_of (const Answer &answer, size_t frames, unsigned rate)
{
  return {.prompt_tokens = answer.prompt_tokens, .audio_tokens = audio_tokens (frames, rate)};
}

}  // namespace gemini::stand_in
