"""Frames of many connections read at once: what came in one turn of the loop.

A family that offers it (:class:`Turning`) reads what is plain in whole turns, by compiled loops; all else, and all of
a connection that sends anything else in the turn, is its sessions' matter. Nothing is decided here that a session
would decide otherwise: what a frame of a *seat* gives is what the session would have given, and the session stays as
it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def chosen(records: NDArray[np.void], at: NDArray[np.int64] | slice = slice(None)) -> NDArray[np.void]:
    """Copies of some records, as so many bytes each: numpy moves records field by field, ten times as slowly."""
    whole = records.view(np.dtype((np.void, records.itemsize)))
    copies: NDArray[np.void] = whole[at].copy() if isinstance(at, slice) else whole[at]
    return copies.view(records.dtype)


class Seat(NamedTuple):
    """A session at rest: what its next frame is read by, as long as the session does not change.

    Attributes:
        identity: who speaks.
        facts: what its frames carry as :attr:`protocols.session.Frame.facts`.
        record: one record of the family's ``seat_record``, as bytes.
        answers_singly: its model takes one answer from what it reads at once.
    """

    identity: str
    facts: str
    record: bytes
    answers_singly: bool = False


@dataclass(frozen=True, slots=True)
class PlainFrames:
    """Frames as their sessions would have read them: whole, sound, in no way urgent, no answers to orders.

    Attributes:
        connection: int64 (n,), whose, ascending; the frames of one in their order.
        length: int64 (n,), bytes on the wire; those of a connection stand end to end.
        shown: float64 (n,), device time, UTC epoch seconds as the wire reads it; NaN: the frame holds no report.
        live: bool (n,), whether it holds a report that may be of the present, as :attr:`protocols.session.Frame.live`.
        message, serial: int64 (n,), what an answer repeats.
        plain: bool (c,), by connection: whether every byte of it is of such frames.
    """

    connection: NDArray[np.int64]
    length: NDArray[np.int64]
    shown: NDArray[np.float64]
    live: NDArray[np.bool_]
    message: NDArray[np.int64]
    serial: NDArray[np.int64]
    plain: NDArray[np.bool_]


@runtime_checkable
class Seated(Protocol):
    """A session that can say when it is at rest."""

    def seat(self) -> Seat | None:
        """How its next frame is read; None: it is in the middle of something, or of a kind that is not read so."""
        ...

    def claim(self, count: int) -> int:
        """The first of our next ``count`` serials; they are taken. 0 on a wire that has none."""
        ...


@runtime_checkable
class Turning(Protocol):
    """A family that reads whole turns."""

    seat_record: np.dtype[np.void]
    """Of a session at rest (:attr:`Seat.record`)."""
    says_serials: bool
    """Whether an answer holds a serial of ours."""

    def read_turn(
        self, payload: bytes, end: NDArray[np.int64], seats: NDArray[np.void], longest: int, now: float
    ) -> PlainFrames:  # fmt: skip
        """What connections said.

        Args:
            payload: of one connection after the other.
            end: int64 (c,), where each one's end.
            seats: ``seat_record`` (c,).
            longest: bytes on the wire of a frame that is taken.
            now: UTC epoch seconds, as sessions are fed with.
        """
        ...

    def answers(
        self, seats: NDArray[np.void], message: NDArray[np.int64], serial: NDArray[np.int64], ours: NDArray[np.int64]
    ) -> tuple[bytes, NDArray[np.int64]]:
        """What frames are answered, ready to leave.

        Args:
            seats: ``seat_record`` (n,), of each frame.
            message: int64 (n,), its number.
            serial: int64 (n,), the terminal's.
            ours: int64 (n,), our serial.

        Returns:
            All answers end to end, and int64 (n,), where each ends.
        """
        ...
