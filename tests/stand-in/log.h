#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "stand-in/http/close_frame.h"
#include "stand-in/http/route.h"

namespace gemini::stand_in {

/// An HTTP request, as it came.
struct Request {
  std::string method;
  std::string path;
  std::string query;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Route route;
  Credential credential;
  unsigned status = 0;  ///< of the answer; 0: none yet, or none at all

  /// The value of a header, whatever the case of its name; empty if there is none.
  std::string header (std::string_view name) const;
};

/// What was sent of one turn so far.
struct TurnRecord {
  size_t number = 0;  ///< in its session, from 0; a resumed session counts on
  std::string question;
  std::string answer;
  std::vector<int16_t> samples;
  std::vector<int64_t> chunk_times;  ///< when each chunk was written, monotonic µs
  bool generation_complete = false;
  bool turn_complete = false;
  bool interrupted = false;
  bool over = false;  ///< nothing more comes of it, whether the client was told or not
};

/// One WebSocket from its upgrade to its end.
struct ConnectionRecord {
  Request request;
  std::vector<std::string> messages;  ///< from the client, word for word
  bool set_up = false;                ///< setupComplete was sent
  std::vector<TurnRecord> turns;
  std::vector<CloseFrame> closed_by_server;  ///< what we said last, if we did
  std::vector<CloseFrame> closed_by_client;
  bool over = false;
};

/// One answer over HTTP. Requests that were refused at once are none.
struct ReadingRecord {
  size_t request = 0;  ///< its place in `Record::requests`
  std::string model;   ///< short name
  bool streaming = false;
  std::string text;  ///< all of it, directions included
  std::string voice_name;
  std::string language;
  std::vector<int16_t> samples;      ///< written so far
  std::vector<int64_t> chunk_times;  ///< when each chunk was written, monotonic µs
  bool complete = false;             ///< all of the answer was written
  bool cancelled = false;            ///< the client went away before
  bool over = false;                 ///< nothing more comes of it
};

/// What happened at a server, for tests to look at and to wait for.
struct Record {
  std::vector<Request> requests;              ///< all, refused ones too
  std::vector<ConnectionRecord> connections;  ///< upgraded ones
  std::vector<ReadingRecord> readings;        ///< answers over HTTP, in the order they were asked for
};

/// Guards a Record. Any thread.
class Log {
 public:
  /// Changes the record and wakes who waits.
  template <typename Change>
  void write (Change change)
  {
    {
      const std::lock_guard guard (lock_);
      change (record_);
    }
    changed_.notify_all ();
  }

  template <typename Look>
  auto read (Look look) const
  {
    const std::lock_guard guard (lock_);
    return look (record_);
  }

  /// Waits until the condition holds; false if the deadline passes first.
  bool wait (const std::function<bool (const Record &)> &condition, std::chrono::milliseconds deadline) const
  {
    std::unique_lock guard (lock_);
    return changed_.wait_for (guard, deadline, [&] { return condition (record_); });
  }

 private:
  mutable std::mutex lock_;
  mutable std::condition_variable changed_;
  Record record_;  // guarded by lock_
};

}  // namespace gemini::stand_in
