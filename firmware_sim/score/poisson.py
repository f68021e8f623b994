"""Exact bounds of a rate from a count (Garwood): the means under which the count would be in a tail of 2.5 %."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

TAIL = 0.025
"""Share of each tail of the two-sided 95 % interval."""
ONE_SIDED = 0.05
"""Share beyond the one-sided bound of 95 %."""


def bounds(count: int, tail: float = TAIL) -> tuple[float, float]:
    """Lower and upper bound of a Poisson mean, given one count: 0 gives (0, 3.689), 10 gives (4.795, 18.390).

    The same as chi-square quantiles: ``q(tail, 2 count) / 2`` and ``q(1 - tail, 2 count + 2) / 2``.
    """
    logarithms = _log_factorials(count)
    lower = _crossing(lambda mean: _at_most(logarithms[:count], mean), 1.0 - tail, count) if count else 0.0
    return lower, _crossing(lambda mean: _at_most(logarithms, mean), tail, count)


def _log_factorials(count: int) -> NDArray[np.float64]:
    """Logarithms of 0! to count!."""
    return np.concatenate(([0.0], np.cumsum(np.log(np.arange(1.0, count + 1.0)))))


def _at_most(log_factorials: NDArray[np.float64], mean: float) -> float:
    """Probability that a Poisson variable is below ``len(log_factorials)``."""
    exponents = np.arange(len(log_factorials)) * math.log(mean) - mean - log_factorials
    return float(np.exp(exponents).sum())


def _crossing(falling: Callable[[float], float], level: float, count: int) -> float:
    """The mean at which a falling function passes a level, by bisection."""
    low, high = 1e-9, count + 10.0 * math.sqrt(count + 1.0)
    while high - low > 1e-10 * high:
        middle = (low + high) / 2.0
        low, high = (middle, high) if falling(middle) > level else (low, middle)
    return (low + high) / 2.0
