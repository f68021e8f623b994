"""Tasks that the county's templates ask for: again and again, before an end, after an alarm."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from gateway.dates.ends import DAY, ends
from gateway.dates.falling import every

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gateway.dates.ends import End
    from gateway.settings.model import Configuration, TaskTemplate


class Raised(NamedTuple):
    """An alarm: its kind, of whom, its id, and its onset, UTC epoch seconds."""

    kind: str
    person: str
    alarm: str
    at: float


class Task(NamedTuple):
    """What is to be done for whom: from when on and by when, UTC epoch seconds; ``alarm``: after which, else empty."""

    template: TaskTemplate
    person: str
    at: float
    due: float
    alarm: str = ""


def tasks(configuration: Configuration, alarms: Sequence[Raised], since: float, now: float, ahead: float) -> list[Task]:
    """What begins for since < t <= now + ahead (seconds; of alarms: <= now), the first to be done first."""
    holding = ends(configuration, now) if configuration.tasks else []
    found = chain(
        _again(configuration, holding, since, now + ahead),
        _before(configuration, holding, since, now + ahead),
        _after(configuration, alarms, since, now),
    )  # fmt: skip
    return sorted(found, key=lambda one: (one.due, one.person, one.template.id))


def _again(configuration: Configuration, holding: Sequence[End], since: float, until: float) -> Iterator[Task]:
    authorities = [one for one in holding if one.kind == "authority"]
    began = {one.person: one for one in sorted(authorities, key=lambda one: -one.start)}
    for template in configuration.tasks:
        if template.every_s:
            for person, end in began.items():
                for at in every(end.start, template.every_s, since, until):
                    if at < end.until:
                        yield Task(template, person, at, at + template.due_after_s)


def _before(configuration: Configuration, holding: Sequence[End], since: float, until: float) -> Iterator[Task]:
    for template in configuration.tasks:
        for end in holding:
            at = end.until - template.days * DAY
            if end.kind == template.before and since < at <= until and end.start < at:
                yield Task(template, end.person, at, at + template.due_after_s)


def _after(configuration: Configuration, alarms: Iterable[Raised], since: float, until: float) -> Iterator[Task]:
    raised = [one for one in alarms if since < one.at <= until]
    for template in configuration.tasks:
        for one in raised:
            if template.alarm == one.kind:
                yield Task(template, one.person, one.at, one.at + template.due_after_s, one.alarm)
