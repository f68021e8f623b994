"""A stretch of time, and whether something held in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, ``begin <= t < until``: of a calendar's interval (``holds``), or between two of them.

    Infinite where no interval precedes or follows.
    """

    begin: float
    until: float
    holds: bool
