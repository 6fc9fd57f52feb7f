#include "elements/turns.h"

#include <algorithm>
#include <utility>

namespace gemini {
namespace {

/// A chunk takes about as much memory as this besides its audio; so shorter ones count as if they had it.
constexpr gsize kLeastChunk = 512;

guint64 padding (gsize bytes) { return bytes < kLeastChunk ? kLeastChunk - bytes : 0; }

}  // namespace

void Turns::clear ()
{
  turns_.clear ();
  count_ = 0;
  bytes_ = padding_ = 0;
}

GstClockTime Turns::buffered_time () const
{
  GstClockTime time = 0;
  for (auto &turn : turns_)
    time += gst_util_uint64_scale (turn.frames, GST_SECOND, turn.report.rate);
  return time;
}

bool Turns::has_room (gsize bytes, guint64 limit) const
{
  return bytes_ == 0 || bytes_ + padding_ + bytes + padding (bytes) <= limit;
}

Turns::Turn &Turns::arriving (guint rate)
{
  if (turns_.empty () || turns_.back ().ended) {
    turns_.emplace_back ();
    turns_.back ().report.turn = ++count_;
    turns_.back ().report.rate = rate;
  }
  return turns_.back ();
}

void Turns::ask (guint rate, GstClockTime now)
{
  auto &report = arriving (rate).report;
  if (!GST_CLOCK_TIME_IS_VALID (report.requested))
    report.requested = now;
}

void Turns::add (BufferPtr chunk, guint rate, GstClockTime now)
{
  auto bytes = gst_buffer_get_size (chunk.get ());
  bytes_ += bytes;
  padding_ += padding (bytes);
  auto *turn = &arriving (rate);
  if (turn->report.received == 0) {
    turn->report.rate = rate;
  } else if (turn->report.rate != rate) {
    turn->ended = turn->continues = true;
    auto report = turn->report;
    turn = &turns_.emplace_back ();
    turn->report = report;
    turn->report.rate = rate;
  }
  if (!GST_CLOCK_TIME_IS_VALID (turn->report.first_byte))
    turn->report.first_byte = now;
  turn->report.received += bytes / kBytesPerFrame;
  turn->frames += bytes / kBytesPerFrame;
  turn->chunks.push_back ({std::move (chunk), 0, bytes});
}

void Turns::end (std::string_view reason, guint rate, GstClockTime now)
{
  auto &turn = arriving (rate);
  turn.ended = true;
  turn.report.reason = reason;
  turn.report.generation_complete = now;
}

void Turns::end_all ()
{
  while (!turns_.empty () && !turns_.back ().ended && turns_.back ().report.received == 0)
    turns_.pop_back ();
  for (auto &turn : turns_)
    turn.ended = true;
}

Backlog Turns::backlog () const
{
  if (turns_.empty ())
    return {};
  auto &turn = turns_.front ();
  auto &chunks = turn.chunks;
  auto head = chunks.empty () ? 0 : (chunks.front ().bytes - chunks.front ().taken) / kBytesPerFrame;
  return {turn.frames, head, static_cast<unsigned> (chunks.size ()), turn.ended, false};
}

BufferPtr Turns::take (guint64 frames)
{
  auto &turn = turns_.front ();
  turn.frames -= frames;
  bytes_ -= frames * kBytesPerFrame;
  BufferPtr out;
  for (gsize wanted = frames * kBytesPerFrame; wanted > 0;) {
    auto &chunk = turn.chunks.front ();
    auto bytes = std::min (wanted, chunk.bytes - chunk.taken);
    if (!out && bytes == chunk.bytes)
      out = std::move (chunk.buffer);
    else if (!out)
      out.reset (gst_buffer_copy_region (chunk.buffer.get (), GST_BUFFER_COPY_MEMORY, chunk.taken, bytes));
    else
      gst_buffer_copy_into (out.get (), chunk.buffer.get (), GST_BUFFER_COPY_MEMORY, chunk.taken,
                            static_cast<gssize> (bytes));
    chunk.taken += bytes;
    wanted -= bytes;
    if (chunk.taken == chunk.bytes) {
      padding_ -= padding (chunk.bytes);
      turn.chunks.pop_front ();
    }
  }
  return out;
}

std::optional<TurnReport> Turns::finish ()
{
  auto turn = std::move (turns_.front ());
  turns_.pop_front ();
  if (!turn.continues)
    return std::move (turn.report);
  auto &report = turns_.front ().report;
  report.started = turn.report.started;
  report.ended = turn.report.ended;
  report.pushed = turn.report.pushed;
  report.underruns = turn.report.underruns;
  report.underrun_time = turn.report.underrun_time;
  return std::nullopt;
}

CutReport Turns::cut (bool running)
{
  CutReport cut;
  for (auto &turn : turns_) {
    if (!running && !turn.ended)
      continue;  // asked for, and still to come
    if (cut.turn == 0 || turn.report.pushed > 0) {
      cut.turn = turn.report.turn;
      cut.pushed = turn.report.pushed;
    }
    cut.dropped += turn.frames;
    turn.report.interrupted = turn.report.interrupted || turn.frames > 0 || !turn.ended;
    turn.chunks.clear ();
    turn.frames = 0;
    turn.ended = true;
  }
  bytes_ = padding_ = 0;
  return cut;
}

Turns::CutShort Turns::cut_short ()
{
  CutShort cut;
  bytes_ = padding_ = 0;
  while (!turns_.empty () && !cut.turn) {
    auto &turn = turns_.front ();
    cut.dropped += std::exchange (turn.frames, 0);
    turn.report.interrupted =
        turn.report.interrupted || turn.report.pushed < turn.report.received || !turn.ended;
    if (turn.report.received == 0 && !turn.ended)
      turns_.pop_front ();
    else
      cut.turn = finish ();
  }
  return cut;
}

}  // namespace gemini
