"""A scan in a track: a place that is not GNSS's (cells, WiFi, a beacon, a carrier's answer).

After the last GNSS fix a wearer is *still there*, or has *gone on* (``gone``). Both are held, each scan weighs them,
and the place is told of both (``mixed``). GNSS tells again: what scans said is over, but for what is known of their
error.

A track's fields: ``held_x``, ``held_y``, ``held_pxx``, the GNSS place and its model's variance; ``held_spread``, m^2 an
axis by which it may be off; ``fixed``, when GNSS told it, NaN never; ``stays``, the probability of being still there;
``there_ex``, ``there_ey``, ``there_pee``, the scans' error if so, in sigmas, and its variance; ``scanned``, source of
the last scan; ``passed``, the time until which both have been carried on; ``doubt_...``, the last fix that was not
believed.
"""

from __future__ import annotations

import math

from formulas.formula import Record, formula
from gateway.fusion.gone import (
    LEAST_PACE,
    MOST_PACE,
    WILD,
    another_error,
    follow_scan,
    go,
    leave_from,
    off_gone,
    set_out,
    spread_gone,
    spread_of_gone,
)
from gateway.fusion.mixed import tell_place
from gateway.fusion.motion import DRIFT, WHITE, lasting
from gateway.fusion.radius import SETTLED, is_fixed, spread

SCAN_TIME = (300.0, 300.0, 300.0, 300.0, 300.0, 1800.0)
"""Correlation time of a scan's error, seconds, by ``Source``: on foot a cell's neighbours change within some hundred
metres; a carrier's mast is asked for each half hour, and answers the same."""
AT_REST, STANDING, UNTOLD, GOING = 0.98, 0.7, 0.5, 0.05
"""Probability of being still there just after a GNSS fix: long at rest, standing, nothing stated, under way."""
LEAVING, PASSING = 21600.0, 1800.0
"""Seconds in which one in e leaves a place: where they stood, and else."""
SAID = (1.5, 20.0, 20.0, 1.5, 20.0, 1.5)
"""Log-odds by ``Source``: the most that a scan says of the two. A wrong mast or two move nobody out of the house; known
access points, of which most agree, and a beacon do."""
DRIVE, DRIVE_TIME = (33.0, 70.0, 70.0, 33.0, 70.0, 33.0), (180.0, 1.0, 1.0, 180.0, 1.0, 180.0)
"""Metres per second more than the pace, and seconds until it is reached, by ``Source``: the wearer may have got into a
car; where a scan is not likely to be wrong, into whatever goes."""
AGREE = 150.0
"""Metres, and two sigma, within which a second wild scan confirms the first."""


@formula
def take_scan(track: Record, fix: Record) -> bool:
    """One scan (time, x, y, variance, source) into one track; whether it was taken."""
    if math.isnan(track.time):
        track.stays, track.pace, track.passed = 0.0, LEAST_PACE, fix.time
        set_out(track, fix.x, fix.y, fix.variance)
    elif not go_on(track, fix):
        track.doubt_x, track.doubt_y, track.doubt_time = fix.x, fix.y, fix.time
        return False
    tell_place(track)
    track.time, track.source, track.scanned, track.doubt_time = fix.time, fix.source, fix.source, math.nan
    track.sharp = False
    track.vx, track.vy = 0.0, 0.0
    return True


@formula
def go_on(track: Record, fix: Record) -> bool:
    """Both with a scan more; False where it fits neither and no other agrees."""
    if is_fixed(track):
        hold(track)
    if fix.source != track.scanned:
        track.there_ex, track.there_ey, track.there_pee = 0.0, 0.0, 1.0
        another_error(track)
    pass_time(track, fix.time)
    elapsed = max(fix.time - track.time, 0.0)
    if is_wild(track, fix, elapsed):
        if not agrees(track, fix):
            return False
        weigh_both(track, fix.x, fix.y, fix.variance, 2.0 * SAID[fix.source])
        set_out(track, fix.x, fix.y, fix.variance)
        return True
    weigh_both(track, fix.x, fix.y, fix.variance, SAID[fix.source])
    if track.stays > 0.0:
        learn_there(track, fix.x, fix.y, fix.variance)
    follow_scan(track, fix.x, fix.y, fix.variance, elapsed)
    return True


@formula
def hold(track: Record) -> None:
    """The first scan after a GNSS fix: its place is held."""
    track.held_x, track.held_y, track.held_pxx, track.held_spread = track.x, track.y, track.pxx, spread(track)
    track.fixed, track.passed, track.stays = track.time, track.time, stays_at_first(track)
    told = math.sqrt(track.vx * track.vx + track.vy * track.vy) if math.isnan(track.went) else track.went
    leave_from(track, track.held_spread, min(max(told, LEAST_PACE), MOST_PACE))


