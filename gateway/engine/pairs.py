"""Who is held against whom: pairs of people whom a rule speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from gateway.settings.model import Configuration, Rule


@dataclass(frozen=True, slots=True)
class Pairs:
    """One row each, sorted by key.

    Attributes:
        key: rule, one, other: names a row across configurations.
        seats: int64 (n, 2), both as indices of ``people``.
        within: float64 (n,), metres that are too near.
        lasting: float64 (n,), seconds for which that has to last.
        start, until: float64 (n,), UTC epoch seconds: when the rule binds.
        people: everybody who is in one, sorted.
        of: rows of each of them.
        seat: int64, by wearing: index of its wearer in ``people``; -1: of nobody in a pair, or of a phone.
    """

    key: tuple[tuple[str, str, str], ...]
    seats: NDArray[np.int64]
    within: NDArray[np.float64]
    lasting: NDArray[np.float64]
    start: NDArray[np.float64]
    until: NDArray[np.float64]
    people: tuple[str, ...]
    of: tuple[NDArray[np.int64], ...]
    seat: NDArray[np.int64]

    @classmethod
    def build(cls, configuration: Configuration, wearings: tuple[tuple[str, str], ...]) -> Pairs:
        """From a checked configuration; ``wearings``: device and person of each."""
        rows = sorted(_rows(configuration), key=lambda row: row[0])
        people = tuple(sorted({person for (_, *both), _ in rows for person in both}))
        seats: Mapping[str, int] = {person: at for at, person in enumerate(people)}
        both = np.array([[seats[one], seats[other]] for (_, one, other), _ in rows], np.int64).reshape(-1, 2)
        asked = [(rule, rule.not_together) for _, rule in rows if rule.not_together is not None]
        return cls(
            key=tuple(key for key, _ in rows), seats=both,
            within=np.array([each.within_m for _, each in asked], np.float64),
            lasting=np.array([each.lasting_s for _, each in asked], np.float64),
            start=np.array([rule.start for rule, _ in asked], np.float64),
            until=np.array([rule.until for rule, _ in asked], np.float64),
            people=people, of=tuple(np.flatnonzero((both == at).any(axis=1)) for at in range(len(people))),
            seat=np.array(
                [-1 if configuration.devices[name].is_phone else seats.get(person, -1) for name, person in wearings],
                np.int64,
            ),
        )  # fmt: skip


def _rows(configuration: Configuration) -> Iterator[tuple[tuple[str, str, str], Rule]]:
    for rule in configuration.rules:
        if rule.not_together is not None:
            for one, other in combinations(rule.people, 2):
                yield (rule.id, one, other), rule
