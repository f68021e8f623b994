"""Who wore what, when, and with authority: by the registers in force. Nobody's single figure leaves this file."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from gateway.reports.period import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gateway.settings.model import Assignment, Authority, Configuration

Span = tuple[float, float]
"""start <= t < until, UTC epoch seconds."""
SWAP: Final = DAY
"""Seconds without a bracelet that are a change of bracelets, not an end."""


def device_days(configuration: Configuration, since: float, until: float) -> float:
    """Days of 24 hours within a stretch in which a bracelet or a phone was given out, and its authority held."""
    return sum(_days(configuration, [(since, until)]).values())


def people_within(configuration: Configuration, since: float, until: float) -> frozenset[str]:
    """Who had one for any of that time, with authority."""
    return frozenset(person for person, days in _days(configuration, [(since, until)]).items() if days > 0)


def _days(configuration: Configuration, within: Sequence[Span]) -> Mapping[str, float]:
    held, days = _held(configuration.authorities), defaultdict[str, float](float)
    for one in supervised(configuration):
        device, person = configuration.devices.get(one.device), configuration.people[one.person]
        if device is None:
            continue
        given = common([(one.start, min(one.until, person.term_until))], within)
        lawful = common(given, held.get((one.person, device.basis), ()))
        days[one.person] += sum(until - start for start, until in lawful) / DAY
    return days


def supervised(configuration: Configuration) -> Iterator[Assignment]:
    """What is given out to people under supervision; who is protected is none."""
    for one in configuration.assignments:
        person = configuration.people.get(one.person)
        if person is not None and not person.protected:
            yield one


def wearings(configuration: Configuration) -> dict[str, list[Span]]:
    """By person, from when until when a bracelet was worn; a change of bracelets is no end."""
    worn = defaultdict[str, list[Span]](list)
    for one in supervised(configuration):
        device = configuration.devices.get(one.device)
        if device is not None and not device.is_phone:
            worn[one.person].append((one.start, one.until))
    return {person: joined(spans, SWAP) for person, spans in worn.items()}


def joined(spans: Iterable[Span], gap: float = 0.0) -> list[Span]:
    """Spans in order, those that touch, overlap or lie at most ``gap`` seconds apart as one."""
    found: list[Span] = []
    for start, until in sorted(spans):
        if found and start <= found[-1][1] + gap:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((start, until))
    return found


def common(some: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """What lies in one of each."""
    pairs = ((max(a, c), min(b, d)) for a, b in some for c, d in others)
    return [(start, until) for start, until in pairs if start < until]


def _held(authorities: Iterable[Authority]) -> dict[tuple[str, str], list[Span]]:
    held = defaultdict[tuple[str, str], list[Span]](list)
    for one in authorities:
        held[one.person, one.kind].append((one.start, one.until))
    return {key: joined(spans) for key, spans in held.items()}
