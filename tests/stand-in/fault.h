#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace gemini::stand_in {

/// Something that goes wrong, and when.
///
///   Fault {.kind = Fault::Kind::Close, .when = Fault::When::Chunk, .chunk = 3, .code = 1011}
///   parse_fault ("close:1011:Internal error encountered.@chunk:3")
struct Fault {
  enum class Kind {
    Http,            ///< status `code` with the usual error body; only `When::Upgrade`. `text`: seconds for a
                     ///< RetryInfo, or "day" for a quota that lasts until tomorrow
    Html,            ///< status `code` with a page for people, as from a proxy; only `When::Upgrade`
    Reset,           ///< TCP reset
    Drop,            ///< end of stream without a close frame; over HTTP without the end of the body
    Cut,             ///< the same in the middle of the next event or of the only object; Live: as Drop
    End,             ///< HTTP: the body ends here, in good order
    Freeze,          ///< nothing more is sent, nothing is answered, the connection stays
    Close,           ///< close frame with `code` and `text`
    GoAway,          ///< goAway with `number` seconds, then the end of the connection: close 1008
    Message,         ///< `text` as a message
    Error,           ///< an error object with status `code` as a message; over HTTP the last event
    BareError,       ///< the same, but outside of an event
    MalformedJson,   ///< a message that is no JSON
    BadBase64,       ///< audio that is no base64
    BadUtf8,         ///< a message that is no UTF-8
    Deep,            ///< arrays nested `number` deep
    Big,             ///< a message of `number` MiB
    ReservedBits,    ///< a frame with an extension nobody asked for
    MaskedFrame,     ///< a masked frame, which a server must not send
    BadOpcode,       ///< a frame of an unknown kind
    Nul,             ///< a message with a NUL byte in the middle of a string
    Empty,           ///< a message of 0 bytes
    CutReason,       ///< close frame with `code` and a reason that ends after 123 bytes, within a character
    LongClose,       ///< close frame with `code` and a longer reason than a control frame can hold
    Deaf,            ///< from now on nothing is read or answered, pings least of all; sending goes on
    Drip,            ///< from now on `number` bytes leave in a millisecond, wherever they cut a frame
    EmptyFragments,  ///< harmless: a message whose first and last fragment are empty
    Tiny,            ///< harmless: `number` messages, or events, with nothing in them
    PingFlood,       ///< harmless: `number` pings, or comments, at once
    Ping,            ///< harmless: a ping with a payload, a comment between events
  };

  enum class When {
    Upgrade,  ///< instead of the answer to the HTTP request, whatever it asks for
    Setup,    ///< instead of setupComplete
    Ready,    ///< `delay` after setupComplete
    Chunk,    ///< `delay` after chunk `chunk` of a turn or of an answer over HTTP (0: before the first)
  };

  Kind kind = Kind::Reset;
  When when = When::Chunk;
  size_t chunk = 0;
  std::optional<size_t> turn;  ///< only in this turn of a session, or this answer over HTTP, from 0
  std::chrono::milliseconds delay{0};
  unsigned times = 0;  ///< how often it strikes; 0: every time

  unsigned code = 0;
  size_t number = 0;
  std::string text;
};

/// Reads "WHAT[@WHEN][*TIMES]"; on failure a sentence that says what is wrong with it.
std::variant<Fault, std::string> parse_fault (std::string_view spec);

}  // namespace gemini::stand_in
