#include "chat.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "elements/gst_ptr.h"

namespace gemini::chat {
namespace {

constexpr guint kTick = 100;       // ms, between two looks at what is heard now
constexpr guint kPatience = 2000;  // ms, for what should be over already
constexpr GstClockTime kNone = GST_CLOCK_TIME_NONE;

using StructurePtr = std::unique_ptr<GstStructure, Freer<gst_structure_free>>;

std::string text (const GstStructure *structure, const char *field)
{
  const char *value = gst_structure_get_string (structure, field);
  return value != nullptr ? value : "";
}

}  // namespace

void tell_trouble (View &view, const char *event, const std::string &sentence)
{
  const StructurePtr fields (
      gst_structure_new ("trouble", "message", G_TYPE_STRING, sentence.c_str (), nullptr));
  view.on_event (event, fields.get ());
  view.on_trouble (sentence);
}

Chat::Chat (Pipeline &pipeline, View &view, Manners manners)
    : pipeline_ (pipeline), view_ (view), manners_ (manners), loop_ (g_main_loop_new (nullptr, FALSE))
{
}

Chat::~Chat ()
{
  for (auto source : {ticker_, deadline_})
    if (source != 0)
      g_source_remove (source);
}

int Chat::run ()
{
  ticker_ = g_timeout_add (
      kTick,
      [] (gpointer self) -> gboolean {
        static_cast<Chat *> (self)->tick ();
        return G_SOURCE_CONTINUE;
      },
      this);
  if (!pipeline_.start ([this] (GstMessage *message) { on_message (message); }))
    code_ = EXIT_FAILURE;  // the reason is on the bus
  update_status ();
  g_main_loop_run (loop_.get ());
  return code_;
}

void Chat::on_line (const std::string &line)
{
  if (line.find_first_not_of (" \t\r\n") == line.npos || ending_ || input_ended_)
    return;
  if (!g_utf8_validate (line.c_str (), static_cast<gssize> (line.size ()), nullptr)) {
    view_.on_trouble ("this line is not valid UTF-8, and was not asked");
    code_ = EXIT_FAILURE;
    return;
  }
  questions_.push_back (line);
  if (!manners_.person && asked_ > answered_)
    return;
  // A text that is read aloud would wait for the one before it.
  if (manners_.tts && answering ())
    forget_answers ();
  ask_next ();
}

void Chat::ask_next ()
{
  const auto question = std::move (questions_.front ());
  questions_.pop_front ();
  const StructurePtr fields (
      gst_structure_new ("question", "text", G_TYPE_STRING, question.c_str (), nullptr));
  view_.on_question (question);
  view_.on_event ("question", fields.get ());
  if (pipeline_.ask (question))  // otherwise it has not started, and the reason is on the bus
    asked_++;
}

bool Chat::answering () const
{
  return asked_ > answered_ || state_ == "thinking" || state_ == "speaking" || state_ == "draining";
}

void Chat::forget_answers ()
{
  pipeline_.interrupt ();
  transcript_.drop ();
  forgotten_ = asked_ > answered_;
  asked_ = answered_ = 0;
}

void Chat::on_interrupt_key ()
{
  if (view_.clear_input ())
    return;
  if (!answering () || ending_)
    return leave (manners_.person ? code_ : 130);
  questions_.clear ();
  forget_answers ();
  if (!manners_.person)
    return leave (130);
  view_.on_note ("(interrupted; Ctrl-C again leaves)");
  finish_if_done ();
}

void Chat::on_end_of_input ()
{
  if (std::exchange (input_ended_, true))
    return;
  update_status ();
  finish_if_done ();
}

/// What was asked is answered to the last sample before the program ends.
void Chat::finish_if_done ()
{
  if (!input_ended_ || ending_ || !questions_.empty () || answered_ < asked_)
    return;
  ending_ = true;
  pipeline_.end ();
}

void Chat::leave (int code)
{
  code_ = code;
  if (std::exchange (ending_, true) && deadline_ != 0)
    return quit (code_);
  pipeline_.interrupt ();
  pipeline_.end ();
  deadline_ = g_timeout_add (
      kPatience,
      [] (gpointer data) -> gboolean {
        auto *self = static_cast<Chat *> (data);
        self->deadline_ = 0;
        self->quit (self->code_);
        return G_SOURCE_REMOVE;
      },
      this);
}

void Chat::quit (int code)
{
  code_ = code;
  view_.on_over ();
  g_main_loop_quit (loop_.get ());
}

void Chat::on_message (GstMessage *message)
{
  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_ERROR:
    case GST_MESSAGE_WARNING:
      return on_trouble (message);
    case GST_MESSAGE_EOS:
      view_.on_words (transcript_.rest ());
      return quit (code_);
    case GST_MESSAGE_LATENCY:
      return pipeline_.recalculate_latency ();
    case GST_MESSAGE_ELEMENT:
    case GST_MESSAGE_APPLICATION:
      return on_element_message (gst_message_get_structure (message));
    case GST_MESSAGE_PROPERTY_NOTIFY: {
      const GValue *value = nullptr;
      gst_message_parse_property_notify (message, nullptr, nullptr, &value);
      if (auto *state =
              value != nullptr
                  ? g_enum_get_value (static_cast<GEnumClass *> (g_type_class_peek (G_VALUE_TYPE (value))),
                                      g_value_get_enum (value))
                  : nullptr)
        on_state (state->value_nick);
      return;
    }
    default:
      return;
  }
}

