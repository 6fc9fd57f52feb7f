#include "net/connect_error.h"

namespace gemini {

Error connect_error (const GError &error)
{
  if (error.domain == G_RESOLVER_ERROR)
    return {.kind = Error::Kind::NotFound,
            .message = "The address of the Gemini server cannot be found: check the network and the endpoint",
            .detail = error.message};
  if (error.domain == G_IO_ERROR &&
      (error.code == G_IO_ERROR_PROXY_FAILED || error.code == G_IO_ERROR_PROXY_AUTH_FAILED ||
       error.code == G_IO_ERROR_PROXY_NEED_AUTH || error.code == G_IO_ERROR_PROXY_NOT_ALLOWED))
    return {.kind = Error::Kind::Connect,
            .message = "The proxy does not let the connection through: check proxy, proxy-id and proxy-pw",
            .detail = error.message};
  if (error.domain == G_TLS_ERROR)
    return {.kind = Error::Kind::Connect,
            .message =
                "The Gemini server cannot be trusted (TLS): check the endpoint, the clock of this machine "
                "and its certificates, or set ca-file",
            .detail = error.message};
  return {.kind = Error::Kind::Connect,
          .message = "Could not connect to the Gemini server: check the network and the endpoint",
          .detail = error.message};
}

}  // namespace gemini
