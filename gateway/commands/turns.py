"""Words on a line: each segment is made out when it may be written, so that what is no longer wanted never leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from protocols.errors import OrderFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gateway.commands.outstanding import Outstanding
    from gateway.commands.reach import Line
    from gateway.commands.saying import Saying
    from protocols.order import Sending


class Said(Protocol):
    """Told when the last segment of a message has been written."""

    def __call__(self, outstanding: Outstanding, saying: Saying, *, is_answered: bool) -> None:
        """``is_answered``: its wire answers."""
        ...


class Refused(Protocol):
    """Told when a message cannot be made."""

    def __call__(self, outstanding: Outstanding, *, text: str) -> None:
        """``text`` says why."""
        ...


@dataclass(slots=True)
class Turns:
    """Messages that wait for their turn to be written.

    Attributes:
        reach: the line to a device now, or None.
        clock: the clock of the orders' expiry.
    """

    reach: Callable[[str], Line | None]
    clock: Callable[[], float]
    said: Said
    refused: Refused

    def ask(self, outstanding: Outstanding, saying: Saying) -> None:
        """Have a message written as soon as its line has a pause; turns before are void."""
        saying.turn += 1
        line = self.line_of(outstanding, saying)
        if line is not None:
            line.send(self._segments(outstanding, saying, saying.turn))

    def line_of(self, outstanding: Outstanding, saying: Saying) -> Line | None:
        """The session a message is numbered for, if it may hear it now; otherwise the message is held."""
        line = self.reach(outstanding.command.device)
        saying.is_held = line is None or line.session is not saying.session
        return None if saying.is_held else line

    def _segments(self, outstanding: Outstanding, saying: Saying, turn: int) -> Iterator[bytes]:
        """Segments, one when each may be written; the next one is asked for when the last has been."""
        written = 0
        while (sending := self._wanted(outstanding, saying, turn)) is not None:
            if written == len(sending.segments):
                saying.said += 1
                self.said(outstanding, saying, is_answered=bool(sending.answered_by))
                return
            written += 1
            saying.left = len(sending.segments) - written
            yield sending.segments[written - 1]

    def _wanted(self, outstanding: Outstanding, saying: Saying, turn: int) -> Sending | None:
        """The message; None once its order has ended, it is answered, or its session may not hear it."""
        if saying is not outstanding.saying or saying.turn != turn or self.clock() >= outstanding.expires:
            return None
        line = self.line_of(outstanding, saying)
        if line is None:
            return None
        try:
            saying.sending = saying.sending or saying.make(line)
        except OrderFault as fault:
            self.refused(outstanding, text=str(fault))
        return saying.sending
