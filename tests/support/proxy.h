#pragma once

#include <gio/gio.h>
#include <glib/gstdio.h>

#include <string>

#include "core/glib_ptr.h"

namespace gemini::test {

/// A tinyproxy on a free port of this machine that wants a login. Gone with the object.
class Proxy {
 public:
  Proxy (const std::string &user, const std::string &password)
      : folder_ (g_dir_make_tmp ("proxy-XXXXXX", nullptr)),
        file_ (std::string (folder_.get ()) + "/proxy.conf")
  {
    auto port = std::to_string (free_port ());
    auto configuration = "Listen 127.0.0.1\nPort " + port + "\nTimeout 60\nMaxClients 10\nLogLevel Info\n" +
                         "BasicAuth " + user + " " + password + "\n";
    g_file_set_contents (file_.c_str (), configuration.c_str (), -1, nullptr);
    auto flags =
        static_cast<GSubprocessFlags> (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
    process_.reset (g_subprocess_new (flags, nullptr, "tinyproxy", "-d", "-c", file_.c_str (), nullptr));
    if (!process_)
      return;
    GObjectPtr<GDataInputStream> said (
        g_data_input_stream_new (g_subprocess_get_stdout_pipe (process_.get ())));
    for (;;) {
      CharPtr line (g_data_input_stream_read_line (said.get (), nullptr, nullptr, nullptr));
      if (!line)
        return;
      log_ += std::string (line.get ()) + "\n";
      if (log_.find ("Accepting connections") != std::string::npos)
        break;
    }
    uri_ = "http://127.0.0.1:" + port;
  }
  ~Proxy ()
  {
    if (process_) {
      g_subprocess_force_exit (process_.get ());
      g_subprocess_wait (process_.get (), nullptr, nullptr);
    }
    g_remove (file_.c_str ());
    g_rmdir (folder_.get ());
  }
  Proxy (const Proxy &) = delete;
  Proxy &operator= (const Proxy &) = delete;

  /// Empty: this machine has no tinyproxy, or it did not start.
  const std::string &uri () const { return uri_; }
  const std::string &log () const { return log_; }

 private:
  static guint16 free_port ()
  {
    GObjectPtr<GSocketListener> listener (g_socket_listener_new ());
    return g_socket_listener_add_any_inet_port (listener.get (), nullptr, nullptr);
  }

  CharPtr folder_;
  std::string file_;
  GObjectPtr<GSubprocess> process_;
  std::string uri_;
  std::string log_;
};

}  // namespace gemini::test
