"""Formulas: what speaks against the places that a bracelet reports.

A jump that nobody can make proves that one of its two ends is false: again and again it is no mishap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fencing.formula import Record

PRIOR: Final = -3.0
"""Log-odds that a first contradiction is a false place, and no error of what contradicts it."""

LEAST_JUMP: Final = 1000.0
"""Metres beyond reach below which a jump is an outlier like any other."""
JUMPS: Final = 4
JUMP_APART: Final = 60.0
"""So many jumps, each so many seconds after the last that counted: a receiver's bad minute is one."""
JUMP_MEMORY: Final = 3600.0
"""Seconds within which they happen."""


def jumped(trust: Record, time: float, metres: float, offset: int) -> bool:
    """A fix that lies ``metres`` from a place it cannot be reached from; whether it is to be said now."""
    if metres < LEAST_JUMP or time - trust.jump_last < JUMP_APART:
        return False
    if not time - trust.jump_from <= JUMP_MEMORY:
        trust.jumps, trust.jump_from, trust.jump_offset, trust.jump_m = 0.0, time, offset, 0.0
        trust.jumpy = trust.jumpy and time - trust.jump_last <= JUMP_MEMORY
    trust.jumps += 1.0
    trust.jump_last, trust.jump_m = time, max(float(trust.jump_m), metres)
    if trust.jumps < JUMPS or trust.jumpy:
        return False
    trust.jumpy = True
    return True
