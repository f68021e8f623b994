"""How a worker stands: which partitions it has, and how far it has come with each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.text import Text


@dataclass(slots=True)
class Standing:
    """Of one partition.

    Attributes:
        offset: the next entry that is stepped.
        received: receive time of the last one, UTC epoch seconds; -inf: none was.
        said: events that we have put into the alarm stream since the start.
        trouble: why it waits; None: it does not.
    """

    county: str
    partition: int
    is_owner: bool = False
    offset: int = 0
    received: float = float("-inf")
    said: int = 0
    trouble: Text | None = None
