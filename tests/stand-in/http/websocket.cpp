#include "stand-in/http/websocket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace gemini::stand_in {
namespace {

constexpr size_t kMaxReason = 123;  // 125 bytes of a control frame, less the code
constexpr gint64 kPatience = 2 * G_USEC_PER_SEC;

Opcode opcode_of (const Frame &frame) { return static_cast<Opcode> (frame.opcode); }

std::string close_payload (unsigned code, std::string_view reason)
{
  std::string payload;
  if (code == 0)
    return payload;
  payload += static_cast<char> (code >> 8);
  payload += static_cast<char> (code);
  return payload += cut_reason (reason);
}

}  // namespace

std::string cut_reason (std::string_view reason)
{
  size_t size = std::min (reason.size (), kMaxReason);
  const auto continues = [&] { return size < reason.size () && (reason[size] & 0xc0) == 0x80; };
  while (size > 0 && continues ())
    size--;
  return std::string (reason.substr (0, size));
}

WebSocket::WebSocket (GObjectPtr<GIOStream> stream, GObjectPtr<GSocket> socket, Listener &listener)
    : listener_ (listener),
      stream_ (std::move (stream)),
      socket_ (std::move (socket)),
      patience_ ([this] { finish (); }),
      next_drop_ ([this] {
        dripping_ = false;
        write ();
      })
{
  g_socket_set_option (socket_.get (), IPPROTO_TCP, TCP_NODELAY, 1, nullptr);
  watch_input ();
}

WebSocket::~WebSocket ()
{
  stop_watching ();
  if (!closed_)
    g_io_stream_close (stream_.get (), nullptr, nullptr);
}

void WebSocket::send (std::string_view payload, Opcode opcode, unsigned fragments)
{
  const size_t piece = payload.size () / std::max (fragments, 1u) + 1;
  for (bool first = true; first || !payload.empty (); first = false) {
    const std::string_view now = payload.substr (0, piece);
    payload.remove_prefix (now.size ());
    send_frame ({.opcode = static_cast<uint8_t> (first ? opcode : Opcode::Continuation),
                 .payload = std::string (now),
                 .final = payload.empty ()});
    if (!payload.empty ())
      send_frame ({.opcode = static_cast<uint8_t> (Opcode::Ping), .payload = "between fragments"});
  }
}

void WebSocket::send_frames (std::span<const Frame> frames)
{
  if (closed_ || frozen_ || ending_ != Ending::None)
    return;
  for (const Frame &frame : frames)
    out_ += encode_frame (frame);
  write ();
}

void WebSocket::close (unsigned code, std::string_view reason)
{
  if (ending_ != Ending::None || frozen_)
    return;
  send_frame ({.opcode = static_cast<uint8_t> (Opcode::Close), .payload = close_payload (code, reason)});
  ending_ = Ending::Handshake;
  patience_.start_in (kPatience);
}

void WebSocket::drop ()
{
  if (closed_)
    return;
  ending_ = Ending::Drop;
  patience_.start_in (kPatience);
  write ();
}

