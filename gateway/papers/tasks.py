"""What is to be done in the coming week: reminders, reviews, appointments, returns, templates' tasks.

What an earlier sheet has does not come again; what was neither ticked nor struck out there goes over.
"""

from __future__ import annotations

import math
from dataclasses import replace
from hashlib import sha256
from itertools import chain
from typing import TYPE_CHECKING, Final

from gateway.dates import tasks as templated
from gateway.dates.falling import reviews, steps
from gateway.journal.controls import PaperLine
from gateway.papers.said import in_both, part
from gateway.words.date_words import end_name, last_moment
from gateway.words.texts import REMOVALS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from gateway.dates.falling import Reached
    from gateway.papers.seen import Seen
    from gateway.words.alarm_words import Words

AHEAD: Final = 7 * 86_400.0
"""Seconds that the sheet looks ahead."""
KEY_DIGITS: Final = 16


def tasks(seen: Seen) -> list[PaperLine]:
    """Its lines by heading, the first to be done first: those that go over, then the new ones."""
    known = {entry.line.key for paper in seen.before for entry in paper.entries}
    made = (one for one in chain.from_iterable(make(seen) for make in _MAKERS) if _is_on(seen, one.person))
    new = sorted((one for one in made if one.key not in known), key=lambda one: (one.due, one.person))
    return [*_left(seen), *new]


def _left(seen: Seen) -> list[PaperLine]:
    """What the sheet before has left undone."""
    entries = seen.before[0].entries if seen.before else ()
    undone = [one.line for one in entries if one.ticked is None and one.struck is None]
    theirs = [one for one in undone if not one.person or _is_on(seen, one.person)]
    standing = _standing(seen) if any(one.section in _LAPSING for one in theirs) else set()
    return [one for one in theirs if one.section not in _LAPSING or one.key in standing]


def _standing(seen: Seen) -> set[str]:
    """Keys of what still is so: an end that was put off or is over is told of no more, nor a return on record."""
    whole = replace(seen, since=-math.inf)
    return {one.key for make in _LAPSING.values() for one in make(whole)}


def _is_on(seen: Seen, person: str) -> bool:
    """Whether somebody is theirs, and under supervision still."""
    known = seen.configuration.people.get(person)
    return seen.is_theirs(person) and known is not None and not known.protected and seen.until < known.term_until


def _reminders(seen: Seen) -> Iterator[PaperLine]:
    for one in steps(seen.configuration, seen.until, seen.since, seen.until + AHEAD):
        yield _line(seen, "reminder", one.end.person, one.at, _reminding(one), one.end.kind, one.end.what, one.days)


def _reminding(one: Reached) -> Callable[[Words], str]:
    def say(words: Words) -> str:
        what, last = end_name(one.end.kind, one.end.what, words), last_moment(one.end.kind, one.end.until, words)
        key = "reminded_authority" if one.end.kind == "authority" else "reminded"
        return part(words, key, what=what, days=one.days, last_day=last)

    return say


def _reviews(seen: Seen) -> Iterator[PaperLine]:
    for authority, at in reviews(seen.configuration, seen.since, seen.until + AHEAD):
        yield _line(
            seen, "review", authority.person, at, _saying("review", document=authority.document), authority.kind,
            authority.start,
        )  # fmt: skip


def _appointments(seen: Seen) -> Iterator[PaperLine]:
    for one in seen.configuration.appointments:
        if seen.since < one.start <= seen.until + AHEAD:
            say = _timed("appointment", begin=one.start, time=one.until, document=one.document)
            yield _line(seen, "appointment", one.person, one.until, say, one.start, one.zone)


def _returns(seen: Seen) -> Iterator[PaperLine]:
    for one in seen.configuration.leave:
        if one.returned is None and seen.since < one.until <= seen.until + AHEAD:
            yield _line(seen, "return", one.person, one.until, _timed("to_return", time=one.until), one.start)


def _backs(seen: Seen) -> Iterator[PaperLine]:
    for one in seen.configuration.removals:
        if seen.since < one.until <= seen.until + AHEAD:
            yield _line(
                seen, "back", one.person, one.until, _timed("to_be_back", time=one.until, reason=one.reason), one.start
            )


def _templated(seen: Seen) -> Iterator[PaperLine]:
    alarms = [
        templated.Raised(one.kind, one.person, one.id, one.onset) for one in seen.episodes if not one.retracted
    ]  # fmt: skip
    for one in templated.tasks(seen.configuration, alarms, seen.since, seen.until, AHEAD):
        template = one.template
        office = seen.configuration.people[one.person].office if one.person in seen.configuration.people else ""
        section = "courtesy" if template.courtesy else "task"
        yield PaperLine(
            _key(section, one.person, template.id, one.at, one.alarm), section, one.person, one.alarm,
            zh=template.zh, en=template.en, since=one.at, due=one.due,
            owner=office if template.owner == "office" else template.owner,
        )  # fmt: skip


_MAKERS: Final[Sequence[Callable[[Seen], Iterator[PaperLine]]]] = (
    _reminders, _reviews, _appointments, _returns, _backs, _templated,
)  # fmt: skip


_LAPSING: Final[Mapping[str, Callable[[Seen], Iterator[PaperLine]]]] = {"reminder": _reminders, "return": _returns}
"""Headings of which a line goes over only while it is so."""


def _line(seen: Seen, section: str, person: str, due: float, say: Callable[[Words], str], *of: object) -> PaperLine:
    """A line of the office's; ``of``: what else names it."""
    zh, en = in_both(seen, say)
    known = seen.configuration.people.get(person)
    key = _key(section, person, due, *of)
    return PaperLine(key, section, person, zh=zh, en=en, due=due, owner="" if known is None else known.office)


def _saying(key: str, **values: object) -> Callable[[Words], str]:
    return lambda words: part(words, key, **values)


def _timed(key: str, **values: object) -> Callable[[Words], str]:
    """The same; numbers are times, and ``reason`` is a code."""

    def say(words: Words) -> str:
        told = {name: words.clock(value) if isinstance(value, float) else value for name, value in values.items()}
        if "reason" in told:
            told["reason"] = REMOVALS[str(told["reason"])].of(words.language)
        return part(words, key, **told)

    return say


def _key(section: str, *of: object) -> str:
    """Names a task on every sheet: the same for the same."""
    named = "\0".join(map(str, of))
    return f"{section}-{sha256(named.encode()).hexdigest()[:KEY_DIGITS]}"
