"""Kalman predict and update for many wearers at once, in closed form: no BLAS, no LAPACK, no loop.

Model: position with an Ornstein-Uhlenbeck velocity on each axis (Singer 1970 with the correlation on velocity), the
measurement noise isotropic, so both axes share one 2x2 covariance (pxx, pxv, pvv).
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


@dataclass(slots=True)
class Motion:
    """State of n filters: metres, metres per second and their covariance. float64 (n,) each."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    vx: NDArray[np.float64]
    vy: NDArray[np.float64]
    pxx: NDArray[np.float64]
    pxv: NDArray[np.float64]
    pvv: NDArray[np.float64]


def begin(x: NDArray[np.float64], y: NDArray[np.float64], variance: NDArray[np.float64]) -> Motion:
    """Filters that know one fix each (variance in m^2 per axis) and nothing of the velocity but 3 m/s."""
    zero = np.zeros_like(x)
    return Motion(x, y, zero, zero, variance, zero, np.full_like(x, 9.0))


def predict(motion: Motion, elapsed: NDArray[np.float64], velocity_sigma: NDArray[np.float64]) -> Motion:
    """The state ``elapsed`` seconds later, for a velocity of standard deviation ``velocity_sigma`` m/s per axis.

    Source: exact discretisation of dv = -v/T dt + noise (Bar-Shalom, Li, Kirubarajan 2001, section 6.2).
    """
    decay = np.exp(np.ascontiguousarray(-elapsed / VELOCITY_TIME))
    reach = VELOCITY_TIME * (1.0 - decay)
    variance = velocity_sigma * velocity_sigma
    noise_xx = variance * VELOCITY_TIME * np.maximum(0.0, 2.0 * elapsed - reach * (3.0 - decay))
    noise_xv = variance * reach * (1.0 - decay)
    noise_vv = variance * (1.0 - decay * decay)
    return Motion(
        motion.x + reach * motion.vx, motion.y + reach * motion.vy, decay * motion.vx, decay * motion.vy,
        motion.pxx + 2.0 * reach * motion.pxv + reach * reach * motion.pvv + noise_xx,
        decay * (motion.pxv + reach * motion.pvv) + noise_xv,
        decay * decay * motion.pvv + noise_vv,
    )  # fmt: skip


def surprise(
    motion: Motion, x: NDArray[np.float64], y: NDArray[np.float64], variance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Normalised innovation squared of a fix, chi-squared with two degrees of freedom when the model holds."""
    return ((x - motion.x) ** 2 + (y - motion.y) ** 2) / (motion.pxx + variance)


def loosen(motion: Motion, x: NDArray[np.float64], y: NDArray[np.float64], excess: NDArray[np.bool_]) -> Motion:
    """Where ``excess``: a manoeuvre, so let the position variance admit the fix at one sigma."""
    gap = 0.5 * ((x - motion.x) ** 2 + (y - motion.y) ** 2)
    pxx = np.where(excess, np.maximum(motion.pxx, gap), motion.pxx)
    pvv = np.where(excess, np.maximum(motion.pvv, 9.0), motion.pvv)
    return Motion(motion.x, motion.y, motion.vx, motion.vy, pxx, np.where(excess, 0.0, motion.pxv), pvv)


def update(motion: Motion, x: NDArray[np.float64], y: NDArray[np.float64], variance: NDArray[np.float64]) -> Motion:
    """The state after a fix of isotropic ``variance`` (m^2 per axis)."""
    total = motion.pxx + variance
    gain_x, gain_v = motion.pxx / total, motion.pxv / total
    dx, dy = x - motion.x, y - motion.y
    return Motion(
        motion.x + gain_x * dx, motion.y + gain_x * dy, motion.vx + gain_v * dx, motion.vy + gain_v * dy,
        (1.0 - gain_x) * motion.pxx, (1.0 - gain_x) * motion.pxv, motion.pvv - gain_v * motion.pxv,
    )  # fmt: skip


def correlated(variance: NDArray[np.float64], elapsed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Variance to use for a fix whose error resembles that of the last one, ``elapsed`` seconds ago.

    A first-order Gauss-Markov error with correlation time T averages down like independent errors of variance
    s^2 * coth(dt / 2T); for dt >> T that is s^2. Written with exp only: (1 + e^(-dt/T)) / (1 - e^(-dt/T)).
    """
    kept = np.exp(np.ascontiguousarray(-np.maximum(elapsed, 1.0) / ERROR_TIME))
    return variance * (1.0 + kept) / (1.0 - kept)
