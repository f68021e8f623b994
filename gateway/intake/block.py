"""Frames that came in one turn of the loop, as columns: they wait, become durable and are answered together."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np

from protocols.turns import chosen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gateway.intake.lanes import Strand
    from gateway.intake.visit import Visit
    from gateway.journal.entries import Origin
    from protocols.turns import Turning


class Speaker(Protocol):
    """A connection whose frames are read in turns."""

    visit: Visit

    @property
    def is_paced(self) -> bool:
        """Whether orders are on their way to it, so that answers have to be kept apart from them."""
        ...

    def answer(self, data: bytes) -> None:
        """Send an answer that is numbered as it leaves."""
        ...

    def write(self, data: bytes) -> None:
        """Send what is ready to leave; one that is gone swallows it."""
        ...


@dataclass(slots=True, eq=False)
class Block:
    """Plain frames of several connections: n rows, those of a connection end to end.

    Attributes:
        since: monotonic seconds when they came.
        family: what answers them.
        speakers, origins: of each connection that has rows, and ``seats``, its record (c,).
        connection: int64 (n,), index into those, ascending.
        length: int64 (n,), bytes of each frame.
        message, serial: int64 (n,), what its answer repeats.
        payload: the frames, end to end.
    """

    since: float
    family: Turning
    speakers: Sequence[Speaker]
    origins: list[Origin]
    seats: NDArray[np.void]
    connection: NDArray[np.int64]
    length: NDArray[np.int64]
    message: NDArray[np.int64]
    serial: NDArray[np.int64]
    payload: bytes
    _strands: list[Strand] | None = None

    def __len__(self) -> int:
        return len(self.length)

    @property
    def strands(self) -> list[Strand]:
        """Of each connection, in the order of its rows."""
        if self._strands is None:
            self._strands = [speaker.visit.strand for speaker in self.speakers]
        return self._strands

    def fits(self, rows: int, size: int) -> bool:
        """Whether it has no more than so many rows and bytes."""
        return len(self) <= rows and len(self.payload) <= size

    def cut(self, rows: int, size: int) -> Block:
        """Take off the first rows: so many at most, and no more than ``size`` bytes, but one at least."""
        fits = int(np.searchsorted(np.cumsum(self.length), size, side="right"))
        first = max(1, min(rows, fits))
        head = self._rows(0, first)
        self._become(self._rows(first, len(self)))
        return head

    def draw(self, strand: Strand) -> Block:
        """Take out the rows of one connection."""
        place = self.strands.index(strand)
        first, until = (int(np.searchsorted(self.connection, each)) for each in (place, place + 1))
        drawn, before, behind = self._rows(first, until), self._rows(0, first), self._rows(until, len(self))
        self._become(_joined(before, behind))
        return drawn

    def _rows(self, first: int, until: int) -> Block:
        part = np.s_[first:until]
        connection = self.connection[part]
        low, high = (int(connection[0]), int(connection[-1]) + 1) if len(connection) else (0, 0)
        begin, size = int(self.length[:first].sum()), int(self.length[part].sum())
        return Block(
            self.since, self.family, self.speakers[low:high], self.origins[low:high], self.seats[low:high],
            connection - low, self.length[part], self.message[part], self.serial[part],
            self.payload[begin : begin + size],
        )  # fmt: skip

    def _become(self, other: Block) -> None:
        self.speakers, self.origins, self.seats = other.speakers, other.origins, other.seats
        self.connection, self.length, self.payload = other.connection, other.length, other.payload
        self.message, self.serial, self._strands = other.message, other.serial, None

    def answer(self) -> None:
        """Answer all frames, once they are durable: our serials are given now, and what one is answered is one write.

        Where orders are on their way to a connection each answer goes by itself, and is numbered as it leaves.
        """
        edges = np.searchsorted(self.connection, np.arange(len(self.speakers) + 1))
        paced = [speaker.is_paced for speaker in self.speakers]
        ours = self._serials(edges, paced)
        said, ends = self.family.answers(chosen(self.seats, self.connection), self.message, self.serial, ours)
        stops = [0, *ends[edges[1:] - 1].tolist()]
        single = [speaker.visit.answers_singly for speaker in self.speakers]
        if True in paced or True in single:
            self._answer_each(edges, said, ends, stops)
            return
        for speaker, begin, end in zip(self.speakers, stops, stops[1:], strict=False):
            speaker.write(said[begin:end])

    def _answer_each(
        self, edges: NDArray[np.int64], said: bytes, ends: NDArray[np.int64], stops: list[int]
    ) -> None:  # fmt: skip
        """Where somebody takes one answer a write, or has orders on their way."""
        for place, (speaker, stretch) in enumerate(zip(self.speakers, pairwise(stops), strict=True)):
            if speaker.is_paced or speaker.visit.answers_singly:
                give = speaker.answer if speaker.is_paced else speaker.write
                own = ends[edges[place] : edges[place + 1]].tolist()
                for begin, end in pairwise([stretch[0], *own]):
                    give(said[begin:end])
            else:
                speaker.write(said[slice(*stretch)])

    def _serials(self, edges: NDArray[np.int64], paced: list[bool]) -> NDArray[np.int64]:
        """Our serial in each answer; 0 where it is given as it leaves, or where there is none."""
        if not self.family.says_serials:
            return np.zeros(len(self), np.int64)
        counts = zip(self.speakers, np.diff(edges).tolist(), paced, strict=True)
        first = [0 if is_paced else speaker.visit.claim(count) for speaker, count, is_paced in counts]
        rank = np.arange(len(self)) - edges[self.connection]
        ours = np.array(first, np.int64)[self.connection] + rank & 0xFFFF
        return np.where(np.array(paced)[self.connection], 0, ours)


def _joined(before: Block, behind: Block) -> Block:
    """Two stretches of one block, between which a connection has been taken out."""
    both = (np.concatenate([getattr(before, name), getattr(behind, name)]) for name in ("length", "message", "serial"))
    length, message, serial = both
    connection = np.concatenate([before.connection, behind.connection + len(before.speakers)])
    return Block(
        before.since, before.family, [*before.speakers, *behind.speakers], before.origins + behind.origins,
        np.concatenate([before.seats, behind.seats]), connection, length, message, serial,
        before.payload + behind.payload,
    )  # fmt: skip
