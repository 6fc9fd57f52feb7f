#include "stand-in/fault.h"

#include "stand-in/fault_plan.h"
#include "stand-in/numbers.h"

namespace gemini::stand_in {
namespace {

/// What may follow the name of a fault.
enum class Argument { None, Code, CodeAndText, CodeAndRetry, Number, Text };

struct Kind {
  const char *name;
  Fault::Kind kind;
  Argument argument = Argument::None;
};

constexpr Kind kKinds[] = {
    {"http", Fault::Kind::Http, Argument::CodeAndRetry},
    {"html", Fault::Kind::Html, Argument::Code},
    {"reset", Fault::Kind::Reset},
    {"drop", Fault::Kind::Drop},
    {"cut", Fault::Kind::Cut},
    {"end", Fault::Kind::End},
    {"freeze", Fault::Kind::Freeze},
    {"close", Fault::Kind::Close, Argument::CodeAndText},
    {"goaway", Fault::Kind::GoAway, Argument::Number},
    {"message", Fault::Kind::Message, Argument::Text},
    {"error", Fault::Kind::Error, Argument::Code},
    {"bare-error", Fault::Kind::BareError, Argument::Code},
    {"malformed-json", Fault::Kind::MalformedJson},
    {"bad-base64", Fault::Kind::BadBase64},
    {"bad-utf8", Fault::Kind::BadUtf8},
    {"deep", Fault::Kind::Deep, Argument::Number},
    {"big", Fault::Kind::Big, Argument::Number},
    {"reserved-bits", Fault::Kind::ReservedBits},
    {"masked-frame", Fault::Kind::MaskedFrame},
    {"bad-opcode", Fault::Kind::BadOpcode},
    {"nul", Fault::Kind::Nul},
    {"empty", Fault::Kind::Empty},
    {"cut-reason", Fault::Kind::CutReason, Argument::Code},
    {"long-close", Fault::Kind::LongClose, Argument::Code},
    {"deaf", Fault::Kind::Deaf},
    {"drip", Fault::Kind::Drip, Argument::Number},
    {"empty-fragments", Fault::Kind::EmptyFragments},
    {"tiny", Fault::Kind::Tiny, Argument::Number},
    {"ping-flood", Fault::Kind::PingFlood, Argument::Number},
    {"ping", Fault::Kind::Ping},
};

/// Splits "a:b" at the first separator; "a" alone leaves nothing behind it.
std::pair<std::string_view, std::string_view> split (std::string_view text, char separator)
{
  const size_t at = text.find (separator);
  if (at == text.npos)
    return {text, {}};
  return {text.substr (0, at), text.substr (at + 1)};
}

bool read_argument (std::string_view text, Argument argument, Fault &fault)
{
  switch (argument) {
    case Argument::None:
      return text.empty ();
    case Argument::Code:
      return read_number (text, fault.code);
    case Argument::CodeAndText: {
      const auto [code, reason] = split (text, ':');
      fault.text = reason;
      return read_number (code, fault.code);
    }
    case Argument::CodeAndRetry: {
      const auto [code, retry] = split (text, ':');
      double seconds = 0;
      fault.text = retry;
      return read_number (code, fault.code) &&
             (retry.empty () || retry == "day" || read_number (retry, seconds));
    }
    case Argument::Number:
      return read_number (text, fault.number);
    case Argument::Text:
      fault.text = text;
      return !text.empty ();
  }
  return false;
}

bool read_what (std::string_view text, Fault &fault)
{
  const auto [name, argument] = split (text, ':');
  for (const Kind &kind : kKinds) {
    if (name == kind.name) {
      fault.kind = kind.kind;
      return read_argument (argument, kind.argument, fault);
    }
  }
  return false;
}

bool read_when (std::string_view text, Fault &fault)
{
  const auto [moment, delay_text] = split (text, '+');
  if (unsigned delay = 0; !delay_text.empty ()) {
    if (!read_number (delay_text, delay))
      return false;
    fault.delay = std::chrono::milliseconds (delay);
  }
  const auto [place, turn_text] = split (moment, '/');
  const auto [name, chunk] = split (place, ':');
  if (name == "chunk") {
    fault.when = Fault::When::Chunk;
    if (!turn_text.empty () && !read_number (turn_text, fault.turn.emplace ()))
      return false;
    return read_number (chunk, fault.chunk);
  }
  if (!turn_text.empty () || !chunk.empty ())
    return false;
  if (name == "upgrade" || name == "request")
    fault.when = Fault::When::Upgrade;
  else if (name == "setup")
    fault.when = Fault::When::Setup;
  else if (name == "ready")
    fault.when = Fault::When::Ready;
  else
    return false;
  return true;
}

/// What makes no sense before there is a WebSocket, and the other way round.
bool fits (const Fault &fault)
{
  const bool at_upgrade = fault.when == Fault::When::Upgrade;
  const bool is_status = fault.kind == Fault::Kind::Http || fault.kind == Fault::Kind::Html;
  const bool possible_there = is_status || fault.kind == Fault::Kind::Reset ||
                              fault.kind == Fault::Kind::Drop || fault.kind == Fault::Kind::Freeze;
  return at_upgrade ? possible_there : !is_status;
}

}  // namespace

std::variant<Fault, std::string> parse_fault (std::string_view spec)
{
  Fault fault;
  const std::string quoted = "'" + std::string (spec) + "'";
  if (const size_t star = spec.rfind ('*');
      star != spec.npos && read_number (spec.substr (star + 1), fault.times))
    spec = spec.substr (0, star);

  const size_t at = spec.rfind ('@');
  if (!read_what (spec.substr (0, at), fault))
    return quoted + " names no fault: see --help for the list";
  if (fault.kind == Fault::Kind::Http || fault.kind == Fault::Kind::Html)
    fault.when = Fault::When::Upgrade;
  if (at != spec.npos && !read_when (spec.substr (at + 1), fault))
    return quoted + " has no moment after '@': use request, upgrade, setup, ready or chunk:N";
  if (!fits (fault))
    return quoted +
           " cannot strike at that moment: before the answer to a request there are http, html, reset, drop "
           "and freeze";
  return fault;
}

const char *to_string (Fault::Kind kind)
{
  for (const Kind &known : kKinds)
    if (known.kind == kind)
      return known.name;
  return "unknown";
}

}  // namespace gemini::stand_in