void WebSocket::reset ()
{
  if (closed_)
    return;
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt (g_socket_get_fd (socket_.get ()), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  g_socket_close (socket_.get (), nullptr);
  finish ();
}

void WebSocket::stop_reading ()
{
  if (!input_)
    return;
  g_source_destroy (input_);
  g_source_unref (std::exchange (input_, nullptr));
}

void WebSocket::read ()
{
  char buffer[64 * 1024];
  auto *input = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (stream_.get ()));
  while (!closed_ && input_) {
    GError *raw_error = nullptr;
    const gssize size =
        g_pollable_input_stream_read_nonblocking (input, buffer, sizeof buffer, nullptr, &raw_error);
    const GErrorPtr error (raw_error);
    if (size < 0 && g_error_matches (error.get (), G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
      return;
    if (size <= 0)
      return finish ();
    frames_.feed ({buffer, static_cast<size_t> (size)});
    while (auto frame = closed_ ? std::nullopt : frames_.next ())
      on_frame (std::move (*frame));
  }
}

void WebSocket::on_frame (Frame frame)
{
  if (!frame.masked || frame.reserved != 0)
    return close (1002, "Client frames are masked and use no extension.");
  switch (opcode_of (frame)) {
    case Opcode::Continuation:
    case Opcode::Text:
    case Opcode::Binary:
      message_ += frame.payload;
      if (frame.final && ending_ == Ending::None)
        listener_.on_message (std::exchange (message_, {}));
      break;
    case Opcode::Close:
      on_client_close (frame);
      break;
    case Opcode::Ping:
      send_frame ({.opcode = static_cast<uint8_t> (Opcode::Pong), .payload = std::move (frame.payload)});
      break;
    case Opcode::Pong:
      break;
    default:
      close (1002, "Unknown opcode.");
      break;
  }
}

void WebSocket::on_client_close (const Frame &frame)
{
  from_client_ = std::make_unique<CloseFrame> ();
  if (frame.payload.size () >= 2) {
    from_client_->code = static_cast<uint16_t> (static_cast<uint8_t> (frame.payload[0]) << 8 |
                                                static_cast<uint8_t> (frame.payload[1]));
    from_client_->reason = frame.payload.substr (2);
  }
  if (frozen_)
    return;
  if (ending_ == Ending::None)
    send_frame ({.opcode = static_cast<uint8_t> (Opcode::Close), .payload = frame.payload.substr (0, 2)});
  drop ();
}

void WebSocket::write ()
{
  auto *output = G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (stream_.get ()));
  while (unsent () > 0 && !dripping_) {
    GError *raw_error = nullptr;
    const size_t now = drip_ > 0 ? std::min (unsent (), drip_) : unsent ();
    const gssize size = g_pollable_output_stream_write_nonblocking (output, out_.data () + written_, now,
                                                                    nullptr, &raw_error);
    const GErrorPtr error (raw_error);
    if (size < 0 && g_error_matches (error.get (), G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
      return watch_output ();
    if (size < 0) {
      // The reading side reports the end; until then there is nobody to write to.
      ending_ = Ending::Drop;
      out_.clear ();
      written_ = 0;
      return patience_.start_in (0);
    }
    written_ += static_cast<size_t> (size);
    dripping_ = drip_ > 0;
    if (dripping_)
      next_drop_.start_in (1000);
  }
  if (unsent () > 0)
    return;
  out_.clear ();
  written_ = 0;
  if (ending_ == Ending::Drop)
    patience_.start_in (0);
}

void WebSocket::finish ()
{
  if (closed_)
    return;
  closed_ = true;
  patience_.stop ();
  next_drop_.stop ();
  stop_watching ();
  g_io_stream_close (stream_.get (), nullptr, nullptr);
  listener_.on_closed (from_client_.get ());
}

void WebSocket::watch_input ()
{
  auto *input = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (stream_.get ()));
  input_ = g_pollable_input_stream_create_source (input, nullptr);
  GPollableSourceFunc ready = [] (GObject *, gpointer self) -> gboolean {
    static_cast<WebSocket *> (self)->read ();
    return G_SOURCE_CONTINUE;
  };
  g_source_set_callback (input_, G_SOURCE_FUNC (ready), this, nullptr);
  g_source_attach (input_, g_main_context_get_thread_default ());
}

void WebSocket::watch_output ()
{
  if (output_)
    return;
  auto *output = G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (stream_.get ()));
  output_ = g_pollable_output_stream_create_source (output, nullptr);
  GPollableSourceFunc ready = [] (GObject *, gpointer data) -> gboolean {
    auto *self = static_cast<WebSocket *> (data);
    g_source_unref (std::exchange (self->output_, nullptr));
    self->write ();
    return G_SOURCE_REMOVE;
  };
  g_source_set_callback (output_, G_SOURCE_FUNC (ready), this, nullptr);
  g_source_attach (output_, g_main_context_get_thread_default ());
}

void WebSocket::stop_watching ()
{
  for (GSource **source : {&input_, &output_}) {
    if (*source) {
      g_source_destroy (*source);
      g_source_unref (*source);
      *source = nullptr;
    }
  }
}

}  // namespace gemini::stand_in
