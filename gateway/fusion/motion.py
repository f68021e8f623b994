"""Kalman predict and update of one wearer, in closed form: no matrices, no BLAS.

Model: position with an Ornstein-Uhlenbeck velocity on each axis (Singer 1970 with the correlation on velocity), and the
error of the fixes as a state of its own, a first-order Gauss-Markov process of the size that the fix states
(autocorrelated measurement noise: Bar-Shalom, Li, Kirubarajan 2001, section 8.2). However often a fix is repeated, its
error averages no faster than it changes, and the place is not worse than the last fix by itself. The noise is
isotropic, so both axes share one 3x3 covariance.

A motion is a record with the fields of :data:`MOTION`, changed in place: metres, metres per second, errors ``ex``,
``ey`` in sigmas of the fix, covariance.
"""

from __future__ import annotations

import math
from typing import Final

from fencing.formula import Record, formula

MOTION: Final = ("x", "y", "vx", "vy", "ex", "ey", "pxx", "pxv", "pvv", "pxe", "pve", "pee")
VELOCITY_TIME = 30.0
"""Seconds after which a walker's or a bus's velocity says little any more."""
ERROR_TIME = 90.0
"""Correlation time of GNSS error: a reflected signal stays wrong for a minute or more (design section 7)."""
WHITE = 0.1
"""Part of a fix's variance that is new with each fix."""
FIRST_VELOCITY = 3.0
"""Metres per second per axis: sigma of a velocity that nothing is known of."""


@formula
def begin(motion: Record, x: float, y: float, variance: float) -> None:
    """Know one fix (variance in m^2 per axis), and nothing of the velocity but FIRST_VELOCITY."""
    motion.x, motion.y, motion.vx, motion.vy, motion.ex, motion.ey = x, y, 0.0, 0.0, 0.0, 0.0
    motion.pxx, motion.pxv, motion.pvv = variance, 0.0, FIRST_VELOCITY * FIRST_VELOCITY
    motion.pxe, motion.pve, motion.pee = -lasting(variance), 0.0, 1.0


@formula
def predict(motion: Record, elapsed: float, velocity_sigma: float) -> None:
    """``elapsed`` seconds later, at a velocity of standard deviation ``velocity_sigma`` m/s per axis.

    Source: exact discretisation of dv = -v/T dt + noise (Bar-Shalom, Li, Kirubarajan 2001, section 6.2).
    """
    decay, kept = math.exp(-elapsed / VELOCITY_TIME), math.exp(-elapsed / ERROR_TIME)
    reach, variance = VELOCITY_TIME * (1.0 - decay), velocity_sigma * velocity_sigma
    noise_xx = variance * VELOCITY_TIME * max(0.0, 2.0 * elapsed - reach * (3.0 - decay))
    motion.x, motion.y = motion.x + reach * motion.vx, motion.y + reach * motion.vy
    motion.vx, motion.vy = decay * motion.vx, decay * motion.vy
    motion.ex, motion.ey = kept * motion.ex, kept * motion.ey
    motion.pxx = motion.pxx + 2.0 * reach * motion.pxv + reach * reach * motion.pvv + noise_xx
    motion.pxv = decay * (motion.pxv + reach * motion.pvv) + variance * reach * (1.0 - decay)
    motion.pxe = kept * (motion.pxe + reach * motion.pve)
    motion.pve = kept * decay * motion.pve
    motion.pvv = decay * decay * motion.pvv + variance * (1.0 - decay * decay)
    motion.pee = 1.0 - kept * kept * (1.0 - motion.pee)


@formula
def averaging(elapsed: float) -> float:
    """What the variance of a wearer who rests is multiplied with, so that fixes average as slowly as their errors do.

    A first-order Gauss-Markov error with correlation time T averages down like independent errors of variance
    s^2 * coth(dt / 2T), here (1 + e^(-dt/T)) / (1 - e^(-dt/T)).
    """
    alike = math.exp(-max(elapsed, 1.0) / ERROR_TIME)
    return (1.0 + alike) / (1.0 - alike)


@formula
def surprise(motion: Record, x: float, y: float, variance: float) -> float:
    """Normalised innovation squared of a fix, chi-squared with two degrees of freedom when the model holds."""
    lasts = lasting(variance)
    dx, dy = x - motion.x - lasts * motion.ex, y - motion.y - lasts * motion.ey
    return float((dx * dx + dy * dy) / expected(motion, variance))


@formula
def loosen(motion: Record, x: float, y: float) -> None:
    """A manoeuvre: let the position variance admit the fix at one sigma."""
    another_error(motion)
    dx, dy = x - motion.x, y - motion.y
    motion.pxx = max(motion.pxx, 0.5 * (dx * dx + dy * dy))
    motion.pvv = max(motion.pvv, FIRST_VELOCITY * FIRST_VELOCITY)
    motion.pxv = 0.0


@formula
def another_error(motion: Record) -> None:
    """The next fix has another error than the last (another source, a reflection that came): forget that one."""
    motion.ex, motion.ey, motion.pxe, motion.pve, motion.pee = 0.0, 0.0, 0.0, 0.0, 1.0


@formula
def update(motion: Record, x: float, y: float, variance: float) -> None:
    """Take a fix of isotropic ``variance`` (m^2 per axis)."""
    lasts, total = lasting(variance), expected(motion, variance)
    gain_x = (motion.pxx + lasts * motion.pxe) / total
    gain_v = (motion.pxv + lasts * motion.pve) / total
    gain_e = (motion.pxe + lasts * motion.pee) / total
    dx, dy = x - motion.x - lasts * motion.ex, y - motion.y - lasts * motion.ey
    motion.x, motion.y = motion.x + gain_x * dx, motion.y + gain_x * dy
    motion.vx, motion.vy = motion.vx + gain_v * dx, motion.vy + gain_v * dy
    motion.ex, motion.ey = motion.ex + gain_e * dx, motion.ey + gain_e * dy
    motion.pxx, motion.pxv = motion.pxx - gain_x * gain_x * total, motion.pxv - gain_x * gain_v * total
    motion.pvv, motion.pxe = motion.pvv - gain_v * gain_v * total, motion.pxe - gain_x * gain_e * total
    motion.pve, motion.pee = motion.pve - gain_v * gain_e * total, motion.pee - gain_e * gain_e * total


@formula
def lasting(variance: float) -> float:
    """Sigma of the part of a fix's error that lasts, metres."""
    return math.sqrt((1.0 - WHITE) * variance)


@formula
def expected(motion: Record, variance: float) -> float:
    """Variance of what a fix is expected to say, m^2 per axis."""
    lasts = lasting(variance)
    of_error = 2.0 * lasts * motion.pxe + lasts * lasts * motion.pee
    return float(motion.pxx + of_error + WHITE * variance)
