"""What a listener's connections have said in a turn of the loop, or while a batch was written: read at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gateway.intake.batching import MOST_BYTES, MOST_REPORTS
from gateway.listeners.rate import Rate

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.intake.turns import Heard
    from gateway.listeners.listening import Listening
    from gateway.listeners.tcp import Connection


class Turn:
    """Bytes by connection, in order of arrival.

    Args:
        owner: the listener.
        later: calls back at the end of a turn of the loop: of this one, or of one in which a batch can be made.
        clock: monotonic seconds.
    """

    def __init__(
        self, owner: Listening, later: Callable[[Callable[[], None]], object], clock: Callable[[], float]
    ) -> None:  # fmt: skip
        self._owner = owner
        self._later = later
        self._clock = clock
        self._said: dict[Connection, bytes] = {}
        self._size = self._chunks = 0
        self._rate = Rate.of(owner.listener.limits)

    def add(self, connection: Connection, data: bytes) -> None:
        """What a connection said. Where it becomes much it is read at once: hostile peers would fill the memory."""
        said = self._said
        if not said:
            self._later(self.end)
        before = said.get(connection)
        said[connection] = data if before is None else before + data
        self._size, self._chunks = self._size + len(data), self._chunks + 1
        if self._size >= MOST_BYTES or self._chunks >= MOST_REPORTS:
            self.end()

    def end(self) -> None:
        """Read what there is: what is plain as columns, the bytes of all other connections by their sessions."""
        said, self._said = self._said, {}
        if not said:
            return
        self._size = self._chunks = 0
        heard = self._owner.intake.turns.hear(said, self._owner.listener.limits.max_frame)
        for each in heard:
            self._charge(each)
        taken = {speaker for each in heard for speaker in each.speakers} if heard else set()
        if taken:
            self._owner.after_read()
        if len(taken) == len(said):
            return
        for connection, data in said.items():
            # One that has come anew closes the older one: what that one sent after it is not read.
            if connection not in taken and not connection.is_closed:
                connection.heard_from(data)

    def _charge(self, heard: Heard[Connection]) -> None:
        """Note that connections were heard, and hold those that are too fast."""
        seats, rate, now = self._owner.intake.turns.seats, self._rate, self._clock()
        paid = rate.charge(seats.paid[heard.rows], heard.frames, heard.size, now)
        seats.paid[heard.rows], seats.heard[heard.rows] = paid, now
        wait = rate.wait(paid, now)
        for place in np.flatnonzero(wait > 0.0).tolist():
            heard.speakers[place].wait(float(wait[place]))
