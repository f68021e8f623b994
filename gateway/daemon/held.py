"""What legal holds keep at a time: whose, which alarms, and the entries of which devices."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from gateway.engine import KEPT
from gateway.settings.holds import in_force

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gateway.engine import Episode
    from gateway.journal.erasure import Spans
    from gateway.settings.holds import Hold
    from gateway.settings.model import Configuration
    from gateway.store.state_db import StateStore

BEFORE: Final = 86_400.0
"""Seconds before an alarm's onset from which what came may have led to it."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept.

    Attributes:
        people, alarms: of which nothing leaves state.db.
        spans: by device, between which receive times its entries stay, UTC epoch seconds.
        label: another one when anything else is held; empty: nothing is.
    """

    people: frozenset[str] = frozenset()
    alarms: frozenset[str] = frozenset()
    spans: Spans = field(default_factory=dict)
    label: str = ""

    @property
    def since(self) -> float:
        """From when on entries stay; ``inf``: none does."""
        return min((begin for spans in self.spans.values() for begin, _ in spans), default=math.inf)


NOTHING: Final = Held()


def held_at(configuration: Configuration, store: StateStore, now: float) -> Held:
    """What is held at a time by the holds of a configuration. Asked in the thread that owns the store."""
    holds = in_force(configuration.holds, now)
    people = frozenset(one.person for one in holds if one.person)
    alarms = [found for one in holds if one.alarm and (found := store.episode(one.alarm)) is not None]
    spans: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for device, begin, end in [*_of_people(configuration, people), *map(_of_alarm, alarms)]:
        # Stored reports may come later than what they tell of.
        spans[device].append((begin, end + KEPT))
    kept = {device: tuple(sorted(each)) for device, each in sorted(spans.items())}
    return Held(people, frozenset(one.id for one in alarms), kept, _label(holds, kept))


def _of_people(configuration: Configuration, people: frozenset[str]) -> Iterator[tuple[str, float, float]]:
    for one in configuration.assignments:
        if one.person in people:
            yield one.device, one.start, one.until


def _of_alarm(alarm: Episode) -> tuple[str, float, float]:
    """Of an alarm all that came from a day before its onset until it was over."""
    ends = [time for time in (alarm.ended, alarm.closed) if time is not None]
    return alarm.device, alarm.onset - BEFORE, max(ends, default=math.inf)


def _label(holds: Sequence[Hold], spans: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    return sha256(repr((holds, sorted(spans.items()))).encode()).hexdigest() if holds else ""
