"""A histogram of spans in buckets of equal ratio: fixed memory, a relative error of at most 0.75 %."""

from __future__ import annotations

import math

LEAST, GREATEST = 1e-6, 3600.0
"""Seconds between which the error holds; shorter and longer spans count in the outermost buckets."""
RATIO = 1.015
"""Upper bound of a bucket to its lower one; its middle is at most sqrt(1.015), 0.75 %, away from either."""
_PER_BUCKET = math.log(RATIO)
_LAST = math.ceil(math.log(GREATEST / LEAST) / _PER_BUCKET) - 1


class Histogram:
    """Spans of time in seconds.

    Attributes:
        count: spans recorded.
        greatest: the longest of them, exact; 0 without any.
    """

    __slots__ = ("_buckets", "_shortest", "count", "greatest")

    def __init__(self) -> None:
        self.count = 0
        self.greatest = 0.0
        self._shortest = math.inf
        self._buckets = [0] * (_LAST + 1)

    def record(self, seconds: float) -> None:
        """Count a span; a negative one counts as the shortest."""
        bucket = int(math.log(seconds / LEAST) / _PER_BUCKET) if seconds > LEAST else 0
        self._buckets[min(bucket, _LAST)] += 1
        self.count += 1
        self.greatest = max(self.greatest, seconds)
        self._shortest = min(self._shortest, seconds)

    def quantile(self, share: float) -> float | None:
        """The shortest span that at least this share (0 < share <= 1) of all do not exceed; None without any.

        That of the longest span is exact.
        """
        rank, seen = math.ceil(share * self.count), 0
        for bucket, count in enumerate(self._buckets):
            seen += count
            if seen >= rank > 0:
                middle = LEAST * math.exp((bucket + 0.5) * _PER_BUCKET)
                return self.greatest if rank == self.count else min(max(middle, self._shortest), self.greatest)
        return None
