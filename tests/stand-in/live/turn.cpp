#include "stand-in/live/turn.h"

#include <algorithm>

#include "stand-in/voice/chunks.h"

namespace gemini::stand_in {
namespace {

using std::chrono::microseconds;

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
  return Planner (answer, shape, pace, dialect)
      .plan (plan_chunks (answer.samples, shape, pace, dialect.rate, random));
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
