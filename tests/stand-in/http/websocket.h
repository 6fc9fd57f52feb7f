#pragma once

#include <gio/gio.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/glib_ptr.h"
#include "stand-in/http/close_frame.h"
#include "stand-in/http/frame.h"
#include "stand-in/loop.h"

namespace gemini::stand_in {

/// The server's end of a WebSocket whose HTTP upgrade is done. Knows nothing of what the messages mean.
///
/// Does its own framing, as it must be able to do what a library forbids: fragments, broken frames, sudden
/// ends. Lives on the loop it was made on. Not to be destroyed in a callback of its listener.
class WebSocket {
 public:
  class Listener {
   public:
    virtual void on_message (std::string_view text) = 0;
    /// The client's close frame, if it sent one. The last call; the socket is closed.
    virtual void on_closed (const CloseFrame *from_client) = 0;

   protected:
    ~Listener () = default;
  };

  WebSocket (GObjectPtr<GIOStream> stream, GObjectPtr<GSocket> socket, Listener &listener);
  ~WebSocket ();

  /// A message in `fragments` frames; between them a ping, as a client must bear.
  void send (std::string_view payload, Opcode opcode, unsigned fragments = 1);
  void send_frame (const Frame &frame) { send_frames ({&frame, 1}); }
  /// At once, as far as the network takes them.
  void send_frames (std::span<const Frame> frames);

  /// Sends a close frame and waits a little for the client's.
  void close (unsigned code, std::string_view reason);
  /// Ends the stream after what was sent, without a close frame.
  void drop ();
  /// Resets the TCP connection at once.
  void reset ();
  /// From now on nothing is sent or answered; messages are still read.
  void freeze () { frozen_ = true; }
  /// From now on nothing is read; sending goes on.
  void stop_reading ();
  /// From now on so many bytes leave in a millisecond, wherever they cut a frame.
  void drip (size_t bytes) { drip_ = bytes; }

  size_t unsent () const { return out_.size () - written_; }

 private:
  enum class Ending { None, Handshake, Drop };

  void read ();
  void on_frame (Frame frame);
  void on_client_close (const Frame &frame);
  void write ();
  void finish ();
  void watch_input ();
  void watch_output ();
  void stop_watching ();

  Listener &listener_;
  GObjectPtr<GIOStream> stream_;
  GObjectPtr<GSocket> socket_;
  GSource *input_ = nullptr;
  GSource *output_ = nullptr;
  Timer patience_;  // with a client that does not answer our close frame
  Timer next_drop_;

  FrameReader frames_;
  std::string message_;  // what came of a fragmented message
  std::string out_;
  size_t written_ = 0;
  Ending ending_ = Ending::None;
  std::unique_ptr<CloseFrame> from_client_;
  size_t drip_ = 0;        // 0: all at once
  bool dripping_ = false;  // the next drop waits for its time
  bool frozen_ = false;
  bool closed_ = false;
};

}  // namespace gemini::stand_in
