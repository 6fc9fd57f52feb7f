// How a session speaks: turns from the question to turnComplete.
#include <algorithm>

#include "stand-in/live/session.h"
#include "stand-in/voice/voice.h"

namespace gemini::stand_in {

static unsigned count_words (std::string_view text)
{
  return static_cast<unsigned> (transcript_fragments (text).size ());
}

void Session::begin_turn (const std::string &question)
{
  for (const std::string &function : setup_.functions)
    if (!function.empty () && question.find (function) != question.npos)
      return call_tool (function);
  const std::string &fixed = house_.options.answer;
  say (question, fixed.empty () ? answer_to (question, turn_number_) : fixed);
}

void Session::call_tool (const std::string &name)
{
  state_ = State::ToolCalling;
  pending_call_ = "function-call-" + std::to_string (++calls_);
  report ("calls the function " + name);
  send ({.tool_call = ToolCall{.id = pending_call_, .name = name}});
  if (route_.vertex)
    send ({.generation_complete = true});
}

void Session::say (const std::string &question, const std::string &text)
{
  const Options &options = house_.options;
  answer_ = {
      .text = text, .transcribe = setup_.output_transcription, .prompt_tokens = count_words (question)};
  auto samples = speak ({text, setup_.voice_name, setup_.language, turn_number_}, options);
  if (auto *error = std::get_if<std::string> (&samples))
    report (*error);
  else
    answer_.samples = std::move (std::get<std::vector<int16_t>> (samples));

  dialect_.rate = options.rate;
  dialect_.wire = options.wire;
  turn_ = plan_turn (answer_, options.shape, options.pace, dialect_, random_);
  report ("turn " + std::to_string (turn_number_) + ", " + std::to_string (answer_.samples.size ()) +
          " frames: " + text);
  note ([&] (ConnectionRecord &connection) {
    connection.turns.push_back ({.number = turn_number_, .question = question, .answer = text});
  });

  state_ = State::Speaking;
  next_step_ = chunks_sent_ = bytes_sent_ = 0;
  if (setup_.resumption)
    send ({.resumption = Resumption{}});
  turn_begin_ = g_get_monotonic_time ();
  if (!strike_at (Fault::When::Chunk, 0))
    play ();
}

void Session::play ()
{
  while (state_ == State::Speaking) {
    const bool done = next_step_ == turn_.steps.size ();
    const gint64 due = turn_begin_ + (done ? turn_.end : turn_.steps[next_step_].at).count ();
    if (due > g_get_monotonic_time ())
      return turn_timer_.start_at (due);
    if (done)
      return end_turn ();
    send_step (turn_.steps[next_step_++]);
  }
}

void Session::send_step (const Step &step)
{
  send (step.message);
  const gint64 now = g_get_monotonic_time ();
  const size_t from = bytes_sent_ / 2;
  bytes_sent_ += step.bytes;
  const size_t to = std::min (bytes_sent_ / 2, answer_.samples.size ());
  const auto sent = std::span (answer_.samples).subspan (from, to - from);
  note_turn ([&] (TurnRecord &turn) {
    if (house_.options.record)
      turn.samples.insert (turn.samples.end (), sent.begin (), sent.end ());
    turn.chunk_times.insert (turn.chunk_times.end (), step.chunks, now);
    turn.generation_complete |= step.message.generation_complete;
    turn.turn_complete |= step.message.turn_complete;
  });
  for (size_t i = 0; i < step.chunks && state_ == State::Speaking; i++)
    strike_at (Fault::When::Chunk, ++chunks_sent_);
}

void Session::interrupt ()
{
  turn_timer_.stop ();
  report ("interrupted");
  if (state_ == State::ToolCalling) {
    send ({.cancelled_tool_call = std::exchange (pending_call_, {})});
    state_ = State::Ready;
    return;
  }
  send ({.interrupted = true});
  const auto rest = std::span (turn_.steps).subspan (next_step_);
  const auto late =
      std::find_if (rest.begin (), rest.end (), [] (const Step &step) { return step.bytes > 0; });
  if (house_.options.shape.late_chunk && late != rest.end ())
    send ({.model_turn = late->message.model_turn});
  ServerMessage end{.turn_complete = true};
  if (house_.options.shape.usage)
    end.usage = usage_of (answer_, bytes_sent_ / 2, dialect_.rate);
  if (house_.options.shape.turn_complete)
    send (end);
  note_turn ([&] (TurnRecord &turn) {
    turn.interrupted = true;
    turn.turn_complete = house_.options.shape.turn_complete;
  });
  queued_.clear ();
  end_turn ();
}

void Session::end_turn ()
{
  state_ = State::Ready;
  turn_number_++;
  send_handle ();
  note_turn ([] (TurnRecord &turn) { turn.over = true; });
  if (!queued_.empty ())
    begin_turn (std::exchange (queued_, {}));
}

void Session::send_handle ()
{
  if (!setup_.resumption)
    return;
  const CharPtr handle (g_uuid_string_random ());
  house_.handles[handle.get ()] = turn_number_;
  send ({.resumption = Resumption{.handle = handle.get ()}});
}

void Session::send (const ServerMessage &message)
{
  send (to_json (message, dialect_), dialect_.wire.text_frames ? Opcode::Text : Opcode::Binary);
}

}  // namespace gemini::stand_in
