#pragma once

#include <gio/gio.h>

#include <string>
#include <thread>
#include <vector>

#include "core/glib_ptr.h"
#include "support/check.h"

namespace gemini::test {

/// A server whose answer never ends: a beginning, and then the same words for as long as anybody reads them.
class EndlessServer {
 public:
  /// `first`: what the first caller gets instead, whole.
  EndlessServer (std::string beginning, std::string words, std::string first = {})
      : beginning_ (std::move (beginning)), words_ (std::move (words)), first_ (std::move (first))
  {
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

  std::string authority () const { return "127.0.0.1:" + std::to_string (port_); }

 private:
  void open_door ()
  {
    while (auto *connection = g_socket_listener_accept (listener_.get (), nullptr, stop_.get (), nullptr))
      answering_.emplace_back ([this, connection, first = answering_.empty () ? first_ : ""] {
        answer (G_IO_STREAM (connection), first);
        g_object_unref (connection);
      });
  }

  /// Over when the client has gone.
  void answer (GIOStream *connection, const std::string &first) const
  {
    char request[4096];
    auto *in = g_io_stream_get_input_stream (connection);
    auto *out = g_io_stream_get_output_stream (connection);
    g_input_stream_read (in, request, sizeof request, stop_.get (), nullptr);
    auto write = [&] (const std::string &text) {
      return g_output_stream_write_all (out, text.data (), text.size (), nullptr, stop_.get (), nullptr);
    };
    if (!first.empty ()) {
      write (first);
      return;
    }
    for (bool more = write (beginning_); more; more = write (words_)) {
    }
  }

  const std::string beginning_;
  const std::string words_;
  const std::string first_;
  const GObjectPtr<GCancellable> stop_{g_cancellable_new ()};
  const GObjectPtr<GSocketListener> listener_{g_socket_listener_new ()};
  guint16 port_ = 0;
  std::vector<std::thread> answering_;  // of door_
  std::thread door_;
};

}  // namespace gemini::test
