"""Firmware, bad network and platform in virtual time: no socket, no clock, no waiting."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.firmware.device import Firmware, Link
from firmware_sim.links.backoff import Backoff
from firmware_sim.network.reach import Reach

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from firmware_sim.network.network import Network
    from firmware_sim.network.way import Way
    from firmware_sim.platform import Platform
    from firmware_sim.schedule import Span

_BACKOFF = 8
"""Sets the draws of the pauses apart."""


@dataclass(slots=True)
class _Connection:
    up: Way
    down: Way
    platform: Platform

    def due(self) -> float:
        return min(self.up.due(), self.down.due())


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the platform was given at a moment, by the bracelet at an index."""

    moment: float
    index: int
    data: bytes


@dataclass(slots=True)
class Party:
    """One bracelet of a virtual run.

    Attributes:
        firmware: the bracelet.
        device: its key.
        platform: makes the platform's end of each connection.
        is_stream: its link carries a stream, else datagrams.
        silent: stretches without a link, beside those of the network.
    """

    firmware: Firmware
    device: str
    platform: Callable[[], Platform]
    is_stream: bool = True
    silent: tuple[Span, ...] = ()


@dataclass(slots=True)
class Exchange:
    """One party and its network. Moments are UTC epoch seconds and never decrease.

    Attributes:
        connections: how many were begun.
    """

    party: Party
    network: Network
    index: int
    seed: int
    connections: int = 0
    _reach: Reach = field(init=False)
    _backoff: Backoff = field(init=False)
    _connection: _Connection | None = None
    _next_attempt: float = -math.inf
    _now: float = -math.inf

    def __post_init__(self) -> None:
        self._reach = Reach((*self.network.reach(self.index, self.party.device).without, *self.party.silent))
        self._backoff = Backoff(np.random.default_rng([self.seed, _BACKOFF, self.index]))

    def due(self) -> float:
        """Moment at which ``step`` has something to do."""
        return min(self._way_due(), self.party.firmware.due(), self._reach.next_change(self._now))

    def step(self, now: float) -> list[Arrival]:
        """Do what is due; returns what arrived at the platform."""
        self._now = now
        arrivals = self._carry(now) if self._reach.is_covered(now) else []
        self._look(now)
        if not self._reach.is_covered(now):
            self._next_attempt = now
        elif self._connection is None and self._next_attempt <= now:
            self._connect(now)
        self._send(self.party.firmware.tick(now), now)
        arrivals += self._carry(now)
        self._look(now)
        return arrivals

    def _way_due(self) -> float:
        if self._connection is not None:
            return self._connection.due()
        return self._next_attempt if self._reach.is_covered(self._now) else math.inf

    def _look(self, now: float) -> None:
        """End a connection that does not stand any more."""
        connection = self._connection
        if connection is None:
            return
        broken = connection.up.is_broken(now) or connection.down.is_broken(now)
        if broken or self.party.firmware.wants_close or not self._reach.is_covered(now):
            self._connection = None
            self.party.firmware.disconnected()
            self._next_attempt = now + self._backoff.next_wait()

    def _connect(self, now: float) -> None:
        up, down = self.network.ways(self.index, self.connections, is_stream=self.party.is_stream)
        self.connections += 1
        self._connection = _Connection(up, down, self.party.platform())
        self._send(self.party.firmware.connected(now), now)

    def _send(self, frames: Sequence[bytes], now: float) -> None:
        if self._connection is not None:
            for data in [b"".join(frames)] if self.party.is_stream and frames else frames:
                self._connection.up.send(data, now)

    def _carry(self, now: float) -> list[Arrival]:
        """Let arrive what is to arrive now, on both sides, until nothing more is."""
        arrivals: list[Arrival] = []
        connection, firmware = self._connection, self.party.firmware
        while connection is not None:
            up, down = connection.up.arrive(now), connection.down.arrive(now)
            if not up and not down:
                break
            for data in up:
                arrivals.append(Arrival(now, self.index, data))
                connection.down.send(connection.platform.feed(data, now), now)
            for data in down:
                self._send(firmware.receive(data, now), now)
        if firmware.link is Link.ONLINE:
            self._backoff.reset()
        return arrivals


def run(parties: Sequence[Party], network: Network, seed: int, start: float, until: float) -> Iterator[Arrival]:
    """All that arrives at the platform from ``start`` to before ``until``, in order. Same arguments, same bytes."""
    exchanges = [Exchange(party, network, index, seed) for index, party in enumerate(parties)]
    agenda = [(start, index) for index in range(len(exchanges))]
    while agenda:
        now, index = heapq.heappop(agenda)
        if now >= until:
            continue
        yield from exchanges[index].step(now)
        heapq.heappush(agenda, (max(exchanges[index].due(), now), index))
