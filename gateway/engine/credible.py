"""Formulas: what speaks against the places that a bracelet reports, one report at a time.

A receiver of satellites can be made to believe anything, and the mobile network hears the bracelet all the same. But a
table of cells is wrong by hundreds of metres, and at some places by kilometres. So what is heard speaks against a fix
in three cases alone, each by several reports:

    far     it lies a kilometre off, and far beyond what the scans say that they may be off
    leapt   the fix has leapt, as nobody moves, and what is heard has stayed where it was
    left    the fix rests, and what is heard has gone far beyond what it ever did at this place

And a jump that nobody can make proves that one of its two ends is false: again and again it is no mishap.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from formulas.formula import Record, formula

SIGN = np.dtype([
    ("row", "i8"), ("wearing", "i8"), ("time", "f8"), ("offset", "i8"), ("x", "f8"), ("y", "f8"), ("variance", "f8"),
    ("speed", "f8"), ("hx", "f8"), ("hy", "f8"), ("sigma", "f8"), ("n", "i2"), ("other", "?"), ("jam", "?"),
    ("ends_jam", "?"),
])  # fmt: skip
"""What a report says of its own truth. UTC epoch seconds; metres of the plane.

``x``, ``y``, ``variance``, ``speed`` (m/s): of a satellite fix, NaN without one; ``hx``, ``hy``, ``sigma``: where what
it heard puts it, per axis, NaN where nothing does; ``n``: cells and access points heard, below 0 none; ``other``: a
beacon or an access point that the device knows has placed it; ``jam``: it says that it is jammed, ``ends_jam``: that it
is not.
"""
NOTHING, FAR, LEAPT, LEFT = 0, 1, 2, 4
"""What comes of a sign: it is to be said now, by which case; bits beside those of ``unseen``."""

PATIENCE: Final = 1800.0
"""Seconds without a report that speaks against a place, after which the next one is another story."""
APART: Final = 8.0
"""Seconds between two reports that both count: a device that speaks each second hears the same scan ten times."""
OTHER_CELLS: Final = 150.0
"""Metres between the places of two scans that are of other cells: a single cell more or less moves the middle less."""
ONE_PLACE: Final = 3000.0
"""Metres within which they still speak of one place: beyond, one of the two is of a wrong entry in a table."""
AGREED: Final = 400.0
"""Metres an axis up to which a scan is of several cells that agree, so that no single wrong place has made it."""
ENOUGH: Final = 3.0
LEAST_SPAN: Final = 30.0
"""Weight of reports, and seconds over which they are spread, from which on it is said."""
WEIGHTS: Final = (0.0, 1.0 / 3.0, 0.5, 1.0)
"""Of a report by the cells it heard, three and more alike: of one or two a wrong place in a table is to blame first."""
PRIOR, GAIN = -3.0, 2.5
"""Log-odds that a first contradiction is a false place and no wrong table, and what each further one adds."""

LEAST_AWAY: Final = 1000.0
"""Metres between a fix and what is heard from which on they contradict each other: less is the cells' own error."""
SIGMAS: Final = 4.5
"""Standard deviations an axis of both beyond which they do; radii of scans have longer tails than a normal error."""
NEAR_SIGMAS: Final = 2.0
"""Within so many they agree."""
STANDS: Final = 300.0
"""Metres that a fix may move while the scan stays the same: beyond, the scan is an old one."""

LEAST_LEAP: Final = 500.0
"""Metres between two fixes below which it is a reflection."""
STEADY: Final = 3
"""Fixes in a row before it: the first ones after a garage may be anywhere, and the leap away from them is the truth."""
FASTER: Final = 15.0
"""Metres per second above the speeds that both state, from which on a way is none: they are means of the way's ends."""
FOLLOWS, STAYS = 0.6, 0.4
"""Share of a leap that what is heard has made, too: above, it was a way after all; below, it has stayed."""

RESTS: Final = 150.0
"""Metres from where it began to rest within which a fix rests."""
SETTLED: Final = 6
LEAST_REST: Final = 600.0
"""Reports, and seconds, from which on it is known how what is heard scatters at a place."""
SCATTER: Final = 150.0
"""Metres an axis that it does at least: fading takes cells in and out."""
STRAY, FARTHER = 4000.0, 1.3
"""Metres within which a scan that came back is one of this place, too; by so much farther is who has left."""
USUAL: Final = 700.0
"""Metres beyond which a scan teaches nothing of it: who walks away slowly would take the place along."""
REMEMBERED: Final = 64
"""Reports that it is the mean of."""
LEFT_SIGMAS: Final = 5.0
SCAN_SIGMAS: Final = 2.5
"""Standard deviations an axis, of the scatter and of the scan itself, beyond which it has gone away."""

