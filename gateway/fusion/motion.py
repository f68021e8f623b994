"""Kalman predict and update for many wearers at once, in closed form: no BLAS, no LAPACK, no loop.

Model: position with an Ornstein-Uhlenbeck velocity on each axis (Singer 1970 with the correlation on velocity), and the
error of the fixes as a state of its own, a first-order Gauss-Markov process of the size that the fix states
(autocorrelated measurement noise: Bar-Shalom, Li, Kirubarajan 2001, section 8.2). However often a fix is repeated, its
error averages no faster than it changes, and the place is not worse than the last fix by itself. The noise is
isotropic, so both axes share one 3x3 covariance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

VELOCITY_TIME = 30.0
"""Seconds after which a walker's or a bus's velocity says little any more."""
ERROR_TIME = 90.0
"""Correlation time of GNSS error: a reflected signal stays wrong for a minute or more (design section 7)."""
WHITE = 0.1
"""Part of a fix's variance that is new with each fix."""


@dataclass(slots=True)
class Motion:
    """State of n filters: metres, metres per second, errors ``ex``, ``ey`` in sigmas of the fix, and the covariance.

    float64 (n,) each.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    vx: NDArray[np.float64]
    vy: NDArray[np.float64]
    ex: NDArray[np.float64]
    ey: NDArray[np.float64]
    pxx: NDArray[np.float64]
    pxv: NDArray[np.float64]
    pvv: NDArray[np.float64]
    pxe: NDArray[np.float64]
    pve: NDArray[np.float64]
    pee: NDArray[np.float64]


def begin(x: NDArray[np.float64], y: NDArray[np.float64], variance: NDArray[np.float64]) -> Motion:
    """Filters that know one fix each (variance in m^2 per axis) and nothing of the velocity but 3 m/s."""
    zero, one = np.zeros_like(x), np.ones_like(x)
    return Motion(
        x, y, zero, zero, zero, zero, variance, zero, np.full_like(x, 9.0), -_lasting(variance), zero, one
    )  # fmt: skip


def predict(motion: Motion, elapsed: NDArray[np.float64], velocity_sigma: NDArray[np.float64]) -> Motion:
    """The state ``elapsed`` seconds later, for a velocity of standard deviation ``velocity_sigma`` m/s per axis.

    Source: exact discretisation of dv = -v/T dt + noise (Bar-Shalom, Li, Kirubarajan 2001, section 6.2).
    """
    decay = np.exp(np.ascontiguousarray(-elapsed / VELOCITY_TIME))
    kept = np.exp(np.ascontiguousarray(-elapsed / ERROR_TIME))
    reach = VELOCITY_TIME * (1.0 - decay)
    variance = velocity_sigma * velocity_sigma
    noise_xx = variance * VELOCITY_TIME * np.maximum(0.0, 2.0 * elapsed - reach * (3.0 - decay))
    noise_xv = variance * reach * (1.0 - decay)
    noise_vv = variance * (1.0 - decay * decay)
    return Motion(
        motion.x + reach * motion.vx, motion.y + reach * motion.vy, decay * motion.vx, decay * motion.vy,
        kept * motion.ex, kept * motion.ey,
        motion.pxx + 2.0 * reach * motion.pxv + reach * reach * motion.pvv + noise_xx,
        decay * (motion.pxv + reach * motion.pvv) + noise_xv,
        decay * decay * motion.pvv + noise_vv,
        kept * (motion.pxe + reach * motion.pve), kept * decay * motion.pve, 1.0 - kept * kept * (1.0 - motion.pee),
    )  # fmt: skip


def surprise(
    motion: Motion, x: NDArray[np.float64], y: NDArray[np.float64], variance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Normalised innovation squared of a fix, chi-squared with two degrees of freedom when the model holds."""
    dx, dy = _innovation(motion, x, y, variance)
    return (dx * dx + dy * dy) / _spread(motion, variance)


def loosen(motion: Motion, x: NDArray[np.float64], y: NDArray[np.float64], excess: NDArray[np.bool_]) -> Motion:
    """Where ``excess``: a manoeuvre, so let the position variance admit the fix at one sigma."""
    gap = 0.5 * ((x - motion.x) ** 2 + (y - motion.y) ** 2)
    pxx = np.where(excess, np.maximum(motion.pxx, gap), motion.pxx)
    pvv = np.where(excess, np.maximum(motion.pvv, 9.0), motion.pvv)
    ex, ey, pxv, pxe, pve = (
        np.where(excess, 0.0, each) for each in (motion.ex, motion.ey, motion.pxv, motion.pxe, motion.pve)
    )
    pee = np.where(excess, 1.0, motion.pee)
    return Motion(motion.x, motion.y, motion.vx, motion.vy, ex, ey, pxx, pxv, pvv, pxe, pve, pee)


def another_error(motion: Motion, changed: NDArray[np.bool_]) -> Motion:
    """Where the next fix has another error than the last (another source, a reflection that came): forget that one."""
    ex, ey, pxe, pve = (np.where(changed, 0.0, each) for each in (motion.ex, motion.ey, motion.pxe, motion.pve))
    pee = np.where(changed, 1.0, motion.pee)
    return Motion(
        motion.x, motion.y, motion.vx, motion.vy, ex, ey, motion.pxx, motion.pxv, motion.pvv, pxe, pve, pee
    )  # fmt: skip


def update(motion: Motion, x: NDArray[np.float64], y: NDArray[np.float64], variance: NDArray[np.float64]) -> Motion:
    """The state after a fix of isotropic ``variance`` (m^2 per axis)."""
    lasting, total = _lasting(variance), _spread(motion, variance)
    gain_x = (motion.pxx + lasting * motion.pxe) / total
    gain_v = (motion.pxv + lasting * motion.pve) / total
    gain_e = (motion.pxe + lasting * motion.pee) / total
    dx, dy = _innovation(motion, x, y, variance)
    return Motion(
        motion.x + gain_x * dx, motion.y + gain_x * dy, motion.vx + gain_v * dx, motion.vy + gain_v * dy,
        motion.ex + gain_e * dx, motion.ey + gain_e * dy,
        motion.pxx - gain_x * gain_x * total, motion.pxv - gain_x * gain_v * total,
        motion.pvv - gain_v * gain_v * total, motion.pxe - gain_x * gain_e * total,
        motion.pve - gain_v * gain_e * total, motion.pee - gain_e * gain_e * total,
    )  # fmt: skip


def correlated(variance: NDArray[np.float64], elapsed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Variance to use, of a wearer who rests, for a fix whose error resembles that of the last one, ``elapsed`` s ago.

    A first-order Gauss-Markov error with correlation time T averages down like independent errors of variance
    s^2 * coth(dt / 2T); for dt >> T that is s^2. Written with exp only: (1 + e^(-dt/T)) / (1 - e^(-dt/T)).
    """
    kept = np.exp(np.ascontiguousarray(-np.maximum(elapsed, 1.0) / ERROR_TIME))
    return variance * (1.0 + kept) / (1.0 - kept)


def _lasting(variance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sigma of the part of a fix's error that lasts, metres."""
    return np.sqrt((1.0 - WHITE) * variance)


def _innovation(
    motion: Motion, x: NDArray[np.float64], y: NDArray[np.float64], variance: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    lasting = _lasting(variance)
    return x - motion.x - lasting * motion.ex, y - motion.y - lasting * motion.ey


def _spread(motion: Motion, variance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Variance of what a fix is expected to say, m^2."""
    lasting = _lasting(variance)
    return motion.pxx + 2.0 * lasting * motion.pxe + lasting * lasting * motion.pee + WHITE * variance
