#pragma once

#include <libsoup/soup.h>

#include <future>
#include <set>

#include "core/glib_ptr.h"
#include "net/loop.h"

namespace gemini::test {

/// A server for what no decent server does: it sends callers elsewhere, or lets them in and sends raw bytes.
class Doorman {
 public:
  /// Answers every request with this redirect.
  static std::unique_ptr<Doorman> redirecting (unsigned status, std::string target)
  {
    return std::unique_ptr<Doorman> (new Doorman ([status, target] (SoupServer *server) {
      using Redirect = std::pair<unsigned, std::string>;
      soup_server_add_handler (
          server, nullptr,
          [] (SoupServer *, SoupServerMessage *message, const char *, GHashTable *, gpointer data) {
            auto &[code, location] = *static_cast<Redirect *> (data);
            soup_server_message_set_redirect (message, code, location.c_str ());
          },
          new Redirect (status, target), [] (gpointer data) { delete static_cast<Redirect *> (data); });
    }));
  }

  /// Upgrades every caller, and sends it these bytes.
  static std::unique_ptr<Doorman> sending (std::string bytes)
  {
    return std::unique_ptr<Doorman> (new Doorman ([bytes] (SoupServer *server) {
      soup_server_add_websocket_handler (
          server, nullptr, nullptr, nullptr,
          [] (SoupServer *, SoupServerMessage *, const char *, SoupWebsocketConnection *connection,
              gpointer data) {
            auto *out = g_io_stream_get_output_stream (soup_websocket_connection_get_io_stream (connection));
            auto &text = *static_cast<std::string *> (data);
            g_output_stream_write_all (out, text.data (), text.size (), nullptr, nullptr, nullptr);
            // For as long as the caller stays.
            auto gone = +[] (SoupWebsocketConnection *self, gpointer) { g_object_unref (self); };
            g_signal_connect (g_object_ref (connection), "closed", G_CALLBACK (gone), nullptr);
          },
          new std::string (bytes), [] (gpointer data) { delete static_cast<std::string *> (data); });
    }));
  }

  /// Answers every request with these words, and remembers from which ports they came.
  static std::unique_ptr<Doorman> answering (std::string words)
  {
    auto ports = std::make_shared<std::set<guint16>> ();
    std::unique_ptr<Doorman> doorman (new Doorman ([words, ports] (SoupServer *server) {
      using Answer = std::pair<std::string, std::shared_ptr<std::set<guint16>>>;
      soup_server_add_handler (
          server, nullptr,
          [] (SoupServer *, SoupServerMessage *message, const char *, GHashTable *, gpointer data) {
            auto &[text, from] = *static_cast<Answer *> (data);
            auto *caller = soup_server_message_get_remote_address (message);
            from->insert (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (caller)));
            soup_server_message_set_status (message, 200, nullptr);
            soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, text.data (),
                                              text.size ());
          },
          new Answer (words, ports), [] (gpointer data) { delete static_cast<Answer *> (data); });
    }));
    doorman->ports_ = ports;
    return doorman;
  }

  /// How many connections there were.
  size_t callers ()
  {
    std::promise<size_t> count;
    loop_.post ([&] { count.set_value (ports_->size ()); });
    return count.get_future ().get ();
  }

  ~Doorman ()
  {
    loop_.post ([this] {
      soup_server_disconnect (server_.get ());
      server_.reset ();
    });
  }

  const std::string &uri () const { return uri_; }

 private:
  explicit Doorman (const std::function<void (SoupServer *)> &furnish)
  {
    std::promise<void> open;
    loop_.post ([&] {
      server_.reset (soup_server_new (nullptr, nullptr));
      furnish (server_.get ());
      soup_server_listen_local (server_.get (), 0, SOUP_SERVER_LISTEN_IPV4_ONLY, nullptr);
      GSList *uris = soup_server_get_uris (server_.get ());
      uri_ = "ws://127.0.0.1:" + std::to_string (g_uri_get_port (static_cast<GUri *> (uris->data))) + "/";
      g_slist_free_full (uris, [] (gpointer uri) { g_uri_unref (static_cast<GUri *> (uri)); });
      open.set_value ();
    });
    open.get_future ().wait ();
  }

  std::string uri_;
  std::shared_ptr<std::set<guint16>> ports_;  // loop thread
  GObjectPtr<SoupServer> server_;             // loop thread
  Loop loop_;                                 // last made, first gone
};

}  // namespace gemini::test
