#include "fault_plan.h"

#include <algorithm>

#include "http_error.h"

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
    case Fault::Kind::Ping:
      break;
  }
  return {};
}

std::optional<Frame> fault_frame (const Fault &fault)
{
  constexpr auto kPing = static_cast<uint8_t> (Opcode::Ping);
  switch (fault.kind) {
    case Fault::Kind::ReservedBits:
      return Frame{.payload = "{}\n", .reserved = 4};
    case Fault::Kind::MaskedFrame:
      return Frame{.payload = "{}\n", .masked = true};
    case Fault::Kind::BadOpcode:
      return Frame{.opcode = 3, .payload = "{}\n"};
    case Fault::Kind::Ping:
      return Frame{.opcode = kPing, .payload = "are you there?"};
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
      break;
  }
  return {};
}

}  // namespace gemini::stand_in
