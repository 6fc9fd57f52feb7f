// What is done to a session from outside of its conversation: by a test, by a fault, by a refusal.
#include "stand-in/live/session.h"

namespace gemini::stand_in {

void Session::send (std::string_view message, Opcode opcode)
{
  socket_.send (message, opcode, house_.options.wire.fragments);
}

void Session::send_audio (const std::vector<int16_t> &samples)
{
  send ({.model_turn = std::vector<Part>{{.data = to_bytes (samples)}}});
}

void Session::close (unsigned code, std::string_view reason)
{
  const std::string cut = cut_reason (reason);
  report ("closing, code " + std::to_string (code) + ": " + cut);
  state_ = State::Over;
  turn_timer_.stop ();
  note ([&] (ConnectionRecord &connection) {
    connection.closed_by_server.push_back ({.code = static_cast<uint16_t> (code), .reason = cut});
  });
  socket_.close (code, cut);
}

void Session::refuse (const Refusal &refusal) { close (refusal.code, refusal.reason); }

bool Session::strike_at (Fault::When when, size_t chunk)
{
  for (const Fault &fault : house_.faults.take (when, chunk, turn_number_)) {
    if (fault.delay.count () > 0)
      strike_later (fault);
    else
      strike (fault);
  }
  return state_ == State::Over;
}

void Session::strike_later (const Fault &fault)
{
  later_.push_back (std::make_unique<Timer> ([this, fault] { strike (fault); }));
  later_.back ()->start_in (std::chrono::microseconds (fault.delay).count ());
}

void Session::strike (const Fault &fault)
{
  if (state_ == State::Over)
    return;
  report (std::string ("fault: ") + to_string (fault.kind));
  if (const auto message = fault_message (fault))
    return send (*message, dialect_.wire.text_frames ? Opcode::Text : Opcode::Binary);
  if (const auto frames = fault_frames (fault); !frames.empty ()) {
    socket_.send_frames (frames);
    // After a close frame nobody talks on, however wrong it was.
    if (fault.kind == Fault::Kind::CutReason || fault.kind == Fault::Kind::LongClose)
      state_ = State::Over;
    return;
  }

  switch (fault.kind) {
    case Fault::Kind::Close:
      return close (fault.code, fault.text);
    case Fault::Kind::GoAway:
      return go_away (static_cast<unsigned> (fault.number));
    case Fault::Kind::Freeze:
      state_ = State::Over;
      return socket_.freeze ();
    case Fault::Kind::Drop:
    case Fault::Kind::Cut:
      state_ = State::Over;
      return socket_.drop ();
    case Fault::Kind::Reset:
      state_ = State::Over;
      return socket_.reset ();
    case Fault::Kind::Deaf:
      return socket_.stop_reading ();
    case Fault::Kind::Drip:
      return socket_.drip (fault.number);
    case Fault::Kind::Http:
    case Fault::Kind::Html:
    case Fault::Kind::End:
    case Fault::Kind::Error:
    case Fault::Kind::BareError:
    case Fault::Kind::Message:
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
    case Fault::Kind::EmptyFragments:
    case Fault::Kind::Tiny:
    case Fault::Kind::PingFlood:
    case Fault::Kind::Ping:
      break;
  }
}

void Session::go_away (unsigned seconds)
{
  send ({.go_away = seconds});
  strike_later ({.kind = Fault::Kind::Close,
                 .delay = std::chrono::seconds (seconds),
                 .code = 1008,
                 .text = "The operation was aborted."});
}

}  // namespace gemini::stand_in
