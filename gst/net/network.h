#pragma once

#include <libsoup/soup.h>

#include <memory>
#include <string>

#include "core/error.h"
#include "core/glib_ptr.h"
#include "core/transport.h"

namespace gemini {

/// How connections are made, whatever goes through them. Holds secrets: never log it.
struct NetworkConfig {
  std::string user_agent;  ///< empty: ours
  std::string proxy;       ///< URI; empty: the system's
  std::string proxy_id;
  std::string proxy_password;
  std::shared_ptr<GTlsDatabase> authorities;  ///< who vouches for servers; null: the system's
};

/// The certificates of a PEM file, in place of the system's. Empty: null. A settings error if they cannot be
/// read.
Result<GObjectPtr<GTlsDatabase>> load_authorities (const std::string &file);

/// A settings error if libsoup would not know what to do with it.
std::optional<Error> check_proxy (const std::string &proxy);

/// A session of libsoup that connects this way.
GObjectPtr<SoupSession> make_soup_session (const NetworkConfig &network, unsigned max_connections);

/// No proxy of the system's stands before this machine; one that was asked for does.
void bypass_proxy (SoupSession *session, const NetworkConfig &network, const Target &target);

/// A request to a target with its headers, which follows nobody to another host. Null: it has no valid
/// address.
GObjectPtr<SoupMessage> make_message (const char *method, const Target &target);

}  // namespace gemini
