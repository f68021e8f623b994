"""Who is held against whom: pairs of people whom a rule speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gateway.settings.model import Configuration, Rule


class Row(NamedTuple):
    """One pair: its key (rule, one, other), the rule, and what it asks; ``barred``: metres, 0 between accomplices."""

    key: tuple[str, str, str]
    rule: Rule
    within: float
    lasting: float
    barred: float


@dataclass(frozen=True, slots=True)
class Pairs:
    """One row each, sorted by key.

    Attributes:
        key: rule, one, other: names a row across configurations. Who is protected is the other.
        seats: int64 (n, 2), both as indices of ``people``.
        within: float64 (n,), metres that are too near.
        lasting: float64 (n,), seconds for which that has to last.
        barred: float64 (n,), metres around a protected person; 0 where nobody is.
        start, until: float64 (n,), UTC epoch seconds: when the rule binds.
        people: everybody who is in one, sorted.
        of: rows of each of them.
        seat: int64, by wearing: index of its wearer in ``people``; -1: of nobody in a pair, or a phone of whoever is
            supervised.
    """

    key: tuple[tuple[str, str, str], ...]
    seats: NDArray[np.int64]
    within: NDArray[np.float64]
    lasting: NDArray[np.float64]
    barred: NDArray[np.float64]
    start: NDArray[np.float64]
    until: NDArray[np.float64]
    people: tuple[str, ...]
    of: tuple[NDArray[np.int64], ...]
    seat: NDArray[np.int64]

    @classmethod
    def build(cls, configuration: Configuration, wearings: tuple[tuple[str, str], ...]) -> Pairs:
        """From a checked configuration; ``wearings``: device and person of each."""
        rows = sorted(_rows(configuration), key=lambda row: row.key)
        people = tuple(sorted({person for row in rows for person in row.key[1:]}))
        index = {person: at for at, person in enumerate(people)}
        seats = np.array([[index[person] for person in row.key[1:]] for row in rows], np.int64).reshape(-1, 2)
        return cls(
            key=tuple(row.key for row in rows), seats=seats,
            within=np.array([row.within for row in rows], np.float64),
            lasting=np.array([row.lasting for row in rows], np.float64),
            barred=np.array([row.barred for row in rows], np.float64),
            start=np.array([row.rule.start for row in rows], np.float64),
            until=np.array([row.rule.until for row in rows], np.float64),
            people=people, of=tuple(np.flatnonzero((seats == at).any(axis=1)) for at in range(len(people))),
            seat=np.array([_seat(configuration, index, *wearing) for wearing in wearings], np.int64),
        )  # fmt: skip


def _seat(configuration: Configuration, index: dict[str, int], device: str, person: str) -> int:
    told = configuration.people[person].protected or not configuration.devices[device].is_phone
    return index.get(person, -1) if told else -1


def _rows(configuration: Configuration) -> Iterator[Row]:
    for rule in configuration.rules:
        if rule.not_together is not None:
            for one, other in combinations(rule.people, 2):
                yield Row((rule.id, one, other), rule, rule.not_together.within_m, rule.not_together.lasting_s, 0.0)
        if rule.keep_away is not None:
            asked = rule.keep_away
            for person in rule.people:
                key = (rule.id, person, asked.protected)
                yield Row(key, rule, asked.within_m + asked.buffer_m, 0.0, asked.within_m)
