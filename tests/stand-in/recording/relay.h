#pragma once

#include <libsoup/soup.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/glib_ptr.h"
#include "stand-in/http/listener.h"
#include "stand-in/recording/passing.h"
#include "stand-in/recording/wire_log.h"

namespace gemini::stand_in {

/// Passes everything on to another server and back, and writes down what went by.
///
/// Lives on the main context it was made on.
class Relay {
 public:
  /// `report` is told what a person should know, on the same context.
  Relay (uint16_t port, const std::string &upstream, const std::string &file,
         std::function<void (const std::string &line)> report);
  ~Relay ();

  const std::string &uri () const { return listener_.uri (); }
  /// Why it cannot work; empty if all is well.
  std::string error () const;

 private:
  void on_request (SoupServerMessage *message);

  std::function<void (const std::string &line)> report_;
  GUriPtr upstream_;
  WireWriter writer_;
  GObjectPtr<SoupSession> session_;
  size_t connections_ = 0;
  std::vector<std::unique_ptr<Passing>> passing_;
  std::string error_;
  Listener listener_;
};

}  // namespace gemini::stand_in
