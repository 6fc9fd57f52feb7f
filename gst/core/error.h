#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/retry.h"

namespace gemini {

/// What went wrong: a kind for programs, a sentence for a person, a detail for a log.
///
/// Made where the fact is known, passed on unchanged, and turned into a bus message in one place.
/// Nothing in it may hold a key, a token or a resumption handle.
struct Error {
  enum class Kind {
    Settings,      ///< a property or setup field is wrong
    Unauthorized,  ///< key or token missing, refused or expired
    NotFound,      ///< model, voice, path or host unknown
    Busy,          ///< quota used up, service overloaded
    Connect,       ///< cannot connect, TLS
    Read,          ///< connection lost, timeout
    Decode,        ///< what the server sent cannot be read
    Format,        ///< it can be read, but is of a kind we cannot play
    Failed,        ///< blocked or refused by the model
  };

  Kind kind;
  std::string message;  ///< "The API key was refused"
  std::string detail;   ///< the server's own words, for the debug part

  std::optional<unsigned> http_status;
  std::optional<unsigned> close_code;
  RetryAdvice retry;           ///< of an HTTP answer
  std::string service_status;  ///< canonical name, such as RESOURCE_EXHAUSTED
};

template <typename T>
using Result = std::variant<T, Error>;

}  // namespace gemini
