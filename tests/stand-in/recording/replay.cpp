#include "stand-in/recording/replay.h"

#include <algorithm>
#include <map>
#include <utility>

#include "stand-in/loop.h"

namespace gemini::stand_in {
namespace {

/// What the client does by itself and is only waited for.
bool is_clients (const WireEvent &event)
{
  return event.from_client && event.what == WireEvent::What::Message;
}

}  // namespace

/// One connection. Goes from event to event: waits for the client where it spoke, and says the rest.
class Replay::Player {
 public:
  Player (SoupServerMessage *message, const Script &script, bool at_once)
      : door_ (static_cast<SoupServerMessage *> (g_object_ref (message))),
        script_ (script),
        at_once_ (at_once),
        clock_ ([this] { play (); })
  {
    g_signal_connect (message, "wrote-chunk",
                      G_CALLBACK (+[] (SoupServerMessage *, Player *self) { self->on_written (); }), this);
    gone_ = g_signal_connect (message, "disconnected",
                              G_CALLBACK (+[] (SoupServerMessage *, Player *self) { self->clock_.stop (); }),
                              this);
    const bool refused = script.size () > 1 && script[1].what == WireEvent::What::Response;
    if (script[0].websocket && !refused) {
      // It opened a while after it was asked for, but how long the door took is not in the recording.
      upgrade (message, [this] (SocketPtr socket) { opened (std::move (socket)); });
      return;
    }
    soup_server_message_pause (message);
    wait_for_next ();
  }
  ~Player ()
  {
    g_signal_handlers_disconnect_by_data (door_.get (), this);
    if (socket_)
      g_signal_handlers_disconnect_by_data (socket_.get (), this);
  }

 private:
  void opened (SocketPtr socket)
  {
    g_clear_signal_handler (&gone_, door_.get ());
    socket_ = std::move (socket);
    g_signal_connect (socket_.get (), "message",
                      G_CALLBACK (+[] (SoupWebsocketConnection *, int, GBytes *, Player *self) {
                        self->words_++;
                        self->wait_for_next ();
                      }),
                      this);
    g_signal_connect (socket_.get (), "closed",
                      G_CALLBACK (+[] (SoupWebsocketConnection *, Player *self) { self->clock_.stop (); }),
                      this);
    wait_for_next ();
  }

  void wait_for_next ()
  {
    while (next_ < script_.size () && is_clients (script_[next_]) && words_ > 0) {
      words_--;
      next_++;
    }
    if (next_ == script_.size () || is_clients (script_[next_]))
      return clock_.stop ();
    const int64_t wait = at_once_ ? 0 : std::max<int64_t> (script_[next_].ms - script_[next_ - 1].ms, 0);
    clock_.start_in (wait * 1000);
  }

  void play ()
  {
    const WireEvent &event = script_[next_++];
    if (socket_ && event.what == WireEvent::What::Message)
      send (socket_.get (), event.text, event.binary);
    else if (socket_ && event.what == WireEvent::What::Close && !event.from_client)
      close (socket_.get (), event.code, event.text);
    else if (!socket_)
      answer (event);
    wait_for_next ();
  }

  void answer (const WireEvent &event)
  {
    auto *body = soup_server_message_get_response_body (door_.get ());
    auto *headers = soup_server_message_get_response_headers (door_.get ());
    if (event.what == WireEvent::What::Response) {
      soup_server_message_set_status (door_.get (), event.code, nullptr);
      if (script_[0].websocket)  // refused: there is no more
        return soup_server_message_unpause (door_.get ());
      soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
      if (!event.type.empty ())
        soup_message_headers_replace (headers, "Content-Type", event.type.c_str ());
    } else if (event.what == WireEvent::What::Message) {
      soup_message_body_append (body, SOUP_MEMORY_COPY, event.text.data (), event.text.size ());
      unwritten_++;
    } else if (event.what == WireEvent::What::Break) {
      breaks_off_ = true;
      if (unwritten_ == 0)
        return cut_off (door_.get (), false);
    } else if (event.what == WireEvent::What::End) {
      soup_message_body_complete (body);
    }
    soup_server_message_unpause (door_.get ());
  }

  /// Of a body that breaks off comes all that came of it.
  void on_written ()
  {
    if (unwritten_ > 0 && --unwritten_ == 0 && breaks_off_)
      cut_off (door_.get (), false);
  }

  GObjectPtr<SoupServerMessage> door_;
  const Script &script_;
  bool at_once_;
  Timer clock_;
  gulong gone_ = 0;
  SocketPtr socket_;
  size_t next_ = 1;       // behind the request
  size_t words_ = 0;      // of the client, that no event has been found for yet
  size_t unwritten_ = 0;  // pieces of the body
  bool breaks_off_ = false;
};

Replay::Replay (uint16_t port, std::vector<WireEvent> events, bool at_once,
                std::function<void (const std::string &line)> report)
    : at_once_ (at_once),
      report_ (std::move (report)),
      listener_ (port, [this] (SoupServerMessage *message) { on_request (message); })
{
  std::map<size_t, Script> scripts;
  for (WireEvent &event : events)
    scripts[event.connection].push_back (std::move (event));
  for (auto &[number, script] : scripts)
    if (script[0].what == WireEvent::What::Request)
      (script[0].websocket ? websockets_ : requests_).push_back (std::move (script));
}

Replay::~Replay () = default;

void Replay::on_request (SoupServerMessage *message)
{
  const bool websocket = wants_websocket (message);
  auto &scripts = websocket ? websockets_ : requests_;
  size_t &next = websocket ? next_websocket_ : next_request_;
  if (scripts.empty ()) {
    report_ (std::string ("there is no ") + (websocket ? "WebSocket" : "HTTP request") +
             " in the recording, and one was asked for: " +
             (websocket ? "it is one of api=tts, not of api=live" : "it is one of api=live, not of api=tts"));
    return soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND,
                                           "Nothing of the kind was recorded");
  }
  players_.push_back (std::make_unique<Player> (message, scripts[next++ % scripts.size ()], at_once_));
}

}  // namespace gemini::stand_in
