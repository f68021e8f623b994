"""Speed of the JT/T 808 and GT06 paths without I/O: median of several runs. Not a test: machines differ."""

from __future__ import annotations

import statistics
import sys
import time
from typing import TYPE_CHECKING

from protocols.gt06 import FAMILY as GT06
from protocols.gt06.clock import to_binary
from protocols.gt06.wire import seal as seal_gt06
from protocols.jt808 import FAMILY
from protocols.jt808.messages.position import LOCATION_REPORT
from protocols.jt808.wire import seal
from protocols.session import FrameBatch

if TYPE_CHECKING:
    from collections.abc import Callable

FRAMES = 4096
ROUNDS = 21
NOON = 1_770_000_000.0


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


def frames(makers: tuple[tuple[int, str], ...] = ()) -> list[bytes]:
    """0200 of 2013 with items 01, 30, 31 and a maker's, each a little different from the last."""
    out = []
    for number in range(FRAMES):
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


def gt06_frames() -> list[bytes]:
    """22 as most devices send it: position, cell, ACC, reason, live; each a little different from the last."""
    out = []
    for number in range(FRAMES):
        place = (56_160_000 + number).to_bytes(4, "big") + (218_520_000 + number).to_bytes(4, "big")
        course = 0x1400 | number % 360
        gps = to_binary(NOON + number) + b"\xc9" + place + bytes((number % 90,)) + course.to_bytes(2, "big")
        cell = bytes.fromhex("01cc0025f0") + (4_250_000 + number).to_bytes(3, "big")
        out.append(seal_gt06(0x22, gps + cell + b"\x01\x00\x00", number))
    return out


def bench_gt06() -> None:
    """Print one line a path."""
    wire = gt06_frames()
    for size in (256, 1024, FRAMES):
        batch = FrameBatch.of(wire[:size], "standard")
        seconds = median(lambda batch=batch: GT06.decode(batch))  # type: ignore[misc]
        print(f"GT06 decode, batches of {size:4}{size / seconds:10,.0f} frames/s {seconds / size * 1e6:7.2f} us")
    session = GT06.session("standard")
    session.feed(seal_gt06(0x01, bytes.fromhex("0861000000000108"), 1), NOON)
    seconds = median(lambda: [session.feed(frame, NOON) for frame in wire])
    print(f"GT06 session, a frame a read {FRAMES / seconds:9,.0f} frames/s {seconds / FRAMES * 1e6:7.2f} us")
    stream = b"".join(wire)
    seconds = median(lambda: session.feed(stream, NOON))
    print(f"GT06 session, all in one     {FRAMES / seconds:9,.0f} frames/s {seconds / FRAMES * 1e6:7.2f} us")


def median(work: Callable[[], object]) -> float:
    """Median seconds of one run."""
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def main() -> int:
    """Print one line a path."""
    wire = frames()
    stream = b"".join(wire)
    for profile in FAMILY.profiles:
        for kind, sent in (("", wire), ("+", frames(MAKERS_ITEMS[profile]))):
            batch = FrameBatch.of(sent, profile)
            seconds = median(lambda batch=batch: FAMILY.decode(batch))  # type: ignore[misc]
            name = f"{profile} {kind}"
            print(f"decode, profile {name:10}{FRAMES / seconds:12,.0f} frames/s {seconds / FRAMES * 1e6:7.2f} us")
    batch = FrameBatch.of(frames(TEXT_ITEMS), "bsj")
    seconds = median(lambda: FAMILY.decode(batch))
    print(f"decode, bsj, three points as text{FRAMES / seconds:8,.0f} frames/s {seconds / FRAMES * 1e6:7.2f} us")
    print("  (+: with what the model adds to every report)")
    session = FAMILY.session("standard")
    seconds = median(lambda: [session.feed(frame, NOON) for frame in wire])
    print(f"session, a frame a read    {FRAMES / seconds:12,.0f} frames/s {seconds / FRAMES * 1e6:7.2f} us")
    seconds = median(lambda: session.feed(stream, NOON))
    print(f"session, all in one read   {FRAMES / seconds:12,.0f} frames/s {seconds / FRAMES * 1e6:7.2f} us")
    bench_gt06()
    return 0


if __name__ == "__main__":
    sys.exit(main())
