"""Frames of a batch as arrays: which message, and where its content stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from protocols.columns import read_number
from protocols.errors import PeerFault
from protocols.gt06.wire import LONG_FORM, SMALLEST, WIFI_MESSAGES, open_frame

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from protocols.session import FrameBatch

_SHORT, _LONG = 0x7878, 0x7979
_BEHIND = 6
"""Bytes behind the content: serial, CRC, trailer."""
_STATES_LENGTH = np.ones(2 * LONG_FORM, np.bool_)
_STATES_LENGTH[list(WIFI_MESSAGES)] = False
"""By message, whether its frames do."""


@dataclass(frozen=True, slots=True)
class Bodies:
    """Contents of a batch, one row a frame.

    Attributes:
        frame: int64 (n,), index of the frame in the batch.
        message: int64 (n,), number, plus 100 hex in the long form.
        start, end: int64 (n,), the content within ``buffer``.
        buffer: uint8 (bytes,).
    """

    frame: NDArray[np.int64]
    message: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    buffer: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.frame)

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Bodies:
        """Some of the rows."""
        return Bodies(self.frame[chosen], self.message[chosen], self.start[chosen], self.end[chosen], self.buffer)

    def content(self, row: int) -> bytes:
        """The content of one row."""
        return self.buffer[self.start[row] : self.end[row]].tobytes()


def bodies_of(frames: FrameBatch) -> Bodies:
    """Contents of all frames; bytes that are no frame are left out.

    A frame that states its own length is read as a column. The others (a false length, or the form that states none)
    are opened one by one: they are rare.
    """
    buffer = frames.payload
    frame = np.flatnonzero(frames.length >= SMALLEST)
    start, length = frames.start[frame], frames.length[frame]
    mark = read_number(buffer, start, 2)
    is_long = mark == _LONG
    stated = np.where(is_long, read_number(buffer, start + 2, 2) + 6, buffer[start + 2].astype(np.int64) + 5)
    message = np.where(is_long, buffer[start + 4].astype(np.int64) | LONG_FORM, buffer[start + 3])
    begin = start + 4 + is_long
    end = start + length - _BEHIND
    plain = ((mark == _SHORT) | is_long) & (stated == length) & (begin <= end) & _STATES_LENGTH[message]
    if len(frame) == len(frames) and plain.all():
        return Bodies(frame, message, begin, end, buffer)
    found = Bodies(frame[plain], message[plain], begin[plain], end[plain], buffer)
    return _with_odd(found, frames, np.setdiff1d(np.arange(len(frames)), found.frame, assume_unique=True))


def _with_odd(found: Bodies, frames: FrameBatch, odd: NDArray[np.int64]) -> Bodies:
    rows = []
    for index in odd.tolist():
        start, length = int(frames.start[index]), int(frames.length[index])
        try:
            opened = open_frame(frames.payload[start : start + length].tobytes())
        except PeerFault:
            continue
        rows.append((index, opened.message, start + opened.start, start + opened.end))
    more = np.array(rows, np.int64).reshape(-1, 4).T
    columns = [
        np.concatenate(pair) for pair in zip((found.frame, found.message, found.start, found.end), more, strict=True)
    ]
    order = np.argsort(columns[0], kind="stable")
    return Bodies(columns[0][order], columns[1][order], columns[2][order], columns[3][order], found.buffer)
