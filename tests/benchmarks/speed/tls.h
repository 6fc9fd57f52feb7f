#pragma once

#include <gnutls/gnutls.h>
#include <sys/types.h>

#include <cstddef>
#include <string>

namespace gemini::bench {

/// What the server shows to its clients: a PEM file with a certificate and its key. Without tickets: no
/// client takes up a session, each handshake is a whole one.
class Identity {
 public:
  explicit Identity (const std::string &file);
  ~Identity ();
  Identity (const Identity &) = delete;
  Identity &operator= (const Identity &) = delete;

  bool usable () const { return usable_; }

 private:
  friend class Tls;
  gnutls_certificate_credentials_t credentials_ = nullptr;
  gnutls_priority_t priority_ = nullptr;
  bool usable_ = false;
};

/// The server's side of TLS on a socket that does not block. Its calls are those of a socket.
class Tls {
 public:
  Tls (const Identity &identity, int socket);
  ~Tls ();
  Tls (const Tls &) = delete;
  Tls &operator= (const Tls &) = delete;

  /// FALSE: not yet, with errno EAGAIN, or never.
  bool handshake ();
  ssize_t read (void *bytes, size_t size);
  ssize_t write (const void *bytes, size_t size);

 private:
  gnutls_session_t session_ = nullptr;
  bool secure_ = false;
};

}  // namespace gemini::bench
