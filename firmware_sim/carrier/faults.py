"""What a carrier does wrong, one after the other, over a request each."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """One request's trouble."""

    NONE = "none"
    CONGESTION = "congestion"
    SLOW = "slow"
    GARBAGE = "garbage"
    BOMB = "bomb"
    CUT = "cut"
    HTTP_ERROR = "http_error"
    STALE = "stale"
    WRONG_NUMBER = "wrong_number"
    NOT_AUTHORISED = "not_authorised"
    HUGE = "huge"


@dataclass(slots=True)
class Faults:
    """Troubles that wait for the next requests."""

    waiting: deque[Fault] = field(default_factory=deque)

    def next(self) -> Fault:
        """The trouble of the next request."""
        return self.waiting.popleft() if self.waiting else Fault.NONE
