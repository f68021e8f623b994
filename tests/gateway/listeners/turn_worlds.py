"""Two gateways that hear the same bytes: one reads whole turns, the other each connection by its session."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from timeline import MIDNIGHT, authority, county, person

from gateway.intake.directory import Directory
from gateway.intake.intake import Intake
from gateway.intake.refusals import Refusals
from gateway.journal.entries import EntryKind
from gateway.listeners.entrance import Entrance
from gateway.listeners.tcp import Door, TcpListener
from gateway.settings.model import Assignment, Device, Limits, Listener
from protocols.order import Order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOON = MIDNIGHT + 12 * 3600.0
DEVICES = 6
PROFILES = {"jt808": "g10ls", "gt06": "standard"}
"""Wires of the worlds, and what speaks on each."""
LIMITS = Limits(frames_per_second=20.0, bytes_per_second=4000.0, burst_seconds=2.0)


def phone_of(number: int) -> str:
    """What terminal number so and so calls itself."""
    return f"0139000{number:05d}"


def identity_of(protocol: str, number: int) -> str:
    """What the configuration has for it."""
    return phone_of(number).lstrip("0") if protocol == "jt808" else f"86100000000{number:04d}"


def configuration(protocol: str = "jt808", **changes: object):
    """Six devices worn by six people; the authority of the last one ends a minute after noon."""
    people = {f"P{n:04d}": person(f"P{n:04d}", (100.0 * n, 0.0)) for n in range(DEVICES)}
    authorities = [authority(name) for name in people]
    authorities[-1] = replace(authorities[-1], until=NOON + 60.0)
    devices = {
        key: Device(key, protocol, identity_of(protocol, n), PROFILES[protocol])
        for n, key in enumerate(f"B{n:04d}" for n in range(DEVICES))
    }
    assignments = tuple(Assignment(f"B{n:04d}", f"P{n:04d}", MIDNIGHT - 86400.0, float("inf")) for n in range(DEVICES))
    base = {"people": people, "devices": devices, "assignments": assignments, "authorities": tuple(authorities)}
    return county(**(base | {"rules": ()} | changes))


@dataclass
class Machine:
    """A clock that is set by hand, and what is called back at its times."""

    time: float = NOON
    calls: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    count: int = 0

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    def real_seconds(self, seconds: float) -> float:
        return seconds

    def call_later(self, delay: float, work: Callable[[], None]) -> Machine:
        self.count += 1
        self.calls.append((self.time + delay, self.count, work))
        return self

    def cancel(self) -> None:
        """The pacer's timer: what is given up does nothing."""

    def pass_by(self, seconds: float) -> None:
        until = self.time + seconds
        while due := sorted(call for call in self.calls if call[0] <= until):
            self.time = max(self.time, due[0][0])
            self.calls.remove(due[0])
            due[0][2]()
        self.time = until


class Wire:
    """The transport of one connection: what the device hears, write by write."""

    def __init__(self, peer: int) -> None:
        self.peer = peer
        self.heard: list[bytes] = []
        self.is_held = self.has_ended = False

    def get_extra_info(self, name: str) -> object:
        return ("192.0.2.1", self.peer) if name == "peername" else self

    def setsockopt(self, *_: object) -> None:
        """As a socket."""

    def is_closing(self) -> bool:
        return self.has_ended

    def close(self) -> None:
        self.has_ended = True

    abort = close

    def pause_reading(self) -> None:
        self.is_held = True

    def resume_reading(self) -> None:
        self.is_held = False

    def write(self, data: bytes) -> None:
        self.heard.append(data)


