"""Where a wearer may have gone since GNSS last told: scans (cells, WiFi, a carrier's answer) followed by a filter.

Three states an axis: the place; a velocity that turns (Ornstein-Uhlenbeck, its size the pace); and the scans' error,
first-order Gauss-Markov, for the same cells make the same error (``motion`` has the reference). A part of it, ``bias``,
no average takes away. The axes share one covariance.

A track's fields: ``gone_x``, ``gone_y``; ``gone_vx``, ``gone_vy``; ``gone_ex``, ``gone_ey`` in sigmas of the scan;
covariance ``gone_pxx``, ``gone_pxv``, ``gone_pvv``, ``gone_pxe``, ``gone_pve``, ``gone_pee``; ``bias``, metres;
``pace``, m/s.
"""

from __future__ import annotations

import math

from formulas.formula import Record, formula
from gateway.fusion.motion import WHITE, lasting

SHARED = 0.25
"""Of a scan's variance: half the sigma stays, however often the same cells are heard."""
TURN_TIME = 180.0
"""Seconds for which somebody goes one way: some blocks on foot, some stops by bus."""
LEAST_PACE, MOST_PACE = 2.0, 30.0
"""Metres per second with which somebody is looked for: brisk on foot; by train. Slower would lag behind who walks."""
PACE_RISE, PACE_FALL, PACE_MOST = 0.15, 0.07, 9.0
"""By how much of it a pace changes where scans lie farther off or nearer than expected, and the most a scan says: who
was fast and is lost is looked for far away a while longer."""
COURSE = 0.7
"""Of the velocity between the last two fixes: what is left of it when the first scan comes."""
WILD = 9.0
"""Squared sigmas an axis from which on a scan is not as expected (Rayleigh: 1 in 8,000)."""


@formula
def leave_from(track: Record, variance: float, pace: float) -> None:
    """From the track's place (``variance``, m^2 an axis), with its velocity, and the scans' error known there."""
    track.gone_x, track.gone_y, track.gone_pxx, track.gone_pxe = track.x, track.y, variance, 0.0
    track.gone_vx, track.gone_vy = COURSE * track.vx, COURSE * track.vy
    track.gone_pvv = 0.5 * (1.0 - COURSE * COURSE) * pace * pace
    track.gone_ex, track.gone_ey, track.gone_pee = track.there_ex, track.there_ey, track.there_pee
    track.gone_pxv, track.gone_pve, track.bias, track.pace = 0.0, 0.0, 0.0, pace


@formula
def set_out(track: Record, x: float, y: float, variance: float) -> None:
    """The place is a scan; which way the wearer goes, nobody knows."""
    track.gone_x, track.gone_y, track.gone_vx, track.gone_vy = x, y, 0.0, 0.0
    track.gone_ex, track.gone_ey, track.gone_pee = 0.0, 0.0, 1.0
    track.gone_pxx, track.gone_pxe, track.bias = variance, -lasting(variance), math.sqrt(SHARED * variance)
    track.gone_pxv, track.gone_pve, track.gone_pvv = 0.0, 0.0, 0.5 * track.pace * track.pace


@formula
def another_error(track: Record) -> None:
    """The next scan is of another source, and so has another error: forget the last one's."""
    track.gone_ex, track.gone_ey = 0.0, 0.0
    track.gone_pxe, track.gone_pve, track.gone_pee = 0.0, 0.0, 1.0


