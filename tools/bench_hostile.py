"""Hostile connections: ``bench_hostile.py PORT CONNECTIONS``, until it is ended. Prints ``go`` once all have connected.

Rubbish, frames of unknown devices in halves, logins that never come, and a few that send whole frames of unknown
devices at the rate limit. Whoever is closed comes again.
"""

from __future__ import annotations

import random
import select
import socket
import sys
import time
from dataclasses import dataclass
from enum import Enum
from resource import RLIMIT_NOFILE, getrlimit, setrlimit

from bench_frames import UNKNOWN, Jt808

FLOODS = 20
RATE, AT_ONCE = 2_000, 100
"""Frames a second of a flood, the gateway's default limit; and in one write."""
RUBBISH = 512
"""Bytes at once."""
PAUSE = 2.0
"""Seconds between the writes of one that sends rubbish or halves."""
BACK_AFTER = 5.0
"""Seconds after which one that was closed is there again."""
PATIENCE = 60.0


class Manner(Enum):
    """What a connection does."""

    FLOOD = "flood"
    RUBBISH = "rubbish"
    HALVES = "halves"
    SILENT = "silent"


@dataclass
class Hostile:
    """One connection; ``due``: when it next does something, monotonic seconds."""

    number: int
    manner: Manner
    line: socket.socket | None = None
    due: float = 0.0
    turn: int = 0

    def connect(self, port: int) -> None:
        """Anew."""
        self.line = socket.socket()
        self.line.settimeout(PATIENCE)
        self.line.connect(("127.0.0.1", port))
        self.line.setblocking(False)  # noqa: FBT003  socket
        self.due = time.monotonic() + random.random() * PAUSE  # noqa: S311  spread, no secret

    def act(self) -> None:
        """Send what is due; what the other end does not take is left out."""
        assert self.line is not None
        self.turn += 1
        self.due += AT_ONCE / RATE if self.manner is Manner.FLOOD else PAUSE
        self.line.send(self._said())

    def _said(self) -> bytes:
        if self.manner is Manner.RUBBISH:
            return random.randbytes(RUBBISH)  # noqa: S311  noise
        bracelet, moment = Jt808(UNKNOWN + self.number), int(time.time())
        if self.manner is Manner.FLOOD:
            return bracelet.report(self.turn, moment) * AT_ONCE
        frame = bracelet.report(self.turn // 2, 0)
        middle = len(frame) // 2
        return frame[middle:] if self.turn % 2 == 0 else frame[:middle]


def manner_of(number: int) -> Manner:
    """The first ones flood; of the others each third sends rubbish, halves, nothing."""
    if number < FLOODS:
        return Manner.FLOOD
    return (Manner.RUBBISH, Manner.HALVES, Manner.SILENT)[number % 3]


def step(crowd: dict[int, Hostile], away: list[Hostile], poll: select.epoll, port: int) -> None:
    """Whoever is due acts, whoever was closed goes, and comes back in time."""
    for handle, _ in poll.poll(0.005):
        _leave(crowd.pop(handle), away, poll)
    now = time.monotonic()
    for hostile in [one for one in crowd.values() if one.manner is not Manner.SILENT and one.due <= now]:
        try:
            hostile.act()
        except BlockingIOError:
            continue
        except OSError:
            pass  # the poll tells that it is gone
    while away and away[0].due <= now:
        _come(away.pop(0), crowd, poll, port)


def _come(hostile: Hostile, crowd: dict[int, Hostile], poll: select.epoll, port: int) -> None:
    hostile.connect(port)
    assert hostile.line is not None
    crowd[hostile.line.fileno()] = hostile
    poll.register(hostile.line, select.EPOLLRDHUP)


def _leave(hostile: Hostile, away: list[Hostile], poll: select.epoll) -> None:
    assert hostile.line is not None
    poll.unregister(hostile.line)
    hostile.line.close()
    hostile.due = time.monotonic() + BACK_AFTER
    away.append(hostile)


def main() -> None:
    """Connect, say so, go on."""
    port, count = int(sys.argv[1]), int(sys.argv[2])
    hard = getrlimit(RLIMIT_NOFILE)[1]
    setrlimit(RLIMIT_NOFILE, (hard, hard))
    crowd: dict[int, Hostile] = {}
    away: list[Hostile] = []
    poll = select.epoll()
    for number in range(count):
        _come(Hostile(number, manner_of(number)), crowd, poll, port)
    print("go", flush=True)
    while True:
        step(crowd, away, poll, port)


if __name__ == "__main__":
    main()
