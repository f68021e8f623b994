"""Why an alarm of a place was raised, or why none was: the evidence fix by fix, numbers that anybody can work out."""

from __future__ import annotations

import math
from typing import Final

import msgspec

RADIUS95: Final = math.sqrt(-2.0 * math.log(0.05))
"""Radius in sigmas that holds 95 % of a circular normal distribution."""


class Step(msgspec.Struct, frozen=True):
    """What one fix said of a rule and a zone, and what was known with it.

    Attributes:
        time, received: device time and receive time, UTC epoch seconds.
        device, source: whose fix it is, and of which kind (``gnss`` ...).
        beyond_m: metres by which the place breaks the rule, negative where it keeps it; ``sigma_m``: their error.
        says: probability of a breach by this place alone: ``erfc(-beyond_m / (sigma_m sqrt 2)) / 2``.
        elapsed_s: since the fix before that counted as evidence; None: there was none.
        constant_s: seconds over which successive fixes repeat each other's error.
        before, after: evidence, log-odds, without it and with it (``fencing.verdict.add``; of cells ``weigh.hint``).
        p: probability of a breach with it: ``1 / (1 + exp(-after))``.
        verdict: what was held then: ``inside`` and ``outside`` of the zone, or ``unknown``.
        enough: fixes by themselves on one side that a verdict needed then.
        soft: it came from cells or a carrier, and counts to a limit only. ``lifted``: leave, or a rule not in force.
    """

    time: float
    received: float
    device: str
    source: str
    beyond_m: float
    sigma_m: float
    says: float
    elapsed_s: float | None
    constant_s: float
    before: float
    after: float
    p: float
    verdict: str
    enough: int
    soft: bool
    lifted: bool


class Flip(msgspec.Struct, frozen=True):
    """What would have made it otherwise, tried and found to.

    Attributes:
        what: ``boundary``: the zone's boundary ``metres`` further out (negative: further in); ``leave``: leave from
            ``since`` to ``until``; ``no_leave``: without the leave; ``without``: had the fix of ``since`` not come;
            ``more``: ``count`` further fixes like the last, a minute apart.
    """

    what: str
    metres: int = 0
    count: int = 0
    since: float = 0.0
    until: float = 0.0


class Explanation(msgspec.Struct, frozen=True):
    """One rule and zone of one person, as it stood with the last of the fixes.

    Attributes:
        asks: what the rule asks of the zone: ``stay_inside``, ``keep_out``, ``be_there``, ``region``.
        text: the rule in words, by language. ``basis``: its document; ``configuration``: digest of the version.
        raised: whether an alarm stood with the last fix; ``alarm``: its identity, ``kind``, since when.
        why: ``raised``, ``lifted``, ``no_duty``, ``grace``, ``keeps``, ``undecided`` or ``nothing`` (no fix).
        threshold, threshold_log_odds: from which on, with enough fixes, it is a breach; of its opposite, well.
        duty: begin, end and seconds of grace of the night it is about; None: the rule has none.
        steps: the last of them, oldest first; ``left_out``: so many before.
        flips: what would have made it otherwise.
        home_m: metres from the border of the wearer's home to the place of the last fix, negative inside; None: no home
            is registered, or there is no fix.
    """

    person: str
    rule: str
    zone: str
    zone_name: str
    asks: str
    text: dict[str, str]
    basis: str
    configuration: str
    raised: bool
    why: str
    threshold: float
    threshold_log_odds: float
    alarm: str = ""
    kind: str = ""
    onset: float | None = None
    duty: tuple[float, float, float] | None = None
    steps: list[Step] = []
    left_out: int = 0
    flips: list[Flip] = []
    home_m: float | None = None

    @property
    def covers_both(self) -> bool:
        """Whether the error of the last fix (95 %) reaches over the wearer's home and over the zone that is barred."""
        if not self.steps or self.home_m is None or self.asks != "keep_out":
            return False
        radius = RADIUS95 * self.steps[-1].sigma_m
        return self.home_m <= radius and -self.steps[-1].beyond_m <= radius
