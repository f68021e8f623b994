"""All that ends: authorities of positioning, terms of supervision, orders and rules, leave; each kind by itself."""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from gateway.settings.law import REVIEW_DAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from gateway.settings.model import Authority, Configuration, Rule

DAY: Final = 86_400.0
STEPS: Final = (30, 14, 7, 3, 1)
"""Days before an end at which it is told of."""


class End(NamedTuple):
    """What ends for whom.

    Attributes:
        kind: a key of :data:`KINDS`.
        person, office: whose it is.
        what: the kind of an authority, or the id of a rule, and of its zone where that ends first; else empty.
        document: on what it rests, as it is written; empty: nothing is.
        start, until: it holds for start <= t < until, UTC epoch seconds; start may be ``-inf``.
        review: of an authority, when it is next to be asked whether it is still necessary, UTC epoch seconds; None: not
            before it ends.
    """

    kind: str
    person: str
    office: str
    what: str
    document: str
    start: float
    until: float
    review: float | None = None


def days_left(until: float, now: float) -> int:
    """Days until an end, begun ones counted whole; both UTC epoch seconds."""
    return math.ceil((until - now) / DAY)


def step_of(days: int) -> int:
    """The last of :data:`STEPS` that was reached with so many days left; 0: none yet."""
    return min((step for step in STEPS if days <= step), default=0)


def ends(configuration: Configuration, now: float) -> list[End]:
    """What holds at a time (UTC epoch seconds) and ends, the soonest first.

    What goes on in a further authority ends with the last of them. Nobody protected, and nobody whose term is over.
    """
    supervised = {one.person for one in configuration.people.values() if not one.protected and now < one.term_until}
    found = chain.from_iterable(kind(configuration, now) for kind in KINDS.values())
    holding = (one for one in found if one.person in supervised and one.start <= now < one.until < math.inf)
    return sorted(holding, key=lambda one: (one.until, one.person, one.kind, one.what))


def _authorities(configuration: Configuration, now: float) -> Iterator[End]:
    by_holder: dict[tuple[str, str], list[Authority]] = defaultdict(list)
    for each in configuration.authorities:
        by_holder[each.person, each.kind].append(each)
    for (person, kind), theirs in by_holder.items():
        holding = [one for one in theirs if one.start <= now < one.until]
        if holding:
            last = _last(max(holding, key=lambda one: one.until), theirs)
            begun = min(one.start for one in holding)
            yield End(
                "authority", person, _office(configuration, person), kind, last.document, begun, last.until,
                next_review(theirs, now),
            )  # fmt: skip


def next_review(theirs: Sequence[Authority], now: float) -> float | None:
    """The first review of some authorities whose day is not over, each REVIEW_DAYS from the first day of one."""
    every = REVIEW_DAYS * DAY
    counts = ((one, max(1, math.floor((now - DAY - one.start) / every) + 1)) for one in theirs)
    return min((at for one, count in counts if (at := one.start + count * every) < one.until), default=None)


def _last(one: Authority, theirs: Sequence[Authority]) -> Authority:
    """The authority that ends last of those that follow each other without a gap."""
    further = (each for each in theirs if each.start <= one.until < each.until)
    after = max(further, key=lambda each: each.until, default=None)
    return one if after is None else _last(after, theirs)


def _terms(configuration: Configuration, now: float) -> Iterator[End]:
    del now
    for one in configuration.people.values():
        yield End("term", one.person, one.office, "", "", -math.inf, one.term_until)


def _rules(configuration: Configuration, now: float) -> Iterator[End]:
    del now
    for rule in configuration.rules:
        for what, start, until in _periods(configuration, rule):
            for person in rule.people:
                yield End("rule", person, _office(configuration, person), what, rule.basis, start, until)


def _periods(configuration: Configuration, rule: Rule) -> Iterator[tuple[str, float, float]]:
    """A rule's own period, then those of its zones that end before it."""
    yield rule.id, rule.start, rule.until
    for name in dict.fromkeys((rule.stay_inside, rule.keep_out)):
        zone = configuration.zones.get(name)
        if zone is not None and zone.until < rule.until:
            yield f"{rule.id} {name}", *rule.period(zone)


def _leave(configuration: Configuration, now: float) -> Iterator[End]:
    del now
    for one in configuration.leave:
        yield End("leave", one.person, _office(configuration, one.person), "", one.approved_by, one.start, one.ends)


KINDS: Final[Mapping[str, Callable[[Configuration, float], Iterator[End]]]] = {
    "authority": _authorities, "term": _terms, "rule": _rules, "leave": _leave,
}  # fmt: skip
"""By kind: who finds what ends, whether it holds or not."""


def _office(configuration: Configuration, person: str) -> str:
    known = configuration.people.get(person)
    return "" if known is None else known.office
