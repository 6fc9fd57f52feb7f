#include "elements/messages.h"

#include <algorithm>

namespace gemini {
namespace {

GstStructure *turn_structure (const char *name, const TurnReport &report)
{
  return gst_structure_new (name, "turn", G_TYPE_UINT, report.turn, "requested", G_TYPE_UINT64,
                            report.requested, "first-byte", G_TYPE_UINT64, report.first_byte, "started",
                            G_TYPE_UINT64, report.started, "rate", G_TYPE_UINT, report.rate, nullptr);
}

/// A sink plays a buffer at its PTS plus the latency of the pipeline.
GstClockTime first_audible (const TurnReport &report, GstClockTime latency)
{
  return GST_CLOCK_TIME_IS_VALID (report.started) ? report.started + latency : GST_CLOCK_TIME_NONE;
}

void post (GstElement *element, GstStructure *structure)
{
  gst_element_post_message (element, gst_message_new_element (GST_OBJECT (element), structure));
}

}  // namespace

void post_turn_started (GstElement *element, const TurnReport &report)
{
  post (element, turn_structure ("gemini-turn-started", report));
}

void post_turn_complete (GstElement *element, const TurnReport &report, GstClockTime latency)
{
  auto *structure = turn_structure ("gemini-turn-complete", report);
  gst_structure_set (structure, "first-audible", G_TYPE_UINT64, first_audible (report, latency), "ended",
                     G_TYPE_UINT64, report.ended, "samples", G_TYPE_UINT64, report.received, "heard",
                     G_TYPE_UINT64, report.pushed, "interrupted", G_TYPE_BOOLEAN,
                     static_cast<gboolean> (report.interrupted), "underruns", G_TYPE_UINT, report.underruns,
                     "underrun-time", G_TYPE_UINT64, report.underrun_time, "reason", G_TYPE_STRING,
                     report.reason.c_str (), nullptr);
  post (element, structure);
}

void post_underrun (GstElement *element, const UnderrunReport &report)
{
  post (element,
        gst_structure_new ("gemini-underrun", "turn", G_TYPE_UINT, report.turn, "running-time", G_TYPE_UINT64,
                           report.stopped, "duration", G_TYPE_UINT64, report.duration, nullptr));
}

void post_interrupted (GstElement *element, const CutReport &report)
{
  post (element,
        gst_structure_new ("gemini-interrupted", "turn", G_TYPE_UINT, report.turn, "heard", G_TYPE_UINT64,
                           report.pushed, "dropped", G_TYPE_UINT64, report.dropped, nullptr));
}

void post_stalled (GstElement *element, GstClockTime duration)
{
  post (element, gst_structure_new ("gemini-stalled", "duration", G_TYPE_UINT64, duration, nullptr));
}

void post_transcript (GstElement *element, const char *role,
                      const ServerMessage::Transcription &transcription, guint turn,
                      GstClockTime running_time)
{
  std::string text (transcription.text);
  post (element, gst_structure_new ("gemini-transcript", "turn", G_TYPE_UINT, turn, "role", G_TYPE_STRING,
                                    role, "text", G_TYPE_STRING, text.c_str (), "finished", G_TYPE_BOOLEAN,
                                    static_cast<gboolean> (transcription.finished), "running-time",
                                    G_TYPE_UINT64, running_time, nullptr));
}

void post_tool_call (GstElement *element, const ServerMessage::FunctionCall &call)
{
  std::string id (call.id);
  std::string name (call.name);
  post (element,
        gst_structure_new ("gemini-tool-call", "id", G_TYPE_STRING, id.c_str (), "name", G_TYPE_STRING,
                           name.c_str (), "args", G_TYPE_STRING, call.args.c_str (), nullptr));
}

void post_tool_call_cancelled (GstElement *element, const std::vector<std::string> &ids)
{
  std::vector<const char *> list;
  for (auto &id : ids)
    list.push_back (id.c_str ());
  list.push_back (nullptr);
  post (element, gst_structure_new ("gemini-tool-call-cancelled", "ids", G_TYPE_STRV, list.data (), nullptr));
}

void post_session (GstElement *element, const Session::Event &event)
{
  static constexpr const char *names[] = {"ready", "go-away", "resumed", "fresh"};
  auto left = event.time_left ? static_cast<GstClockTime> (std::max (*event.time_left, 0.0) * GST_SECOND)
                              : GST_CLOCK_TIME_NONE;
  post (element,
        gst_structure_new ("gemini-session", "event", G_TYPE_STRING, names[static_cast<int> (event.kind)],
                           "time-left", G_TYPE_UINT64, left, nullptr));
}

void post_usage (GstElement *element, const ServerMessage::Usage &usage)
{
  post (element, gst_structure_new ("gemini-usage", "prompt-tokens", G_TYPE_INT64, usage.prompt_tokens,
                                    "response-tokens", G_TYPE_INT64, usage.response_tokens, "total-tokens",
                                    G_TYPE_INT64, usage.total_tokens, nullptr));
}

GstStructure *stats_structure (const StatsReport &report)
{
  auto &last = report.last;
  return gst_structure_new (
      "gemini-stats", "chunks", G_TYPE_UINT64, report.chunks, "frames-received", G_TYPE_UINT64,
      report.frames_received, "frames-pushed", G_TYPE_UINT64, report.frames_pushed, "frames-dropped",
      G_TYPE_UINT64, report.frames_dropped, "turns", G_TYPE_UINT, report.turns, "underruns", G_TYPE_UINT,
      report.underruns, "underrun-time", G_TYPE_UINT64, report.underrun_time, "reconnects", G_TYPE_UINT,
      report.reconnects, "buffered-time", G_TYPE_UINT64, report.buffered_time, "prebuffer", G_TYPE_UINT64,
      report.prebuffer, "requested", G_TYPE_UINT64, last.requested, "first-byte", G_TYPE_UINT64,
      last.first_byte, "started", G_TYPE_UINT64, last.started, "first-audible", G_TYPE_UINT64,
      first_audible (last, report.latency), "generation-complete", G_TYPE_UINT64, last.generation_complete,
      "ended", G_TYPE_UINT64, last.ended, nullptr);
}

}  // namespace gemini
