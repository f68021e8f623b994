"""Where a wearer is, fix by fix, in closed form.

Two models; the stated speed says which holds:

* **Under way** the place is the fix. A receiver's own filter knows its signals; what it leaves is a drifting error
  (multipath), which moves prediction and fix alike, so that a filter behind the receiver mostly adds lag.
* **At rest** place and error are two states, the error first-order Gauss-Markov (autocorrelated measurement noise:
  Bar-Shalom, Li, Kirubarajan 2001, section 8.2). However often a fix is repeated, its error averages no faster than it
  changes. The noise is isotropic: both axes share one 2x2 covariance. Fixes that lie too far off for too long say that
  the wearer has moved: then the place is the fix again, and until that has lasted its radius holds the old one too.

The filter runs on nominal sizes (``sigma``): what is learnt of a receiver (``scale``) moves no place, and no more than
the gate by which a place at rest is left.

A motion is a record with these fields, changed in place: ``x``, ``y`` metres; ``vx``, ``vy`` metres per second; errors
``ex``, ``ey`` in sigmas of the fix; covariance ``pxx``, ``pxe``, ``pee``; ``strain``, the mean squared distance of
fixes from a place at rest, beside the expected; ``leap``, m^2 per axis more after a place leapt at rest.
"""

from __future__ import annotations

import math

from formulas.formula import Record, formula

REST_TIME = 600.0
"""Correlation time of GNSS error at rest, seconds: satellites move half a degree a minute, and a reflector's geometry
with them (periods of minutes: Misra, Enge 2011, section 5.4). Long on purpose: taken too short, radii are too small;
too long costs some averaging."""
WHITE = 0.1
"""Part of a fix's nominal variance that is new with each fix."""
DRIFT = 0.006
"""m^2 a second per axis by which somebody who stands may have moved: some 5 m an hour, from room to room."""
VELOCITY_TIME = 10.0
"""Seconds over which the velocity that is told to people is averaged. No place rests on it."""
BRIEFEST = 0.1
"""Seconds: no velocity comes of less."""
STRAIN_TIME, LEAST_OLD = 300.0, 0.75
"""Seconds over which the distance of fixes from a place at rest is averaged; and of the mean at least so much stays
with one fix, so that five at least make it."""
STRAINED, TORN = 4.0, 9.0
"""Squared distances beside the expected (1) that say that the wearer has moved while the device said it stood: a mean
(2.8 sigma that last), and a single one (4.2 sigma; Rayleigh: 1 in 8,000)."""
LEAP = 9.0
"""Sigmas up to which a leap at rest may be an error; beyond, nothing but a move explains it."""


@formula
def begin(motion: Record, x: float, y: float, variance: float) -> None:
    """Know one fix (variance in m^2 per axis)."""
    motion.vx, motion.vy = 0.0, 0.0
    place(motion, x, y, variance, 0.0)


@formula
def follow(motion: Record, x: float, y: float, variance: float, leap: float, elapsed: float) -> None:
    """Under way: the place is the fix, its error unknown again; the velocity an average."""
    held = math.exp(-max(elapsed, 0.0) / VELOCITY_TIME)
    new = (1.0 - held) / max(elapsed, BRIEFEST)
    motion.vx = held * motion.vx + new * (x - motion.x)
    motion.vy = held * motion.vy + new * (y - motion.y)
    place(motion, x, y, variance, leap)


@formula
def place(motion: Record, x: float, y: float, variance: float, leap: float) -> None:
    """The place is a fix."""
    motion.x, motion.y, motion.ex, motion.ey = x, y, 0.0, 0.0
    motion.pxx, motion.pxe, motion.pee = variance, -lasting(variance), 1.0
    motion.strain, motion.leap = 1.0, leap


@formula
def strained(motion: Record, x: float, y: float, spread: float, elapsed: float) -> float:
    """The strain of who rests, with a fix more. ``spread``: variance of errors, m^2 an axis."""
    old = max(math.exp(-max(elapsed, 0.0) / STRAIN_TIME), LEAST_OLD)
    away = apart(motion, x, y) / (2.0 * (spread + motion.pxx))
    return float(away + old * (motion.strain - away))


@formula
def has_moved(motion: Record, x: float, y: float, spread: float, elapsed: float) -> bool:
    """Whether a fix says that who rested here has left."""
    torn = apart(motion, x, y) > 2.0 * TORN * (spread + motion.pxx)
    return bool(torn or strained(motion, x, y, spread, elapsed) > STRAINED)


@formula
def leaped(motion: Record, x: float, y: float, spread: float) -> float:
    """Variance, m^2 per axis, of who is either at the old place or at the new: half the way between, squared.

    None where no error is that large: then it was a move.
    """
    way = apart(motion, x, y)
    return 0.25 * way if way <= LEAP * LEAP * spread else 0.0


@formula
def stay(motion: Record, x: float, y: float, variance: float, spread: float, elapsed: float) -> None:
    """At rest: the state a while later, with a fix taken into place, error and strain."""
    kept = math.exp(-max(elapsed, 0.0) / REST_TIME)
    motion.strain = strained(motion, x, y, spread, elapsed)
    motion.vx, motion.vy, motion.ex, motion.ey = 0.0, 0.0, kept * motion.ex, kept * motion.ey
    motion.pxx, motion.pxe = motion.pxx + DRIFT * max(elapsed, 0.0), kept * motion.pxe
    motion.pee, motion.leap = 1.0 - kept * kept * (1.0 - motion.pee), kept * motion.leap
    update(motion, x, y, variance)


@formula
def update(motion: Record, x: float, y: float, variance: float) -> None:
    """Take a fix of isotropic ``variance`` (m^2 per axis)."""
    last = lasting(variance)
    total = motion.pxx + 2.0 * last * motion.pxe + last * last * motion.pee + WHITE * variance
    gain_x, gain_e = (motion.pxx + last * motion.pxe) / total, (motion.pxe + last * motion.pee) / total
    dx, dy = x - motion.x - last * motion.ex, y - motion.y - last * motion.ey
    motion.x, motion.y = motion.x + gain_x * dx, motion.y + gain_x * dy
    motion.ex, motion.ey = motion.ex + gain_e * dx, motion.ey + gain_e * dy
    motion.pxx, motion.pxe = motion.pxx - gain_x * gain_x * total, motion.pxe - gain_x * gain_e * total
    motion.pee = motion.pee - gain_e * gain_e * total


@formula
def apart(motion: Record, x: float, y: float) -> float:
    """Squared distance of a fix from the place, m^2."""
    dx, dy = x - motion.x, y - motion.y
    return float(dx * dx + dy * dy)


@formula
def lasting(variance: float) -> float:
    """Sigma of the part of a fix's error that lasts, metres."""
    return math.sqrt((1.0 - WHITE) * variance)
