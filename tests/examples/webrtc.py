#!/usr/bin/python3
"""Speaks to a browser or whoever else knows WebRTC; here to itself, and what arrives is recorded.

    GEMINI_API_KEY=… ./webrtc.py "Tell me a story" arrived.wav

Offer, answer and candidates go from one `webrtcbin` to the other. With a browser at the other end they go
through your own signalling, as text. Wants gstreamer1.0-plugins-bad, gstreamer1.0-nice and
gir1.2-gst-plugins-bad-1.0.
"""
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402  a version comes first

SENDER = (
    "geminisrc name=gemini ! queue ! audioconvert ! audioresample ! opusenc ! rtpopuspay pt=96"
    " ! application/x-rtp,media=audio,encoding-name=OPUS,payload=96 ! webrtcbin name=webrtc bundle-policy=max-bundle"
)
RECEIVER = "rtpopusdepay ! opusdec ! audioconvert ! wavenc ! filesink name=file"


class Call:
    """Callbacks of webrtcbin come from its own threads; what they start runs on the main loop."""

    def __init__(self, text, file):
        self.failed = False
        self.file = file
        self.track = None
        self.loop = GLib.MainLoop()
        self.sender = Gst.parse_launch(SENDER)
        self.text = text
        self.gemini = self.sender.get_by_name("gemini")
        self.receiver = Gst.Pipeline.new("receiver")
        self.receiver.set_property("message-forward", True)
        self.theirs = Gst.ElementFactory.make("webrtcbin", "webrtc")
        self.theirs.set_property("bundle-policy", "max-bundle")
        self.receiver.add(self.theirs)
        self.ours = self.sender.get_by_name("webrtc")
        self.ours.connect("on-negotiation-needed", lambda webrtc: GLib.idle_add(self.offer))
        for one, other in ((self.ours, self.theirs), (self.theirs, self.ours)):
            one.connect("on-ice-candidate", self.on_candidate, other)
        self.theirs.connect("pad-added", self.on_track)
        self.ours.connect("notify::connection-state", lambda webrtc, _: GLib.idle_add(self.on_state))
        for pipeline in (self.sender, self.receiver):
            pipeline.get_bus().add_signal_watch()
            pipeline.get_bus().connect("message", self.on_message, pipeline)

    def run(self):
        """Returns the exit code."""
        for pipeline in (self.receiver, self.sender):
            pipeline.set_state(Gst.State.PLAYING)
        self.loop.run()
        for pipeline in (self.sender, self.receiver):
            pipeline.set_state(Gst.State.NULL)
            pipeline.get_bus().remove_signal_watch()
        return int(self.failed)

    @staticmethod
    def on_candidate(_webrtc, line, candidate, other):
        GLib.idle_add(other.emit, "add-ice-candidate", line, candidate)

    def offer(self):
        self.describe(self.ours, "offer", self.on_offer)

    @staticmethod
    def describe(webrtc, what, send):
        """Makes an offer or an answer, takes it for our end and sends its text to the other one."""

        def on_reply(promise):
            reply = promise.get_reply()  # owns the description
            description = reply.get_value(what)
            webrtc.emit("set-local-description", description, Gst.Promise.new())
            GLib.idle_add(send, description.sdp.as_text())

        webrtc.emit(f"create-{what}", None, Gst.Promise.new_with_change_func(on_reply))

    @staticmethod
    def take(webrtc, kind, text, then=lambda: None):
        _, sdp = GstSdp.SDPMessage.new_from_text(text)
        description = GstWebRTC.WebRTCSessionDescription.new(kind, sdp)
        taken = Gst.Promise.new_with_change_func(lambda _promise: GLib.idle_add(then))
        webrtc.emit("set-remote-description", description, taken)

    def on_state(self):
        """What is said before somebody listens would be lost."""
        if self.ours.get_property("connection-state") == GstWebRTC.WebRTCPeerConnectionState.CONNECTED:
            self.gemini.emit("send-text", self.text)

    def on_offer(self, text):
        print(text)
        self.take(
            self.theirs,
            GstWebRTC.WebRTCSDPType.OFFER,
            text,
            lambda: self.describe(self.theirs, "answer", self.on_answer),
        )

    def on_answer(self, text):
        self.take(self.ours, GstWebRTC.WebRTCSDPType.ANSWER, text)

    def on_track(self, _webrtc, pad):
        if pad.get_direction() != Gst.PadDirection.SRC:
            return
        recorder = Gst.parse_bin_from_description(RECEIVER, True)
        recorder.get_by_name("file").set_property("location", self.file)
        self.receiver.add(recorder)
        recorder.sync_state_with_parent()
        self.track = recorder.get_static_pad("sink")
        pad.link(self.track)

    def end(self):
        self.track.send_event(Gst.Event.new_eos())
        return GLib.SOURCE_REMOVE

    def on_message(self, _bus, message, pipeline):
        if message.type == Gst.MessageType.ERROR:
            print(message.parse_error().gerror.message, file=sys.stderr)
            self.failed = True
            self.loop.quit()
        elif message.type == Gst.MessageType.LATENCY:
            pipeline.recalculate_latency()
        elif message.type == Gst.MessageType.ELEMENT and message.has_name("gemini-turn-complete"):
            # The last of it is on its way: a jitter buffer holds 200 ms.
            GLib.timeout_add(500, self.end)
        elif message.type == Gst.MessageType.ELEMENT and message.has_name("GstBinForwarded"):
            # The recorder's: the pipeline itself has no end as long as the connection lasts.
            if message.get_structure()["message"].type == Gst.MessageType.EOS:
                self.loop.quit()


if __name__ == "__main__":
    Gst.init(None)
    if len(sys.argv) != 3:
        sys.exit("Usage: webrtc.py TEXT RECORDING.wav")
    sys.exit(Call(*sys.argv[1:]).run())
