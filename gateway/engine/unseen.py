"""Formulas: a bracelet that moves while it sees no satellites, and one that says that its radio is suppressed.

No fix by itself says nothing: garages, basements, lifts and thick walls have none. But who is carried a kilometre and
more without ever a fix was not in a garage: the cells say so on the way, or, where nothing was heard either, the place
at which the bracelet comes to light again.
"""

from __future__ import annotations

import math
from typing import Final

from formulas.formula import Record, formula

NOTHING: Final = 0
MOVES, SEEN, UNHEARD, JAMMED, UNJAMMED = 8, 16, 32, 64, 128
"""What comes of a sign: it moves unseen; seen again; seen elsewhere, and was neither seen nor heard; the radio is
suppressed, by the device's word; no longer. Bits, for several may come of one."""

LEAST_MOVED: Final = 1000.0
SIGMAS: Final = 4.5
"""Metres, and standard deviations an axis of both, beyond which one place heard is another than the first."""
OTHER_CELLS: Final = 150.0
ELSEWHERE: Final = 3
"""Reports heard elsewhere, each of other cells than the last: a cell jump alone says nothing."""
SURE: Final = 2
"""Scans that agree about the first place."""
LEAST_DARK, LEAST_SPAN = 3, 600.0
"""Reports that neither saw nor heard anything, and seconds over which they are spread."""
FADING: Final = 2
"""Reports of a dark stretch that heard something still, or again."""
AT_REST, WALK, RIDE, ANYHOW = 2.0, 2.0, 20.0, 40.0
"""Metres per second: a stated speed below the first is rest; how fast the bracelet may have moved between that fix and
the dark: who rested, who was under way, and where no speed is stated."""
JAM_OVER: Final = 600.0
"""Seconds after the last word of a device that takes such words back, from which on a fix ends it."""


@formula
def goes_on(trust: Record, sign: Record, allowed: float) -> int:
    """One report more; ``allowed``: seconds without satellites while moving that are everyday."""
    if not math.isnan(sign.x):
        return comes_to_light(trust, sign)
    if sign.other:
        return SEEN if close(trust) else NOTHING
    if trust.dark_n == 0:
        trust.dark_from, trust.dark_offset, trust.dark_x, trust.elsewhere = sign.time, sign.offset, math.nan, 0
        trust.dark_m, trust.deaf, trust.lit_run = 0.0, 0, 0
    trust.dark_n += 1
    trust.dark_last = sign.time
    trust.deaf += 1 if sign.n < 0 else 0
    if math.isnan(sign.sigma):
        return NOTHING
    heard_elsewhere(trust, sign)
    if trust.unseen or trust.elsewhere < ELSEWHERE or sign.time - trust.dark_left < allowed:
        return NOTHING
    trust.unseen = True
    return MOVES


@formula
def heard_elsewhere(trust: Record, sign: Record) -> None:
    """Whether what is heard lies elsewhere than at first, and is of other cells than the last.

    The first place is one that two scans agree about: a single one may be of a wrong cell.
    """
    dx, dy = sign.hx - trust.dark_x, sign.hy - trust.dark_y
    away = math.sqrt(dx * dx + dy * dy)
    if math.isnan(trust.dark_x) or (away >= LEAST_MOVED and trust.dark_heard < SURE):
        trust.dark_x, trust.dark_y, trust.dark_variance = sign.hx, sign.hy, sign.sigma * sign.sigma
        trust.dark_heard, trust.dark_left = 1, sign.time
    elif away >= LEAST_MOVED and away > SIGMAS * math.sqrt(trust.dark_variance + sign.sigma * sign.sigma):
        ox, oy = sign.hx - trust.dark_hx, sign.hy - trust.dark_hy
        trust.elsewhere += 1 if math.sqrt(ox * ox + oy * oy) >= OTHER_CELLS else 0
        trust.dark_m = max(trust.dark_m, away)
    elif away < LEAST_MOVED:
        trust.dark_heard, trust.elsewhere, trust.dark_left = min(trust.dark_heard + 1, SURE), 0, sign.time
    trust.dark_hx, trust.dark_hy = sign.hx, sign.hy


@formula
def comes_to_light(trust: Record, sign: Record) -> int:
    """A fix: what was dark is over."""
    what = NOTHING
    if trust.dark_n > 0:
        what = SEEN if trust.unseen else UNHEARD if was_carried(trust, sign) else NOTHING
        close(trust)
    trust.lit_time, trust.lit_x, trust.lit_y = sign.time, sign.x, sign.y
    trust.lit_speed, trust.lit_n = sign.speed, sign.n
    return what


@formula
def close(trust: Record) -> bool:
    """No longer dark; whether that had been said."""
    said = bool(trust.unseen)
    trust.dark_n, trust.unseen = 0, False
    return said


@formula
def was_carried(trust: Record, sign: Record) -> bool:
    """Whether a bracelet that always hears something neither saw nor heard, and comes to light elsewhere."""
    if trust.deaf < LEAST_DARK or trust.dark_n - trust.deaf > FADING or trust.lit_n < 1 or sign.n < 1:
        return False
    if trust.dark_last - trust.dark_from < LEAST_SPAN:
        return False
    dx, dy = sign.x - trust.lit_x, sign.y - trust.lit_y
    trust.dark_m = math.sqrt(dx * dx + dy * dy)
    before, after = trust.dark_from - trust.lit_time, sign.time - trust.dark_last
    trust.dark_least = LEAST_MOVED + pace(trust.lit_speed) * before + pace(sign.speed) * after
    return bool(trust.dark_m >= trust.dark_least)


@formula
def pace(speed: float) -> float:
    """How fast somebody may have moved who stated a speed at one end of a way."""
    if math.isnan(speed):
        return ANYHOW
    return WALK if speed < AT_REST else max(RIDE, speed)


@formula
def suppressed(trust: Record, sign: Record) -> int:
    """What the device itself says of being jammed: a level, or a word that it takes back once it is answered."""
    if sign.jam:
        trust.jam_last = sign.time
        if not trust.jammed:
            trust.jammed = True
            return JAMMED
    elif trust.jammed and (sign.ends_jam or (not math.isnan(sign.x) and sign.time - trust.jam_last >= JAM_OVER)):
        trust.jammed = False
        return UNJAMMED
    return NOTHING
