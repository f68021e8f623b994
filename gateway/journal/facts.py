"""What is journaled of a session with its frames: the family's own facts, and how far the device's clock is off."""

from __future__ import annotations

import math

MARK = "@"
"""Between a family's own facts and the clock's; no family uses it."""

FROZEN = "frozen"


def joined(facts: str, ahead: float) -> str:
    """A family's facts and the clock's as they are journaled: the family's alone, where the clock is right."""
    if ahead == 0.0:
        return facts
    return f"{facts}{MARK}{FROZEN if math.isnan(ahead) else int(ahead)}"


def parted(facts: str) -> tuple[str, float]:
    """The family's facts, and the seconds to take off device times (NaN: they say nothing); inverse of ``joined``."""
    own, mark, clock = facts.partition(MARK)
    if not mark:
        return own, 0.0
    return own, math.nan if clock == FROZEN else float(clock)
