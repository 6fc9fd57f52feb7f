#!/usr/bin/python3
"""Records a conversation, a file for each turn, to the sample.

    GEMINI_API_KEY=… ./turns.py turn-%02d.flac "Who are you?" "Tell me a story"

%02d becomes the number of the file, from 1. What the name ends with says what is written: .wav, .flac or .mp3.
"""
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402  a version comes first

# In the place of a muxer, so that splitmuxsink begins anew with each file. In front of it, an encoder would
# make frames that begin in one turn and end in the next.
WRITERS = {"wav": "wavenc", "flac": "flacenc", "mp3": "lamemp3enc"}


def split_before(message, recorder):
    """On the thread that hands out the buffers, before the first one of a turn."""
    event = message.get_structure()
    if message.type == Gst.MessageType.ELEMENT and event.get_name() == "gemini-turn-started":
        if event["turn"] > 1:
            recorder.emit("split-at-running-time", event["started"])
    return Gst.BusSyncReply.PASS


def record(location, writer, questions):
    """Returns why it failed, if it did."""
    pipeline = Gst.parse_launch(
        f"geminisrc name=gemini is-live=false ! audioconvert ! splitmuxsink name=files start-index=1 muxer={writer}"
    )
    gemini, recorder = pipeline.get_by_name("gemini"), pipeline.get_by_name("files")
    gemini.set_property("num-turns", len(questions))
    gemini.set_property("prompt", questions.pop(0))
    recorder.set_property("location", location)
    bus = pipeline.get_bus()
    bus.set_sync_handler(lambda _bus, message: split_before(message, recorder))
    pipeline.set_state(Gst.State.PLAYING)
    going_on = Gst.MessageType.ELEMENT | Gst.MessageType.WARNING
    kinds = going_on | Gst.MessageType.EOS | Gst.MessageType.ERROR
    while (message := bus.timed_pop_filtered(Gst.CLOCK_TIME_NONE, kinds)).type & going_on:
        event = message.get_structure()
        if message.type == Gst.MessageType.WARNING:
            print(message.parse_warning().gerror.message, file=sys.stderr)
        elif event.get_name() == "gemini-turn-complete" and questions:
            gemini.emit("send-text", questions.pop(0))
        elif event.get_name() == "splitmuxsink-fragment-closed":
            print(event["location"], flush=True)
    if message.type == Gst.MessageType.ERROR:  # end of stream comes behind it, and ends the file
        bus.timed_pop_filtered(5 * Gst.SECOND, Gst.MessageType.EOS)
    pipeline.set_state(Gst.State.NULL)
    return message.parse_error().gerror.message if message.type == Gst.MessageType.ERROR else None


if __name__ == "__main__":
    Gst.init(None)
    if len(sys.argv) < 3 or "%" not in sys.argv[1] or (ending := sys.argv[1].rpartition(".")[2]) not in WRITERS:
        sys.exit("Usage: turns.py NAME-%02d.wav|.flac|.mp3 QUESTION…")
    sys.exit(record(sys.argv[1], WRITERS[ending], sys.argv[2:]))
