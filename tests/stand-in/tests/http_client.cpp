#include "http_client.h"

#include <algorithm>

#include "support/deadline.h"

namespace gemini::stand_in {

std::string tts_body (const std::string &text, const std::string &more)
{
  return R"({"contents":[{"role":"user","parts":[{"text":")" + text +
         R"("}]}],"generationConfig":{"responseModalities":["AUDIO"])" + more + "}}";
}

std::string HttpAnswer::header (const std::string &name) const
{
  for (const auto &[known, value] : headers)
    if (g_ascii_strcasecmp (known.c_str (), name.c_str ()) == 0)
      return value;
  return {};
}

std::vector<std::string> HttpAnswer::events () const
{
  std::vector<std::string> events;
  std::string data, line;
  bool any = false;
  for (size_t i = 0; i < body.size (); i++) {
    if (body[i] != '\r' && body[i] != '\n') {
      line += body[i];
      continue;
    }
    if (body[i] == '\r' && body.substr (i + 1, 1) == "\n")
      i++;
    if (line.empty () && any) {
      events.push_back (data);
      data.clear ();
      any = false;
    }
    if (line.starts_with ("data:")) {
      data += (any ? "\n" : "") + line.substr (line.starts_with ("data: ") ? 6 : 5);
      any = true;
    }
    line.clear ();
  }
  return events;
}

Heard HttpAnswer::heard () const
{
  Heard heard;
  for (const std::string &event : events ())
    heard.add (event);
  return heard;
}

HttpClient::HttpClient (const Server &server)
    : socket_ (g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, nullptr))
{
  const std::string &uri = server.uri ();
  const auto port = static_cast<guint> (g_ascii_strtoull (uri.c_str () + uri.rfind (':') + 1, nullptr, 10));
  const GObjectPtr<GSocketAddress> address (g_inet_socket_address_new_from_string ("127.0.0.1", port));
  g_socket_set_timeout (socket_.get (), static_cast<guint> (test::deadline ().count ()));
  if (!g_socket_connect (socket_.get (), address.get (), nullptr, nullptr))
    g_error ("nobody listens on %s", uri.c_str ());
}

void HttpClient::send (const std::string &path, const std::string &body, const std::string &headers,
                       const std::string &method)
{
  const std::string bytes =
      method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" +
      "Content-Type: application/json\r\nContent-Length: " + std::to_string (body.size ()) + "\r\n" +
      headers + "\r\n" + body;
  for (size_t done = 0; done < bytes.size ();) {
    const gssize count =
        g_socket_send (socket_.get (), bytes.data () + done, bytes.size () - done, nullptr, nullptr);
    if (count < 0)
      g_error ("the server does not take the request");
    done += static_cast<size_t> (count);
  }
}

HttpAnswer HttpClient::ask (const std::string &path, const std::string &body, const std::string &headers)
{
  send (path, body, headers);
  return receive ();
}

HttpAnswer HttpClient::receive_head ()
{
  HttpAnswer answer;
  std::string line;
  if (!read_line (line) || !line.starts_with ("HTTP/1.1 "))
    return answer;
  answer.status = static_cast<unsigned> (g_ascii_strtoull (line.c_str () + 9, nullptr, 10));
  while (read_line (line) && !line.empty ()) {
    const size_t colon = line.find (": ");
    answer.headers.emplace_back (line.substr (0, colon), line.substr (colon + 2));
  }
  return answer;
}

std::string HttpClient::receive_chunk (HttpAnswer &answer)
{
  std::string line;
  if (!read_line (line) || line.empty ())
    return {};
  const auto size = static_cast<size_t> (g_ascii_strtoull (line.c_str (), nullptr, 16));
  const std::string chunk = read_bytes (size);
  answer.body += chunk;
  answer.whole = chunk.size () == size && read_line (line) && size == 0;
  if (!chunk.empty ())
    answer.chunks.push_back (chunk);
  return chunk;
}

HttpAnswer HttpClient::receive ()
{
  HttpAnswer answer = receive_head ();
  if (answer.header ("Transfer-Encoding") == "chunked") {
    while (!receive_chunk (answer).empty ())
      ;
    return answer;
  }
  const std::string length = answer.header ("Content-Length");
  answer.body = read_bytes (static_cast<size_t> (g_ascii_strtoull (length.c_str (), nullptr, 10)));
  answer.whole = !length.empty () && answer.body.size () == g_ascii_strtoull (length.c_str (), nullptr, 10);
  return answer;
}

bool HttpClient::is_silent ()
{
  return buffer_.empty () &&
         !g_socket_condition_timed_wait (socket_.get (), G_IO_IN, G_USEC_PER_SEC / 20, nullptr, nullptr);
}

void HttpClient::close () { g_socket_close (socket_.get (), nullptr); }

bool HttpClient::read ()
{
  char bytes[65536];
  GError *raw = nullptr;
  const gssize count = g_socket_receive (socket_.get (), bytes, sizeof bytes, nullptr, &raw);
  const GErrorPtr error (raw);
  reset_ = g_error_matches (raw, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  if (g_error_matches (raw, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    g_error ("the server did nothing for a long time");
  if (count > 0)
    buffer_.append (bytes, static_cast<size_t> (count));
  return count > 0;
}

bool HttpClient::read_line (std::string &line)
{
  size_t end = 0;
  while ((end = buffer_.find ("\r\n")) == buffer_.npos)
    if (!read ())
      return false;
  line = buffer_.substr (0, end);
  buffer_.erase (0, end + 2);
  return true;
}

std::string HttpClient::read_bytes (size_t count)
{
  while (buffer_.size () < count && read ())
    ;
  const std::string bytes = buffer_.substr (0, count);
  buffer_.erase (0, bytes.size ());
  return bytes;
}

}  // namespace gemini::stand_in
