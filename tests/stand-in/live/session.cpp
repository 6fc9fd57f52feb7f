#include "stand-in/live/session.h"

#include <utility>

namespace gemini::stand_in {
namespace {

constexpr unsigned kInputRate = 16000;

bool is_blank (const std::string &text) { return text.find_first_not_of (" \t\r\n") == text.npos; }

}  // namespace

Session::Session (House &house, size_t number, Route route, Credential credential,
                  GObjectPtr<GIOStream> stream, GObjectPtr<GSocket> socket, Task over)
    : house_ (house),
      number_ (number),
      route_ (std::move (route)),
      credential_ (std::move (credential)),
      over_ (std::move (over)),
      socket_ (std::move (stream), std::move (socket), *this),
      dialect_{.vertex = route_.vertex, .rate = house.options.rate, .wire = house.options.wire},
      random_ (house.options.pace.seed),
      setup_timer_ ([this] { complete_setup (); }),
      turn_timer_ ([this] { play (); })
{
}

void Session::on_message (std::string_view text)
{
  if (house_.options.record)
    note ([&] (ConnectionRecord &connection) { connection.messages.emplace_back (text); });
  if (state_ == State::Over || house_.options.manual == Manual::Everything)
    return;
  if (state_ == State::AwaitingSetup) {
    if (const auto refusal = refuse_credential (credential_, house_.options.rules))
      return refuse (*refusal);
  }
  auto message = read_client_message (text, house_.options.rules);
  if (auto *refusal = std::get_if<Refusal> (&message))
    return refuse (*refusal);
  handle (std::get<ClientMessage> (message));
}

void Session::on_closed (const CloseFrame *from_client)
{
  state_ = State::Over;
  closed_ = true;
  turn_timer_.stop ();
  setup_timer_.stop ();
  later_.clear ();
  report (from_client ? "closed by the client, code " + std::to_string (from_client->code) : "ended");
  note ([&] (ConnectionRecord &connection) {
    if (from_client)
      connection.closed_by_client.push_back (*from_client);
    connection.over = true;
  });
  over_ ();
}

void Session::handle (const ClientMessage &message)
{
  const bool is_setup = message.kind == ClientMessage::Kind::Setup;
  const bool set_up = state_ != State::AwaitingSetup && state_ != State::SettingUp;
  if (is_setup != (state_ == State::AwaitingSetup) || (!is_setup && !set_up))
    return refuse ({});
  if (!is_setup && house_.options.manual == Manual::Turns)
    return;
  switch (message.kind) {
    case ClientMessage::Kind::Setup:
      return handle_setup (message.fields);
    case ClientMessage::Kind::ClientContent:
      return handle_client_content (message.fields);
    case ClientMessage::Kind::RealtimeInput:
      return handle_realtime_input (message.fields);
    case ClientMessage::Kind::ToolResponse:
      return handle_tool_response (message.fields);
  }
}

void Session::handle_setup (const Fields &fields)
{
  auto setup = read_setup (fields, route_, house_.options.rules);
  if (auto *refusal = std::get_if<Refusal> (&setup))
    return refuse (*refusal);
  setup_ = std::get<Setup> (setup);
  if (!setup_.handle.empty ()) {
    const auto saved = house_.handles.find (setup_.handle);
    if (saved == house_.handles.end ())
      return refuse ({.code = 1008, .reason = "BidiGenerateContent session not found"});
    turn_number_ = saved->second;
  }
  report ("setup for " + setup_.model + (setup_.handle.empty () ? "" : ", resumed"));
  activity_.set_silence (size_t{setup_.silence_ms} * kInputRate / 1000);
  state_ = State::SettingUp;
  const auto delay = std::chrono::microseconds (house_.options.pace.setup_delay).count ();
  if (delay > 0)
    setup_timer_.start_in (delay);
  else
    complete_setup ();
}

void Session::complete_setup ()
{
  if (strike_at (Fault::When::Setup))
    return;
  ServerMessage message{.setup_complete = true};
  if (route_.vertex) {
    const CharPtr uuid (g_uuid_string_random ());
    message.session_id = uuid.get ();
  }
  state_ = State::Ready;
  send (message);
  send_handle ();
  note ([] (ConnectionRecord &connection) { connection.set_up = true; });
  strike_at (Fault::When::Ready);
}

void Session::handle_client_content (const Fields &fields)
{
  if (const auto refusal = refuse_client_content (fields))
    return refuse (*refusal);
  if (state_ == State::Speaking || state_ == State::ToolCalling)
    interrupt ();
  if (const std::string question = question_of (fields); !question.empty ())
    history_ = question;
  if (!fields.boolean ("turnComplete").value_or (false))
    return;
  if (setup_.family == Family::Flash31 ||
      (setup_.family == Family::NativeAudio25 && ends_with_model (fields)))
    return report ("clientContent is history for this model: waiting for realtimeInput");
  begin_turn (std::exchange (history_, {}));
}

void Session::handle_realtime_input (const Fields &fields)
{
  if (fields.has ("mediaChunks") && setup_.family == Family::Flash31)
    return refuse (
        {.reason = "realtime_input.media_chunks is deprecated. Use audio, video, or text instead."});
  const bool activity_message = fields.has ("activityStart") || fields.has ("activityEnd");
  if (activity_message && !setup_.manual_activity)
    return refuse (
        {.reason =
             "Explicit activity control is not supported when automatic activity detection is enabled."});

  if (const auto text = fields.string ("text"))
    ask (is_blank (*text) ? std::exchange (history_, {}) : *text, setup_.interrupts);
  if (fields.has ("activityStart"))
    handle_activity (Activity::Start);
  if (fields.has ("activityEnd"))
    handle_activity (Activity::End);
  if (fields.has ("audio") && !setup_.manual_activity)
    handle_activity (activity_.hear (audio_of (fields)));
  if (fields.boolean ("audioStreamEnd").value_or (false))
    handle_activity (activity_.pause ());
}

void Session::handle_activity (Activity activity)
{
  if (activity == Activity::Start && setup_.interrupts &&
      (state_ == State::Speaking || state_ == State::ToolCalling))
    interrupt ();
  if (activity != Activity::End)
    return;
  if (setup_.input_transcription)
    send ({.input_transcription = Transcription{.text = house_.options.heard}});
  ask (house_.options.heard, setup_.interrupts);
}

void Session::handle_tool_response (const Fields &fields)
{
  for (const Fields &answer : fields.objects ("functionResponses"))
    report ("function call " + answer.string ("id").value_or ("") + " was answered");
  if (state_ != State::ToolCalling)
    return;
  pending_call_.clear ();
  say ("(the answer of a function)", "Thank you, I have got the answer of the function.");
}

void Session::ask (const std::string &question, bool interrupts)
{
  const bool busy = state_ == State::Speaking || state_ == State::ToolCalling;
  if (busy && !interrupts) {
    queued_ = question;
    return;
  }
  if (busy)
    interrupt ();
  begin_turn (question);
}

}  // namespace gemini::stand_in
