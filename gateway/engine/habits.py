"""Whose nights and days are counted, by which rule."""

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
