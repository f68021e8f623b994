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
from bisect import bisect_left
from dataclasses import dataclass, fields
from enum import IntEnum
from functools import partial
from hashlib import blake2b
from operator import attrgetter
from typing import TYPE_CHECKING, Final

import numpy as np

from fencing.schedule import Span
from gateway.engine.context import spread
from gateway.engine.duties import DUTIES, duty_at
from gateway.engine.night import STALE
from gateway.engine.policy import WatchKind

if TYPE_CHECKING:
    from collections.abc import Callable

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


NONE, UNKNOWN = int(Presence.NONE), int(Presence.UNKNOWN)
KNOWN: Final = (int(Presence.HOME), int(Presence.NOT_HOME))
SAYS: Final = np.array([Presence.UNKNOWN, Presence.HOME, Presence.NOT_HOME], np.uint8)
"""By verdict."""
IS_DUTY: Final = np.isin(np.arange(max(WatchKind) + 1), list(DUTIES))
"""By kind of watch."""


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


def say(ledger: Ledger, watch: tuple[str, str, str], at: At, since: float, until: float, state: int) -> None:
    """Say what stands from a time on."""
    ledger.presence.append(Interval(watch, since, until, Presence(state), (at.offset, at.phase, at.time)))


def follow_presence(context: Context, pairs: NDArray[np.void]) -> None:
    """A stretch of fixes that have been judged (``weigh.PAIR``). Python for those that change something."""
    mine, bank = np.flatnonzero(IS_DUTY[context.policy.watches.kind[pairs["watch"]]]), context.state.presence.records
    watch, time, said = pairs["watch"][mine], pairs["time"][mine], SAYS[pairs["verdict"][mine]]
    held = bank[watch]
    calm = (said == held["said"]) & (time - held["time"] <= STALE) & (time < held["look"]) & ~held["lapsed"]
    if not calm.all():
        some = np.flatnonzero(np.isin(watch, watch[~calm]))
        by, rows = some[np.argsort(watch[some], kind="stable")], pairs["row"][mine]
        for part in np.split(by, np.flatnonzero(np.diff(watch[by])) + 1):
            _follow(context, int(watch[part[0]]), rows[part], time[part], said[part])
    # Of several fixes of a watch the last one stays.
    bank["time"][watch], bank["said"][watch] = time, said


def follow_unplaced(context: Context, rows: NDArray[np.int64]) -> None:
    """Reports of a stretch without a fix, after its fixes: they show that what is known has become stale."""
    policy, bank = context.policy, context.state.presence
    people = context.people_of(rows)
    at, watch = spread(rows, policy.watches.first[people], policy.watches.count[people])
    stale = np.isin(bank["state"][watch], KNOWN) & (context.reports.order[at] > bank["time"][watch] + STALE)
    for row, each in zip(at[stale].tolist(), watch[stale].tolist(), strict=True):
        one = standing_of(context.state, each)
        if one.is_fading:
            tell = partial(say, context.ledger, policy.watches.key[each], context.at(row))
            _turn(one, one.lapses, UNKNOWN, tell)
            one.lapsed = False
            context.state.presence.records[each] = record_of(one)


def _follow(
    context: Context, watch: int, rows: NDArray[np.int64], times: NDArray[np.float64], said: NDArray[np.uint8]
) -> None:  # fmt: skip
    """The fixes of one watch: from one that may change something to the next."""
    one = standing_of(context.state, watch)
    at, changes = 0, _changes(one, times, said)
    while at < len(times):
        if not (one.lapsed or times[at] >= one.look):
            at = min(changes[bisect_left(changes, at)], int(np.searchsorted(times, one.look)))
        if at < len(times):
            before = Seen(float(times[at - 1]), int(said[at - 1])) if at else Seen(one.time, one.said)
            _take(context, watch, one, int(rows[at]), before, Seen(float(times[at]), int(said[at])))
        at += 1
    context.state.presence.records[watch] = record_of(one)


def _changes(one: Standing, times: NDArray[np.float64], said: NDArray[np.uint8]) -> list[int]:
    """Where another thing is known than by the fix before, or that one is stale; and the end."""
    if len(times) == 1:
        return [0, 1]
    earlier, told = np.append(one.time, times[:-1]), np.append(np.uint8(one.said), said[:-1])
    return [*np.flatnonzero((said != told) | ~(times - earlier <= STALE)).tolist(), len(times)]


def _take(context: Context, watch: int, one: Standing, row: int, before: Seen, now: Seen) -> None:
    if now.time < one.look:  # it is as it was
        duty = Span(-math.inf, one.look, one.state != NONE)
    else:
        wearing = int(context.reports.wearing[row])
        duty = duty_at(context.state, context.policy, watch, wearing, now.time)
    _meet(one, duty, before, now, partial(say, context.ledger, context.policy.watches.key[watch], context.at(row)))


def _meet(one: Standing, duty: Span, before: Seen, now: Seen, tell: Say) -> None:
    """A fix that may change something: what it shows of the time since the last one, and of its own."""
    lapses = before.time + STALE
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
        _begin(one, duty, before, now, tell)
    elif one.until != duty.until:
        one.until = duty.until
        tell(one.since, one.until, one.state)
    if one.state != now.said:
        _turn(one, now.time, now.said, tell)


def _begin(one: Standing, duty: Span, before: Seen, now: Seen, tell: Say) -> None:
    """A duty that began since the last fix, by what that one left; who was never seen before begins with this one."""
    one.until, lapses = duty.until, before.time + STALE
    since = now.time if math.isnan(before.time) else max(duty.begin, before.time)
    if since < now.time:
        _turn(one, since, before.said if since < lapses else UNKNOWN, tell)
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
    for watch in range(int(watches.first[person]), int(watches.first[person] + watches.count[person])):
        lapse_one(context.ledger, watch, at)


def lapse_one(ledger: Ledger, watch: int, at: At) -> None:
    """The same of one watch."""
    one = standing_of(ledger.state, watch)
    if one.is_fading and not one.lapsed:
        say(ledger, ledger.policy.watches.key[watch], at, one.lapses, one.until, UNKNOWN)
        ledger.state.presence["lapsed"][watch] = True
