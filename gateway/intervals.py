"""How sure a share is that was counted."""

from __future__ import annotations

import math
from typing import Final

NORMAL95: Final = 1.959963984540054
"""Two-sided 95 % quantile of the normal distribution."""


def wilson(true: int, count: int) -> tuple[float, float]:
    """The two-sided 95 % interval of a share (E. B. Wilson, 1927), 0 to 1; ``count`` above 0."""
    square, share = NORMAL95**2, true / count
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = NORMAL95 / (1 + square / count) * math.sqrt(share * (1 - share) / count + square / (4 * count**2))
    return max(0.0, middle - half), min(1.0, middle + half)
