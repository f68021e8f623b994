"""What a configuration knows of origins, found out once each: a slice of a thousand connections has as many."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine.state import copied
from gateway.journal.facts import parted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from gateway.journal.entries import Origin

SPEAKER: Final = np.dtype([("device", "i8"), ("wire", "i8"), ("manner", "i8"), ("ahead", "f8"), ("sound", "?")])
"""``device``: index in the policy, -1 unknown; ``wire``, ``manner``: numbers of ``Speakers``; ``ahead``: seconds to
take off device times (``facts.parted``); ``sound``: the checksum was right."""
MOST: Final = 1 << 16
"""Origins that are remembered: more than connections there can be, and then all are forgotten."""


@dataclass(slots=True)
class Speakers:
    """Origins by number. Those of a running session are always the same objects, and are known by these.

    Attributes:
        seats: index of each device.
        wires: protocols by number; ``manners``: profiles and a family's own facts by number.
    """

    seats: Mapping[str, int]
    wires: dict[str, int] = field(default_factory=dict)
    manners: dict[tuple[str, str], int] = field(default_factory=dict)
    _by_object: dict[int, int] = field(default_factory=dict)
    _by_value: dict[Origin, int] = field(default_factory=dict)
    _held: list[Origin] = field(default_factory=list)
    """So that no other has the place in memory that one is known by."""
    _columns: NDArray[np.void] = field(default_factory=lambda: np.empty(0, SPEAKER))

    def of(self, origins: Sequence[Origin]) -> NDArray[np.void]:
        """What is known of origins: ``SPEAKER`` (n,)."""
        found = list(map(self._by_object.get, map(id, origins)))
        if None in found:
            found = list(self._take(origins))
        return copied(self._columns, np.array(found, np.int64))

    def _take(self, origins: Sequence[Origin]) -> list[int]:
        """Origins of which some are new as objects; their numbers."""
        if len(self._held) + len(origins) > MOST:
            for known in (self._by_object, self._by_value, self._held):
                known.clear()
        self._held += origins
        found, number, rows = [self._by_value.get(each, -1) for each in origins], len(self._by_value), []
        for at, each in enumerate(origins):
            if found[at] < 0:
                found[at] = self._by_value.setdefault(each, number)
                if found[at] == number:
                    rows.append(self._row(each))
                    number += 1
        self._by_object.update(zip(map(id, origins), found, strict=True))
        if rows:
            self._keep(number - len(rows), np.array(rows, SPEAKER))
        return found

    def _keep(self, begin: int, rows: NDArray[np.void]) -> None:
        """Columns grow twofold, so that a row more does not copy all of them."""
        end = begin + len(rows)
        if end > len(self._columns):
            self._columns = np.concatenate([self._columns[:begin], np.empty(2 * end - begin, SPEAKER)])
        self._columns[begin:end] = rows

    def _row(self, origin: Origin) -> tuple[int, int, int, float, bool]:
        own, ahead = parted(origin.facts)
        wire = self.wires.setdefault(origin.protocol, len(self.wires))
        manner = self.manners.setdefault((origin.profile, own), len(self.manners))
        return self.seats.get(origin.device, -1), wire, manner, ahead, origin.checksum_ok
