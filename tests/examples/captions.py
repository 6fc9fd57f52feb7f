#!/usr/bin/python3
"""Records an answer and, beside it, its words with their times as subtitles.

    GEMINI_API_KEY=… ./captions.py "Tell me a story" story.wav story.srt
"""
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402  a version comes first

END_OF_SENTENCE = (".", "!", "?", "…")


def stamp(time):
    """A running time as a subtitle wants it: 00:00:01,250."""
    seconds, milliseconds = divmod(time // Gst.MSECOND, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{milliseconds:03}"


def captions(words, end):
    """Joins words to sentences; one is shown until the next begins, the last one until the end."""
    sentences = []
    for begin, text in words:
        if not sentences or sentences[-1][1].endswith(END_OF_SENTENCE):
            sentences.append([begin, text.strip()])
        else:
            sentences[-1][1] += text
    ends = [begin for begin, _ in sentences[1:]] + [end]
    return [
        f"{number}\n{stamp(begin)} --> {stamp(until)}\n{text}\n"
        for number, ((begin, text), until) in enumerate(zip(sentences, ends), 1)
    ]


def record(question, sound):
    """Returns the words with the running time of each, and when the last sample ends."""
    # Not live: then running time begins with the first sample, as the recording does.
    pipeline = Gst.parse_launch(
        "geminisrc name=gemini is-live=false transcription=true ! wavenc ! filesink name=file"
    )
    pipeline.get_by_name("gemini").set_property("prompt", question)
    pipeline.get_by_name("file").set_property("location", sound)
    pipeline.set_state(Gst.State.PLAYING)
    bus = pipeline.get_bus()
    kinds = Gst.MessageType.ELEMENT | Gst.MessageType.EOS | Gst.MessageType.ERROR
    words, end, failure = [], 0, None
    while (message := bus.timed_pop_filtered(Gst.CLOCK_TIME_NONE, kinds)).type == Gst.MessageType.ELEMENT:
        event = message.get_structure()
        if event.get_name() == "gemini-transcript" and event["role"] == "model":
            words.append((event["running-time"], event["text"]))
        elif event.get_name() == "gemini-turn-complete":
            end = event["samples"] * Gst.SECOND // event["rate"]
    if message.type == Gst.MessageType.ERROR:
        failure = message.parse_error().gerror.message
    pipeline.set_state(Gst.State.NULL)
    if failure:
        sys.exit(failure)
    return words, end


if __name__ == "__main__":
    Gst.init(None)
    if len(sys.argv) != 4:
        sys.exit("Usage: captions.py QUESTION RECORDING.wav SUBTITLES.srt")
    spoken, over = record(sys.argv[1], sys.argv[2])
    with open(sys.argv[3], "w", encoding="utf-8") as file:
        file.write("\n".join(captions(spoken, over)))
