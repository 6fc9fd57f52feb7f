"""What a long conversation leaves behind: a file for each answer, the log of the stand-in, and a footprint."""
import array
import collections
import contextlib
import os
import re
import statistics
import sys
import wave

BUFFER = 480  # frames: samples-per-buffer
MEMORY_SLACK = 4  # MiB


def file_name(folder, turn):
    return os.path.join(folder, f"turn-{turn:04}.wav")


class Recorder:
    """Writes a WAV file for each answer. Called on streaming threads; which buffers belong to which answer is told by
    their times alone, not by what the element counts."""

    def __init__(self, folder):
        self.folder = folder
        self.starts = collections.deque()
        self.file = None

    def on_message(self, _bus, message):
        event = message.get_structure()
        if event.get_name() == "gemini-turn-started":  # told before its first buffer leaves
            self.starts.append((event["turn"], event["started"]))

    def on_buffer(self, _sink, buffer, _pad):
        while self.starts and self.starts[0][1] <= buffer.pts:
            self.open(self.starts.popleft()[0])
        self.file.writeframesraw(buffer.extract_dup(0, buffer.get_size()))

    def open(self, turn):
        self.close()
        self.file = wave.open(file_name(self.folder, turn), "wb")
        self.file.setparams((1, 2, 24000, 0, "NONE", None))

    def close(self):
        if self.file:
            self.file.close()
        self.file = None


Turn = collections.namedtuple("Turn", "number samples heard cut lost")  # that is over
Sent = collections.namedtuple("Sent", "turns connections answers")
Result = collections.namedtuple("Result", "files frames apart asked_again")


def read_log(name):
    """The turns that the stand-in has begun, as (number, whether its connection had to be replaced for it)."""
    turns, before, answers, connections = [], (None, None), 0, 0
    with open(name, encoding="utf-8") as log:
        for line in log:
            answers += bool(re.search(": function call .* was answered$", line))
            connections += line.endswith(": connected\n")
            if begun := re.match(r"session (\d+): turn (\d+), ", line):
                session, number = map(int, begun.groups())
                turns.append((number, number == before[1] and session != before[0]))
                before = session, number
    return Sent(turns, connections, answers)


def numbered(count):
    """The samples of the stand-in's numbered voice: k + 1 + 4099 t, cut to 16 bits. Those of any turn are in here."""
    ramp = array.array("H", (i & 0xFFFF for i in range(0x10000 + count)))
    if sys.byteorder == "big":
        ramp.byteswap()
    return ramp.tobytes()


def compare(folder, frames, turns, cut_reports, sent, wrong):
    """Each file with what was sent, and what was told of it with the file."""
    voice = numbered(frames)
    begun = collections.deque(sent.turns)
    passed_over = []  # by the files: nothing was heard of them
    total = apart = 0

    for turn in turns:
        try:
            with wave.open(file_name(folder, turn.number)) as file:
                length = file.getnframes()
                said = file.readframes(length)
        except FileNotFoundError:
            length, said = 0, b""
        total += length
        when_cut = cut_reports.get(turn.number, turn.heard)
        apart = max(apart, abs(turn.heard - length), abs(when_cut - length))
        if max(abs(turn.heard - length), abs(when_cut - length)) > BUFFER:
            wrong.append(f"{turn}: {when_cut} heard when it was cut, {length} recorded")
        if length != (length if turn.cut else turn.samples if turn.lost else frames):
            wrong.append(f"{turn}: {length} samples recorded")
        while begun and length <= frames:
            number, again = begun.popleft()
            at = 2 * ((1 + 4099 * number) & 0xFFFF)
            if said and said == voice[at : at + len(said)]:
                break
            passed_over.append((number, again))
        else:
            wrong.append(f"{turn}: a sample is missing, doubled or moved")
            break
    if begun or not all(again for _, again in passed_over):
        wrong.append(f"nobody has heard {passed_over}, {list(begun)}")
    return Result(len(turns), total, apart, len(passed_over))


def descriptors():
    """What each descriptor leads to; one may be closed meanwhile."""
    for number in os.listdir("/proc/self/fd"):
        with contextlib.suppress(FileNotFoundError):
            yield os.readlink(f"/proc/self/fd/{number}")


def threads():
    """The name of each thread; one may end meanwhile."""
    for number in os.listdir("/proc/self/task"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            with open(f"/proc/self/task/{number}/comm", encoding="utf-8") as name:
                yield name.read()


class Footprints:
    """Memory, threads and descriptors, as they are at the end of most of some turns in a row: while a connection is
    replaced there are more of them, or fewer. Left out are the file being recorded and the threads that GLib keeps for
    whoever looks up a name: they come and go with the time."""

    SIZE = 10  # turns

    def __init__(self):
        self.taken = {}

    def take(self, name):
        with open("/proc/self/status", encoding="ascii") as status:
            lines = dict(line.split(":", 1) for line in status if ":" in line)
        memory = int(lines["VmRSS"].split()[0]) / 1024
        count = sum(not thread.startswith("pool-") for thread in threads())
        files = sum(not path.endswith(".wav") for path in descriptors())
        self.taken.setdefault(name, []).append((memory, count, files))

    def most(self):
        for name, taken in self.taken.items():
            memory, threads, files = zip(*taken)
            yield name, (statistics.median(memory), statistics.mode(threads), statistics.mode(files))

    def compare(self, wrong):
        if len(self.taken) < 2:
            wrong.append("it was over too soon")
            return
        (_, early), (_, late) = self.most()
        if late[0] > early[0] + MEMORY_SLACK:
            wrong.append(f"memory has grown by more than {MEMORY_SLACK} MiB")
        if late[1:] != early[1:]:
            wrong.append("threads and descriptors are not as many as before")

    def __str__(self):
        return "\n".join(
            f"{name}: {memory:.1f} MiB, {threads} threads, {files} descriptors"
            for name, (memory, threads, files) in self.most()
        )
