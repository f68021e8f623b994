"""Decoding without I/O, JT/T 808 and GT06: processor time of a frame, medians; another checkout by turns in the same run.

    .venv/bin/python tools/bench_decode.py --against ../main

Every case is a batch that is decoded over and over, or a session that is fed; each checkout has a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from protocols.gt06 import FAMILY as GT06
from protocols.gt06.clock import to_binary
from protocols.gt06.wire import seal as seal_gt06
from protocols.jt808 import FAMILY
from protocols.jt808.messages.position import LOCATION_REPORT
from protocols.jt808.wire import seal
from protocols.session import FrameBatch

FRAMES = 4096
NOON = 1_770_000_000.0
ONE_RUN = 0.03
"""Seconds that a run has at least."""

MAKERS_ITEMS = {
    "standard": ((0x2A, "0000"),),
    "g10ls": ((0x56, "0a48"), (0x5D, "0101cc002499 0a7da00323"), (0xF6, "01020000")),
    "bsj": ((0xEB, "00060089ffffffff000300a85a000b00d801cc00288102e9600e"),),
    "gps51": ((0xFA, "00000000"), (0xFB, "55019a00"), (0xE1, "01cc0000262600000ff113")),
    "c5": ((0xE4, "0156"), (0xE5, "01"), (0xE1, "020800040013b202e4648300")),
    "aovx": ((0xF0, "02d400020f720e0f00007d8b8e"), (0xF7, "00000d6f003c")),
    "jimi": ((0xE8, "20030701 05019f030190"),),
}
"""What a bracelet of each model sends beside the standard's items in every report."""
WIFI_TEXT = b"\x03" + b",".join(b"0a:0b:0c:0d:0e:%02x,-%d" % (number, 60 + number) for number in range(3))
TEXT_ITEMS = ((0xEB, f"{len(WIFI_TEXT) + 2:04x}00b9{WIFI_TEXT.hex()}"),)
"""A bsj that lists access points: as text."""
POINTS = "".join(f"0a0b0c0d0e{number:02x}{0xC0 + number:02x}" for number in range(4))
HEARD = {
    "g10ls": (
        (0x56, "0a48"),
        (0x5D, "0301cc0024990a7da0032301cc0024990a7da1033301cc0024990a7da20343"),
        (0x54, "04" + POINTS),
    ),
    "bsj": ((0xEB, MAKERS_ITEMS["bsj"][0][1] + TEXT_ITEMS[0][1]),),
    "gps51": ((0xFB, "55019a00"), (0xE1, "01cc0000262600000ff113262600000ff213"), (0x54, "04" + POINTS)),
    "c5": ((0xE4, "0156"), (0xE1, "020800040013b202e464830013b202e464840a"), (0xEC, POINTS)),
    "aovx": ((0xF0, "02d400020f720e0f00007d8b8e02d400020f730e0f00007d8b8e"), (0xF7, "00000d6f003c"), (0xF4, POINTS)),
}
"""Five models that hear: cells and access points in every report."""


def frames(makers: tuple[tuple[int, str], ...] = (), count: int = FRAMES) -> list[bytes]:
    """0200 of 2013 with items 01, 30, 31 and a maker's, each a little different from the last."""
    out = []
    for number in range(count):
        location = {
            "alarm": 0,
            "status": 2,
            "latitude": 31.2 + number / 1e5,
            "longitude": 121.4 + number / 1e5,
            "altitude_m": 12,
            "speed_kmh": number % 90,
            "course_deg": number % 360,
            "time": NOON + number,
        }
        items = [
            {"id": 1, "data": number.to_bytes(4, "big")},
            {"id": 0x30, "data": b"\x1f"},
            {"id": 0x31, "data": b"\t"},
            *({"id": number, "data": bytes.fromhex(data)} for number, data in makers),
        ]
        body = LOCATION_REPORT.build({"location": location, "items": items, "rest": b""})
        header = bytes.fromhex(f"0200{len(body):04x}{13_900_000_000 + number:012d}{number:04x}")
        out.append(seal(header + body))
    return out


def mixed(count: int) -> FrameBatch:
    """Five models' frames by turns."""
    sent = [frames(items, count) for items in HEARD.values()]
    alike = FrameBatch.of([sent[number % len(sent)][number] for number in range(count)], "")
    which = np.arange(count) % len(HEARD)
    return FrameBatch(alike.payload, alike.start, alike.length, tuple(HEARD), which)


