"""Whose nights and days are counted, whose bracelet is to be moved, and to be charged, by which rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gateway.settings.model import Configuration


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
    return tuple(
        Habit(
            person, rule.id, rule.basis, rule.start, min(rule.until, configuration.people[person].term_until),
            rule.nights_out.nights, rule.nights_out.of,
        )
        for rule in configuration.rules if rule.nights_out is not None
        for person in rule.people
    )  # fmt: skip


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
    terms = {person: each.term_until for person, each in configuration.people.items()}
    return tuple(
        Still(device, person, rule.id, rule.basis, rule.start, min(rule.until, terms[person]), rule.no_motion_s)
        for rule in configuration.rules if rule.no_motion_s
        for device, person in wearings if person in rule.people and not configuration.devices[device].is_phone
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
    return tuple(
        Charging(
            person, rule.id, rule.basis, rule.start, min(rule.until, configuration.people[person].term_until),
            rule.charge.by_minute, rule.charge.least,
        )
        for rule in configuration.rules if rule.charge is not None
        for person in rule.people
    )  # fmt: skip
