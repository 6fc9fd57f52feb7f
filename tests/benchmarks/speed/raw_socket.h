#pragma once

#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace gemini::bench {

/// A WebSocket on a blocking socket: it finds the borders of messages and looks at nothing inside them.
class Socket {
 public:
  explicit Socket (const std::string &uri) : fd_ (socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
  {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    address.sin_port = htons (static_cast<uint16_t> (std::atoi (uri.c_str () + uri.rfind (':') + 1)));
    if (connect (fd_, reinterpret_cast<sockaddr *> (&address), sizeof address) != 0)
      g_error ("cannot connect to %s", uri.c_str ());
    const int on = 1;
    setsockopt (fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~Socket () { close (fd_); }
  Socket (const Socket &) = delete;
  Socket &operator= (const Socket &) = delete;

  /// Asks for a WebSocket and a session.
  void open ()
  {
    write (
        "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    skip_handshake ();
    send (R"({"setup":{"model":"models/gemini-3.8-live"}})");
  }
  void ask (const std::string &text)
  {
    send (R"({"clientContent":{"turns":[{"role":"user","parts":[{"text":")" + text +
          R"("}]}],"turnComplete":true}})");
  }
  /// Whoever waits for a message gets none any more.
  void hang_up () { shutdown (fd_, SHUT_RDWR); }
  /// Whole messages are looked at where they lie. None: the connection is over.
  std::optional<std::string_view> message ()
  {
    buffer_.erase (0, taken_);
    taken_ = 0;
    for (;;) {
      const auto byte = [this] (size_t at) { return static_cast<uint8_t> (buffer_[at]); };
      size_t size = buffer_.size () < 2 ? 0 : byte (1);
      const size_t header = size == 127 ? 10 : size == 126 ? 4 : 2;
      if (buffer_.size () >= header) {
        for (size_t i = 2, digits = header > 2 ? (size = 0, header) : 0; i < digits; ++i)
          size = size << 8 | byte (i);
        taken_ = header + size;
        if (buffer_.size () >= taken_)
          return std::string_view (buffer_).substr (header, size);
      }
      if (!more ())
        return std::nullopt;
    }
  }

 private:
  static constexpr uint8_t kText = 1, kFinal = 0x80, kMasked = 0x80;

  void write (const std::string &bytes)
  {
    if (::write (fd_, bytes.data (), bytes.size ()) != static_cast<ssize_t> (bytes.size ()))
      g_error ("cannot write");
  }
  /// A masked frame whose mask is 0.
  void send (const std::string &text)
  {
    std::string frame{static_cast<char> (kFinal | kText), static_cast<char> (kMasked | 126)};
    frame += static_cast<char> (text.size () >> 8);
    frame += static_cast<char> (text.size ());
    write (frame + std::string (4, '\0') + text);
  }
  void skip_handshake ()
  {
    while (buffer_.find ("\r\n\r\n") == buffer_.npos)
      if (!more ())
        g_error ("the server hung up");
    taken_ = buffer_.find ("\r\n\r\n") + 4;
  }
  bool more ()
  {
    std::array<char, 65536> bytes;
    const ssize_t size = read (fd_, bytes.data (), bytes.size ());
    if (size <= 0)
      return false;
    buffer_.append (bytes.data (), static_cast<size_t> (size));
    return true;
  }

  int fd_;
  std::string buffer_;
  size_t taken_ = 0;
};

}  // namespace gemini::bench
