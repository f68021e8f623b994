"""How long a partition stands still when who worked on it, or the node that led its stream, has ended."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.demo.city.streams import Seen

TOGETHER: Final = 3.0
"""Real seconds within which two nodes are down at once: it takes as long until the first is started again."""
ROLES: Final = ("worker", "node", "cluster")
"""Each is more than the one before: where a worker ends and a node besides, it is the cluster that is waited for.

Whatever that node led: what a partition says goes into the alarms' stream before it goes on.
"""


class Takeover(NamedTuple):
    """One that is over.

    Attributes:
        name: who had ended first.
        role: one of :data:`ROLES`; ``cluster``: two nodes at least, so that there was no majority.
        county, partition: what goes on.
        seconds: real ones in which it did not.
    """

    name: str
    role: str
    county: str
    partition: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Standing:
    """One that is under way: who ended when, and how the partition stood then."""

    name: str
    role: str
    began: float
    before: Seen
    ended: frozenset[str]

    def is_over(self, now: Seen, at: float) -> bool:
        """Whether somebody else has its part, and something was done since."""
        if now.floor <= self.before.floor or "" in now.leaders:
            return False
        if self.role == "worker":
            return bool(now.pin) and now.pin != self.before.pin
        # What was asked before it ended may be answered a moment later; and it may lead again once it is back.
        return at - self.began > TOGETHER or (self.role == "node" and not self.ended.intersection(now.leaders))

    def and_(self, name: str, role: str) -> _Standing:
        """Somebody else has ended besides."""
        return replace(self, role=max(self.role, role, key=ROLES.index), ended=self.ended | {name})


@dataclass(slots=True)
class Takeovers:
    """All of a telling. Moments are real seconds of a steady clock; ``nodes``: their names."""

    nodes: frozenset[str] = frozenset()
    done: list[Takeover] = field(default_factory=list)
    _standing: dict[tuple[str, int], _Standing] = field(default_factory=dict)
    _nodes_ended: dict[str, float] = field(default_factory=dict)

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
        if name in self.nodes:
            self._nodes_ended[name] = at
        down = sum(at - ended < TOGETHER for ended in self._nodes_ended.values())
        for which, one in seen.items():
            is_hit = (
                owners.get(which) == name or name in one.leaders or (name in self.nodes and which in self._standing)
            )
            if is_hit or 2 * down > len(self.nodes):
                role = "cluster" if 2 * down > len(self.nodes) else "node" if down else "worker"
                standing = self._standing.get(which) or _Standing(name, role, at, one, frozenset({name}))
                self._standing[which] = standing.and_(name, role)

    def look(self, seen: Mapping[tuple[str, int], Seen], at: float) -> list[Takeover]:
        """What has gone on since the last look."""
        over = [which for which, one in self._standing.items() if which in seen and one.is_over(seen[which], at)]
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
