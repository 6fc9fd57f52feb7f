#include "stand-in/fault_plan.h"

#include <algorithm>

#include "stand-in/http/http_error.h"

namespace gemini::stand_in {
namespace {

/// After such a fault nothing more can happen at the same moment.
bool is_final (const Fault &fault)
{
  using Kind = Fault::Kind;
  const bool ends = fault.kind == Kind::Http || fault.kind == Kind::Html || fault.kind == Kind::Reset ||
                    fault.kind == Kind::Drop || fault.kind == Kind::Cut || fault.kind == Kind::End ||
                    fault.kind == Kind::Freeze || fault.kind == Kind::Close;
  return ends && fault.delay.count () == 0;
}

constexpr size_t kMaxReason = 123;

/// With a reason that `WebSocket::close ()` would cut.
Frame close_frame (unsigned code, const std::string &reason)
{
  std::string payload{static_cast<char> (code >> 8), static_cast<char> (code)};
  return {.opcode = static_cast<uint8_t> (Opcode::Close), .payload = payload + reason};
}

}  // namespace

void FaultPlan::set (std::vector<Fault> faults)
{
  entries_.clear ();
  for (const Fault &fault : faults)
    add (fault);
}

void FaultPlan::add (const Fault &fault) { entries_.push_back ({fault, fault.times}); }

std::vector<Fault> FaultPlan::take (Fault::When when, size_t chunk, size_t turn)
{
  std::vector<Fault> taken;
  for (Entry &entry : entries_) {
    const Fault &fault = entry.fault;
    const bool of_this_turn =
        when != Fault::When::Chunk || (fault.chunk == chunk && fault.turn.value_or (turn) == turn);
    if (fault.when != when || !of_this_turn || (fault.times > 0 && entry.left == 0))
      continue;
    if (fault.times > 0)
      entry.left--;
    taken.push_back (fault);
    if (is_final (fault))
      break;
  }
  return taken;
}

std::optional<std::string> fault_message (const Fault &fault, bool over_http)
{
  const std::string before = over_http ? R"({"candidates": [{"content": {"parts": [)"
                                       : R"({"serverContent": {"modelTurn": {"parts": [)";
  const std::string after = over_http ? "]}}]}" : "]}}}";
  switch (fault.kind) {
    case Fault::Kind::Message:
      return fault.text;
    case Fault::Kind::Error:
    case Fault::Kind::BareError:
      return to_json (usual_error (fault.code), fault.kind == Fault::Kind::Error);
    case Fault::Kind::MalformedJson:
      return before + R"({"inlineData": )";
    case Fault::Kind::BadBase64:
      return before + R"({"inlineData": {"mimeType": "audio/pcm;rate=24000", "data": "AAAA!#AA"}})" + after;
    case Fault::Kind::BadUtf8:
      return before + "{\"text\": \"\xff\xfe\xc0\", \"thought\": true}" + after;
    case Fault::Kind::Deep:
      return R"({"futureField": )" + std::string (fault.number, '[') + std::string (fault.number, ']') + "}";
    case Fault::Kind::Big:
      return before + R"({"text": ")" + std::string (fault.number << 20, 'x') + R"(", "thought": true})" +
             after;
    case Fault::Kind::Nul:
      return before + "{\"text\": \"a" + '\0' + "b\", \"thought\": true}" + after;
    case Fault::Kind::Http:
    case Fault::Kind::Html:
    case Fault::Kind::Reset:
    case Fault::Kind::Drop:
    case Fault::Kind::Cut:
    case Fault::Kind::End:
    case Fault::Kind::Freeze:
    case Fault::Kind::Close:
    case Fault::Kind::GoAway:
    case Fault::Kind::ReservedBits:
    case Fault::Kind::MaskedFrame:
    case Fault::Kind::BadOpcode:
    case Fault::Kind::Empty:
    case Fault::Kind::CutReason:
    case Fault::Kind::LongClose:
    case Fault::Kind::Deaf:
    case Fault::Kind::Drip:
    case Fault::Kind::EmptyFragments:
    case Fault::Kind::Tiny:
    case Fault::Kind::PingFlood:
    case Fault::Kind::Ping:
      break;
  }
  return {};
}

std::vector<Frame> fault_frames (const Fault &fault)
{
  constexpr auto kContinuation = static_cast<uint8_t> (Opcode::Continuation);
  constexpr auto kPing = static_cast<uint8_t> (Opcode::Ping);
  switch (fault.kind) {
    case Fault::Kind::ReservedBits:
      return {{.payload = "{}\n", .reserved = 4}};
    case Fault::Kind::MaskedFrame:
      return {{.payload = "{}\n", .masked = true}};
    case Fault::Kind::BadOpcode:
      return {{.opcode = 3, .payload = "{}\n"}};
    case Fault::Kind::Empty:
      return {{}};
    case Fault::Kind::CutReason:
      return {close_frame (fault.code, std::string (kMaxReason - 1, 'x') + "\xc3")};
    case Fault::Kind::LongClose:
      return {close_frame (fault.code, std::string (2 * kMaxReason, 'x'))};
    case Fault::Kind::EmptyFragments:
      return {{.final = false},
              {.opcode = kContinuation, .payload = "{}\n", .final = false},
              {.opcode = kContinuation}};
    case Fault::Kind::Tiny:
      return std::vector<Frame> (fault.number, Frame{.payload = "{}"});
    case Fault::Kind::PingFlood:
      return std::vector<Frame> (fault.number, Frame{.opcode = kPing, .payload = "and you?"});
    case Fault::Kind::Ping:
      return {{.opcode = kPing, .payload = "are you there?"}};
    case Fault::Kind::Http:
    case Fault::Kind::Html:
    case Fault::Kind::Reset:
    case Fault::Kind::Drop:
    case Fault::Kind::Cut:
    case Fault::Kind::End:
    case Fault::Kind::Freeze:
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
    case Fault::Kind::Nul:
    case Fault::Kind::Deaf:
    case Fault::Kind::Drip:
      break;
  }
  return {};
}

}  // namespace gemini::stand_in
