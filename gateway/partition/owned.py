"""Which outcomes a partition may tell, so that of all partitions together exactly one tells each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.engine import Episode, Outcome
    from gateway.partition.placed import Placed

TOGETHER: Final = "wearers_together"


def owned(outcomes: Iterable[Outcome], placed: Placed, partition: int) -> list[Outcome]:
    """Of what a partition's engine has said, in its order, that which the partition may tell.

    Left out is what is said of guests, and of a device alone that another partition tells of. What is said of nobody
    and no device (``mass_outage``, an entry without a device that was passed over) is the partition's own.

    Args:
        outcomes: of one step.
        placed: of the configuration in force at the step's end.
        partition: which it is.
    """
    return [one for one in outcomes if owns(one.episode, placed, partition)]


def owns(episode: Episode, placed: Placed, partition: int) -> bool:
    """Whether a partition tells of an episode."""
    if episode.person:
        return placed.home(_whose(episode)) == partition
    return not episode.device or placed.teller(episode.device) == partition


def _whose(episode: Episode) -> str:
    """Of accomplices one partition decides, of both: that of the first of them, as rules have their people sorted."""
    return min(episode.person, str(episode.facts["with"])) if episode.kind == TOGETHER else episode.person