LEAST_JUMP: Final = 1000.0
"""Metres beyond reach below which a jump is an outlier like any other."""
JUMPS: Final = 4
JUMP_APART: Final = 60.0
"""So many jumps, each so many seconds after the last that counted: a receiver's bad minute is one."""
JUMP_MEMORY: Final = 3600.0
"""Seconds within which they happen."""


@formula
def held_against(trust: Record, sign: Record) -> int:
    """A fix against what was heard with it; what is to be said now. Done before ``unseen.goes_on``."""
    if math.isnan(sign.x) or math.isnan(sign.sigma):
        return NOTHING
    what = lies_far(trust, sign)
    if has_leapt(trust, sign):
        what |= LEAPT
    if is_left(trust, sign):
        what |= LEFT
    trust.lit_hx, trust.lit_hy, trust.lit_run = sign.hx, sign.hy, min(trust.lit_run + 1, STEADY)
    return what


@formula
def between(x: float, y: float, other_x: float, other_y: float) -> float:
    """Metres between two places."""
    dx, dy = x - other_x, y - other_y
    return math.sqrt(dx * dx + dy * dy)


@formula
def weight_of(n: int) -> float:
    """How much a report counts by the number of cells it heard."""
    return float(WEIGHTS[min(max(n, 0), len(WEIGHTS) - 1)])


@formula
def lies_far(trust: Record, sign: Record) -> int:
    """Case ``far``."""
    away, sigma = between(sign.x, sign.y, sign.hx, sign.hy), math.sqrt(sign.variance + sign.sigma * sign.sigma)
    if away < LEAST_AWAY or away <= SIGMAS * sigma:
        if away < NEAR_SIGMAS * sigma:
            trust.far, trust.far_said = 0.0, False
        return NOTHING
    moved = between(sign.hx, sign.hy, trust.far_hx, trust.far_hy)
    if trust.far == 0.0 or sign.time - trust.far_last > PATIENCE or moved > ONE_PLACE:
        trust.far_said = trust.far_said and moved > ONE_PLACE
        trust.far, trust.far_from, trust.far_offset = 0.0, sign.time, sign.offset
        trust.far_x, trust.far_y = sign.x, sign.y
    elif sign.time - trust.far_last < APART or is_old(trust, sign, moved):
        return NOTHING
    trust.far += weight_of(sign.n)
    trust.far_last, trust.far_hx, trust.far_hy, trust.far_m = sign.time, sign.hx, sign.hy, away
    if trust.far_said or trust.far < ENOUGH or sign.time - trust.far_from < LEAST_SPAN:
        return NOTHING
    trust.far_said = True
    return FAR


@formula
def is_old(trust: Record, sign: Record, moved: float) -> bool:
    """Whether a scan says nothing new: the same as the last one, of one wrong place, or while the fix has moved on."""
    has_gone = between(sign.x, sign.y, trust.far_x, trust.far_y) > STANDS
    return bool(moved < OTHER_CELLS and (has_gone or not agrees(sign)))


@formula
def agrees(sign: Record) -> bool:
    """Whether a scan is of several cells that agree."""
    return bool(sign.n >= len(WEIGHTS) - 1 and sign.sigma <= AGREED)


@formula
def has_leapt(trust: Record, sign: Record) -> bool:
    """Case ``leapt``."""
    if trust.leaping and sign.time - trust.leap_last > PATIENCE:
        trust.leaping = False
    if not trust.leaping:
        if not leaps(trust, sign):
            return False
        trust.leaping, trust.leap, trust.leap_said, trust.lit_run = True, 0.0, False, 0
        trust.leap_from, trust.leap_offset = sign.time, sign.offset
        trust.leap_x, trust.leap_y, trust.leap_hx, trust.leap_hy = trust.lit_x, trust.lit_y, trust.lit_hx, trust.lit_hy
        if trust.still_n >= SETTLED:
            trust.leap_hx, trust.leap_hy = trust.still_hx, trust.still_hy
    elif sign.time - trust.leap_last < APART:
        return False
    trust.leap_last = sign.time
    return stays_behind(trust, sign)


