"""What is plain of a turn of the loop: taken as columns, with what the session and intake would have made of it.

A connection is plain in a turn where it is *settled* (its session is at rest, it alone speaks for its one device, that
may speak, is under authority now and has a clock that goes) and every byte it sent is of plain frames
(:mod:`protocols.turns`). Then nothing of it changes but its row (:mod:`gateway.intake.seats`) and the clock's readings.
All bytes of any other connection are its session's, so that a connection is never split.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

import numpy as np
import structlog

from gateway.clock_bounds import CLOCK_AHEAD, CLOCK_BEHIND
from gateway.intake.admission import refusal_of
from gateway.intake.block import Block
from gateway.intake.seats import UNSEEN, Seats
from gateway.journal.facts import joined
from protocols.turns import PlainFrames, Turning, chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from gateway.intake.block import Speaker
    from gateway.intake.device_clock import DeviceClock
    from gateway.intake.intake import Intake
    from gateway.intake.visit import Visit
    from gateway.journal.entries import Origin


Speaks = TypeVar("Speaks", bound="Speaker")

log = structlog.get_logger()

LEAST = 3
"""Settled connections in a turn from which on reading it as columns costs less than by their sessions."""


class Settled(NamedTuple):
    """What holds of a session from its last word to its next.

    Attributes:
        family: whose turns it is read in.
        record: how its frames are read (:attr:`protocols.turns.Seat.record`).
        origin: of its frames; ``facts``: the family's own part of what decoding needs to know.
        clock: its device's.
        grant: since when and until when somebody wears the device lawfully, and how far its clock is ahead; seconds.
    """

    family: str
    record: bytes
    origin: Origin
    facts: str
    clock: DeviceClock
    grant: tuple[float, float, float]


class Heard(NamedTuple, Generic[Speaks]):
    """Connections of a family that were plain in a turn.

    Attributes:
        speakers: they.
        rows: int64 (c,), their seats.
        frames, size: int64 (c,), how many each sent, and how many bytes.
    """

    speakers: list[Speaks]
    rows: NDArray[np.int64]
    frames: NDArray[np.int64]
    size: NDArray[np.int64]


def settled(intake: Intake, visit: Visit, now: float) -> Settled | None:
    """What holds of a session until it is heard again; None: it is not settled."""
    seat = visit.seat() if len(visit.origins) == 1 else None
    origin = None if seat is None else visit.origins.get(seat.identity)
    if seat is None or origin is None or not _speaks_alone(intake, visit, seat.identity, origin):
        return None
    visit.answers_singly = seat.answers_singly
    clock = visit.clocks.get(seat.identity)
    span = intake.directory.span(origin.device, now)
    if clock is None or clock.is_frozen or span is None or origin.facts != joined(seat.facts, clock.ahead):
        return None
    return Settled(visit.protocol, seat.record, origin, seat.facts, clock, (*span, clock.ahead))


def _speaks_alone(intake: Intake, visit: Visit, identity: str, origin: Origin) -> bool:
    is_newest = intake.presence.newest.get(origin.device) is visit and identity not in visit.registering
    return is_newest and origin.checksum_ok and refusal_of(intake.directory, visit, identity) is None


class Turns:
    """Reads whole turns for intake.

    Attributes:
        seats: what holds of connections, and ``clocks`` of their devices' clocks.
        plain: frames that were taken so.
        on_failure: told of a pass that failed, which is a bug of ours.
    """

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._families: dict[str, Turning | None] = {}
        self.seats, self.clocks = Seats(), intake.memory.clocks
        self.plain = 0
        self.on_failure: Callable[[Exception], None] = lambda _: None

    def hear(self, said: Mapping[Speaks, bytes], longest: int) -> list[Heard[Speaks]]:
        """Take what is plain of a turn; what is not has not been touched.

        Where one device is on two of the turn's connections, at most one is settled: what that one says is taken before
        the other is read, as if it had come a moment sooner.

        Args:
            said: by connection what it sent, in order of arrival.
            longest: bytes on the wire of a frame that is taken.

        Returns:
            The connections that were plain, by family; none where they are too few, or where each frame is followed,
            so that each has its lines.
        """
        if len(said) < LEAST or self._intake.trace is not None:
            return []
        now = self._intake.now()
        everybody, pieces = list(said), list(said.values())
        rows = np.array([speaker.visit.row for speaker in everybody], np.int64)
        family = self._settled(everybody, rows, now)
        found = []
        for number in range(len(self.seats.families)):
            places = np.flatnonzero(family == number)
            if len(places) < LEAST:
                continue
            speakers, own = (everybody, pieces) if len(places) == len(rows) else _chosen(places, everybody, pieces)
            try:
                found.append(self._hear(number, speakers, rows[places], own, longest, now))
            except Exception as fault:  # noqa: BLE001  whatever it is, it is a bug of ours: the sessions take all
                self._failed(fault)
        return found

    def _failed(self, fault: Exception) -> None:
        self._intake.counts["turn_failed"] += 1
        log.error("a turn could not be read as columns; its sessions read it; please report it", exc_info=fault)
        self.on_failure(fault)

    def _family(self, name: str) -> Turning | None:
        """A family that reads turns; asking costs more than all else."""
        if name not in self._families:
            family = self._intake.families[name]
            self._families[name] = family if isinstance(family, Turning) else None
        return self._families[name]

    def _settled(self, everybody: Sequence[Speaker], rows: NDArray[np.int64], now: float) -> NDArray[np.int64]:
        """``Seats.family`` of connections, all of them looked at."""
        seats = self.seats
        for place in np.flatnonzero(seats.family[rows] == UNSEEN).tolist():
            found = settled(self._intake, everybody[place].visit, now)
            seats.settle(int(rows[place]), found, None if found is None else self._family(found.family))
        return seats.family[rows]

    def _hear(
        self, number: int, speakers: list[Speaks], rows: NDArray[np.int64], pieces: list[bytes], longest: int,
        now: float,
    ) -> Heard[Speaks]:  # fmt: skip
        seats, family = self.seats, self.seats.families[number]
        size = np.array([len(piece) for piece in pieces], np.int64)
        payload, records = b"".join(pieces), chosen(seats.records[number], rows)
        frames = family.read_turn(payload, np.cumsum(size), records, longest, now)
        edges = np.searchsorted(frames.connection, np.arange(len(rows) + 1))
        plain = _lawful(frames, chosen(seats.grant, rows), now)
        kept = np.flatnonzero(plain)
        # A report out of a device's memory shows nothing of its clock. Those that are not plain have no frames.
        shown = np.where(frames.live, frames.shown, np.nan)
        kept = kept[self.clocks.keep(seats.clock[rows[kept]], edges[kept], edges[kept + 1], shown, now)]
        if len(kept) < len(rows):
            speakers, pieces = _chosen(kept, speakers, pieces)
            frames, payload = _only(frames, kept, len(rows)), b"".join(pieces)
        heard = Heard(speakers, rows[kept], np.diff(edges)[kept], size[kept])
        if len(kept):
            self._keep(family, heard, chosen(records, kept), frames, payload)
        return heard

    def _keep(
        self, family: Turning, heard: Heard[Speaks], records: NDArray[np.void], frames: PlainFrames, payload: bytes
    ) -> None:  # fmt: skip
        """Queue what connections sent that were plain."""
        seats = self.seats
        live = np.bincount(frames.connection[frames.live], minlength=len(heard.rows)) > 0
        self._hold(heard.rows, live)
        self.plain += len(frames.length)
        seats.frames[heard.rows] += heard.frames
        self._intake.put_block(Block(
            self._intake.monotonic(), family, heard.speakers, [seats.origins[row] for row in heard.rows.tolist()],
            records, frames.connection, frames.length, frames.message, frames.serial, payload,
        ))  # fmt: skip

    def _hold(self, rows: NDArray[np.int64], live: NDArray[np.bool_]) -> None:
        """Memory learns once what the frames of a settled connection show, of the clock where one is live."""
        seats, hold = self.seats, self._intake.memory.hold
        known = seats.is_held[rows]
        for place in np.flatnonzero(~known[:, 0] | (~known[:, 1] & live)).tolist():
            row = int(rows[place])
            hold(seats.origins[row].device, seats.facts[row], float(seats.grant["ahead"][row]) if live[place] else None)
        seats.is_held[rows, 0] = True
        seats.is_held[rows, 1] |= live


def _chosen(
    places: NDArray[np.int64], speakers: Sequence[Speaks], pieces: Sequence[bytes]
) -> tuple[list[Speaks], list[bytes]]:
    """Some of the connections, and what they sent."""
    some = places.tolist()
    return [speakers[place] for place in some], [pieces[place] for place in some]


def _only(frames: PlainFrames, kept: NDArray[np.int64], connections: int) -> PlainFrames:
    """The frames of some of the connections, which are numbered anew."""
    place = np.full(connections, -1)
    place[kept] = np.arange(len(kept))
    connection = place[frames.connection]
    rows = np.flatnonzero(connection >= 0)
    return PlainFrames(
        connection[rows], frames.length[rows], frames.shown[rows], frames.live[rows], frames.message[rows],
        frames.serial[rows], frames.plain[kept],
    )  # fmt: skip


def _lawful(frames: PlainFrames, granted: NDArray[np.void], now: float) -> NDArray[np.bool_]:
    """Which connections are plain and said nothing but what the law lets us keep: see ``admission.keepable``."""
    own, plain = chosen(granted, frames.connection), frames.plain.copy()
    time = frames.shown - own["ahead"]
    at = np.where((time >= now - CLOCK_BEHIND) & (time <= now + CLOCK_AHEAD), time, now)
    plain[frames.connection[(at < own["start"]) | (at >= own["until"])]] = False
    return plain
