"""One wearer's life in a scenario: visits, what happens to the bracelet, and what of it is true."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from firmware_sim.firmware.uploads import Upload
from firmware_sim.movement import Visit
from firmware_sim.people.ways import seconds
from firmware_sim.reception.cells import ADVANCE_STEPS
from firmware_sim.schedule import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from firmware_sim.county.plan import Plan
    from firmware_sim.firmware.wire import Edition
    from firmware_sim.world import Place


@dataclass(frozen=True, slots=True)
class Happening:
    """Something true of a device or person that no place tells: ``kind`` as the alarms name it, or a trick's name."""

    kind: str
    span: Span


@dataclass(slots=True)
class Life:
    """A wearer and a bracelet.

    Attributes:
        number: from 0; names and draws derive from it.
        family: wire format, ``edition`` for JT/T 808.
        visits: where the person is, in time order.
        stretches: what is wrong with the bracelet when, by the names of ``STRETCHES``.
        left: the bracelet alone at a place (left at home, lent, swapped).
        happenings: true events beside the breaches that the track itself tells.
        leave: approved absence.
        charged: moments of being put on the charger in the evening; ``skipped`` days have none. ``flat``: days on
            which the battery is empty. ``unkept``: days on which no appointment is kept. ``turned``: days whose nights
            are spent out, and the days after them at home.
        link: how it reports over real links. ``upload``: how it sends what it had stored.
        advance_step: metres of a step of timing advance as it counts them.
        protected: no wearer, but whom others keep away from. ``kept_away``: is to.
        handed_over: from when the bracelet is on ``successor``'s arm.
    """

    number: int
    person: str
    device: str
    identity: str
    family: str
    edition: Edition | None
    home: Place
    curfew: bool
    barred: bool
    visits: list[Visit]
    stretches: dict[str, list[Span]] = field(default_factory=dict)
    left: list[tuple[Place, Span]] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    leave: list[Span] = field(default_factory=list)
    skipped: set[int] = field(default_factory=set)
    flat: set[int] = field(default_factory=set)
    unkept: set[int] = field(default_factory=set)
    turned: set[int] = field(default_factory=set)
    link: str = "tcp"
    upload: Upload = Upload.BACKLOG_FIRST
    advance_step: float = ADVANCE_STEPS[0]
    protected: bool = False
    kept_away: bool = False
    handed_over: float = math.inf
    successor: str = ""
    successor_home: Place | None = None

    def suffer(self, name: str, span: Span) -> None:
        """Something is wrong with the bracelet for a while."""
        self.stretches.setdefault(name, []).append(span)

    def happen(self, kind: str, span: Span) -> None:
        """Something is true that the scorer must know."""
        self.happenings.append(Happening(kind, span))

    def leave_of(self, person: str) -> list[Span]:
        """Approved absence of one of its wearers: the first one's, for who comes after has none."""
        return self.leave if person == self.person else []

    def excuses(self, person: str, span: Span) -> bool:
        """Whether a span lies within an approved absence of a wearer."""
        return any(leave.start <= span.start and span.until <= leave.until for leave in self.leave_of(person))

    def wearers(self) -> Iterator[tuple[str, Span, Place]]:
        """Person, span and home of each who wears the bracelet."""
        yield self.person, Span(-math.inf, self.handed_over), self.home
        if self.successor and self.successor_home is not None:
            yield self.successor, Span(self.handed_over, math.inf), self.successor_home


STRETCHES = (
    "removed", "case_open", "sos", "shielded", "buried", "jammed", "silent", "off", "spoofed", "shifted",
    "phone_left", "flat", "other_card",
)  # fmt: skip
"""Strap bit, case bit, SOS bit; no GNSS and no link, by foil or by earth; no GNSS; no link; no reports; home for a
false place, or one a kilometre and more off; the phone at home, with its owner or without; no reports, for the battery
is empty; the bit for another SIM card."""


def around(life: Life, moment: float) -> tuple[int, Place]:
    """Index and place of the visit that is under way, or is the next to be reached, at a moment."""
    index = next(n for n, visit in enumerate(life.visits) if visit.until > moment)
    return index, life.visits[index].place


def detour(plan: Plan, life: Life, place: Place, span: Span, pace: float = 0.0) -> Span:
    """From wherever one is at ``span.start`` to a place and back by ``span.until``; returns the time spent there.

    Who is on the way then arrives first. Visits that would end meanwhile are left out. Where the ways alone take
    longer, the stay is a minute. ``pace``: of both ways, metres per second; 0: as usual.
    """
    index, here = around(life, span.start)
    before = life.visits[index - 1] if index else None
    arrival = before.until + seconds(plan, before.place, here, before.pace) if before else -math.inf
    start = max(span.start, arrival + 60.0)
    there = start + seconds(plan, here, place, pace)
    following = next(n for n, visit in enumerate(life.visits) if visit.until > max(span.until, start))
    leaves = max(span.until - seconds(plan, place, life.visits[following].place, pace), there + 60.0)
    life.visits[index:following] = [Visit(here, start, pace), Visit(place, leaves, pace)]
    while life.visits[index + 2].until <= leaves + seconds(plan, place, life.visits[index + 2].place, pace):
        del life.visits[index + 2]
    return Span(there, leaves)
