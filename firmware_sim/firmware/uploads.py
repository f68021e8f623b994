"""In which order a bracelet sends what it had stored, and whether live reports wait for that: one row a policy.

What a report says, and how many there are, is the same under each of them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]
    Order = Callable[[Rows, np.random.Generator], Rows]


class Upload(StrEnum):
    """Names of the policies."""

    BACKLOG_FIRST = "backlog_first"
    LIVE_FIRST = "live_first"
    NEWEST_FIRST = "newest_first"
    SHUFFLED = "shuffled"


class Policy(NamedTuple):
    """One row.

    Attributes:
        order: what is stored, oldest first, into the order in which it is sent.
        is_live_first: live reports overtake the backlog, which waits for the first of them after each login; else they
            wait until all of the backlog is sent.
    """

    order: Order
    is_live_first: bool = False


def _oldest_first(stored: Rows, _draw: np.random.Generator) -> Rows:
    return stored


def _newest_first(stored: Rows, _draw: np.random.Generator) -> Rows:
    return stored[::-1]


def _shuffled(stored: Rows, draw: np.random.Generator) -> Rows:
    return draw.permutation(stored)


POLICIES: Mapping[Upload, Policy] = {
    Upload.BACKLOG_FIRST: Policy(_oldest_first),
    Upload.LIVE_FIRST: Policy(_oldest_first, is_live_first=True),
    Upload.NEWEST_FIRST: Policy(_newest_first),
    Upload.SHUFFLED: Policy(_shuffled),
}
