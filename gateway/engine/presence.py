"""Pass: whether somebody was where he has to be: HOME, NOT_HOME or UNKNOWN, in intervals, by person and duty.

A duty (``duties``) is a curfew, in its hours alone, or an allowed area; none on leave, none while nobody wears the
bracelet or no authority covers it. Outside of these there is no interval: nobody has to be anywhere then, so nothing is
kept of where he was, and a strip of nights needs no more than the nights. Where a duty has no interval nothing was
reported, and that is not known either.

What is known at a device time is what the last fix up to it left of the evidence (``fencing.verdict``): IN is HOME, OUT
is NOT_HOME. STALE seconds after that fix, as long as the account of a curfew night lets it hold, nobody can say any
more: from then on it is UNKNOWN, until the next fix. An alarm names the onset of what it tells; an interval begins
where it was known.

So the intervals follow from the fixes in their order alone, and only what changes them is said: what is to stand from a
time on, in the place of all that stood from there on. When a bracelet is missed the end of what was known is said
before a report can show it (``lapse``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from enum import IntEnum
from functools import partial
from hashlib import blake2b
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from fencing.span import Span
from fencing.verdict import IN, OUT
from formulas.formula import Record, formula
from gateway.engine.context import spread
from gateway.engine.duties import DUTIES, duty_at
from gateway.engine.night import STALE
from gateway.engine.watching import WatchKind

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.ledger import At, Ledger
    from gateway.engine.state import EngineState

    Say = Callable[[float, float, int], None]


class Presence(IntEnum):
    """What is known of a person and a duty; NONE: there is no duty."""

    NONE = 0
    HOME = 1
    NOT_HOME = 2
    UNKNOWN = 3


NONE, HOME, NOT_HOME, UNKNOWN = (int(each) for each in Presence)
KNOWN: Final = (HOME, NOT_HOME)


@dataclass(frozen=True, slots=True)
class Interval:
    """What stands of a watch (``policy.Watches.key``) from ``since`` on, in the place of all that stood from there on.

    What had begun before ends at ``since``. Times are UTC epoch seconds of device time; ``until`` is infinite where no
    end of the duty is known. NONE: nothing stands from there on. ``order``: where in the log it is said.
    """

    watch: tuple[str, str, str]
    since: float
    until: float
    state: Presence
    order: tuple[int, int, float]

    @property
    def person(self) -> str:
        """Whose it is."""
        return self.watch[0]

    @property
    def rule(self) -> str:
        """Identity of the rule."""
        return self.watch[1].rsplit("/", 1)[0]

    @property
    def duty(self) -> str:
        """What the rule asks for (``DUTIES``)."""
        return DUTIES[WatchKind(int(self.watch[1].rsplit("/", 1)[1]))]

    @property
    def zone(self) -> str:
        """Identity of the zone."""
        return self.watch[2]


@dataclass(slots=True)
class Standing:
    """A record of the bank, in its order: what stands of a watch, and what the last fix said.

    Attributes:
        time: of the last fix; NaN: there was none.
        said: what it said (``Presence``).
        state: what stands since ``since`` and until ``until``, the end of the duty.
        look: device time from which on the duty may be another.
        lapsed: the end of what is known was said before a report could show it.
        trace: digest of all that stood before: where two are equal, so is what was said.
    """

    time: float
    said: int
    state: int
    since: float
    until: float
    look: float
    lapsed: bool
    trace: int

    @property
    def lapses(self) -> float:
        """From when on what is known is not known any more, unless a fix shows otherwise."""
        return self.time + STALE

    @property
    def is_fading(self) -> bool:
        """Whether that is before the duty ends."""
        return self.state in KNOWN and self.lapses < self.until

    def turn(self, since: float, state: int) -> None:
        """From a time on it is otherwise."""
        ended = min(self.until, since) if self.state else math.nan
        line = f"{self.trace}/{ended!r}/{since!r}/{state}".encode()
        self.trace = int.from_bytes(blake2b(line, digest_size=8).digest(), "big")
        self.since, self.state = since, state
        self.until = self.until if state else -math.inf


record_of: Final = attrgetter(*(each.name for each in fields(Standing)))


@dataclass(frozen=True, slots=True)
class Seen:
    """A fix: its device time, and what is known by it."""

    time: float
    said: int


def standing_of(state: EngineState, watch: int) -> Standing:
    """A watch's record, to be written back with ``record_of``."""
    return Standing(*state.presence.records[watch].item())


def duty_now(state: EngineState, watch: int, time: float) -> tuple[Presence, float, float] | None:
    """What is known of a duty at a time (UTC epoch seconds, not before the last fix), since when, until when it lasts.

    None: there is no duty then, or nothing has been said of it.
    """
    one = standing_of(state, watch)
    if one.state == NONE or not one.since <= time < one.until:
        return None
    if one.is_fading and one.lapses <= time:
        return Presence.UNKNOWN, one.lapses, one.until
    return Presence(one.state), one.since, one.until


