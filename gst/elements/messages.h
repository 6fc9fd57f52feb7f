#pragma once

#include <gst/gst.h>

#include <string>
#include <vector>

#include "core/session.h"
#include "elements/reports.h"

namespace gemini {

// The element messages of geminisrc. All times are running times in ns (guint64, GST_CLOCK_TIME_NONE if
// unknown), all amounts frames (guint64). May be called on any thread, with no lock held.

/// `gemini-turn-started`: the first buffer of an answer leaves.
/// turn (uint), requested, first-byte, started, rate (uint)
void post_turn_started (GstElement *element, const TurnReport &report);

/// `gemini-turn-complete`: the last buffer of an answer has left.
/// As above, and: first-audible (`started` plus the latency of the pipeline), ended, samples, heard,
/// interrupted (boolean), underruns (uint), underrun-time, reason (string)
void post_turn_complete (GstElement *element, const TurnReport &report, GstClockTime latency);

/// `gemini-underrun`: speech stopped in the middle of a turn, and goes on now.
/// turn (uint), running-time (where it stopped), duration
void post_underrun (GstElement *element, const UnderrunReport &report);

/// `gemini-interrupted`: what had not left of an answer was dropped.
/// turn (uint), heard, dropped
void post_interrupted (GstElement *element, const CutReport &report);

/// `gemini-stalled`: in the middle of an answer nothing has come for a while; it may still go on.
/// duration (guint64, ns: for how long)
void post_stalled (GstElement *element, GstClockTime duration);

/// `gemini-transcript`: a piece of what is said, to be joined to the pieces before it as it is.
/// turn (uint: the one that is due, arrives or has come last), role (string: "user" or "model"), text
/// (string, may be empty), finished (boolean: the last piece of what was said), running-time (about when
/// these words are heard: where the audio ends that has come so far). What the user said comes again if it is
/// asked again after a lost connection.
void post_transcript (GstElement *element, const char *role,
                      const ServerMessage::Transcription &transcription, guint turn,
                      GstClockTime running_time);

/// `gemini-tool-call`: the model calls a function and waits for `send-tool-response`.
/// id (string), name (string), args (string: a JSON object)
void post_tool_call (GstElement *element, const ServerMessage::FunctionCall &call);

/// `gemini-tool-call-cancelled`: these calls must not be answered any more.
/// ids (GStrv)
void post_tool_call_cancelled (GstElement *element, const std::vector<std::string> &ids);

/// `gemini-session`: what became of a connection.
/// event (string: "ready" the first session is open, "go-away" the server will end the connection soon,
/// "resumed" a new connection took up the session, "fresh" a new connection and a new session, which knows
/// nothing of the one before), time-left (of go-away; guint64, ns, GST_CLOCK_TIME_NONE if unknown)
void post_session (GstElement *element, const Session::Event &event);

/// `gemini-usage`: what was used, as the server counts it.
/// prompt-tokens, response-tokens, total-tokens (gint64)
void post_usage (GstElement *element, const ServerMessage::Usage &usage);

/// The `stats` property.
GstStructure *stats_structure (const StatsReport &report);

}  // namespace gemini