class World:
    """A gateway from its listener to its writer.

    Args:
        in_turns: it reads whole turns; else its turns find nothing plain.
        protocol: what its devices speak.
    """

    def __init__(self, *, in_turns: bool, authentication: str = "optional", protocol: str = "jt808") -> None:
        self.machine, self.protocol = Machine(), protocol
        self.refusals = Refusals()
        self.directory = Directory(configuration(protocol), b"secret")
        self.intake = Intake(self.directory, self.machine, self.refusals)
        how = {"authentication": authentication, "limits": LIMITS}
        listener = Listener("bracelets", protocol, PROFILES[protocol], "127.0.0.1", 0, **how)
        self.way = TcpListener(listener, self.intake, lambda: None)
        self.way.entrance = Entrance(lambda work: work())
        self.in_turns = in_turns
        self.wires: list[Wire] = []
        self.doors: list[Door] = []
        self.entries: dict[str, list[tuple[object, ...]]] = defaultdict(list)
        self.order: list[int] = []
        self.plain = self.frames = 0
        hear = self.intake.turns.hear
        self.intake.turns.hear = lambda said, longest: self._told(hear, said, longest)

    def _told(self, hear, said, longest):
        """Which connections went plain, for the other world; there they are heard first, each by its session."""
        if self.in_turns:
            taken = hear(said, longest)
            self.order = [self._number(one) for each in taken for one in each.speakers]
            self.plain += sum(int(each.frames.sum()) for each in taken)
            return taken
        for number in self.order:
            connection = self.doors[number]._connection
            if connection in said:
                connection.heard_from(said.pop(connection))
        return []

    def _number(self, connection) -> int:
        return next(at for at, door in enumerate(self.doors) if door._connection is connection)

    def open(self) -> None:
        self.wires.append(Wire(len(self.wires)))
        self.doors.append(Door(self.way))
        self.doors[-1].connection_made(self.wires[-1])

    def say(self, number: int, data: bytes) -> None:
        """A connection that is closed or held is not read."""
        wire = self.wires[number]
        if not wire.has_ended and not wire.is_held:
            self.doors[number].data_received(data)

    def close(self, number: int) -> None:
        self.wires[number].has_ended = True
        self.doors[number].connection_lost(None)

    def end_turn(self) -> None:
        self.way.turn.end()
        for door, wire in zip(self.doors, self.wires, strict=True):
            if wire.has_ended:
                door.connection_lost(None)

    def order_to(self, device: str, text: str) -> None:
        """An order to the device's newest session, as the dispatcher gives it."""
        visit = self.intake.presence.newest.get(device)
        if visit is not None:
            identity = next(iter(visit.origins))
            sending = visit.session.order(identity, Order("text", {"text": text}))
            visit.channel.send(sending.segments)

    def reload(self, devices: dict[str, Device]) -> None:
        self.intake.follow(configuration(self.protocol, devices=devices))

    def commit(self) -> None:
        """What waits becomes durable; its answers are released."""
        while self.intake.is_waiting:
            waiting = self.intake.next_batch()
            batch = waiting.entries.batch()
            for index in range(len(batch)):
                origin, kind = batch.origin_of(index), EntryKind(int(batch.kind[index]))
                said = (kind, float(batch.received[index]), origin, batch.bytes_of(index))
                self.entries[origin.peer].append(said)
                self.frames += kind is EntryKind.FRAME
            waiting.release()

    def account(self) -> dict[str, object]:
        """All that must not depend on how frames were read."""
        visits = [door._connection.visit for door in self.doors if door._connection is not None]
        return {
            "entries": dict(self.entries),
            "heard": [b"".join(wire.heard) for wire in self.wires],
            "ended": [(wire.has_ended, wire.is_held) for wire in self.wires],
            "refused": dict(self.refusals.counts),
            "clocks": [{name: one.state() for name, one in visit.clocks.items()} for visit in visits],
            "visits": [(visit.origins, visit.authenticated, visit.rejected, visit.registering) for visit in visits],
            "sessions": [state_of(visit.session) for visit in visits],
            "paid": [self.intake.turns.seats.paid[visit.row] for visit in visits],
            "memory": (self.intake.memory.facts, self.intake.memory._clocks),
            "newest": {device: visit.peer for device, visit in self.intake.presence.newest.items()},
            "waiting": len(self.intake),
        }


def state_of(session) -> dict[str, object]:
    """All of a session that its next word could be read by, or its next order written by."""
    kept = ("_serial", "_serials", "_flag", "_began", "_identity", "_zone")
    return {name: copy(getattr(session, name, None)) for name in kept} | {
        "seat": session.seat(), "discarded": dict(session.discarded),
    }  # fmt: skip


@contextmanager
def running(machine: Machine) -> Iterator[None]:
    """The loop's clock is the machine's; nothing is awaited inside."""
    loop = asyncio.get_running_loop()
    before = loop.time, loop.call_later, loop.call_soon
    loop.time, loop.call_later, loop.call_soon = machine.monotonic, machine.call_later, lambda *_: None
    try:
        yield
    finally:
        loop.time, loop.call_later, loop.call_soon = before
