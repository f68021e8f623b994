"""What came of giving a text to a modem or to an HTTP gateway."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Given(StrEnum):
    """TAKEN: it is on its way. REFUSED: it never will be, as it is. LATER: not now; it may have gone out."""

    TAKEN = "taken"
    REFUSED = "refused"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Answer:
    """``why``: of what was not taken, a word and a code, never a number. ``references``: what reports will name."""

    given: Given
    why: str = ""
    references: tuple[int, ...] = ()
