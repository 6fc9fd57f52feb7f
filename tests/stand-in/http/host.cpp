#include "stand-in/http/host.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "stand-in/http/http_error.h"

namespace gemini::stand_in {
namespace {

Request read_request (SoupServerMessage *message, const Rules &rules)
{
  GUri *uri = soup_server_message_get_uri (message);
  const char *query = g_uri_get_query (uri);
  Request request{.method = soup_server_message_get_method (message),
                  .path = g_uri_get_path (uri),
                  .query = query ? query : ""};
  soup_message_headers_foreach (
      soup_server_message_get_request_headers (message),
      [] (const char *name, const char *value, gpointer data) {
        static_cast<Request *> (data)->headers.emplace_back (name, value);
      },
      &request);
  const GBytesPtr body (soup_message_body_flatten (soup_server_message_get_request_body (message)));
  gsize size = 0;
  const auto *data = static_cast<const char *> (g_bytes_get_data (body.get (), &size));
  if (size > 0)
    request.body.assign (data, size);
  request.route = find_route (request.path, rules.path_prefix);
  request.credential =
      find_credential (request.header ("x-goog-api-key"), request.header ("authorization"), request.query);
  return request;
}

HttpError error_of (const Fault &fault)
{
  HttpError error = usual_error (fault.code);
  error.per_day = fault.text == "day";
  if (!fault.text.empty () && !error.per_day)
    error.retry_delay = fault.text + "s";
  return error;
}

std::string take_message (GError *raw)
{
  const GErrorPtr error (raw);
  return error->message;
}

}  // namespace

std::string Request::header (std::string_view name) const
{
  const std::string wanted (name);
  for (const auto &[known, value] : headers)
    if (g_ascii_strcasecmp (known.c_str (), wanted.c_str ()) == 0)
      return value;
  return {};
}

Host::Host (House &house)
    : house_ (house),
      server_ (soup_server_new ("server-header", "gemini-stand-in", nullptr)),
      reaper_ ([this] { remove_what_is_over (); })
{
  soup_server_add_handler (
      server_.get (), nullptr,
      [] (SoupServer *, SoupServerMessage *message, const char *, GHashTable *, gpointer self) {
        static_cast<Host *> (self)->on_request (message);
      },
      this, nullptr);
  if (house.options.tls_certificate.empty () || load_certificate (house.options.tls_certificate))
    listen ();
}

Host::~Host ()
{
  sessions_.clear ();
  readings_.clear ();
  for (const auto &message : upgrading_)
    g_signal_handlers_disconnect_by_data (message.get (), this);
  soup_server_remove_handler (server_.get (), nullptr);
  soup_server_disconnect (server_.get ());
}

bool Host::load_certificate (const std::string &file)
{
  GError *error = nullptr;
  const GObjectPtr<GTlsCertificate> certificate (g_tls_certificate_new_from_file (file.c_str (), &error));
  if (!certificate)
    error_ = "Cannot load the certificate " + file + ": " + take_message (error);
  else
    soup_server_set_tls_certificate (server_.get (), certificate.get ());
  return certificate != nullptr;
}

void Host::listen ()
{
  const bool tls = !house_.options.tls_certificate.empty ();
  const auto flags = SOUP_SERVER_LISTEN_IPV4_ONLY | (tls ? SOUP_SERVER_LISTEN_HTTPS : 0);
  GError *error = nullptr;
  if (!soup_server_listen_local (server_.get (), house_.options.port,
                                 static_cast<SoupServerListenOptions> (flags), &error)) {
    error_ = "Cannot listen on port " + std::to_string (house_.options.port) + ": " + take_message (error);
    return;
  }
  GSList *uris = soup_server_get_uris (server_.get ());
  const int port = g_uri_get_port (static_cast<GUri *> (uris->data));
  g_slist_free_full (uris, [] (gpointer uri) { g_uri_unref (static_cast<GUri *> (uri)); });
  uri_ = std::string (tls ? "https" : "http") + "://127.0.0.1:" + std::to_string (port);
}

Session *Host::find (size_t number) const
{
  for (auto session = sessions_.rbegin (); session != sessions_.rend (); ++session)
    if ((*session)->number () <= number)
      return (*session)->number () == number || number == SIZE_MAX ? session->get () : nullptr;
  return nullptr;
}

void Host::on_request (SoupServerMessage *message)
{
  const Request request = read_request (message, house_.options.rules);
  house_.log.write ([&] (Record &record) {
    record.requests.push_back (request);
    if (!house_.options.record)
      record.requests.back ().body.clear ();
  });
  const bool tts = request.route.service == Route::Service::Tts;
  const Options options = tts ? take_script () : house_.options;
  if (strike (message, request, options.tts))
    return;
  switch (request.route.service) {
    case Route::Service::Live:
      return upgrade (message, request);
    case Route::Service::Tts:
      return read_aloud (message, request, options);
    case Route::Service::Unknown:
      return respond (message, request, usual_error (404), options.tts);
  }
}

void Host::upgrade (SoupServerMessage *message, const Request &request)
{
  // The Gemini API lets a bad key in and tells it afterwards; Vertex looks at the token first.
  if (request.route.vertex && refuse_credential (request.credential, house_.options.rules))
    return respond (message, request, usual_error (401), house_.options.tts);

  GError *error = nullptr;
  if (!soup_websocket_server_check_handshake (message, nullptr, nullptr, nullptr, &error))
    return respond (message, request, {.message = take_message (error)}, house_.options.tts);
  soup_websocket_server_process_handshake (message, nullptr, nullptr, nullptr, nullptr);

  house_.log.write ([] (Record &record) { record.requests.back ().status = 101; });
  upgrading_.emplace_back (static_cast<SoupServerMessage *> (g_object_ref (message)));
  g_signal_connect (
      message, "wrote-informational",
      G_CALLBACK (+[] (SoupServerMessage *upgraded, Host *self) { self->add_session (upgraded); }), this);
}

bool Host::strike (SoupServerMessage *message, const Request &request, const Tts &tts)
{
  for (const Fault &fault : house_.faults.take (Fault::When::Upgrade)) {
    house_.report (SIZE_MAX, std::string ("fault in place of an answer: ") + to_string (fault.kind));
    if (fault.kind == Fault::Kind::Http)
      respond (message, request, error_of (fault), tts);
    else if (fault.kind == Fault::Kind::Html)
      send (message, fault.code, "text/html; charset=UTF-8", to_html ({.status = fault.code}));
    else if (fault.kind == Fault::Kind::Freeze)
      hold (message);
    else
      cut_off (message, fault.kind == Fault::Kind::Reset);
    return true;
  }
  return false;
}

void Host::hold (SoupServerMessage *message)
{
  soup_server_message_pause (message);
  upgrading_.emplace_back (static_cast<SoupServerMessage *> (g_object_ref (message)));
}

void Host::cut_off (SoupServerMessage *message, bool reset)
{
  GSocket *socket = soup_server_message_get_socket (message);
  if (reset) {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  hold (message);
  g_socket_close (socket, nullptr);
}

void Host::respond (SoupServerMessage *message, const Request &request, const HttpError &error,
                    const Tts &tts)
{
  const TtsForm form = form_of (request);
  const std::string body = to_json (error);
  send (message, error.status, content_type (form, tts), form == TtsForm::Array ? "[" + body + "]" : body);
}

void Host::send (SoupServerMessage *message, unsigned status, const std::string &type,
                 const std::string &body)
{
  house_.log.write ([status] (Record &record) { record.requests.back ().status = status; });
  soup_server_message_set_status (message, status, nullptr);
  soup_server_message_set_response (message, type.c_str (), SOUP_MEMORY_COPY, body.data (), body.size ());
}

void Host::add_session (SoupServerMessage *message)
{
  const Request request = read_request (message, house_.options.rules);
  GObjectPtr<GSocket> socket (
      static_cast<GSocket *> (g_object_ref (soup_server_message_get_socket (message))));
  GObjectPtr<GIOStream> stream (soup_server_message_steal_connection (message));
  size_t number = 0;
  house_.log.write ([&] (Record &record) {
    number = record.connections.size ();
    record.connections.push_back ({.request = request});
  });
  house_.report (number, "connected");
  sessions_.push_back (std::make_unique<Session> (house_, number, request.route, request.credential,
                                                  std::move (stream), std::move (socket),
                                                  [this] { reaper_.start_in (0); }));
  g_signal_handlers_disconnect_by_data (message, this);
  std::erase_if (upgrading_, [message] (const auto &upgrading) { return upgrading.get () == message; });
}

void Host::remove_what_is_over ()
{
  std::erase_if (readings_, [] (const auto &reading) { return reading->is_over (); });
  std::erase_if (sessions_, [] (const auto &session) { return session->is_over (); });
}

}  // namespace gemini::stand_in