@formula
def stays_at_first(track: Record) -> float:
    """How likely the wearer stays where GNSS has just told."""
    if track.idle >= SETTLED:
        return AT_REST
    if track.went == 0.0:
        return STANDING
    return UNTOLD if math.isnan(track.went) else GOING


@formula
def pass_time(track: Record, time: float) -> None:
    """Carry both on to a time."""
    elapsed = max(time - track.passed, 0.0)
    kept = math.exp(-elapsed / SCAN_TIME[track.scanned])
    track.passed += elapsed
    track.stays *= math.exp(-elapsed / (LEAVING if track.went == 0.0 else PASSING))
    track.held_spread += DRIFT * elapsed
    track.there_ex, track.there_ey = kept * track.there_ex, kept * track.there_ey
    track.there_pee = 1.0 - kept * kept * (1.0 - track.there_pee)
    go(track, elapsed, kept)


@formula
def off_there(track: Record, x: float, y: float, variance: float) -> float:
    """Squared distance of a scan from where it is expected of who is still there, m^2."""
    last = lasting(variance)
    dx, dy = x - track.held_x - last * track.there_ex, y - track.held_y - last * track.there_ey
    return float(dx * dx + dy * dy)


@formula
def spread_there(track: Record, variance: float) -> float:
    """Its expected variance, m^2 an axis."""
    last = lasting(variance)
    return float(track.held_spread + last * last * track.there_pee + WHITE * variance)


@formula
def is_wild(track: Record, fix: Record, elapsed: float) -> bool:
    """Whether a scan fits neither, nor anybody who drove; ``elapsed``: seconds since the last one that was taken."""
    expected = math.sqrt(2.0 * WILD * spread_gone(track, fix.variance))
    reach = expected + track.pace * elapsed + driven(elapsed, fix.source)
    fits = off_there(track, fix.x, fix.y, fix.variance) <= 2.0 * WILD * spread_there(track, fix.variance)
    return bool(off_gone(track, fix.x, fix.y, fix.variance) > reach * reach and not (track.stays > 0.0 and fits))


@formula
def driven(elapsed: float, source: int) -> float:
    """Metres that a car may have gone."""
    return DRIVE[source] * elapsed * (1.0 - math.exp(-elapsed / DRIVE_TIME[source]))


@formula
def agrees(track: Record, fix: Record) -> bool:
    """Whether a scan stands near the last wild fix; a track without one has NaN there."""
    dx, dy = fix.x - track.doubt_x, fix.y - track.doubt_y
    reach = AGREE + 2.0 * math.sqrt(fix.variance) + driven(fix.time - track.doubt_time, fix.source)
    return bool(dx * dx + dy * dy <= reach * reach)


@formula
def weigh_both(track: Record, x: float, y: float, variance: float, most: float) -> None:
    """What a scan says of being still there, at most ``most`` log-odds."""
    if not 0.0 < track.stays < 1.0:
        return
    there, gone = spread_there(track, variance), spread_gone(track, variance)
    farther = off_gone(track, x, y, variance) / gone - off_there(track, x, y, variance) / there
    said = math.log(gone / there) + 0.5 * farther
    odds = track.stays / (1.0 - track.stays) * math.exp(min(max(said, -most), most))
    track.stays = odds / (1.0 + odds)


@formula
def learn_there(track: Record, x: float, y: float, variance: float) -> None:
    """The scans' error, if the wearer is still there."""
    last, total = lasting(variance), spread_there(track, variance)
    gain = last * track.there_pee / total
    dx, dy = x - track.held_x - last * track.there_ex, y - track.held_y - last * track.there_ey
    track.there_ex, track.there_ey = track.there_ex + gain * dx, track.there_ey + gain * dy
    track.there_pee -= gain * gain * total


@formula
def learn_from_gnss(track: Record, x: float, y: float, variance: float, time: float) -> None:
    """GNSS tells again: which of the two was so, and by that the scans' error."""
    pass_time(track, time)
    there, gone = track.held_spread + variance, spread_of_gone(track) + variance
    hx, hy, gx, gy = x - track.held_x, y - track.held_y, x - track.gone_x, y - track.gone_y
    stays = track.stays * math.exp(-0.5 * (hx * hx + hy * hy) / there) / there
    goes = (1.0 - track.stays) * math.exp(-0.5 * (gx * gx + gy * gy) / gone) / gone
    if not stays > goes:
        gain = track.gone_pxe / (track.gone_pxx + variance)
        track.there_ex, track.there_ey = track.gone_ex + gain * gx, track.gone_ey + gain * gy
        track.there_pee = track.gone_pee - gain * track.gone_pxe