@formula
def stays_behind(trust: Record, sign: Record) -> bool:
    """Whether what is heard has not made the leap that a fix still shows; several reports of it are to be said."""
    dx, dy = sign.x - trust.leap_x, sign.y - trust.leap_y
    square = dx * dx + dy * dy
    share = ((sign.hx - trust.leap_hx) * dx + (sign.hy - trust.leap_hy) * dy) / max(square, 1.0)
    if square < LEAST_LEAP * LEAST_LEAP or share > FOLLOWS:
        trust.leaping = False
        return False
    if share < STAYS:
        trust.leap += 1.0
        trust.leap_m = math.sqrt(square)
    if trust.leap_said or trust.leap < ENOUGH or sign.time - trust.leap_from < LEAST_SPAN:
        return False
    trust.leap_said = True
    return True


@formula
def leaps(trust: Record, sign: Record) -> bool:
    """Whether a fix lies farther from the last one than the speeds that both state allow, by far."""
    if trust.lit_run < STEADY or math.isnan(trust.lit_hx):
        return False
    elapsed = sign.time - trust.lit_time
    allowed = LEAST_LEAP + (max(stated(sign.speed), stated(trust.lit_speed)) + FASTER) * elapsed
    return bool(elapsed > 0.0 and between(sign.x, sign.y, trust.lit_x, trust.lit_y) > allowed)


@formula
def stated(speed: float) -> float:
    """A speed, 0 where none is stated: whoever drives is heard to."""
    return 0.0 if math.isnan(speed) else speed


@formula
def is_left(trust: Record, sign: Record) -> bool:
    """Case ``left``."""
    if trust.still_n == 0 or between(sign.x, sign.y, trust.still_x, trust.still_y) > RESTS:
        trust.still_n, trust.still_from, trust.still_x, trust.still_y = 1, sign.time, sign.x, sign.y
        trust.still_hx, trust.still_hy, trust.still_square, trust.left = sign.hx, sign.hy, 0.0, 0.0
        trust.strayed, trust.strays = 0.0, 0.0
        return False
    hx, hy = sign.hx - trust.still_hx, sign.hy - trust.still_hy
    square = hx * hx + hy * hy
    known = trust.still_n >= SETTLED and sign.time - trust.still_from >= LEAST_REST
    variance = SCATTER * SCATTER + 0.5 * trust.still_square
    if known and square >= LEAST_AWAY * LEAST_AWAY:
        away = math.sqrt(square)
        least = max(LEFT_SIGMAS * math.sqrt(variance), SCAN_SIGMAS * sign.sigma, FARTHER * trust.strayed)
        trust.strays = max(trust.strays, away) if away < STRAY else trust.strays
        return away > least and goes_away(trust, sign, away)
    trust.left, trust.left_said = 0.0, False
    if known and square >= USUAL * USUAL:
        return False
    trust.strayed, trust.strays = max(trust.strayed, trust.strays), 0.0
    trust.still_n = min(trust.still_n + 1, REMEMBERED)
    share = 1.0 / trust.still_n
    trust.still_hx += share * hx
    trust.still_hy += share * hy
    trust.still_square += share * (square - trust.still_square)
    return False


@formula
def goes_away(trust: Record, sign: Record, away: float) -> bool:
    """One report more that is heard ``away`` metres from where all others of this rest were."""
    moved = between(sign.hx, sign.hy, trust.left_hx, trust.left_hy)
    if trust.left == 0.0 or sign.time - trust.left_last > PATIENCE or moved > ONE_PLACE:
        trust.left_said = trust.left_said and moved > ONE_PLACE
        trust.left, trust.left_from, trust.left_offset = 0.0, sign.time, sign.offset
    elif sign.time - trust.left_last < APART or (moved < OTHER_CELLS and not agrees(sign)):
        return False
    trust.left += weight_of(sign.n)
    trust.left_last, trust.left_hx, trust.left_hy, trust.left_m = sign.time, sign.hx, sign.hy, away
    if trust.left_said or trust.left < ENOUGH or sign.time - trust.left_from < LEAST_SPAN:
        return False
    trust.left_said = True
    return True


def how_sure(weight: float) -> float:
    """The probability that a place is false of which reports of this weight say so."""
    return 1.0 / (1.0 + math.exp(-PRIOR - GAIN * weight))


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
