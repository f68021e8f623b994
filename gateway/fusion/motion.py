"""Kalman predict and update for many wearers at once, in closed form: no BLAS, no LAPACK, no loop.

Model: position with an Ornstein-Uhlenbeck velocity on each axis (Singer 1970 with the correlation on velocity), and the
error of the fixes as a state of its own, a first-order Gauss-Markov process of the size that the fix states
(autocorrelated measurement noise: Bar-Shalom, Li, Kirubarajan 2001, section 8.2). However often a fix is repeated, its
error averages no faster than it changes, and the place is not worse than the last fix by itself. The noise is
isotropic, so both axes share one 3x3 covariance.

A step is the same formula for columns and for floats (``arithmetic``); what is exponential in it, :class:`Pace`, is
taken in columns beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fencing.arithmetic import Arithmetic

Value = Any
"""A float, or float64 (n,)."""

VELOCITY_TIME = 30.0
"""Seconds after which a walker's or a bus's velocity says little any more."""
ERROR_TIME = 90.0
"""Correlation time of GNSS error: a reflected signal stays wrong for a minute or more (design section 7)."""
WHITE = 0.1
"""Part of a fix's variance that is new with each fix."""


@dataclass(slots=True)
class Motion:
    """State of a filter, or of n: metres, metres per second, errors ``ex``, ``ey`` in sigmas of the fix, covariance.

    A float each, or float64 (n,).
    """

    x: Value
    y: Value
    vx: Value
    vy: Value
    ex: Value
    ey: Value
    pxx: Value
    pxv: Value
    pvv: Value
    pxe: Value
    pve: Value
    pee: Value


@dataclass(slots=True)
class Pace:
    """What a stretch of time does to a filter; a float each, or float64 (n,).

    ``decay`` and ``kept``: parts of velocity and error that are left; ``reach``: seconds that the velocity carries;
    ``noise_xx``, ``noise_xv``, ``noise_vv``: covariance that it adds; ``more``, ``less``: what the variance of a wearer
    who rests is multiplied with and divided by (:func:`pace`).
    """

    decay: Value
    kept: Value
    reach: Value
    noise_xx: Value
    noise_xv: Value
    noise_vv: Value
    more: Value
    less: Value


def begin(x: Value, y: Value, variance: Value, a: Arithmetic) -> Motion:
    """A filter that knows one fix (variance in m^2 per axis) and nothing of the velocity but 3 m/s."""
    zero = 0.0 * variance
    return Motion(
        x, y, zero, zero, zero, zero, variance, zero, zero + 9.0, -_lasting(variance, a), zero, zero + 1.0
    )  # fmt: skip


def pace(elapsed: NDArray[np.float64], velocity_sigma: NDArray[np.float64]) -> Pace:
    """Of ``elapsed`` seconds, for a velocity of standard deviation ``velocity_sigma`` m/s per axis: float64 (n,) each.

    Source: exact discretisation of dv = -v/T dt + noise (Bar-Shalom, Li, Kirubarajan 2001, section 6.2). Of a wearer
    who rests, a fix's error resembles the last one's: a first-order Gauss-Markov error with correlation time T averages
    down like independent errors of variance s^2 * coth(dt / 2T), here (1 + e^(-dt/T)) / (1 - e^(-dt/T)).
    """
    decay = np.exp(np.ascontiguousarray(-elapsed / VELOCITY_TIME))
    kept = np.exp(np.ascontiguousarray(-elapsed / ERROR_TIME))
    alike = np.exp(np.ascontiguousarray(-np.maximum(elapsed, 1.0) / ERROR_TIME))
    reach = VELOCITY_TIME * (1.0 - decay)
    variance = velocity_sigma * velocity_sigma
    return Pace(
        decay, kept, reach, variance * VELOCITY_TIME * np.maximum(0.0, 2.0 * elapsed - reach * (3.0 - decay)),
        variance * reach * (1.0 - decay), variance * (1.0 - decay * decay), 1.0 + alike, 1.0 - alike,
    )  # fmt: skip


