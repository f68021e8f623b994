"""How long a partition stands still when who worked on it, or the node that led its stream, has ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.demo.city.streams import Seen


class Takeover(NamedTuple):
    """One that is over.

    Attributes:
        name: who had ended.
        role: ``worker`` or ``node``.
        county, partition: what goes on.
        seconds: real ones in which it did not.
    """

    name: str
    role: str
    county: str
    partition: int
    seconds: float


class _Standing(NamedTuple):
    """One that is under way: who ended when, and how the partition stood then."""

    name: str
    role: str
    began: float
    before: Seen

    def is_over(self, now: Seen) -> bool:
        """Whether somebody else has its part, and something was done since."""
        if now.floor <= self.before.floor:
            return False
        if self.role == "worker":
            return bool(now.pin) and now.pin != self.before.pin
        return all(leader not in {"", self.name} for leader in now.leaders)


@dataclass(slots=True)
class Takeovers:
    """All of a telling. Moments are real seconds of a steady clock."""

    done: list[Takeover] = field(default_factory=list)
    _standing: dict[tuple[str, int], _Standing] = field(default_factory=dict)

    def begin(
        self, name: str, seen: Mapping[tuple[str, int], Seen], owners: Mapping[tuple[str, int], str], at: float
    ) -> None:
        """Somebody has ended.

        Args:
            name: a worker or a node; anybody else leads and owns nothing.
            seen: how the partitions stood when they were looked at last.
            owners: workers that said that they have one.
            at: when.
        """
        for which, one in seen.items():
            role = "worker" if owners.get(which) == name else "node" if name in one.leaders else ""
            if role and which not in self._standing:
                self._standing[which] = _Standing(name, role, at, one)

    def look(self, seen: Mapping[tuple[str, int], Seen], at: float) -> list[Takeover]:
        """What has gone on since the last look."""
        over = [which for which, one in self._standing.items() if which in seen and one.is_over(seen[which])]
        found = []
        for which in over:
            one = self._standing.pop(which)
            found.append(Takeover(one.name, one.role, *which, at - one.began))
        self.done += found
        return found

    @property
    def is_calm(self) -> bool:
        """Whether nothing stands still."""
        return not self._standing
