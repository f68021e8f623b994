"""The place of who is either still where GNSS last told, or gone on; and its radius, of both.

A track's fields: ``held_x``, ``held_y``, the GNSS place, and ``held_spread``, m^2 an axis; ``stays``, the probability
of being there; and those of ``gone``.
"""

from __future__ import annotations

import math

from formulas.formula import Record, formula
from gateway.fusion.gone import spread_of_gone

HALVINGS = 24
"""Of a radius that is searched for: a hundredth of a metre in a hundred kilometres."""


@formula
def tell_place(track: Record) -> None:
    """Set the place between the two, nearer the likelier, and ``pxx``, the second moment about it, m^2 an axis."""
    stays, goes = track.stays, 1.0 - track.stays
    if stays == 0.0:
        track.x, track.y, track.pxx = track.gone_x, track.gone_y, spread_of_gone(track)
        return
    # By their fourth powers: in the middle between the two nobody is.
    stays, goes = stays * stays, goes * goes
    share = stays * stays / (stays * stays + goes * goes)
    stays, goes = track.stays, 1.0 - track.stays
    track.x = share * track.held_x + (1.0 - share) * track.gone_x
    track.y = share * track.held_y + (1.0 - share) * track.gone_y
    track.pxx = stays * there_about(track) + goes * gone_about(track)


@formula
def there_about(track: Record) -> float:
    """Second moment an axis about the told place of who is still there, m^2."""
    dx, dy = track.held_x - track.x, track.held_y - track.y
    return float(track.held_spread + 0.5 * (dx * dx + dy * dy))


@formula
def gone_about(track: Record) -> float:
    """The same of who has gone on."""
    dx, dy = track.gone_x - track.x, track.gone_y - track.y
    return float(spread_of_gone(track) + 0.5 * (dx * dx + dy * dy))


@formula
def within(track: Record, radius: float) -> float:
    """Probability that the true place is no farther than ``radius`` metres from the told one."""
    square = -0.5 * radius * radius
    beyond = (1.0 - track.stays) * math.exp(square / gone_about(track))
    if track.stays > 0.0:
        beyond += track.stays * math.exp(square / there_about(track))
    return float(1.0 - beyond)


@formula
def radius_of(track: Record, part: float) -> float:
    """The radius, metres, that holds ``part`` of the probability."""
    most = max(gone_about(track), there_about(track) if track.stays > 0.0 else 0.0)
    low, high = 0.0, math.sqrt(-2.0 * math.log(1.0 - part) * most)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if within(track, middle) < part:
            low = middle
        else:
            high = middle
    return high
