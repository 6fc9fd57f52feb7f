#include "stand-in/server.h"

#include "stand-in/http/host.h"
#include "support/deadline.h"

namespace gemini::stand_in {
namespace {

template <typename Item>
const Item *find_in (const std::vector<Item> &items, size_t number)
{
  if (number == Server::kLatest && !items.empty ())
    return &items.back ();
  return number < items.size () ? &items[number] : nullptr;
}

const ConnectionRecord *find (const Record &record, size_t number)
{
  return find_in (record.connections, number);
}

}  // namespace

struct Server::State {
  House house;
  std::function<void (const std::string &)> reporter;
  std::unique_ptr<Host> host;  // lives on the loop
  Loop loop;

  /// Does something to an answer over HTTP, on the loop.
  template <typename Action>
  void with_reading (size_t number, Action action)
  {
    loop.post ([this, number, action = std::move (action)] {
      if (TtsAnswer *reading = host->find_reading (number))
        action (*reading);
    });
  }

  /// Does something to a session, on the loop.
  template <typename Action>
  void with_session (size_t number, Action action)
  {
    loop.post ([this, number, action = std::move (action)] {
      if (Session *session = host->find (number))
        action (*session);
    });
  }
};

Server::Server (const Options &options) : state_ (std::make_unique<State> ())
{
  State &state = *state_;
  state.house.options = options;
  state.house.faults.set (options.faults);
  state.house.report = [&state] (size_t session, const std::string &event) {
    if (state.reporter)
      state.reporter ((session == SIZE_MAX ? "" : "session " + std::to_string (session) + ": ") + event);
  };
  state.loop.run ([&] {
    state.host = std::make_unique<Host> (state.house);
    uri_ = state.host->uri ();
    error_ = state.host->error ();
  });
}

Server::~Server ()
{
  state_->loop.run ([this] { state_->host.reset (); });
}

void Server::set_options (const Options &options)
{
  state_->loop.run ([&] { state_->house.options = options; });
}

void Server::add_fault (const Fault &fault)
{
  state_->loop.run ([&] { state_->house.faults.add (fault); });
}

void Server::set_reporter (std::function<void (const std::string &)> reporter)
{
  state_->loop.run ([&] { state_->reporter = std::move (reporter); });
}

Record Server::record () const
{
  return state_->house.log.read ([] (const Record &record) { return record; });
}

ConnectionRecord Server::connection (size_t number) const
{
  return state_->house.log.read ([number] (const Record &record) {
    const ConnectionRecord *found = find (record, number);
    return found ? *found : ConnectionRecord{};
  });
}

std::vector<std::string> Server::messages (size_t number) const { return connection (number).messages; }

std::vector<int16_t> Server::samples (size_t turn, size_t number) const
{
  const ConnectionRecord record = connection (number);
  return turn < record.turns.size () ? record.turns[turn].samples : std::vector<int16_t> ();
}

bool Server::wait (const std::function<bool (const Record &)> &condition) const
{
  return state_->house.log.wait (condition, test::deadline ());
}

bool Server::wait_for_requests (size_t count) const
{
  return wait ([=] (const Record &record) { return record.requests.size () >= count; });
}

bool Server::wait_for_connections (size_t count) const
{
  return wait ([=] (const Record &record) { return record.connections.size () >= count; });
}

bool Server::wait_for_setup (size_t number) const
{
  return wait ([=] (const Record &record) {
    const ConnectionRecord *connection = find (record, number);
    return connection && connection->set_up;
  });
}

bool Server::wait_for_messages (size_t count, size_t number) const
{
  return wait ([=] (const Record &record) {
    const ConnectionRecord *connection = find (record, number);
    return connection && connection->messages.size () >= count;
  });
}

bool Server::wait_for_turns_sent (size_t count, size_t number) const
{
  return wait ([=] (const Record &record) {
    const ConnectionRecord *connection = find (record, number);
    if (!connection || connection->turns.size () < count)
      return false;
    const TurnRecord &turn = connection->turns[count - 1];
    return turn.generation_complete || turn.turn_complete || turn.over;
  });
}

bool Server::wait_for_turns (size_t count, size_t number) const
{
  return wait ([=] (const Record &record) {
    const ConnectionRecord *connection = find (record, number);
    return connection && connection->turns.size () >= count && connection->turns[count - 1].over;
  });
}

bool Server::wait_for_chunks (size_t count, size_t turn, size_t number) const
{
  return wait ([=] (const Record &record) {
    const ConnectionRecord *connection = find (record, number);
    return connection && turn < connection->turns.size () &&
           connection->turns[turn].chunk_times.size () >= count;
  });
}

bool Server::wait_for_end (size_t number) const
{
  return wait ([=] (const Record &record) {
    const ConnectionRecord *connection = find (record, number);
    return connection && connection->over;
  });
}

ReadingRecord Server::reading (size_t number) const
{
  return state_->house.log.read ([number] (const Record &record) {
    const ReadingRecord *found = find_in (record.readings, number);
    return found ? *found : ReadingRecord{};
  });
}

bool Server::wait_for_readings (size_t count) const
{
  return wait ([=] (const Record &record) { return record.readings.size () >= count; });
}

bool Server::wait_for_reading_end (size_t number) const
{
  return wait ([=] (const Record &record) {
    const ReadingRecord *reading = find_in (record.readings, number);
    return reading && reading->over;
  });
}

void Server::script (const Options &options)
{
  state_->loop.run ([&] { state_->house.scripts.push_back (options); });
}

void Server::send_event (std::string json, size_t number)
{
  state_->with_reading (number,
                        [json = std::move (json)] (TtsAnswer &reading) { reading.send_event (json); });
}

void Server::finish (size_t number)
{
  state_->with_reading (number, [] (TtsAnswer &reading) { reading.finish (); });
}

void Server::strike_reading (const Fault &fault, size_t number)
{
  state_->with_reading (number, [fault] (TtsAnswer &reading) { reading.strike (fault); });
}

void Server::send (std::string message, size_t connection)
{
  state_->with_session (connection, [message = std::move (message)] (Session &session) {
    session.send (message, Opcode::Binary);
  });
}

void Server::send_text_frame (std::string message, size_t connection)
{
  state_->with_session (connection, [message = std::move (message)] (Session &session) {
    session.send (message, Opcode::Text);
  });
}

void Server::send_audio (std::vector<int16_t> samples, size_t connection)
{
  state_->with_session (connection,
                        [samples = std::move (samples)] (Session &session) { session.send_audio (samples); });
}

void Server::close (unsigned code, std::string reason, size_t connection)
{
  state_->with_session (
      connection, [code, reason = std::move (reason)] (Session &session) { session.close (code, reason); });
}

void Server::reset (size_t connection) { strike ({.kind = Fault::Kind::Reset}, connection); }

void Server::drop (size_t connection) { strike ({.kind = Fault::Kind::Drop}, connection); }

void Server::freeze (size_t connection) { strike ({.kind = Fault::Kind::Freeze}, connection); }

void Server::go_away (unsigned seconds, size_t connection)
{
  strike ({.kind = Fault::Kind::GoAway, .number = seconds}, connection);
}

void Server::strike (const Fault &fault, size_t connection)
{
  state_->with_session (connection, [fault] (Session &session) { session.strike (fault); });
}

}  // namespace gemini::stand_in
