"""A listener on a real socket before an intake whose writer is the test: it commits, or it does not."""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass, field
from functools import reduce
from operator import xor
from typing import TYPE_CHECKING, Self

from timeline import HOME, PHONES, at, county, record

from firmware_sim.firmware.messages import Message, read_answer
from firmware_sim.firmware.wire import FLAG, Edition, FrameReader, build_frame, escape
from gateway.intake.directory import Directory
from gateway.intake.intake import Intake
from gateway.intake.refusals import Refusals
from gateway.journal.entries import EntryKind
from gateway.listeners.registry import LISTENERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.listeners.listening import Listening
    from gateway.settings.model import Listener

NOW = at(0, 13)
PATIENCE = 120.0


class Stopped:
    """A clock that stands."""

    def now(self) -> float:
        return NOW

    def monotonic(self) -> float:
        return self.now()

    def real_seconds(self, seconds: float) -> float:
        return seconds


def location(device: str = "B0001", serial: int = 1, phone: str = "") -> bytes:
    """A 0200 frame at home."""
    return build_frame(Message.LOCATION, phone or PHONES[device], serial, record(NOW, HOME), Edition.Y2013)


def first_of_two(serial: int) -> bytes:
    """The first of two fragments of a batch of reports, at home's terminal; the second is missing."""
    content = bytes.fromhex("07042004") + bytes.fromhex(PHONES["B0001"]) + struct.pack(">HHH", serial, 2, 1) + bytes(4)
    content += bytes((reduce(xor, content),))
    return FLAG + escape(content) + FLAG


def answered(data: bytes) -> list[tuple[int, int, int]]:
    """(serial, message, result) of the general answers in what a device heard."""
    frames = FrameReader().feed(data)
    return [read_answer(frame.body) for frame in frames if frame.message == Message.PLATFORM_ANSWER]


def waited_for(way: Listening, after: float = 0.0) -> int:
    """Of how many connections something may be due by time alone, so many seconds from now."""
    return len(way._waiting(asyncio.get_running_loop().time() + after))


async def eventually(fulfilled: Callable[[], object], what: str) -> None:
    """Let the loop run until something has happened."""
    async with asyncio.timeout(PATIENCE):
        while not fulfilled():  # noqa: ASYNC110  what is waited for happens in sockets and other processes
            await asyncio.sleep(0.005)
    assert fulfilled(), what


@dataclass
class Doorway:
    """Use as ``async with``; ``is_committing`` False: the store fails, nothing is released."""

    listener: Listener
    changes: dict[str, object] = field(default_factory=dict)
    is_committing: bool = True
    frames: list[tuple[str, bytes]] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    controls: list[tuple[str, EntryKind]] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        configuration = county(listeners=(self.listener,), **self.changes)
        self.refusals = Refusals()
        self.intake = Intake(Directory(configuration, b"secret"), Stopped(), self.refusals)
        self.way = LISTENERS[self.listener.kind](self.listener, self.intake, self._wake)
        await self.way.start()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.way.stop_listening()
        self.way.close()
        await eventually(lambda: not self.way.connections, "everything is closed")

    @property
    def counts(self) -> dict[str, int]:
        return self.refusals.counts

    @property
    def port(self) -> int:
        return self.way.port

    def _wake(self) -> None:
        asyncio.get_running_loop().call_soon(self.commit)

    def commit(self) -> None:
        """What waits becomes durable: answers and acknowledgements are released."""
        while self.is_committing and self.intake.is_waiting:
            waiting = self.intake.next_batch()
            batch = waiting.entries.batch()
            for index in range(len(batch)):
                device, kind = batch.origin_of(index).device, EntryKind(int(batch.kind[index]))
                if kind is EntryKind.FRAME:
                    self.frames.append((device, batch.bytes_of(index)))
                    self.facts.append(batch.origin_of(index).facts)
                else:
                    self.controls.append((device, kind))
            waiting.release()
