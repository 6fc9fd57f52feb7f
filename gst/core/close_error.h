#pragma once

#include "core/error.h"
#include "core/transport.h"

namespace gemini {

/// Where a session was when its connection ended; decides the sentence.
enum class ClosePhase { SettingUp, Idle, InTurn };

/// Turns the end of a connection into what a person can act on: the one table of close codes and HTTP
/// statuses.
///
/// The kind follows from code and reason: a refused or expired key or region is Unauthorized, an unknown
/// model NotFound, quota and overload Busy, a refused field Settings, a handshake status by its number,
/// everything else Read. An error the transport made itself is passed on. The server's own words go into
/// `detail`, with the code; keys are not expected in them but anything that looks like one (`key=…`, `AIza…`,
/// `auth_tokens/…`) is masked.
Error close_error (const Closure &closure, ClosePhase phase);

/// An HTTP answer that is no 101: status, reason phrase and body (usual error JSON, or anything).
Error http_error (unsigned status, std::string_view reason_phrase, std::string_view body);

/// Replaces whatever looks like a credential by "***".
std::string mask_secrets (std::string_view text);

}  // namespace gemini
