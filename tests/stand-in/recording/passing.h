#pragma once

#include <libsoup/soup.h>

#include <functional>
#include <memory>
#include <string>

#include "core/glib_ptr.h"
#include "stand-in/recording/wire_log.h"

namespace gemini::stand_in {

/// Where a relay passes things on to, and where it writes them down.
struct Upstream {
  GUri *uri;
  SoupSession *session;
  WireWriter &writer;
  const std::function<void (const std::string &line)> &report;  ///< of what a person should know
};

/// A connection or a request that is being passed on.
class Passing {
 public:
  virtual ~Passing () = default;
};

/// A WebSocket. The client waits at the door until the server has let us in.
std::unique_ptr<Passing> pass_on_websocket (const Upstream &upstream, size_t number,
                                            SoupServerMessage *message);

/// A request over HTTP, and its answer as it comes.
std::unique_ptr<Passing> pass_on_request (const Upstream &upstream, size_t number,
                                          SoupServerMessage *message);

/// The same request, for the other server.
GObjectPtr<SoupMessage> copy_request (SoupServerMessage *from, GUri *upstream);

/// Tells that nothing comes from there.
void report_silence (const Upstream &upstream, const GError &error);

std::string header (SoupServerMessage *message, const char *name);

}  // namespace gemini::stand_in
