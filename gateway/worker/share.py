"""Which part of a county a worker's engine is: what it goes by, and what of it may be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gateway.engine import Role
from gateway.partition.across import Handed, handed
from gateway.partition.owned import owned
from gateway.partition.part import part_of
from gateway.partition.placed import Placed
from gateway.replay.reading import COMPILED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gateway.engine import Outcome, Sign
    from gateway.journal.entries import EntryBatch
    from gateway.settings.model import Configuration


@dataclass(slots=True)
class Share:
    """A partition of a county: which of how many.

    Whose shelf it serves asks for the part of a configuration before anything is told by it.
    """

    county: str
    partition: int
    partitions: int
    _placed: dict[str, Placed] = field(default_factory=dict)

    def part(self, configuration: Configuration) -> Configuration:
        """Of a configuration of the county, what the partition goes by."""
        placed = self._placed[configuration.digest] = Placed.of(configuration, self.partitions)
        for digest in list(self._placed)[: -2 * COMPILED]:
            del self._placed[digest]
        return part_of(configuration, self.partition, self.partitions, placed)

    @property
    def role(self) -> Role:
        """Of the engine: one of several says nothing of silence, and hands out its signs."""
        return Role.WHOLE if self.partitions == 1 else Role.PART

    def handed(self, batch: EntryBatch, first: int, begin: int, signs: Sequence[Sign], digest: str) -> Handed | None:
        """What is handed on to the second step, as ``across.handed``; None: there is none, or nothing is in force."""
        if self.partitions == 1 or not digest:
            return None
        return handed(batch, first, begin, signs, self._placed[digest], self.partition)

    def owned(self, outcomes: Iterable[Outcome], digest: str) -> list[Outcome]:
        """Of outcomes of a step that ended under a configuration, those that are the partition's to tell."""
        return owned(outcomes, self._placed[digest], self.partition)
