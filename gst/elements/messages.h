#pragma once

#include <gst/gst.h>

#include "elements/reports.h"

namespace gemini {

// The element messages of geminisrc. All times are running times in ns (guint64, GST_CLOCK_TIME_NONE if
// unknown), all amounts frames (guint64). May be called on any thread, with no lock held.

/// `gemini-turn-started`: the first buffer of an answer leaves.
/// turn (uint), requested, first-byte, started, rate (uint)
void post_turn_started (GstElement *element, const TurnReport &report);

/// `gemini-turn-complete`: the last buffer of an answer has left.
/// As above, and: ended, samples, heard, interrupted (boolean), underruns (uint), underrun-time, reason
/// (string)
void post_turn_complete (GstElement *element, const TurnReport &report);

/// `gemini-underrun`: speech stopped in the middle of a turn, and goes on now.
/// turn (uint), running-time (where it stopped), duration
void post_underrun (GstElement *element, const UnderrunReport &report);

/// `gemini-interrupted`: what had not left of an answer was dropped.
/// turn (uint), heard, dropped
void post_interrupted (GstElement *element, const CutReport &report);

/// The `stats` property.
GstStructure *stats_structure (const StatsReport &report);

}  // namespace gemini
