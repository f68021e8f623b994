"""Leave compiled: which watches it lifts, and where its wearer has to be meanwhile.

A leave that names a zone makes a rule of its own: to be there, but on the way at its begin and at its end. Its rule has
a name that no officer can write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from fencing.intervals import union
from gateway.settings.model import Rule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from gateway.settings.model import Configuration

    Spans = list[tuple[float, float]]
    Key = tuple[str, str, str]

MARK: Final = "leave@"
"""Begins the id of a leave's own rule."""


class PlaceRule(NamedTuple):
    """The rule of a leave that names a zone.

    Attributes:
        start, until: of the leave, UTC epoch seconds; its rule is shorter by the way.
        subjects: what it lifts (:func:`subjects_of`).
    """

    rule: Rule
    start: float
    until: float
    subjects: tuple[str, ...]


def subjects_of(person: str, excuses: tuple[str, ...]) -> tuple[str, ...]:
    """What a leave lifts, by name: all duties of a person; or some rules for that person."""
    return tuple(f"{person}/{rule}" for rule in excuses) or (person,)


def lifting(person: str, rule: str) -> tuple[str, ...]:
    """The names under which leave lifts a rule for a person; none lifts what a leave itself asks."""
    return () if is_of_leave(rule) else (person, f"{person}/{rule}")


def is_of_leave(rule: str) -> bool:
    """Whether a rule is a leave's own."""
    return rule.startswith(MARK)


def entered_leave(configuration: Configuration) -> dict[str, Spans]:
    """By what it lifts (:func:`subjects_of`), leave as it is entered."""
    found: dict[str, Spans] = {}
    for leave in configuration.leave:
        for subject in subjects_of(leave.person, leave.excuses):
            found.setdefault(subject, []).append((leave.start, leave.ends))
    return {subject: joined_spans(spans) for subject, spans in found.items()}


def joined_spans(spans: Iterable[tuple[float, float]]) -> Spans:
    """The same time in disjoint intervals, ascending."""
    return [(start, until) for _, start, until in union((0, *span) for span in spans)]


def place_rules(configuration: Configuration) -> dict[str, PlaceRule]:
    """The rules of leaves that name a zone, by id."""
    found = {}
    for leave in configuration.leave:
        start, until = leave.start + leave.travel_seconds, leave.ends - leave.travel_seconds
        if leave.zone and start < until:
            name = f"{MARK}{leave.person}@{leave.start:.0f}"
            rule = Rule(name, (leave.person,), leave.approved_by, stay_inside=leave.zone, start=start, until=until)
            found[name] = PlaceRule(rule, leave.start, leave.ends, subjects_of(leave.person, leave.excuses))
    return found


def lifted_spans(
    watches: Sequence[Key], counts: Mapping[str, Spans], places: Mapping[str, PlaceRule],
    barred: Collection[int],
) -> Iterator[tuple[int, float, float]]:  # fmt: skip
    """(watch, start, until) of leave as it counts, by subject; what a leave asks is lifted where it does not count.

    ``barred``: kinds of watches that no leave lifts.
    """
    for watch, (person, rule_kind, _) in enumerate(watches):
        rule, _, kind = rule_kind.rpartition("/")
        for subject in lifting(person, rule) if int(kind) not in barred else ():
            yield from ((watch, *span) for span in counts.get(subject, ()))
        if is_of_leave(rule) and rule in places:
            known = [span for subject in places[rule].subjects for span in counts.get(subject, ())]
            yield from ((watch, *span) for span in gaps(known))


def gaps(spans: Iterable[tuple[float, float]]) -> Spans:
    """The time between intervals, before them and after them, from 1970 on."""
    found, last = [], 0.0
    for start, until in sorted(spans):
        if start > last:
            found.append((last, start))
        last = max(last, until)
    return [*found, (last, float("inf"))] if last < float("inf") else found
