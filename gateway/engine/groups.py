"""What belongs together: devices that share a wearer (``sharing``), their wearers, and the rows of these in the banks.

A group is named by its first device. What is decided on place and device time is decided by group, and by nothing
outside of it; so a group's rows can be lifted out, put back, and decided anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gateway.engine.state import BANKS, copied, seated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from gateway.engine.episode import Episode
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState

PLACED = ("track", "levels", "watch", "curfew", "presence", "trust")
"""Banks of what is decided on place and device time."""


@dataclass(frozen=True, slots=True)
class Seats:
    """Rows of one bank by group: a group's lie at ``first`` to ``first + count`` in ``order``; all int64."""

    order: NDArray[np.int64]
    first: NDArray[np.int64]
    count: NDArray[np.int64]

    @classmethod
    def build(cls, group: NDArray[np.int64], groups: int) -> Seats:
        """From the group of each row, -1: of none."""
        order = np.argsort(group, kind="stable")
        count = np.bincount(group[group >= 0], minlength=groups).astype(np.int64)
        return cls(order[len(group) - int(count.sum()) :], np.cumsum(count) - count, count)

    def rows(self, group: int) -> NDArray[np.int64]:
        """Rows of one group."""
        return self.order[self.first[group] : self.first[group] + self.count[group]]


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of a configuration, by index of their first device.

    Attributes:
        seats: rows by bank.
        names: devices and wearers of each group.
        of_person: the group of whoever wears, or wore, anything.
        ends: of groups of several devices, when wearings of them end: UTC epoch seconds, ascending.
        has_ends: bool, by group, whether there are such.
        shared: bool, by group, whether it is of several devices.
    """

    seats: Mapping[str, Seats]
    names: Mapping[int, tuple[str, ...]]
    of_person: Mapping[str, int]
    ends: Mapping[int, NDArray[np.float64]]
    has_ends: NDArray[np.bool_]
    shared: NDArray[np.bool_]

    @classmethod
    def build(
        cls, group: NDArray[np.int64], devices: Sequence[str], wearings: Sequence[tuple[str, str]],
        sharing: Iterable[tuple[str, str]], people: Mapping[str, Sequence[str]], ends: Iterable[tuple[str, float]],
    ) -> Groups:  # fmt: skip
        """From the group of each device, who wears what, by bank the person of each row, and (device, end) of each.

        ``sharing``: those of ``wearings`` by which groups are drawn. Who is in none of them is of a device of his.
        """
        index = {device: at for at, device in enumerate(devices)}
        of_person = {person: int(group[index[device]]) for device, person in (*wearings, *sharing)}
        worn = [int(group[index[device]]) for device, _ in wearings]
        of_row = {"track": worn, "trust": worn, "levels": group.tolist()}
        of_row |= {bank: [of_person.get(person, -1) for person in rows] for bank, rows in people.items()}
        names: dict[int, dict[str, None]] = {}
        for at, device in enumerate(devices):
            names.setdefault(int(group[at]), {})[device] = None
        for person, at in of_person.items():
            names[at][person] = None
        seats = {bank: Seats.build(np.array(rows, np.int64), len(devices)) for bank, rows in of_row.items()}
        finite: dict[int, set[float]] = {}
        shared = np.bincount(group, minlength=len(devices)) > 1
        for device, until in ends:
            if np.isfinite(until) and shared[group[index[device]]]:
                finite.setdefault(int(group[index[device]]), set()).add(until)
        has_ends = np.zeros(len(devices), np.bool_)
        has_ends[list(finite)] = True
        sorted_ends = {at: np.array(sorted(each)) for at, each in finite.items()}
        return cls(seats, {at: tuple(each) for at, each in names.items()}, of_person, sorted_ends, has_ends, shared)

    def devices(self, groups: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Devices of some groups, and of each the index of its group among them."""
        if not self.shared[groups].any():
            return groups, np.arange(len(groups))
        rows = [self.seats["levels"].rows(group) for group in groups.tolist()]
        return np.concatenate(rows), np.repeat(np.arange(len(groups)), [len(each) for each in rows])

    def group_of(self, episode: Episode, index: Mapping[str, int], group: NDArray[np.int64]) -> int:
        """Whose an episode is: its person's group, or where nobody is known its device's; -1: of none."""
        if episode.person:
            return self.of_person.get(episode.person, -1)
        return int(group[index[episode.device]]) if episode.device in index else -1


@dataclass(slots=True)
class Lifted:
    """A group's part of the state, out of its seats: records with their keys by bank, what stands, how many nights."""

    rows: dict[str, tuple[tuple[str, ...], NDArray[np.void]]] = field(default_factory=dict)
    found: tuple[Episode, ...] = ()
    nights: dict[str, int] = field(default_factory=dict)


def lift(state: EngineState, policy: Policy, groups: NDArray[np.int64]) -> list[Lifted]:
    """Copies of the parts of some groups (int64, distinct)."""
    lifted = [Lifted() for _ in groups]
    for bank in PLACED:
        seats, held = policy.groups.seats[bank], state.banks[bank]
        rows = [seats.rows(group) for group in groups.tolist()]
        records = copied(held.records, np.concatenate(rows)) if rows else held.records[:0]
        begin = 0
        for one, mine in zip(lifted, rows, strict=True):
            one.rows[bank] = tuple(held.keys[row] for row in mine.tolist()), records[begin : begin + len(mine)]
            begin += len(mine)
    for one, group in zip(lifted, groups.tolist(), strict=True):
        one.found = tuple(each.copied() for each in standing(state, policy, group))
        one.nights = {key: state.nights[key][-1].number for key in one.rows["curfew"][0] if state.nights.get(key)}
    return lifted


def put(state: EngineState, policy: Policy, group: int, lifted: Lifted, source: EngineState) -> None:
    """Seat a group's part; what it does not know is fresh. ``source``: whose nights its numbers are of."""
    for bank in PLACED:
        rows = policy.groups.seats[bank].rows(group)
        keys = tuple(state.banks[bank].keys[row] for row in rows.tolist())
        state.banks[bank].records[rows] = seated(BANKS[bank], keys, *lifted.rows.get(bank, ((), ())))
        if bank == "curfew":
            _put_nights(state, keys, lifted, source)
    for name in policy.groups.names[group]:
        state.found.pop(name, None)
    for episode in lifted.found:
        # A mark may be of a time when another group was of this one.
        if policy.groups.group_of(episode, policy.device_index, policy.group) == group:
            state.stand(episode.copied())


def _put_nights(state: EngineState, keys: Sequence[str], lifted: Lifted, source: EngineState) -> None:
    for key in keys:
        last = lifted.nights.get(key, -1)
        nights = [night for night in source.nights.get(key, []) if night.number <= last]
        state.nights.pop(key, None)
        if nights:
            state.nights[key] = nights


def standing(state: EngineState, policy: Policy, group: int) -> list[Episode]:
    """What stands of a group's devices and wearers, as the passes see it."""
    return [
        episode for name in policy.groups.names[group] for episode in state.found.get(name, {}).values()
    ]  # fmt: skip