def say(ledger: Ledger, watch: tuple[str, str, str], at: At, since: float, until: float, state: int) -> None:
    """Say what stands from a time on."""
    ledger.presence.append(Interval(watch, since, until, Presence(state), (at.offset, at.phase, at.time)))


@formula
def known_by(verdict: int) -> int:
    """What is known of a duty (``Presence``) by the verdict of its watch."""
    if verdict == IN:
        return HOME
    return NOT_HOME if verdict == OUT else UNKNOWN


@formula
def is_told(standing: Record, time: float, verdict: int) -> bool:
    """Whether a fix changes nothing; then it is the last one from here on."""
    said = known_by(verdict)
    is_same = standing.said == said and time - standing.time <= STALE
    if standing.lapsed or time >= standing.look or not (is_same or standing.state == NONE):
        return False
    standing.time, standing.said = time, said
    return True


def follow_presence(context: Context, watch: int, row: int) -> None:
    """A fix that may change something, and has been judged."""
    state, policy = context.state, context.policy
    one, time = standing_of(state, watch), float(context.reports.time[row])
    if time < one.look:  # it is as it was
        duty = Span(-math.inf, one.look, one.state != NONE)
    else:
        duty = duty_at(state, policy, watch, int(context.reports.wearing[row]), time)
    said = known_by(int(state.watch["verdict"][watch]))
    _meet(one, duty, Seen(time, said), partial(say, context.ledger, policy.watches.key[watch], context.at(row)))
    one.time, one.said = time, said
    state.presence.records[watch] = record_of(one)


def follow_unplaced(context: Context, rows: NDArray[np.int64]) -> None:
    """Reports of a stretch without a fix, after its fixes: they show that what is known has become stale."""
    policy, bank = context.policy, context.state.presence
    people = context.people_of(rows)
    at, watch = spread(rows, policy.watches.first[people], policy.watches.count[people])
    known = (bank["state"][watch] == HOME) | (bank["state"][watch] == NOT_HOME)
    stale = known & (context.reports.order[at] > bank["time"][watch] + STALE)
    for row, each in zip(at[stale].tolist(), watch[stale].tolist(), strict=True):
        one = standing_of(context.state, each)
        if one.is_fading:
            tell = partial(say, context.ledger, policy.watches.key[each], context.at(row))
            _turn(one, one.lapses, UNKNOWN, tell)
            one.lapsed = False
            context.state.presence.records[each] = record_of(one)


def _meet(one: Standing, duty: Span, now: Seen, tell: Say) -> None:
    """What a fix shows of the time since the last one, and of its own."""
    lapses = one.lapses
    if one.lapsed and now.time <= lapses:
        tell(one.since, one.until, one.state)
    one.lapsed, one.look = False, duty.until
    if one.state in KNOWN and lapses < min(now.time, one.until):
        _turn(one, lapses, UNKNOWN, tell)
    if not duty.holds or one.until < duty.begin:
        _cease(one, max(one.since, duty.begin), tell)
    if not duty.holds:
        return
    if one.state == NONE:
        _begin(one, duty, now, tell)
    elif one.until != duty.until:
        one.until = duty.until
        tell(one.since, one.until, one.state)
    if one.state != now.said:
        _turn(one, now.time, now.said, tell)


def _begin(one: Standing, duty: Span, now: Seen, tell: Say) -> None:
    """A duty that began since the last fix, by what that one left; who was never seen before begins with this one."""
    one.until, lapses = duty.until, one.lapses
    since = now.time if math.isnan(one.time) else max(duty.begin, one.time)
    if since < now.time:
        _turn(one, since, one.said if since < lapses else UNKNOWN, tell)
        if one.state in KNOWN and lapses < now.time:
            _turn(one, lapses, UNKNOWN, tell)


def _turn(one: Standing, since: float, state: int, tell: Say) -> None:
    one.turn(since, state)
    tell(one.since, one.until, one.state)


def _cease(one: Standing, time: float, tell: Say) -> None:
    """There is no duty any more; that is said where it ended sooner than was said."""
    if one.state == NONE:
        return
    if time < one.until:
        tell(time, time, NONE)
    one.turn(min(time, one.until), NONE)


def lapse(context: Context, wearing: int, at: At) -> None:
    """A bracelet is missed: what was known of its wearer holds STALE seconds, unless a fix shows otherwise."""
    watches = context.policy.watches
    person = int(context.policy.wearing_person[wearing])
    first, states = int(watches.first[person]), context.state.presence["state"]
    for watch, state in enumerate(states[first : first + int(watches.count[person])].tolist(), first):
        if state in KNOWN:
            lapse_one(context.ledger, watch, at)


def lapse_one(ledger: Ledger, watch: int, at: At) -> None:
    """The same of one watch."""
    one = standing_of(ledger.state, watch)
    if one.is_fading and not one.lapsed:
        say(ledger, ledger.policy.watches.key[watch], at, one.lapses, one.until, UNKNOWN)
        ledger.state.presence["lapsed"][watch] = True
