#!/usr/bin/python3
"""A conversation in Python: questions one after the other, and the words as they come.

    GEMINI_API_KEY=… ./conversation.py "Who are you?" "Tell me a story"

Ctrl-C, or an argument /cut before a question, interrupts an answer.
"""
import signal
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402  a version comes first


class Conversation:
    """Asks, and interrupts; all on the main loop."""

    def __init__(self, questions):
        self.questions = questions
        self.cut = self.failed = False
        self.loop = GLib.MainLoop()
        self.pipeline = Gst.parse_launch(
            "geminisrc name=gemini num-turns=-1 transcription=true"
            " ! queue ! audioconvert ! audioresample ! autoaudiosink"
        )
        self.gemini = self.pipeline.get_by_name("gemini")
        self.bus = self.pipeline.get_bus()
        self.bus.add_signal_watch()
        self.bus.connect("message", self.on_message)

    def run(self):
        """Returns the exit code."""
        GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGINT, self.interrupt)
        self.pipeline.set_state(Gst.State.PLAYING)
        self.ask_next()
        self.loop.run()
        self.pipeline.set_state(Gst.State.NULL)
        self.bus.remove_signal_watch()
        return int(self.failed)

    def ask_next(self):
        if not self.questions:
            self.pipeline.send_event(Gst.Event.new_eos())  # ends after the last sample
            return
        question = self.questions.pop(0)
        self.cut = question == "/cut"
        if self.cut:
            question = self.questions.pop(0)
        print(">", question)
        if not self.gemini.emit("send-text", question):
            print("This could not be asked:", question, file=sys.stderr)

    def interrupt(self):
        self.gemini.emit("interrupt")
        return GLib.SOURCE_CONTINUE

    def on_message(self, _bus, message):
        if message.type == Gst.MessageType.ERROR:
            print(message.parse_error().gerror.message, file=sys.stderr)
            self.failed = True
            self.loop.quit()
        elif message.type == Gst.MessageType.EOS:
            self.loop.quit()
        elif message.type == Gst.MessageType.LATENCY:
            self.pipeline.recalculate_latency()
        elif message.type == Gst.MessageType.ELEMENT:
            self.on_event(message.get_structure())

    def on_event(self, event):
        name = event.get_name()
        if name == "gemini-transcript":
            print(event["text"], end="", flush=True)
        elif name == "gemini-turn-started" and self.cut:
            self.interrupt()
        elif name == "gemini-turn-complete":
            cut = ", interrupted" if event["interrupted"] else ""
            print(f"\n({event['heard'] / event['rate']:.1f} s{cut})", flush=True)
            self.ask_next()


if __name__ == "__main__":
    Gst.init(None)
    if len(sys.argv) < 2:
        sys.exit("Usage: conversation.py QUESTION|/cut QUESTION…")
    if sys.argv[-1] == "/cut":
        sys.exit("There is nothing behind /cut.")
    for word in sys.argv[1:]:
        if word.startswith("/") and word != "/cut":
            sys.exit(f"There is no step {word}; there is /cut.")
    sys.exit(Conversation(sys.argv[1:]).run())
