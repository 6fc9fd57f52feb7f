#include "tls.h"

#include <cerrno>

namespace gemini::bench {
namespace {

ssize_t result (ssize_t size)
{
  if (size >= 0)
    return size;
  errno = gnutls_error_is_fatal (static_cast<int> (size)) != 0 ? ECONNRESET : EAGAIN;
  return -1;
}

}  // namespace

Identity::Identity (const std::string &file)
{
  gnutls_certificate_allocate_credentials (&credentials_);
  gnutls_priority_init (&priority_, nullptr, nullptr);
  usable_ = gnutls_certificate_set_x509_key_file (credentials_, file.c_str (), file.c_str (),
                                                  GNUTLS_X509_FMT_PEM) >= 0;
}

Identity::~Identity ()
{
  gnutls_priority_deinit (priority_);
  gnutls_certificate_free_credentials (credentials_);
}

Tls::Tls (const Identity &identity, int socket)
{
  gnutls_init (&session_, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL | GNUTLS_NO_TICKETS);
  gnutls_priority_set (session_, identity.priority_);
  gnutls_credentials_set (session_, GNUTLS_CRD_CERTIFICATE, identity.credentials_);
  gnutls_transport_set_int (session_, socket);
}

Tls::~Tls () { gnutls_deinit (session_); }

bool Tls::handshake () { return secure_ || (secure_ = result (gnutls_handshake (session_)) == 0); }

ssize_t Tls::read (void *bytes, size_t size) { return result (gnutls_record_recv (session_, bytes, size)); }

/// After EAGAIN GnuTLS wants the same bytes again, and gets them: what is sent is only ever added to.
ssize_t Tls::write (const void *bytes, size_t size)
{
  return result (gnutls_record_send (session_, bytes, size));
}

}  // namespace gemini::bench
