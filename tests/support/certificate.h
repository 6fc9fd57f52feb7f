#pragma once

#include <gio/gio.h>
#include <glib/gstdio.h>

#include <string>

#include "core/glib_ptr.h"

#ifdef __SANITIZE_ADDRESS__
/// With a server of GnuTLS in the same process LeakSanitizer itself crashes now and then when it looks for
/// leaks
/// ("Tracer caught signal 11"). So it does not look in programs that make certificates; valgrind does.
extern "C" __attribute__ ((weak, used, visibility ("default"))) int __lsan_is_turned_off () { return 1; }
#endif

namespace gemini::test {

/// A PEM file with a key and a certificate that nobody has signed, for this machine or for whom it names.
/// Gone with the object.
class Certificate {
 public:
  explicit Certificate (const char *names = "DNS:localhost,IP:127.0.0.1")
      : directory_ (g_dir_make_tmp ("certificate-XXXXXX", nullptr)),
        file_ (std::string (directory_.get ()) + "/certificate.pem")
  {
    const std::string alternatives = std::string ("subjectAltName=") + names;
    const char *command[] = {"openssl",  "req",           "-x509",   "-newkey",
                             "rsa:2048", "-nodes",        "-days",   "1",
                             "-subj",    "/CN=localhost", "-addext", alternatives.c_str (),
                             "-keyout",  file_.c_str (),  "-out",    file_.c_str (),
                             nullptr};
    usable_ = g_tls_backend_supports_tls (g_tls_backend_get_default ()) && run (command);
  }
  ~Certificate ()
  {
    g_remove (file_.c_str ());
    g_rmdir (directory_.get ());
  }
  Certificate (const Certificate &) = delete;
  Certificate &operator= (const Certificate &) = delete;

  /// From now on it is one of yesterday.
  void expire ()
  {
    const auto fresh = file_ + ".old";
    const char *copy[] = {"cp", file_.c_str (), fresh.c_str (), nullptr};
    const char *sign[] = {"openssl", "x509", "-in",  fresh.c_str (), "-signkey", fresh.c_str (),
                          "-days",   "-1",   "-out", file_.c_str (), nullptr};
    const char *key[] = {"sh",           "-c",           "openssl pkey -in \"$0\" >> \"$1\"",
                         fresh.c_str (), file_.c_str (), nullptr};
    usable_ = usable_ && run (copy) && run (sign) && run (key);
    g_remove (fresh.c_str ());
  }

  /// FALSE: this machine has no openssl or GLib no TLS.
  bool usable () const { return usable_; }
  const std::string &file () const { return file_; }

 private:
  static bool run (const char *const *command)
  {
    auto flags = static_cast<GSpawnFlags> (G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
                                           G_SPAWN_STDERR_TO_DEV_NULL);
    int status = -1;
    return g_spawn_sync (nullptr, const_cast<char **> (command), nullptr, flags, nullptr, nullptr, nullptr,
                         nullptr, &status, nullptr) &&
           status == 0;
  }

  CharPtr directory_;
  std::string file_;
  bool usable_ = false;
};

}  // namespace gemini::test
