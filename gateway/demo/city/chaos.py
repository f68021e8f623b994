"""Who is killed next, where the demo kills by itself: each kind in its turn, and whom of a kind is chance's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Mapping, Sequence

    from gateway.demo.city.streams import Seen

TURNS: Final = ("worker", "node", "both", "leaf", "forward", "gateway", "county")
"""One after the other, round and round. ``both``: a partition's worker and the node that leads its stream."""
PARTS: Final = {"leaf": ("leaf",), "forward": ("forward",), "gateway": ("gateway",),
                "county": ("leaf", "forward", "gateway")}  # fmt: skip


def turns() -> Iterator[str]:
    """The kinds for ever."""
    while True:
        yield from TURNS


def victims(
    turn: str, seen: Mapping[tuple[str, int], Seen], owners: Mapping[tuple[str, int], str], chance: random.Random
) -> Sequence[str]:
    """Names of the processes that are killed.

    Args:
        turn: one of :data:`TURNS`.
        seen: how the partitions stand; one at least.
        owners: worker that has each; missing: nobody.
        chance: chooses the partition, or the county.
    """
    which = chance.choice(sorted(seen))
    if turn in PARTS:
        return [f"{part}-{which[0]}" for part in PARTS[turn]]
    wanted = {"worker": owners.get(which, ""), "node": seen[which].leaders[0]}
    return [name for role, name in wanted.items() if name and turn in {role, "both"}]