def predict(motion: Motion, pace: Pace) -> Motion:
    """The state a while later."""
    decay, kept, reach = pace.decay, pace.kept, pace.reach
    return Motion(
        motion.x + reach * motion.vx, motion.y + reach * motion.vy, decay * motion.vx, decay * motion.vy,
        kept * motion.ex, kept * motion.ey,
        motion.pxx + 2.0 * reach * motion.pxv + reach * reach * motion.pvv + pace.noise_xx,
        decay * (motion.pxv + reach * motion.pvv) + pace.noise_xv,
        decay * decay * motion.pvv + pace.noise_vv,
        kept * (motion.pxe + reach * motion.pve), kept * decay * motion.pve, 1.0 - kept * kept * (1.0 - motion.pee),
    )  # fmt: skip


def surprise(motion: Motion, x: Value, y: Value, variance: Value, a: Arithmetic) -> Value:
    """Normalised innovation squared of a fix, chi-squared with two degrees of freedom when the model holds."""
    lasting = _lasting(variance, a)
    dx, dy = _innovation(motion, x, y, lasting)
    return (dx * dx + dy * dy) / _spread(motion, variance, lasting)


def loosen(motion: Motion, x: Value, y: Value, excess: Value, a: Arithmetic) -> Motion:
    """Where ``excess``: a manoeuvre, so let the position variance admit the fix at one sigma."""
    dx, dy = x - motion.x, y - motion.y
    gap = 0.5 * (dx * dx + dy * dy)
    pxx = a.where(excess, a.maximum(motion.pxx, gap), motion.pxx)
    pvv = a.where(excess, a.maximum(motion.pvv, 9.0), motion.pvv)
    ex, ey, pxv, pxe, pve = (
        a.where(excess, 0.0, each) for each in (motion.ex, motion.ey, motion.pxv, motion.pxe, motion.pve)
    )
    pee = a.where(excess, 1.0, motion.pee)
    return Motion(motion.x, motion.y, motion.vx, motion.vy, ex, ey, pxx, pxv, pvv, pxe, pve, pee)


def another_error(motion: Motion, changed: Value, a: Arithmetic) -> Motion:
    """Where the next fix has another error than the last (another source, a reflection that came): forget that one."""
    ex, ey, pxe, pve = (a.where(changed, 0.0, each) for each in (motion.ex, motion.ey, motion.pxe, motion.pve))
    pee = a.where(changed, 1.0, motion.pee)
    return Motion(
        motion.x, motion.y, motion.vx, motion.vy, ex, ey, motion.pxx, motion.pxv, motion.pvv, pxe, pve, pee
    )  # fmt: skip


def update(motion: Motion, x: Value, y: Value, variance: Value, a: Arithmetic) -> Motion:
    """The state after a fix of isotropic ``variance`` (m^2 per axis)."""
    lasting = _lasting(variance, a)
    total = _spread(motion, variance, lasting)
    gain_x = (motion.pxx + lasting * motion.pxe) / total
    gain_v = (motion.pxv + lasting * motion.pve) / total
    gain_e = (motion.pxe + lasting * motion.pee) / total
    dx, dy = _innovation(motion, x, y, lasting)
    return Motion(
        motion.x + gain_x * dx, motion.y + gain_x * dy, motion.vx + gain_v * dx, motion.vy + gain_v * dy,
        motion.ex + gain_e * dx, motion.ey + gain_e * dy,
        motion.pxx - gain_x * gain_x * total, motion.pxv - gain_x * gain_v * total,
        motion.pvv - gain_v * gain_v * total, motion.pxe - gain_x * gain_e * total,
        motion.pve - gain_v * gain_e * total, motion.pee - gain_e * gain_e * total,
    )  # fmt: skip


def _lasting(variance: Value, a: Arithmetic) -> Value:
    """Sigma of the part of a fix's error that lasts, metres."""
    return a.sqrt((1.0 - WHITE) * variance)


def _innovation(motion: Motion, x: Value, y: Value, lasting: Value) -> tuple[Value, Value]:
    return x - motion.x - lasting * motion.ex, y - motion.y - lasting * motion.ey


def _spread(motion: Motion, variance: Value, lasting: Value) -> Value:
    """Variance of what a fix is expected to say, m^2."""
    return motion.pxx + 2.0 * lasting * motion.pxe + lasting * lasting * motion.pee + WHITE * variance
