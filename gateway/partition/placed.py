"""Where devices and people are needed by a configuration: a function of it alone.

A device that nobody wears for now is needed everywhere: whoever gets it next, what it has stored since is heard where
he is at home. What it said on others nobody needs: it begins anew with whoever is given it (``engine.given``), and no
state has to move.

A wearing of which no report can count any more (``engine.sharing``) takes the device's entries nowhere: else each
bracelet would go, in the end, to all who ever wore it, and to those of all others of these. Known it stays there, so
that what stands of that wearing is as it was.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gateway.engine.pairs import Pairs
from gateway.engine.sharing import counting, grouped
from gateway.partition.homes import home_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from gateway.settings.model import Assignment, Configuration

    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Placed:
    """Devices and people of one configuration.

    Attributes:
        county: its code.
        partitions: how many there are.
        homes: by person his partition.
        devices: by device its row of ``needed`` and ``known``.
        needed: bool (devices, partitions), where the device's entries go: one partition at least.
        known: the same, in whose configurations it stands: there, and where somebody ever wore it or one of its group.
        guests: by person who is in a group or a pair with somebody of another partition: bool (partitions,), where.
    """

    county: str
    partitions: int
    homes: Mapping[str, int]
    devices: Mapping[str, int]
    needed: Bools
    known: Bools
    guests: Mapping[str, Bools]

    @classmethod
    def of(cls, configuration: Configuration, partitions: int) -> Placed:
        """Place everybody of a checked configuration."""
        county, names = configuration.county.code, tuple(sorted(configuration.devices))
        devices = {name: at for at, name in enumerate(names)}
        homes = {person: home_of(county, person, partitions) for person in configuration.people}
        pairs = [key[1:] for key in Pairs.build(configuration, ()).key]
        counted = counting(configuration)
        needed, guests = _spread(counted, devices, homes, pairs, partitions)
        known, _ = _spread(configuration.assignments, devices, homes, pairs, partitions)
        worn = {each.device for each in counted if each.until == math.inf}
        everywhere = np.array([name not in worn for name in names], np.bool_)[:, None]
        return cls(county, partitions, homes, devices, needed | everywhere, known | needed | everywhere, guests)

    def of_devices(self, devices: Sequence[str]) -> Bools:
        """Where entries of some devices go, bool (n, partitions); of one that is not known, where its hash says."""
        rows = [self.devices.get(device, -1) for device in devices]
        found = np.zeros((len(rows), self.partitions), np.bool_)
        known = np.array(rows, np.int64) >= 0
        found[known] = self.needed[np.array(rows, np.int64)[known]]
        for at in np.flatnonzero(~known).tolist():
            found[at, home_of(self.county, devices[at], self.partitions)] = True
        return found

    def home(self, person: str) -> int:
        """The partition of a person, whether the registers know him still or not."""
        known = self.homes.get(person)
        return home_of(self.county, person, self.partitions) if known is None else known

    def holds(self, partition: int, person: str) -> bool:
        """Whether a partition needs what is told of a person: he is of it, or a guest there."""
        is_guest = person in self.guests and bool(self.guests[person][partition])
        return is_guest or self.home(person) == partition

    def teller(self, device: str) -> int:
        """Which partition tells what is said of a device alone: of those that hear it its hash's, or else the first."""
        here, own = self.of_devices([device])[0], home_of(self.county, device, self.partitions)
        return own if here[own] else int(here.argmax())


def _spread(
    wearings: Iterable[Assignment], devices: Mapping[str, int], homes: Mapping[str, int],
    pairs: Iterable[Sequence[str]], partitions: int,
) -> tuple[Bools, dict[str, Bools]]:  # fmt: skip
    """By device where people of its group, or first ones of pairs with them, are at home; and who is a guest where."""
    worn = tuple(sorted({(each.device, each.person) for each in wearings}))
    group = grouped(tuple(devices), worn)
    of_person = {person: int(group[devices[device]]) for device, person in worn}
    needed = np.zeros((len(group), partitions), np.bool_)
    for person, at in of_person.items():
        needed[at, homes[person]] = True
    for one, other in pairs:
        if other in of_person:
            needed[of_person[other], homes[one]] = True
    return needed[group], {person: needed[at] for person, at in of_person.items() if needed[at].sum() > 1}