@formula
def go(track: Record, elapsed: float, kept: float) -> None:
    """A while later (seconds); of the scans' error so much is ``kept``."""
    held = math.exp(-elapsed / TURN_TIME)
    way, new = TURN_TIME * (1.0 - held), 0.5 * track.pace * track.pace
    track.gone_x, track.gone_y = track.gone_x + way * track.gone_vx, track.gone_y + way * track.gone_vy
    track.gone_vx, track.gone_vy = held * track.gone_vx, held * track.gone_vy
    track.gone_ex, track.gone_ey = kept * track.gone_ex, kept * track.gone_ey
    track.gone_pxx += 2.0 * way * track.gone_pxv + way * way * track.gone_pvv
    track.gone_pxx += new * TURN_TIME * (2.0 * elapsed - TURN_TIME * (3.0 - 4.0 * held + held * held))
    track.gone_pxv = held * (track.gone_pxv + way * track.gone_pvv) + new * TURN_TIME * (1.0 - held) * (1.0 - held)
    track.gone_pxe = kept * (track.gone_pxe + way * track.gone_pve)
    track.gone_pvv = held * held * track.gone_pvv + new * (1.0 - held * held)
    track.gone_pve *= held * kept
    track.gone_pee = 1.0 - kept * kept * (1.0 - track.gone_pee)


@formula
def off_gone(track: Record, x: float, y: float, variance: float) -> float:
    """Squared distance of a scan from where it is expected, m^2."""
    last = lasting(variance)
    dx, dy = x - track.gone_x - last * track.gone_ex, y - track.gone_y - last * track.gone_ey
    return float(dx * dx + dy * dy)


@formula
def spread_gone(track: Record, variance: float) -> float:
    """Its expected variance, m^2 an axis."""
    last = lasting(variance)
    own = track.gone_pxx + 2.0 * last * track.gone_pxe + last * last * track.gone_pee
    return float(own + WHITE * variance)


@formula
def is_expected(track: Record, x: float, y: float, variance: float) -> bool:
    """Whether a scan lies where one may."""
    return bool(off_gone(track, x, y, variance) <= 2.0 * WILD * spread_gone(track, variance))


@formula
def follow_scan(track: Record, x: float, y: float, variance: float, elapsed: float) -> None:
    """Take a scan ``elapsed`` seconds after the last; one that lies far off shows the pace, and begins anew."""
    if is_expected(track, x, y, variance):
        learn_gone(track, x, y, variance)
        return
    dx, dy = x - track.gone_x, y - track.gone_y
    track.pace = min(max(track.pace, math.sqrt(dx * dx + dy * dy) / max(elapsed, 1.0)), MOST_PACE)
    set_out(track, x, y, variance)


@formula
def learn_gone(track: Record, x: float, y: float, variance: float) -> None:
    """Kalman's update, and what it shows of the pace."""
    last, total = lasting(variance), spread_gone(track, variance)
    change = 0.5 * off_gone(track, x, y, variance) / total - 1.0
    change *= PACE_RISE if change > 0.0 else PACE_FALL
    track.pace = min(max(track.pace * (1.0 + min(change, PACE_RISE * (PACE_MOST - 1.0))), LEAST_PACE), MOST_PACE)
    gain_x = (track.gone_pxx + last * track.gone_pxe) / total
    gain_v = (track.gone_pxv + last * track.gone_pve) / total
    gain_e = (track.gone_pxe + last * track.gone_pee) / total
    dx, dy = x - track.gone_x - last * track.gone_ex, y - track.gone_y - last * track.gone_ey
    track.gone_x, track.gone_y = track.gone_x + gain_x * dx, track.gone_y + gain_x * dy
    track.gone_vx, track.gone_vy = track.gone_vx + gain_v * dx, track.gone_vy + gain_v * dy
    track.gone_ex, track.gone_ey = track.gone_ex + gain_e * dx, track.gone_ey + gain_e * dy
    track.gone_pxx, track.gone_pxv = track.gone_pxx - gain_x * gain_x * total, track.gone_pxv - gain_x * gain_v * total
    track.gone_pxe, track.gone_pvv = track.gone_pxe - gain_x * gain_e * total, track.gone_pvv - gain_v * gain_v * total
    track.gone_pve, track.gone_pee = track.gone_pve - gain_v * gain_e * total, track.gone_pee - gain_e * gain_e * total
    track.bias += gain_x * (math.sqrt(SHARED * variance) - track.bias)


@formula
def spread_of_gone(track: Record) -> float:
    """Variance an axis, m^2, of the place: never less than what no average takes away."""
    return float(track.gone_pxx + max(track.bias * track.bias - SHARED * track.gone_pxx, 0.0))
