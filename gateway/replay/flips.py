"""What would have made an alarm not stand, or stand: tried on the same history, each by itself.

A boundary elsewhere, leave, a fix that had not come, further fixes: whatever is named here has been walked through, and
came out otherwise. Tried with this person and this rule alone, so that a trial costs milliseconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from fencing.errors import GeometryFault
from gateway.engine import HOME, WatchKind, compile_policy
from gateway.engine.history import in_order, joined
from gateway.replay.evidence import Evidence, World, found_in
from gateway.settings.absences import Leave
from gateway.settings.model import Circle
from gateway.words.explained import Flip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gateway.engine import Policy
    from gateway.replay.evidence import Key
    from gateway.settings.model import Configuration, ZoneDefinition

    Change = Callable[[Configuration], Configuration]

MOST_METRES: Final = 4096
"""How far a boundary is moved at most."""
MOST_MORE: Final = 10
MORE_EVERY: Final = 60.0
"""Further fixes, and the seconds between them."""
MOST_WITHOUT: Final = 8
"""Fixes, the last ones, that are left out by turns."""
BEFORE: Final = 1.0
"""Seconds before the first fix of a breach from which leave is tried."""


@dataclass(slots=True)
class Trials:
    """Trials of one watch.

    Attributes:
        world: as it was. ``key``: of the watch.
        evidence: what it found there.
    """

    world: World
    key: Key
    evidence: Evidence

    def all(self) -> list[Flip]:
        """What makes it otherwise."""
        kind = WatchKind(int(self.key[1].rpartition("/")[2]))
        tried = [self._boundary(kind), self._leave(kind)]
        found = [one for one in tried if one is not None]
        return found + list(self._without() if self.stands else self._more())

    @property
    def stands(self) -> bool:
        """Whether an alarm does, as it was."""
        return self.evidence.episode is not None

    def _boundary(self, kind: WatchKind) -> Flip | None:
        """The least whole metres by which a boundary further out, or in, makes it otherwise."""
        out = 1 if self.stands != (kind is WatchKind.KEEP_OUT) else -1
        low, high = 0, MOST_METRES
        if not self._is_otherwise_at(out * high):
            return None
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._is_otherwise_at(out * middle) else (middle, high)
        return Flip("boundary", metres=out * high)

    def _is_otherwise_at(self, metres: int) -> bool:
        try:
            return self._is_otherwise(lambda given: moved(given, self.key, metres))
        except GeometryFault:
            return self.stands  # nothing is left of the zone, and nobody is in it

    def _leave(self, kind: WatchKind) -> Flip | None:
        """Leave that was not there, or had not been; a barred zone it does not open."""
        if kind is WatchKind.KEEP_OUT or not self.evidence.steps:
            return None
        person, last = self.key[0], self.evidence.steps[-1]
        if not self.stands:
            given = last.lifted and self._is_otherwise(lambda given: replace(given, leave=()))
            return Flip("no_leave") if given else None
        episode = self.evidence.episode
        since = min(last.time if episode is None else episode.onset, last.time) - BEFORE
        leave = Leave(person, "", since, last.time + MORE_EVERY, "")
        is_otherwise = self._is_otherwise(lambda given: replace(given, leave=(*given.leave, leave)))
        return Flip("leave", since=leave.start, until=leave.until) if is_otherwise else None

    def _without(self) -> Iterator[Flip]:
        """Fixes without which it would not stand yet."""
        for step in self.evidence.steps[-MOST_WITHOUT:]:
            rows = self.world.rows
            held = rows[(rows["time"] != step.time) | (rows["received"] != step.received)]
            if self._is_otherwise(rows=held):
                yield Flip("without", since=step.time)

    def _more(self) -> Iterator[Flip]:
        """Further fixes at the last place that would have it stand."""
        if not len(self.world.rows) or not self.evidence.steps:
            return
        located = self.world.rows[self.world.rows["located"]]
        for count in range(1, MOST_MORE + 1):
            more = np.repeat(located[-1:], count)
            for name in ("time", "order", "received"):
                more[name] += MORE_EVERY * np.arange(1, count + 1)
            if self._is_otherwise(rows=in_order(joined([self.world.rows, more]))):
                yield Flip("more", count=count)
                return

    def _is_otherwise(self, change: Change = lambda given: given, rows: np.ndarray | None = None) -> bool:
        world = self.world if rows is None else replace(self.world, rows=rows)
        return (found_in(changed(world, self.key, change), self.key).episode is not None) != self.stands


def changed(world: World, key: Key, change: Change) -> World:
    """A world of one person and one rule alone, with other configurations."""
    compiled: dict[str, Policy] = {}
    people = set(world.now.groups.names[world.group]) & set(world.now.people)
    devices = set(world.now.groups.names[world.group]) & set(world.now.devices)

    def policy(digest: str, given: Configuration) -> Policy:
        if digest not in compiled:
            compiled[digest] = compile_policy(change(narrowed(given, people, devices, key)))
        return compiled[digest]

    now = policy(world.now.configuration.digest, world.now.configuration)
    seats = np.array([now.device_index[world.now.devices[seat]] for seat in world.rows["device"].tolist()], np.int64)
    rows = world.rows.copy()
    rows["device"] = seats
    group = int(now.group[seats[0]]) if len(seats) else 0
    return World(rows, group, now, lambda digest: policy(digest, world.policies(digest).configuration), world.epochs)


def narrowed(given: Configuration, people: set[str], devices: set[str], key: Key) -> Configuration:
    """A configuration with these people and devices, and of all rules one, which binds one person."""
    person, rule = key[0], key[1].rpartition("/")[0]
    rules = tuple(
        replace(one, people=(person,)) for one in given.rules if one.id == rule and person in one.people
    )  # fmt: skip
    return replace(
        given, rules=rules, people={name: one for name, one in given.people.items() if name in people},
        devices={name: one for name, one in given.devices.items() if name in devices},
        assignments=tuple(one for one in given.assignments if one.device in devices and one.person in people),
        authorities=tuple(one for one in given.authorities if one.person in people),
        leave=tuple(one for one in given.leave if one.person in people),
        removals=tuple(one for one in given.removals if one.person in people),
        zones={name: one for name, one in given.zones.items() if name == key[2]},
    )  # fmt: skip


def moved(given: Configuration, key: Key, metres: int) -> Configuration:
    """A configuration in which the boundary of one zone, or of one home, lies so many metres further out.

    Raises:
        GeometryFault: nothing is left of it.
    """
    person, _, zone = key
    if zone.startswith(f"{HOME}:"):
        home = given.people[person].home if person in given.people else None
        if home is None:
            return given
        wider = replace(home, radius_m=_positive(home.radius_m + metres))
        return replace(given, people={**given.people, person: replace(given.people[person], home=wider)})
    if zone not in given.zones:
        return given
    return replace(given, zones={**given.zones, zone: _grown(given.zones[zone], metres)})


def _grown(zone: ZoneDefinition, metres: int) -> ZoneDefinition:
    for place in zone.places:
        if isinstance(place, Circle):
            _positive(place.radius_m + zone.buffer_m + metres)
    return replace(zone, buffer_m=zone.buffer_m + metres)


def _positive(radius_m: float) -> float:
    if radius_m <= 0.0 or math.isnan(radius_m):
        raise GeometryFault("circle", "nothing is left of it")
    return radius_m
