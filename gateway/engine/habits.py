"""Whose nights and days are counted, whose bracelet is to be moved, and to be charged, by which rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def _bound(configuration: Configuration, rule: Rule) -> Iterator[tuple[str, str, str, float, float]]:
    """Whom a rule binds: person, rule, basis, start, until; it ends with the person's term."""
    for person in rule.people:
        yield person, rule.id, rule.basis, rule.start, min(rule.until, configuration.people[person].term_until)
