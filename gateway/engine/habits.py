"""Whose nights and days are counted, whose bracelet is to be moved, and to be charged, by which rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from gateway.settings.model import Configuration, Rule


class Habit(NamedTuple):
    """A person whose nights are counted, by a rule that holds start <= t < until (UTC epoch seconds)."""

    person: str
    rule: str
    basis: str
    start: float
    until: float
    nights: int
    of: int


def habits_of(configuration: Configuration) -> tuple[Habit, ...]:
    """Everybody's, in the order of the configuration; ends with the term."""
    asked = ((rule, rule.nights_out) for rule in configuration.rules if rule.nights_out is not None)
    return tuple(Habit(*one, asks.nights, asks.of) for rule, asks in asked for one in _bound(configuration, rule))


class Still(NamedTuple):
    """A wearing that a rule counts, start <= t < until (UTC epoch seconds), and seconds that are too long."""

    device: str
    person: str
    rule: str
    basis: str
    start: float
    until: float
    longest: float


def stills_of(configuration: Configuration, wearings: tuple[tuple[str, str], ...]) -> tuple[Still, ...]:
    """Of each rule that says so and each bracelet of its people; ends with the term."""
    worn: dict[str, list[str]] = {}
    for device, person in wearings:
        if not configuration.devices[device].is_phone:
            worn.setdefault(person, []).append(device)
    return tuple(
        Still(device, *one, rule.no_motion_s)
        for rule in configuration.rules if rule.no_motion_s
        for one in _bound(configuration, rule) for device in worn.get(one[0], ())
    )  # fmt: skip


class Charging(NamedTuple):
    """Who is to charge to so many percent by a minute of each local day, by a rule that holds start <= t < until."""

    person: str
    rule: str
    basis: str
    start: float
    until: float
    by_minute: int
    least: int


def chargings_of(configuration: Configuration) -> tuple[Charging, ...]:
    """Everybody's, in the order of the configuration; ends with the term."""
    asked = ((rule, rule.charge) for rule in configuration.rules if rule.charge is not None)
    return tuple(
        Charging(*one, asks.by_minute, asks.least) for rule, asks in asked for one in _bound(configuration, rule)
    )


class Counted(NamedTuple):
    """Whose reports a rule about habits looks at: bool (w,), by wearing; and which ``Still`` are of each wearing."""

    nights: NDArray[np.bool_]
    charge: NDArray[np.bool_]
    still: NDArray[np.bool_]
    stills: Mapping[int, tuple[int, ...]]

    @classmethod
    def build(
        cls, wearings: tuple[tuple[str, str], ...], habits: tuple[Habit, ...], stills: tuple[Still, ...],
        chargings: tuple[Charging, ...],
    ) -> Counted:  # fmt: skip
        """Of what a configuration's rules ask; each wearing is a device and a person."""
        index = {wearing: at for at, wearing in enumerate(wearings)}
        of: dict[int, tuple[int, ...]] = {}
        for number, one in enumerate(stills):
            at = index[one.device, one.person]
            of[at] = (*of.get(at, ()), number)
        nights, charged = ({one.person for one in each} for each in (habits, chargings))
        return cls(
            np.array([person in nights for _, person in wearings], np.bool_),
            np.array([person in charged for _, person in wearings], np.bool_),
            np.array([at in of for at in range(len(wearings))], np.bool_), of,
        )  # fmt: skip

    @staticmethod
    def rows(of: NDArray[np.bool_], wearing: NDArray[np.int64], usable: NDArray[np.bool_]) -> list[int]:
        """Reports that are usable and whose wearing is one of them."""
        if not of.any():
            return []
        return list(np.flatnonzero(usable & (wearing >= 0) & of[wearing]).tolist())


def _bound(configuration: Configuration, rule: Rule) -> Iterator[tuple[str, str, str, float, float]]:
    """Whom a rule binds: person, rule, basis, start, until; it ends with the person's term."""
    for person in rule.people:
        yield person, rule.id, rule.basis, rule.start, min(rule.until, configuration.people[person].term_until)
