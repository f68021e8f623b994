"""Load: N connections, one frame in flight each (interval 0) or a frame each interval, pre-encoded.

Prints ``go`` when the measured time begins, then one JSON line. Stops by itself.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from datetime import UTC, datetime, timedelta

import numpy as np
import uvloop
from bench_county import HOME, identity_of

from firmware_sim.firmware.wire import Edition, build_frame

WARM_UP = 1.0
BEHIND = 1800
"""Seconds that the first report lies in the past, so that a second apart each, none lies ahead."""


def location(device: int, number: int, start: datetime) -> bytes:
    """A 0200 frame: at home, walking a little, a second later each time."""
    local = start + timedelta(seconds=number, hours=8)
    latitude, longitude = HOME(device)
    body = (
        bytes(4) + (2).to_bytes(4, "big")
        + int(1e6 * latitude + 3 * (number % 7)).to_bytes(4, "big")
        + int(1e6 * longitude + 3 * (number % 5)).to_bytes(4, "big")
        + (90).to_bytes(2, "big") + (12).to_bytes(2, "big") + (45).to_bytes(2, "big")
        + bytes.fromhex(f"{local:%y%m%d%H%M%S}") + bytes.fromhex("0104000000643001173101095602054b")
    )  # fmt: skip
    return build_frame(0x0200, identity_of(device), number & 0xFFFF, body, Edition.Y2013)


class Bracelet(asyncio.Protocol):
    """One connection: sends the next frame when the answer to the last has come, or on its schedule."""

    def __init__(self, frames: list[bytes], sample: list[float], interval: float) -> None:
        self.frames, self.sample, self.interval = frames, sample, interval
        self.number = 0
        self.sent = 0.0
        self.stopped = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = transport

    def send(self) -> None:
        """The next frame."""
        if not self.stopped:
            self.sent = time.perf_counter()
            self.transport.write(self.frames[self.number % len(self.frames)])  # type: ignore[attr-defined]
            self.number += 1

    def data_received(self, data: bytes) -> None:
        """An answer has come."""
        del data
        self.sample.append(time.perf_counter() - self.sent)
        if self.interval:
            asyncio.get_running_loop().call_later(self.interval, self.send)
        else:
            self.send()


async def main(port: int, connections: int, seconds: float, interval: float) -> None:
    """Connect, warm up, measure, print."""
    loop = asyncio.get_running_loop()
    start = datetime.now(UTC) - timedelta(seconds=BEHIND)
    wanted = min(BEHIND - 10, int(60_000 * seconds / connections) + 10) if not interval else int(seconds / interval) + 2
    fleet = []
    sample: list[float] = []
    for device in range(connections):
        frames = [location(device, number, start) for number in range(wanted)]
        _, bracelet = await loop.create_connection(
            lambda frames=frames: Bracelet(frames, sample, interval), "127.0.0.1", port
        )
        fleet.append(bracelet)
    for index, bracelet in enumerate(fleet):
        loop.call_later(interval * index / connections, bracelet.send)
    if not interval:
        await asyncio.sleep(WARM_UP)
    sample.clear()
    print("go", flush=True)
    began = time.perf_counter()
    await asyncio.sleep(seconds)
    took, answers = time.perf_counter() - began, np.array(sample) * 1000
    for bracelet in fleet:
        bracelet.stopped = True
    p50, p99 = np.percentile(answers, (50, 99)) if len(answers) else (0.0, 0.0)
    print(json.dumps({"answers": len(answers), "seconds": took, "p50_ms": p50, "p99_ms": p99}), flush=True)


if __name__ == "__main__":
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 1 << 16), hard))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])))
