"""Whether bracelets are still needed: what was extended, lifted early or ran out, and what has lasted without a cause.

Early removal is good work. The list of those who wear one for long asks for an assessment, and recommends nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from gateway.reports.period import DAY
from gateway.reports.shares import Share
from gateway.reports.worn import Span, common, joined, people_within, wearings
from gateway.settings.model import AuthorityKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from gateway.reports.period import Period
    from gateway.settings.model import Authority, Configuration, Person

LONG: Final = 60 * DAY
"""Seconds of wearing after which it is asked whether a bracelet is still needed."""
FEW: Final = 3
"""Minors below which their number is not told."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What became of one authority: it ends, is extended (``assessment``: by which document), or was not needed.

    ``at``: when that was, UTC epoch seconds; ``days``: that it still had then.
    """

    office: str
    document: str
    at: float
    assessment: str = ""
    days: int = 0


@dataclass(frozen=True, slots=True)
class Worn:
    """A person, no minor, who has worn a bracelet for long."""

    person: str
    office: str
    days: int


@dataclass(frozen=True, slots=True)
class Necessity:
    """What of a period is to be said of necessity; ``minors``: how many had a device."""

    extended: tuple[Turn, ...]
    lifted: tuple[Turn, ...]
    expired: tuple[Turn, ...]
    long: tuple[Worn, ...]
    minors: int


def given(now: Iterable[Authority], then: Iterable[Iterable[Authority]]) -> tuple[Authority, ...]:
    """Authorities as they were given: each with the latest end that the registers ever said, also of what is gone.

    Args:
        now: in force.
        then: what stood before, at any times.
    """
    found: dict[tuple[str, str, str, float], Authority] = {}
    for one in (*(each for some in then for each in some), *now):
        key = (one.person, one.kind, one.document, one.start)
        if key not in found or found[key].until <= one.until:
            found[key] = one
    return tuple(found.values())


def necessity(
    configuration: Configuration, period: Period, now: float, confirmed: Collection[str],
    then: Iterable[Iterable[Authority]] = (),
) -> Necessity:  # fmt: skip
    """Of a period, by the registers in force; what was shortened or taken out was lifted, as it was given before.

    Args:
        configuration: in force.
        period: which; of one that goes on, until ``now``.
        now: UTC epoch seconds.
        confirmed: people of whom an alarm was ever closed as confirmed.
        then: authorities that stood before.
    """
    worn, until = wearings(configuration), min(period.until, now)
    bases = _bases(configuration)
    were = _bases(replace(configuration, authorities=given(configuration.authorities, then)))
    lifted = [turn for person, spans in worn.items() for turn in _lifted(configuration.people[person], spans, were)]
    return Necessity(
        tuple(_of(period, now, _extended(configuration, bases))),
        tuple(_of(period, now, lifted)),
        tuple(_of(period, now, _expired(configuration, were, worn))),
        tuple(_long(configuration, _lawful(worn, bases), until, confirmed)),
        sum(configuration.people[one].minor for one in people_within(configuration, period.start, until)),
    )  # fmt: skip


def early(turns: Necessity) -> dict[str, Share]:
    """By office, bracelets that were lifted early among all that were, ran out or were extended."""
    ends = [*turns.lifted, *turns.expired, *turns.extended]
    offices = {one.office for one in ends}
    return {
        each: Share(sum(one.office == each for one in turns.lifted), sum(one.office == each for one in ends))
        for each in offices
    }


def few(count: int) -> str:
    """A number of minors as it may be told."""
    return f"<{FEW}" if count < FEW else str(count)


def _of(period: Period, now: float, turns: Sequence[Turn]) -> list[Turn]:
    """Those of a period, by when they were."""
    mine = (one for one in turns if period.has(one.at) and one.at <= now)
    return sorted(mine, key=lambda one: (one.at, one.document))


def _bases(configuration: Configuration) -> dict[str, list[Authority]]:
    """By person under supervision, what bracelets rest on, the oldest first."""
    found: dict[str, list[Authority]] = {}
    for one in configuration.authorities:
        person = configuration.people.get(one.person)
        if one.kind is AuthorityKind.BRACELET and person is not None and not person.protected:
            found.setdefault(one.person, []).append(one)
    return {person: sorted(bases, key=lambda one: (one.start, one.until)) for person, bases in found.items()}


def _extended(configuration: Configuration, bases: Mapping[str, list[Authority]]) -> list[Turn]:
    """Authorities that go on where one before them ends."""
    return [
        Turn(configuration.people[person].office, later.document, later.start, later.assessment)
        for person, held in bases.items()
        for before, later in pairwise(held)
        if later.start <= before.until + DAY < later.until + DAY
    ]


def _lifted(person: Person, spans: Sequence[Span], bases: Mapping[str, list[Authority]]) -> Iterator[Turn]:
    """Bracelets taken off for good while a day or more of authority was left; at a term's end they go anyway."""
    for _, until in spans:
        left = [one for one in bases.get(person.person, ()) if one.start <= until and until + DAY <= one.until]
        if left and until + DAY <= person.term_until:
            yield Turn(person.office, left[-1].document, until, days=int((left[-1].until - until) // DAY))


def _expired(
    configuration: Configuration, bases: Mapping[str, list[Authority]], worn: Mapping[str, Sequence[Span]]
) -> list[Turn]:  # fmt: skip
    """Authorities that ran out, with no other behind them, on somebody who wore a bracelet to the last day."""
    return [
        Turn(configuration.people[person].office, one.document, one.until)
        for person, held in bases.items()
        for one in held
        if not any(other.start <= one.until < other.until for other in held)
        and any(start < one.until < until + DAY for start, until in worn.get(person, ()))
    ]


def _lawful(
    worn: Mapping[str, Sequence[Span]], bases: Mapping[str, list[Authority]]
) -> dict[str, list[Span]]:  # fmt: skip
    """When a bracelet was worn that rested on something."""
    held = {person: joined((one.start, one.until) for one in bases.get(person, ())) for person in worn}
    return {person: common(spans, held[person]) for person, spans in worn.items()}


def _long(
    configuration: Configuration, worn: Mapping[str, Sequence[Span]], until: float, confirmed: Collection[str]
) -> Iterator[Worn]:  # fmt: skip
    """By person: no order of merit."""
    for person in sorted(worn.keys() - set(confirmed)):
        who = configuration.people[person]
        for start, end in worn[person]:
            if start <= until <= end and until - start > LONG and not who.minor:
                yield Worn(person, who.office, int((until - start) // DAY))
