#!/usr/bin/python3
"""Speaks over music, which is quieter meanwhile.

    GEMINI_API_KEY=… ./ducking.py music.ogg "Tell me a story" show.wav

It is heard, and recorded as it is heard.
"""
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402  a version comes first

QUIET = 0.2
STEP = 0.1  # of the volume, every 20 ms

LINE = """
    filesrc name=music ! decodebin ! audioconvert ! audioresample ! volume name=volume ! mix.
    geminisrc name=gemini ! queue ! audioconvert ! audioresample ! mix.
    audiomixer name=mix ! audio/x-raw,rate=48000,channels=2 ! audioconvert ! audioresample ! tee name=t
    t. ! queue ! autoaudiosink
    t. ! queue ! wavenc ! filesink name=file async=false
"""


class Show:
    """All on the main loop."""

    def __init__(self, music, text, file):
        self.failed = False
        self.loop = GLib.MainLoop()
        self.pipeline = Gst.parse_launch(LINE)
        self.pipeline.get_by_name("music").set_property("location", music)
        self.pipeline.get_by_name("file").set_property("location", file)
        self.volume = self.pipeline.get_by_name("volume")
        self.gemini = self.pipeline.get_by_name("gemini")
        self.gemini.set_property("prompt", text)
        self.bus = self.pipeline.get_bus()
        self.bus.add_signal_watch()
        self.bus.connect("message", self.on_message)

    def run(self):
        """Returns the exit code. Over when both the music and the speech are."""
        GLib.timeout_add(20, self.fade)
        self.pipeline.set_state(Gst.State.PLAYING)
        self.loop.run()
        self.pipeline.set_state(Gst.State.NULL)
        self.bus.remove_signal_watch()
        return int(self.failed)

    def fade(self):
        speaks = self.gemini.get_property("state").value_nick in ("speaking", "draining")
        volume = self.volume.get_property("volume")
        aim = QUIET if speaks else 1.0
        self.volume.set_property("volume", max(volume - STEP, aim) if speaks else min(volume + STEP, aim))
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


if __name__ == "__main__":
    Gst.init(None)
    if len(sys.argv) != 4:
        sys.exit("Usage: ducking.py MUSIC TEXT RECORDING.wav")
    sys.exit(Show(*sys.argv[1:]).run())
