"""The demo kills by itself: each kind of blow in its turn, and whom of a kind it hits is chance's."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from gateway.demo.city import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from gateway.demo.city.streams import Seen
    from gateway.demo.city.town import Town
    from gateway.words.texts import Text

TURNS: Final = ("worker", "node", "both", "leaf", "uplink", "forward", "gateway", "county", "city")
"""One after the other, round and round. ``both``: a partition's worker and the node that leads its stream."""
PARTS: Final = {"leaf": ("leaf",), "forward": ("forward",), "gateway": ("gateway",),
                "county": ("leaf", "forward", "gateway")}  # fmt: skip
CUT: Final = 20.0
"""Real seconds for which a line is cut."""
GAP: Final = 8.0
"""Real seconds between two blows, at least; and what stood still goes on before."""
EVERY: Final = 0.5
SEED: Final = 1


class Blow(NamedTuple):
    """Processes that are killed at once; and the county whose line is cut, empty: none's."""

    names: Sequence[str] = ()
    county: str = ""


def blow(
    turn: str, seen: Mapping[tuple[str, int], Seen], owners: Mapping[tuple[str, int], str],
    processes: Sequence[str], chance: random.Random,
) -> Blow:  # fmt: skip
    """What is hit.

    Args:
        turn: one of :data:`TURNS`.
        seen: how the partitions stand; one at least.
        owners: worker that has each; missing: nobody.
        processes: names of all.
        chance: chooses the partition, or the county.
    """
    which = chance.choice(sorted(seen))
    if turn == "city":
        return Blow([name for name in processes if name[0] in "nw"])
    if turn == "uplink":
        return Blow(county=which[0])
    if turn in PARTS:
        return Blow([f"{part}-{which[0]}" for part in PARTS[turn]])
    wanted = {"worker": owners.get(which, ""), "node": seen[which].leaders[0]}
    return Blow([name for role, name in wanted.items() if name and turn in {role, "both"}])


@dataclass(slots=True)
class Chaos:
    """Deals blows until cancelled, each once the one before is made up for.

    Attributes:
        town: who is hit.
        is_calm: whether all is made up for.
        say: told of each.
        turns: kinds, one after the other; where they end the blows do.
        cuts: real seconds for which a line is cut, one after the other, round and round.
        gap: real seconds between two blows, at least.
        dealt: how many of each kind.
    """

    town: Town
    is_calm: Callable[[], bool]
    say: Callable[[Text], None]
    turns: Iterator[str]
    cuts: Sequence[float] = (CUT,)
    gap: float = GAP
    dealt: Counter[str] = field(default_factory=Counter)

    async def run(self) -> None:
        """Deal them; returns once the last is made up for."""
        chance = random.Random(SEED)  # noqa: S311  a choice, no secret
        for turn in self.turns:
            await self._calm()
            hit = blow(turn, self.town.streams.seen, self.town.owners, list(self.town.processes), chance)
            self.dealt[turn] += 1
            await self._deal(hit)
        await self._calm()

    async def _calm(self) -> None:
        await asyncio.sleep(self.gap)
        while not self.is_calm():  # noqa: ASYNC110  other processes'
            await asyncio.sleep(EVERY)

    async def _deal(self, hit: Blow) -> None:
        if hit.names:
            self.say(words.KILLING.filled(names=" ".join(hit.names)))
        for name in hit.names:
            self.town.processes[name].kill()
        if hit.county:
            await self._cut(hit.county)

    async def _cut(self, county: str) -> None:
        """Every other time both ends are told of it."""
        number = self.dealt["uplink"] - 1
        is_silent, seconds = number % 2 == 1, self.cuts[number % len(self.cuts)]
        self.say((words.SILENCED if is_silent else words.CUT).filled(county=county, seconds=seconds))
        uplink = self.town.uplinks[county]
        uplink.cut(silently=is_silent)
        try:
            await asyncio.sleep(seconds)
        finally:
            uplink.mend()
