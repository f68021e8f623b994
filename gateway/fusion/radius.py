"""How far off a place may be: the model's sigma, and by how much radii are wider, by what is known of the errors.

The table is calibrated on synthetic tracks of many error times, sizes and wrong stated sigmas and on a street canyon of
Berlin, each scene weighing the same: where little is known of a receiver, its sigma is a guess (log-sd 0.6), so that
the radius of 95 % is wider than a normal distribution's (docs/accuracy.md).

A track is a record of the track's bank: a motion, a scale, what scans say (``coarse``), and ``source`` of the last fix;
of GNSS's ``variance`` (nominal) and ``went`` (m/s, NaN where none is stated); ``idle`` is for how many seconds the
wearer has rested.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from formulas.formula import Loop, Record, formula
from gateway.fusion.mixed import radius_of
from gateway.fusion.scale import square
from protocols.report import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

PLACE = 0.1
"""Of the variance of an error at rest: belongs to the place (its walls), and does not average out."""
SURE = 4.0
"""Degrees of freedom of far pairs from which a receiver's errors are known."""
HINTED = 2.0
"""The same of near pairs."""
SETTLED = 120.0
"""Seconds at rest from which on the place is averaged."""
HALF = 0.5
"""Of the variance of a sharp place averages out at rest: where access points stand is surveyed once, and walls stay."""
AVERAGED = 0.999
"""Part of a fix's variance below which a place is of several."""
RADIUS67 = (1.80, 1.30, 1.55, 1.42, 1.46, 1.35, 1.05)
RADIUS95 = (4.30, 3.30, 4.00, 3.70, 3.60, 3.30, 2.20)
"""Radii in sigmas, by :func:`situation`. (Of a known circular normal distribution: 1.48 and 2.45.)"""
PART67, PART95 = 0.67, 0.95
NORMAL67, NORMAL95 = 1.4823, 2.4477
"""Radii in sigmas that hold 67 and 95 % of a circular normal distribution: sqrt(-2 ln 0.33), sqrt(-2 ln 0.05)."""
GNSS = int(Source.GNSS)
RADII = np.dtype([("r67", "f8"), ("r95", "f8"), ("sigma", "f8")])
"""Metres: radii that hold the true place at 67 and 95 %; and the sigma per axis that verdicts reckon with."""


def radii(tracks: NDArray[np.void]) -> NDArray[np.void]:
    """How far off tracks may be: ``RADII`` (n,); NaN where there is none."""
    found = np.empty(len(tracks), RADII)
    _measure(tracks, found)
    return found


@Loop
def _measure(tracks: NDArray[np.void], found: NDArray[np.void]) -> None:
    for index in range(len(tracks)):
        measure(tracks[index], found[index])


@formula
def measure(track: Record, found: Record) -> None:
    """One track's radii."""
    if track.sharp:
        sigma = settled_sigma(track)
        found.r67, found.r95, found.sigma = NORMAL67 * sigma, NORMAL95 * sigma, sigma
    elif track.source == GNSS:
        sigma, place = model(track), situation(track)
        found.r67, found.r95 = RADIUS67[place] * sigma, RADIUS95[place] * sigma
        # Of a normal distribution with the same 95 %.
        found.sigma = found.r95 / NORMAL95
    elif math.isnan(track.x):
        found.r67, found.r95, found.sigma = math.nan, math.nan, math.nan
    else:
        found.r67, found.r95, found.sigma = radius_of(track, PART67), radius_of(track, PART95), math.sqrt(track.pxx)


@formula
def is_fixed(track: Record) -> bool:
    """Whether the place is a fix, and not of scans: GNSS told it, or access points or a beacon that are known well."""
    return bool(track.sharp or track.source == GNSS)


@formula
def spread(track: Record) -> float:
    """Variance, m^2 an axis, that the place of a fix has in verdicts."""
    if track.sharp:
        sharp = settled_sigma(track)
        return float(sharp * sharp)
    sigma = RADIUS95[situation(track)] * model(track) / NORMAL95
    return float(sigma * sigma)


@formula
def situation(track: Record) -> int:
    """0 no speed stated, 1 the same and errors known; under way 2 nothing known, 3 a hint, 4 known; at rest 5, 6."""
    is_sure = track.far_n >= SURE
    if math.isnan(track.went):
        return 1 if is_sure else 0
    if track.idle >= SETTLED:
        return 6 if is_sure else 5
    if is_sure:
        return 4
    return 3 if track.near_n >= HINTED else 2


@formula
def settled_sigma(track: Record) -> float:
    """Standard deviation per axis, metres, of a sharp place: a receiver's errors have no part in it."""
    return math.sqrt(HALF * track.pxx + (1.0 - HALF) * max(track.variance, track.pxx) + track.leap)


@formula
def model(track: Record) -> float:
    """Standard deviation per axis, metres, of a GNSS place before calibration."""
    of_place = PLACE * track.variance if track.pxx < AVERAGED * track.variance else 0.0
    return math.sqrt(square(track) * (track.pxx + of_place) + track.leap)
