#pragma once

#include <gio/gio.h>

#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/glib_ptr.h"
#include "support/check.h"
#include "support/deadline.h"

namespace gemini::test {

/// A server whose answer never ends: a beginning, and then the same words for as long as anybody reads them.
class EndlessServer {
 public:
  /// For a WebSocket: the beginning that lets the caller in.
  static constexpr const char *kUpgrade =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
      "Connection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n";

  /// `first`: what the first caller gets instead, whole. After an upgrade it waits for what the caller says.
  /// Without words it neither talks nor reads any more. `certificate`: a file, for TLS.
  EndlessServer (std::string beginning, std::string words, std::string first = {},
                 const std::string &certificate = {})
      : beginning_ (std::move (beginning)), words_ (std::move (words)), first_ (std::move (first))
  {
    if (!certificate.empty ())
      certificate_.reset (g_tls_certificate_new_from_file (certificate.c_str (), nullptr));
    port_ = g_socket_listener_add_any_inet_port (listener_.get (), nullptr, nullptr);
    door_ = std::thread ([this] { open_door (); });
  }
  ~EndlessServer ()
  {
    g_cancellable_cancel (stop_.get ());
    door_.join ();
    for (auto &thread : answering_)
      thread.join ();
  }
  EndlessServer (const EndlessServer &) = delete;
  EndlessServer &operator= (const EndlessServer &) = delete;

  /// The same words have many times been sent.
  void wait_for_flood () const { flooded_->get_future ().wait (); }
  /// Whether its first caller hangs up, who may have been told long before.
  bool wait_for_end () const
  {
    return ended_->get_future ().wait_for (deadline ()) == std::future_status::ready;
  }

  std::string authority () const { return "127.0.0.1:" + std::to_string (port_); }

 private:
  void open_door ()
  {
    while (auto *connection = g_socket_listener_accept (listener_.get (), nullptr, stop_.get (), nullptr))
      answering_.emplace_back ([this, connection, first = answering_.empty () ? first_ : ""] {
        const GObjectPtr<GIOStream> plain (G_IO_STREAM (connection));
        GObjectPtr<GIOStream> stream (G_IO_STREAM (g_object_ref (connection)));
        if (certificate_)
          stream.reset (g_tls_server_connection_new (G_IO_STREAM (connection), certificate_.get (), nullptr));
        answer (stream.get (), first);
        std::call_once (*ending_, [this] { ended_->set_value (); });
      });
  }

  static std::string accept (std::string_view request)
  {
    constexpr std::string_view kKey = "Sec-WebSocket-Key: ";
    auto key = request.substr (request.find (kKey) + kKey.size ());
    key = key.substr (0, key.find ('\r'));
    const std::unique_ptr<GChecksum, Freer<g_checksum_free>> hash (g_checksum_new (G_CHECKSUM_SHA1));
    const auto text = std::string (key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    g_checksum_update (hash.get (), reinterpret_cast<const guchar *> (text.data ()),
                       static_cast<gssize> (text.size ()));
    guint8 digest[20];
    gsize size = sizeof digest;
    g_checksum_get_digest (hash.get (), digest, &size);
    return CharPtr (g_base64_encode (digest, size)).get ();
  }

  /// Over when the client has gone.
  void answer (GIOStream *connection, const std::string &first) const
  {
    char request[4096] = {};
    auto *in = g_io_stream_get_input_stream (connection);
    auto *out = g_io_stream_get_output_stream (connection);
    g_input_stream_read (in, request, sizeof request - 1, stop_.get (), nullptr);
    auto write = [&] (const std::string &text) {
      return g_output_stream_write_all (out, text.data (), text.size (), nullptr, stop_.get (), nullptr);
    };
    if (!first.empty ()) {
      write (first);
      return;
    }
    bool more = false;
    if (const auto at = beginning_.find ("{accept}"); at != beginning_.npos) {
      const auto head = beginning_.find ("\r\n\r\n") + 4;
      write (beginning_.substr (0, at) + accept (request) + beginning_.substr (at + 8, head - at - 8));
      g_input_stream_read (in, request, sizeof request - 1, stop_.get (), nullptr);
      more = write (beginning_.substr (head));
    } else {
      more = write (beginning_);
    }
    if (words_.empty ()) {
      GPollFD stopped;
      g_cancellable_make_pollfd (stop_.get (), &stopped);
      g_poll (&stopped, 1, -1);
      g_cancellable_release_fd (stop_.get ());
      return;
    }
    for (size_t times = 0; more; more = write (words_))
      if (++times == kFlood)
        std::call_once (*flooding_, [this] { flooded_->set_value (); });
  }

  static constexpr size_t kFlood = 100;

  const std::string beginning_;
  const std::string words_;
  const std::string first_;
  const GObjectPtr<GCancellable> stop_{g_cancellable_new ()};
  const GObjectPtr<GSocketListener> listener_{g_socket_listener_new ()};
  const std::unique_ptr<std::promise<void>> flooded_ = std::make_unique<std::promise<void>> ();
  const std::unique_ptr<std::once_flag> flooding_ = std::make_unique<std::once_flag> ();
  const std::unique_ptr<std::promise<void>> ended_ = std::make_unique<std::promise<void>> ();
  const std::unique_ptr<std::once_flag> ending_ = std::make_unique<std::once_flag> ();
  GObjectPtr<GTlsCertificate> certificate_;
  guint16 port_ = 0;
  std::vector<std::thread> answering_;  // of door_
  std::thread door_;
};

}  // namespace gemini::test
