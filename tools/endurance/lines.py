"""The bracelets' connections to the gateway under trial, in its own process: a socket each, and nothing kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.endurance.fleet import Fleet, Sent
    from tools.endurance.virtual_time import LoopClock

ANSWERED = 0.25
"""Seconds of the loop in which the gateway has answered what it was sent: it needs none."""
ROUNDS = 200
"""Of one moment, beyond which the two would never be done."""


class _Line(asyncio.Protocol):
    def __init__(self, lines: Lines, index: int) -> None:
        self._lines, self._index = lines, index

    def data_received(self, data: bytes) -> None:
        came = self._lines.came
        came[self._index] = (came.get(self._index) or b"") + data

    def connection_lost(self, _: Exception | None) -> None:
        self._lines.came[self._index] = None


class Lines:
    """All of them, by index of the bracelet; who has something to send and no connection makes one.

    Attributes:
        came: what each was sent and has not read; None: its connection is gone.
    """

    def __init__(self, fleet: Fleet, clock: LoopClock, port: int) -> None:
        self._fleet, self._clock, self._port = fleet, clock, port
        self._up: dict[int, asyncio.Transport] = {}
        self.came: Sent = {}

    async def go_on(self) -> None:
        """Send what is due now, and all that follows from the answers."""
        sent = self._fleet.go_on(self._clock.now())
        for _ in range(ROUNDS):
            for index, data in sent.items():
                await self._send(index, data)
            await asyncio.sleep(ANSWERED)
            if not self.came:
                return
            came, self.came = self.came, {}
            for index in [index for index, data in came.items() if data is None]:
                self._up.pop(index, None)
            sent = self._fleet.answered(self._clock.now(), came)
        raise AssertionError("bracelets and gateway come to no end")

    async def _send(self, index: int, data: bytes | None) -> None:
        if data is None:
            if index in self._up:
                self._up.pop(index).close()
            return
        if index not in self._up:
            loop = asyncio.get_running_loop()
            made = await loop.create_connection(lambda: _Line(self, index), "127.0.0.1", self._port)
            self._up[index] = made[0]
        self._up[index].write(data)
