"""What is plain of a turn of the loop: taken as columns, with what the session and intake would have made of it.

A connection is plain in a turn where it is *settled* (its session is at rest, it alone speaks for its one device, that
may speak, is under authority now and has a clock that goes) and every byte it sent is of plain frames
(:mod:`protocols.turns`). Then nothing of it changes but the clock's readings. All bytes of any other connection are
its session's, so that a connection is never split.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
import structlog

from gateway.clock_bounds import CLOCK_AHEAD, CLOCK_BEHIND
from gateway.intake.admission import refusal_of
from gateway.intake.block import Block
from gateway.journal.facts import joined
from protocols.turns import PlainFrames, Turning

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
AHEAD = 2


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


Piece = tuple[Speaks, Settled, bytes]
"""A settled connection, what holds of it, and what it sent."""


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
        plain: frames that were taken so.
        on_failure: told of a pass that failed, which is a bug of ours.
    """

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._families: dict[str, Turning | None] = {}
        self.plain = 0
        self.on_failure: Callable[[Exception], None] = lambda _: None

    def hear(self, said: Mapping[Speaks, bytes], longest: int) -> dict[Speaks, int]:
        """Take what is plain of a turn; what is not has not been touched.

        Args:
            said: by connection what it sent, in order of arrival.
            longest: bytes on the wire of a frame that is taken.

        Returns:
            The connections that were plain, with how many frames each sent.
        """
        taken: dict[Speaks, int] = {}
        now = self._intake.now()
        for name, pieces in self._settled(said, now).items():
            family = self._family(name)
            if family is None or len(pieces) < LEAST:
                continue
            try:
                taken |= self._hear(family, pieces, longest, now)
            except Exception as fault:  # noqa: BLE001  whatever it is, it is a bug of ours: the sessions take all
                self._failed(fault)
        return taken

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

    def _settled(self, said: Mapping[Speaks, bytes], now: float) -> dict[str, list[Piece[Speaks]]]:
        """Settled connections by family.

        Where one device is on two of the turn's, at most one is settled: what that one says is taken before the other
        is read, as if it had come a moment sooner.
        """
        found: dict[str, list[Piece[Speaks]]] = {}
        for speaker, data in said.items():
            visit = speaker.visit
            if not visit.is_looked_at:
                visit.settled, visit.is_looked_at = settled(self._intake, visit, now), True
            if (known := visit.settled) is not None:
                found.setdefault(known.family, []).append((speaker, known, data))
        return found

    def _hear(
        self, family: Turning, pieces: Sequence[Piece[Speaks]], longest: int, now: float
    ) -> dict[Speaks, int]:  # fmt: skip
        end = np.cumsum(np.array([len(data) for _, _, data in pieces], np.int64))
        seats = np.frombuffer(b"".join([known.record for _, known, _ in pieces]), family.seat_record)
        frames = family.read_turn(b"".join([data for _, _, data in pieces]), end, seats, longest, now)
        edges = np.searchsorted(frames.connection, np.arange(len(pieces) + 1)).tolist()
        # The law judges all; a report out of a device's memory shows nothing of its clock.
        shown = np.where(frames.live, frames.shown, np.nan).tolist()
        lawful = _lawful(frames, np.array([known.grant for _, known, _ in pieces], np.float64), now)
        kept = [
            place for place in np.flatnonzero(lawful).tolist()
            if pieces[place][1].clock.keeps(shown[edges[place] : edges[place + 1]], now)
        ]  # fmt: skip
        if kept:
            self._keep(family, [pieces[place] for place in kept], seats[kept], _only(frames, kept, len(pieces)))
        return {pieces[place][0]: edges[place + 1] - edges[place] for place in kept}

    def _keep(
        self, family: Turning, pieces: Sequence[Piece[Speaks]], seats: NDArray[np.void], frames: PlainFrames
    ) -> None:  # fmt: skip
        """Queue what connections sent that were plain."""
        hold = self._intake.memory.hold
        live = np.bincount(frames.connection[frames.live], minlength=len(pieces)).tolist()
        for (_, known, _), shown in zip(pieces, live, strict=True):
            hold(known.origin.device, known.facts, known.grant[AHEAD] if shown else None)
        self.plain += len(frames.length)
        self._intake.put_block(Block(
            self._intake.monotonic(), family, [speaker for speaker, _, _ in pieces],
            [known.origin for _, known, _ in pieces], seats, frames.connection, frames.length, frames.message,
            frames.serial, b"".join([data for _, _, data in pieces]),
        ))  # fmt: skip


def _only(frames: PlainFrames, kept: list[int], connections: int) -> PlainFrames:
    """The frames of some of the connections, which are numbered anew."""
    if len(kept) == connections:
        return frames
    place = np.full(connections, -1)
    place[kept] = np.arange(len(kept))
    connection = place[frames.connection]
    rows = np.flatnonzero(connection >= 0)
    return PlainFrames(
        connection[rows], frames.length[rows], frames.shown[rows], frames.live[rows], frames.message[rows],
        frames.serial[rows], frames.plain[kept],
    )  # fmt: skip


def _lawful(frames: PlainFrames, granted: NDArray[np.float64], now: float) -> NDArray[np.bool_]:
    """Which connections are plain and said nothing but what the law lets us keep: see ``admission.keepable``."""
    start, until, ahead = granted.T
    connection, plain = frames.connection, frames.plain.copy()
    time = frames.shown - ahead[connection]
    at = np.where((time >= now - CLOCK_BEHIND) & (time <= now + CLOCK_AHEAD), time, now)
    plain[connection[(at < start[connection]) | (at >= until[connection])]] = False
    return plain
