"""How large a receiver's errors are beside the nominal ones: learnt of a wearer's own fixes, and of nothing else.

Held against each other are two fixes: by how much farther apart they lie than the way between them can explain. The
innovations of one step are not used: a drifting error moves prediction and fix alike.

A scale is a record with these fields, changed in place: ``near_time``, ``near_x``, ``near_y``, ``near_way``, a fix, and
metres gone since by stated speeds (at most UNKNOWN); ``near_n``, ``near_sum``, degrees of freedom, and squares beside
the expected ones; ``far_...`` the same, with ``far_variance``, that fix's nominal variance.
"""

from __future__ import annotations

import math

from formulas.formula import Record, formula

NEAR, FAR = 20.0, 900.0
"""Seconds from which two fixes are held against each other: part, and nearly all, of the error is new by then."""
NEAR_NEW, FAR_NEW = 0.32, 0.8
"""Part of an error's variance that is new after NEAR and FAR: mean of 1 - exp(-dt / T) over T = 20 to 300 s under way
(0.06 to 0.63, a hint), 100 to 1,200 s at rest (0.53 to 1), evenly in log T."""
ALONG = 0.4
"""Of a straight way one of two axes is seen, and only where it lengthens it (0.5); few ways are quite straight."""
STRAIGHT = 0.7
"""A pair under way counts if it lies so much of the way apart; else the street has turned."""
WAY_ERROR = 0.01
"""Of a way reckoned from stated speeds: an odometer's; Doppler is better."""
STOOD = 18.0
"""Way not known: who lies within 3 sigma an axis of where he was FAR ago has stood."""
HINT, PRIOR = 1.0, 3.0
"""Degrees of freedom of the nominal size beside near pairs, and of both beside far ones: its log is known to 0.5."""
NEAR_MOST, FAR_MOST = 16.0, 24.0
"""Degrees of freedom that are remembered: some 10 minutes under way, 3 hours at rest."""
MOST_PAIR = 16.0
"""A pair counts at most as 4 sigma (Huber 1964): a ride between two reports is no error."""
UNKNOWN = 1e6
"""Metres: a way that is not known."""
BRIEF, GAP = 2.5, 12.0
"""Seconds between fixes up to which stated speeds give the way: any, and such as agree to EVEN."""
EVEN = 0.2
REST_GAP = 1000.0
"""Seconds between two fixes at rest up to which nobody is taken to have gone away and come back."""
LEAST_SPEED = 1e-6


@formula
def learn(scale: Record, time: float, x: float, y: float, variance: float, way: float) -> None:
    """Take a GNSS fix: seconds, metres, nominal m^2 per axis; ``way``: metres since the fix before, at most."""
    hold_far(scale, time, x, y, variance, way)
    hold_near(scale, time, x, y, variance, way)


@formula
def pass_over(scale: Record, way: float) -> None:
    """A fix of another source lies between: nothing is learnt of it but that so many metres were gone, at most."""
    scale.near_way, scale.far_way = min(scale.near_way + way, UNKNOWN), min(scale.far_way + way, UNKNOWN)


@formula
def square(scale: Record) -> float:
    """Variance of a wearer's errors beside the nominal one: mean of an inverse-gamma posterior."""
    near = (HINT + scale.near_sum) / (HINT + scale.near_n)
    return float((PRIOR * near + scale.far_sum) / (PRIOR + scale.far_n))


@formula
def way_between(elapsed: float, before: float, after: float) -> float:
    """Metres that somebody went at most between two fixes, by the speeds stated at both: m/s, NaN where none is."""
    mean, change = 0.5 * (before + after), after - before
    if mean == 0.0 and elapsed <= REST_GAP:
        return 0.0
    is_even = elapsed <= GAP and change * change <= EVEN * EVEN * mean * mean
    if is_even or (elapsed <= BRIEF and mean >= 0.0):
        return max(mean, LEAST_SPEED) * elapsed
    return UNKNOWN


@formula
def hold_near(scale: Record, time: float, x: float, y: float, variance: float, way: float) -> None:
    """Pairs under way, some 20 s apart: by how much the fixes lie farther apart than the way is long."""
    way = min(scale.near_way + way, UNKNOWN)
    is_full = time - scale.near_time >= NEAR
    dx, dy = x - scale.near_x, y - scale.near_y
    square_apart = dx * dx + dy * dy
    if is_full and 0.0 < way < UNKNOWN and square_apart >= STRAIGHT * STRAIGHT * way * way:
        longer = max(math.sqrt(square_apart) - way, 0.0)
        expected = 2.0 * ALONG * NEAR_NEW * variance
        seen = expected + WAY_ERROR * WAY_ERROR * way * way
        weight, size = 0.5 * expected / seen, longer * longer / seen
        room = min(1.0, (NEAR_MOST - weight) / max(scale.near_n, 1e-9))
        scale.near_n = scale.near_n * room + weight
        scale.near_sum = scale.near_sum * room + weight * min(size, MOST_PAIR)
    scale.near_way = way
    if is_full or math.isnan(scale.near_time):
        scale.near_time, scale.near_x, scale.near_y, scale.near_way = time, x, y, 0.0


@formula
def hold_far(scale: Record, time: float, x: float, y: float, variance: float, way: float) -> None:
    """Pairs at rest, a quarter of an hour and more apart: both axes of two errors."""
    way = min(scale.far_way + way, UNKNOWN)
    is_full = time - scale.far_time >= FAR
    dx, dy = x - scale.far_x, y - scale.far_y
    square_apart, expected = dx * dx + dy * dy, FAR_NEW * (variance + scale.far_variance)
    has_stood = way == 0.0 or (way >= UNKNOWN and square_apart <= STOOD * square(scale) * expected)
    if is_full and has_stood:
        room = min(1.0, (FAR_MOST - 2.0) / max(scale.far_n, 1e-9))
        scale.far_n = scale.far_n * room + 2.0
        scale.far_sum = scale.far_sum * room + 2.0 * min(0.5 * square_apart / expected, MOST_PAIR)
    scale.far_way = way
    if is_full or math.isnan(scale.far_time):
        scale.far_time, scale.far_x, scale.far_y, scale.far_way, scale.far_variance = time, x, y, 0.0, variance