def gt06_frames(count: int = FRAMES) -> list[bytes]:
    """22 as most devices send it: position, cell, ACC, reason, live; each a little different from the last."""
    out = []
    for number in range(count):
        place = (56_160_000 + number).to_bytes(4, "big") + (218_520_000 + number).to_bytes(4, "big")
        course = 0x1400 | number % 360
        gps = to_binary(NOON + number) + b"\xc9" + place + bytes((number % 90,)) + course.to_bytes(2, "big")
        cell = bytes.fromhex("01cc0025f0") + (4_250_000 + number).to_bytes(3, "big")
        out.append(seal_gt06(0x22, gps + cell + b"\x01\x00\x00", number))
    return out


def decoding(profile: str, makers=(), count: int = FRAMES):
    """What decodes frames of one model."""
    batch = FrameBatch.of(frames(makers, count), profile)
    return lambda: FAMILY.decode(batch)


def decoding_mixed(count: int):
    """What decodes frames of five."""
    batch = mixed(count)
    return lambda: FAMILY.decode(batch)


def decoding_gt06(count: int):
    """What decodes another wire's."""
    batch = FrameBatch.of(gt06_frames(count), "standard")
    return lambda: GT06.decode(batch)


def feeding(family, *, at_once: bool):
    """A session and its frames, a frame a read or all in one."""
    session = family.session("standard")
    wire = frames() if family is FAMILY else gt06_frames()
    session.feed(wire[0] if family is FAMILY else seal_gt06(0x01, bytes.fromhex("0861000000000108"), 1), NOON)
    stream = b"".join(wire)
    return (lambda: session.feed(stream, NOON)) if at_once else (lambda: [session.feed(frame, NOON) for frame in wire])


CASES = {
    **{f"five models that hear, batches of {n}": (n, lambda n=n: decoding_mixed(n)) for n in (4096, 1024, 256, 64, 8)},
    **{f"plain positions, batches of {n}": (n, lambda n=n: decoding("standard", (), n)) for n in (4096, 512, 64, 1)},
    "one frame that hears": (1, lambda: decoding("g10ls", HEARD["g10ls"], 1)),
    **{
        f"{name}, what it adds": (FRAMES, lambda name=name: decoding(name, MAKERS_ITEMS[name])) for name in MAKERS_ITEMS
    },
    "bsj, three points as text": (FRAMES, lambda: decoding("bsj", TEXT_ITEMS)),
    "session, a frame a read": (FRAMES, lambda: feeding(FAMILY, at_once=False)),
    "session, all in one read": (FRAMES, lambda: feeding(FAMILY, at_once=True)),
    **{f"GT06 positions, batches of {n}": (n, lambda n=n: decoding_gt06(n)) for n in (4096, 1024, 256, 1)},
    "GT06 session, a frame a read": (FRAMES, lambda: feeding(GT06, at_once=False)),
    "GT06 session, all in one read": (FRAMES, lambda: feeding(GT06, at_once=True)),
}
"""By what is read: frames at once, and what makes a function that reads them."""


def measured(work, seconds: float = ONE_RUN) -> float:
    """Processor seconds of one call, over as many as take some time."""
    calls, begin = 0, time.process_time()
    while (taken := time.process_time() - begin) < seconds:
        work()
        calls += 1
    return taken / calls


def answer() -> None:
    """What each case asked for takes, until no more are."""
    made = {}
    for line in sys.stdin:
        case = json.loads(line)
        if case not in made:
            made[case] = CASES[case][1]()
            made[case]()
        print(json.dumps(measured(made[case])), flush=True)


class Child:
    """One checkout's process."""

    def __init__(self, checkout: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", __file__, "--answer"], env=os.environ | {"PYTHONPATH": str(checkout.resolve())},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def measure(self, case: str) -> float:
        """Processor seconds of one call."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(case), file=self._process.stdin, flush=True)
        return float(json.loads(self._process.stdout.readline()))


def line(case: str, runs: list[list[float]]) -> str:
    """Medians of a frame, and how many times as fast this checkout is."""
    count = CASES[case][0]
    medians = [statistics.median(each) / count for each in zip(*runs, strict=True)]
    told = "".join(f"{1 / median:>12,.0f}/s {median * 1e6:8.2f} us" for median in medians)
    ratios = [there / here for here, *others in runs for there in others]
    return f"{case:<40}{told}" + (f"{statistics.median(ratios):8.2f}" if ratios else "")


def main() -> None:
    """Print one line a case."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--against", type=Path, help="another checkout")
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--cases", nargs="*", default=[""], help="those whose names begin so")
    options.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.answer:
        answer()
        return
    children = [Child(each) for each in (Path(__file__).parents[1], chosen.against) if each]
    for case in CASES:
        if case.startswith(tuple(chosen.cases)):
            print(line(case, [[child.measure(case) for child in children] for _ in range(chosen.rounds)]), flush=True)


if __name__ == "__main__":
    main()
