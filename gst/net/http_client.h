#pragma once

#include <libsoup/soup.h>

#include "core/glib_ptr.h"
#include "core/http_stream.h"
#include "net/loop.h"
#include "net/network.h"

namespace gemini {

/// HTTP by libsoup. Keeps its connections, so that one request after the other finds one that is open; takes
/// answers that are compressed.
///
/// Redirects are refused: a key follows nobody to another host. Lives on the thread of its loop, and longer
/// than its streams.
class SoupClient final : public HttpClient {
 public:
  SoupClient (Loop &loop, NetworkConfig network = {});
  ~SoupClient () override;

  void prepare (const Target &target) override;
  std::unique_ptr<HttpStream> post (const Target &target, const std::string &json,
                                    HttpStream::Listener &listener) override;

 private:
  class Stream;

  Loop &loop_;
  NetworkConfig network_;
  GObjectPtr<SoupSession> session_;
  GObjectPtr<GCancellable> preparing_{g_cancellable_new ()};
};

}  // namespace gemini
