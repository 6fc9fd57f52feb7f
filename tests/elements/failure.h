#pragma once

#include <vector>

#include "support/check.h"
#include "support/source.h"

namespace gemini::test {

/// Looks like a key of Google and would be one, if it were read anywhere.
inline constexpr const char *kSecretKey = "AIzaSyCANARY-key-0123456789";
inline constexpr const char *kSecretToken = "auth_tokens/CANARY-token-0123456789";

enum class Domain { Resource, Stream };

/// How a failure must look on the bus.
struct Failure {
  Domain domain;
  gint code;
  const char *says;        ///< in the sentence for a person
  const char *debug = "";  ///< in the part for a log
};

/// What has been posted, and no canary anywhere in it.
inline std::vector<MessagePtr> messages_of (GstElement *element)
{
  std::vector<MessagePtr> messages;
  GstObjectPtr<GstBus> bus (gst_element_get_bus (element));
  while (auto *message = gst_bus_pop (bus.get ())) {
    messages.emplace_back (message);
    const GstStructure *said = gst_message_get_structure (message);
    std::string text;
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
      auto error = error_text (message);
      text = error.message + " " + error.debug;
      gst_message_parse_error_details (message, &said);
    }
    if (said != nullptr)
      text += " " + std::string (CharPtr (gst_structure_to_string (said)).get ());
    fail_unless (text.find ("CANARY") == text.npos, "a secret is told: %s", text.c_str ());
  }
  return messages;
}

/// One ERROR has been posted, as expected and not without advice.
inline void check_failure (const std::vector<MessagePtr> &messages, const Failure &expected)
{
  std::vector<ErrorText> errors;
  for (auto &message : messages)
    if (GST_MESSAGE_TYPE (message.get ()) == GST_MESSAGE_ERROR)
      errors.push_back (error_text (message.get ()));
  fail_if (errors.empty (), "nothing is said of: %s", expected.says);
  auto &[domain, code, message, debug] = errors.front ();
  fail_unless_equals_int (errors.size (), 1);
  fail_unless (domain == (expected.domain == Domain::Resource ? GST_RESOURCE_ERROR : GST_STREAM_ERROR),
               "domain of '%s'", message.c_str ());
  fail_unless (code == expected.code, "code %d of '%s'", code, message.c_str ());
  fail_if (message.find (expected.says) == message.npos, "'%s' does not say '%s'", message.c_str (),
           expected.says);
  fail_if (debug.find ("  ():") != debug.npos, "no function is named in '%s'", debug.c_str ());
  bool advice = false;
  for (const char *how : {": ", " must ", " may only "})
    advice = advice || message.find (how) != message.npos;
  fail_unless (advice, "'%s' says what happened, not what to do", message.c_str ());
  fail_if (debug.find (expected.debug) == debug.npos, "'%s' does not say '%s'", debug.c_str (),
           expected.debug);
}

/// Lets the stream run to its end; live, when all that will come has come.
inline void run_to_eos (Source &source, bool live)
{
  if (live)
    source.crank_to_eos ();
  else
    fail_unless (source.recorder->wait_for_eos ());
}

/// The same element, after what failed has been put right: an answer, whole, and nothing else.
inline void check_plays_again (Source &source, bool live, const std::vector<int16_t> &answer)
{
  fail_if (source.set_state (GST_STATE_NULL) == GST_STATE_CHANGE_FAILURE);
  for (auto &message : messages_of (source.element))
    fail_if (GST_MESSAGE_TYPE (message.get ()) == GST_MESSAGE_ERROR, "an error after the end");
  GstObjectPtr<GstPad> pad (gst_element_get_static_pad (source.element, "src"));
  source.recorder.reset ();
  source.recorder = std::make_unique<PadRecorder> (pad.get ());
  source.play ();
  if (live)
    source.wait_for_state ("draining");
  run_to_eos (source, live);
  for (auto &message : messages_of (source.element))
    fail_if (GST_MESSAGE_TYPE (message.get ()) == GST_MESSAGE_ERROR, "%s",
             error_text (message.get ()).message.c_str ());
  fail_unless (source.recorder->speech () == answer);
}

}  // namespace gemini::test