void Chat::on_trouble (GstMessage *message)
{
  const bool fatal = GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR;
  GError *raw = nullptr;
  (fatal ? gst_message_parse_error : gst_message_parse_warning) (message, &raw, nullptr);
  const GErrorPtr error (raw);
  std::string sentence = error->message;
  if (g_error_matches (error.get (), GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED) &&
      pipeline_.is_source (GST_MESSAGE_SRC (message)))
    sentence +=
        "; gemini-chat reads the key from GEMINI_API_KEY or the file .env here, and --offline needs none";
  else if (pipeline_.is_speaker (GST_MESSAGE_SRC (message)))
    sentence = (fatal ? "cannot play: " : "nothing may be heard of the answers: ") + sentence +
               " --sink names another output; `--sink fakesink --record FILE` only records";
  tell_trouble (view_, fatal ? "error" : "warning", sentence);
  if (fatal)
    quit (EXIT_FAILURE);
}

void Chat::on_element_message (const GstStructure *structure)
{
  std::string_view name = gst_structure_get_name (structure);
  if (!name.starts_with ("gemini-") && name != "recorded")
    return;
  if (name.starts_with ("gemini-"))
    name.remove_prefix (7);
  view_.on_event (name.data (), structure);
  if (name == "transcript")
    on_transcript (structure);
  else if (name == "interrupted")
    transcript_.drop ();  // told before any words of the next answer
  else if (name == "turn-complete")
    on_turn_complete (structure);
  else if (name == "tool-call")
    view_.on_trouble ("the model calls the function " + text (structure, "name") +
                      ", which gemini-chat has not");
}

void Chat::on_transcript (const GstStructure *structure)
{
  if (text (structure, "role") != "model")
    return;
  GstClockTime heard_at = kNone;
  gst_structure_get_uint64 (structure, "running-time", &heard_at);
  transcript_.add (text (structure, "text"), heard_at);
}

void Chat::on_turn_complete (const GstStructure *structure)
{
  const auto stats = pipeline_.stats ();
  Answer answer{.first_sound = stats.first_sound};
  gboolean interrupted = FALSE;
  gst_structure_get (structure, "heard", G_TYPE_UINT64, &answer.samples, "rate", G_TYPE_UINT, &answer.rate,
                     "interrupted", G_TYPE_BOOLEAN, &interrupted, "underruns", G_TYPE_UINT, &answer.underruns,
                     nullptr);
  answer.interrupted = interrupted != FALSE;
  answer.rate = std::max (answer.rate, 1U);
  if (answer.samples == 0)
    answer.first_sound = kNone;
  if (!answer.interrupted)
    view_.on_words (transcript_.rest ());
  view_.on_answer (answer);
  if (manners_.stats) {
    view_.on_note (describe (answer));
    view_.on_event ("stats", pipeline_.raw_stats ().get ());
  }
  const bool cut = text (structure, "reason") == "CONNECTION_LOST";
  if ((cut || (answer.samples == 0 && !answer.interrupted)) && !manners_.person)
    code_ = EXIT_FAILURE;
  if (!(std::exchange (forgotten_, false) && answer.interrupted))
    answered_ = std::min (answered_ + 1, asked_);
  update_status ();
  if (!questions_.empty () && !ending_)
    ask_next ();
  finish_if_done ();
}

void Chat::on_state (const char *state)
{
  state_ = state;
  const StructurePtr fields (gst_structure_new ("state", "state", G_TYPE_STRING, state, nullptr));
  view_.on_event ("state", fields.get ());
  update_status ();
}

void Chat::tick ()
{
  if (!transcript_.empty ()) {
    const auto latency = pipeline_.stats ().latency;
    const auto now = pipeline_.running_time ();
    if (GST_CLOCK_TIME_IS_VALID (now))
      if (auto words = transcript_.due (now > latency ? now - latency : 0); !words.empty ())
        view_.on_words (words);
  }
  if (answering ())
    update_status ();
  // Questions in quick succession may have been answered as one.
  const bool overdue = manners_.person && input_ended_ && !ending_ && state_ == "ready" && answered_ < asked_;
  idle_ticks_ = overdue ? idle_ticks_ + 1 : 0;
  if (idle_ticks_ * kTick >= kPatience) {
    asked_ = answered_;
    finish_if_done ();
  }
}

void Chat::update_status ()
{
  const auto stats = pipeline_.stats ();
  view_.on_status ({.state = state_,
                    .buffered = stats.buffered,
                    .first_sound = stats.first_sound,
                    .underruns = static_cast<guint> (stats.underruns),
                    .leaving = input_ended_});
}

}  // namespace gemini::chat
