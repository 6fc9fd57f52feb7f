#include "load_server.h"

#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "core/glib_ptr.h"
#include "stamp.h"

namespace gemini::bench {
namespace {

constexpr uint8_t kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10, kFinal = 0x80;
constexpr unsigned kFramesPerMs = 24;

// As the service writes them.
constexpr std::string_view kBefore =
    "{\n  \"serverContent\": {\n    \"modelTurn\": {\n      \"parts\": [\n        {\n          "
    "\"inlineData\": {\n"
    "            \"mimeType\": \"audio/pcm;rate=24000\",\n            \"data\": \"";
constexpr std::string_view kBehind = "\"\n          }\n        }\n      ]\n    }\n  }\n}\n";

void append_header (std::string &out, uint8_t opcode, size_t size)
{
  out += static_cast<char> (kFinal | opcode);
  const unsigned bytes = size < 126 ? 0 : size <= UINT16_MAX ? 2 : 8;
  out += static_cast<char> (bytes == 0 ? size : bytes == 2 ? 126 : 127);
  for (unsigned left = bytes; left > 0; --left)
    out += static_cast<char> (size >> (8 * (left - 1)));
}

}  // namespace

LoadServer::LoadServer (const Identity *identity)
    : identity_ (identity), poll_ (epoll_create1 (EPOLL_CLOEXEC))
{
  listener_ = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto *any = reinterpret_cast<sockaddr *> (&address);
  if (bind (listener_, any, size) != 0 || listen (listener_, 4096) != 0 ||
      getsockname (listener_, any, &size) != 0)
    return;
  port_ = ntohs (address.sin_port);
  epoll_event event{.events = EPOLLIN, .data = {.fd = listener_}};
  epoll_ctl (poll_, EPOLL_CTL_ADD, listener_, &event);
}

LoadServer::~LoadServer ()
{
  while (!connections_.empty ())
    close (*connections_.begin ()->second);
  ::close (listener_);
  ::close (poll_);
}

void LoadServer::run ()
{
  for (;;) {
    for (; !alarms_.empty () && alarms_.top ().time <= monotonic_ns (); alarms_.pop ())
      // An alarm of a turn that was cut does no harm: nothing is due yet.
      if (const auto found = connections_.find (alarms_.top ().socket); found != connections_.end ())
        play (*found->second);

    timespec patience{};
    if (!alarms_.empty ()) {
      const int64_t left = std::max<int64_t> (0, alarms_.top ().time - monotonic_ns ());
      patience = {.tv_sec = left / 1'000'000'000, .tv_nsec = left % 1'000'000'000};
    }
    epoll_event events[64];
    const int count = epoll_pwait2 (poll_, events, 64, alarms_.empty () ? nullptr : &patience, nullptr);
    for (int i = 0; i < count; ++i) {
      if (events[i].data.fd == listener_) {
        accept_all ();
        continue;
      }
      const auto found = connections_.find (events[i].data.fd);
      if (found == connections_.end ())
        continue;
      auto &connection = *found->second;
      if ((events[i].events & EPOLLOUT) != 0 && flush (connection))
        play (connection);
      if ((events[i].events & ~EPOLLOUT) != 0)
        read (connection);
    }
  }
}

void LoadServer::accept_all ()
{
  for (int fd; (fd = accept4 (listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
    const int on = 1;
    setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
    epoll_ctl (poll_, EPOLL_CTL_ADD, fd, &event);
    auto &connection = connections_[fd] = std::make_unique<Connection> ();
    connection->socket = fd;
    connection->accepted = monotonic_ns ();
    if (identity_ != nullptr)
      connection->tls = std::make_unique<Tls> (*identity_, fd);
    else
      connection->secured = connection->accepted;
  }
}

void LoadServer::close (Connection &connection)
{
  const int fd = connection.socket;
  ::close (fd);
  connections_.erase (fd);
}

void LoadServer::read (Connection &connection)
{
  const int fd = connection.socket;
  auto *tls = connection.tls.get ();
  if (tls && connection.secured == 0) {
    if (!tls->handshake ()) {
      if (errno != EAGAIN)
        close (connection);
      return;
    }
    connection.secured = monotonic_ns ();
  }
  // What TLS has read ahead wakes nobody: it is asked until it has nothing more.
  do {
    char bytes[4096];
    const ssize_t size = tls ? tls->read (bytes, sizeof bytes) : ::read (fd, bytes, sizeof bytes);
    if (size < 0 && errno == EAGAIN)
      return;
    if (size <= 0)
      return close (connection);
    connection.in.append (bytes, static_cast<size_t> (size));
    if (connection.upgraded || upgrade (connection))
      frames (connection);
  } while (identity_ != nullptr && connections_.contains (fd));
}

void LoadServer::frames (Connection &connection)
{
  const int fd = connection.socket;
  auto &in = connection.in;
  while (in.size () >= 6) {
    const auto byte = [&in] (size_t at) { return static_cast<uint8_t> (in[at]); };
    size_t size = byte (1) & 0x7f;
    const size_t header = size == 126 ? 4 : 2;  // nobody sends this server more than 64 kB
    if (size == 126)
      size = static_cast<size_t> (byte (2)) << 8 | byte (3);
    if (in.size () < header + 4 + size)
      return;
    const uint8_t opcode = byte (0) & 0x0f;
    std::string text = in.substr (header + 4, size);
    for (size_t i = 0; i < size; ++i)
      text[i] = static_cast<char> (text[i] ^ in[header + i % 4]);
    in.erase (0, header + 4 + size);
    if (opcode == kClose)
      return close (connection);
    if (opcode == kPing)
      send (connection, text, kPong);
    else if (opcode != kPong)
      message (connection, text);
    if (!connections_.contains (fd))
      return;
  }
}

std::optional<LoadServer::Order> LoadServer::find_order (std::string_view text)
{
  Order order;
  const auto at = text.find ("say ");
  if (at == text.npos ||
      std::sscanf (std::string (text.substr (at, 64)).c_str (), "say %ld %ld %ld", &order.chunk_ms,
                   &order.speed, &order.length_ms) != 3 ||
      order.chunk_ms <= 0)
    return std::nullopt;
  return order;
}

void LoadServer::message (Connection &connection, std::string_view text)
{
  const int64_t now = monotonic_ns ();
  if (text.find ("\"setup\"") != text.npos) {
    connection.setup = now;
    return send (connection, "{\n  \"setupComplete\": {}\n}\n", kBinary);
  }
  const auto order = find_order (text);
  if (!order)
    return;
  if (connection.speaking) {
    send (connection, "{\n  \"serverContent\": {\n    \"interrupted\": true\n  }\n}\n", kBinary);
    send (connection, "{\n  \"serverContent\": {\n    \"turnComplete\": true\n  }\n}\n", kBinary);
  }
  connection.speaking = true;
  connection.asked = now;
  connection.chunk_ms = order->chunk_ms;
  connection.period = order->speed > 0 ? order->chunk_ms * 100'000'000 / order->speed : 0;
  connection.chunks = static_cast<uint32_t> (order->length_ms / order->chunk_ms);
  connection.next = 0;
  play (connection);
}

void LoadServer::play (Connection &connection)
{
  while (connection.speaking && !connection.wants_room) {
    if (connection.next < connection.chunks) {
      if (connection.due () > monotonic_ns ())
        return alarms_.push ({connection.due (), connection.socket});
      send_chunk (connection);
    } else {
      connection.speaking = false;
      send (connection, "{\n  \"serverContent\": {\n    \"generationComplete\": true\n  }\n}\n", kBinary);
      send (connection, "{\n  \"serverContent\": {\n    \"turnComplete\": true\n  }\n}\n", kBinary);
    }
  }
}

/// Noise, so that nothing can be told by the samples.
std::string LoadServer::audio_of (int64_t length_ms)
{
  std::minstd_rand random;
  std::string audio (static_cast<size_t> (length_ms) * kFramesPerMs * 2, '\0');
  for (auto &byte : audio)
    byte = static_cast<char> (random () >> 8);
  return audio;
}

const std::string &LoadServer::frame_of (int64_t chunk_ms)
{
  auto &frame = frames_[chunk_ms];
  if (!frame.empty ())
    return frame;
  const std::string audio = audio_of (chunk_ms);
  const CharPtr text (g_base64_encode (reinterpret_cast<const guchar *> (audio.data ()), audio.size ()));
  const std::string payload = std::string (kBefore) + text.get () + std::string (kBehind);
  append_header (frame, kBinary, payload.size ());
  return frame += payload;
}

void LoadServer::send_chunk (Connection &connection)
{
  const auto &frame = frame_of (connection.chunk_ms);
  const auto place = connection.out.size () + frame.find (kBefore) + kBefore.size ();
  connection.out += frame;
  const Stamp stamp{.number = connection.next,
                    .due = connection.due (),
                    .sent = monotonic_ns (),
                    .asked = connection.asked,
                    .accepted = connection.accepted,
                    .secured = connection.secured,
                    .setup = connection.setup};
  const CharPtr text (g_base64_encode (reinterpret_cast<const guchar *> (&stamp), sizeof stamp));
  connection.out.replace (place, sizeof stamp / 3 * 4, text.get ());
  connection.next++;
  flush (connection);
}

void LoadServer::send (Connection &connection, std::string_view payload, uint8_t opcode)
{
  append_header (connection.out, opcode, payload.size ());
  connection.out += payload;
  flush (connection);
}

/// FALSE: not all of it, and the rest when there is room.
bool LoadServer::flush (Connection &connection)
{
  auto &out = connection.out;
  auto &written = connection.written;
  while (written < out.size ()) {
    const auto *bytes = out.data () + written;
    const size_t left = out.size () - written;
    const ssize_t size = connection.tls ? connection.tls->write (bytes, left)
                                        : ::send (connection.socket, bytes, left, MSG_NOSIGNAL);
    if (size < 0)
      break;
    written += static_cast<size_t> (size);
  }
  const bool all = written == out.size ();
  if (all) {
    out.clear ();
    written = 0;
    if (connection.closes)
      shutdown (connection.socket, SHUT_RDWR);  // and reading finds its end
  }
  if (connection.wants_room == all) {
    connection.wants_room = !all;
    epoll_event event{.events = all ? EPOLLIN : EPOLLIN | EPOLLOUT, .data = {.fd = connection.socket}};
    epoll_ctl (poll_, EPOLL_CTL_MOD, connection.socket, &event);
  }
  return all;
}

}  // namespace gemini::bench
