"""The drill: once a month, or by a leader's word, the canary's test alarm rings the people on duty.

The engine raises it, tells people and refuses it while something critical is unresolved; when it begins and ends is
decided here, and stands in TEST entries. One that is put off, or called off, is begun again within its hours, and else
on the next day of the month.
"""

from __future__ import annotations

import asyncio
import math
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import msgspec
import structlog

from gateway.clock import iso
from gateway.control.messages import Reply
from gateway.engine import is_overtaken, stands_in_the_way
from gateway.errors import GatewayFault, UserFault
from gateway.journal.controls import TestAlarm, printable
from gateway.journal.entries import EntryKind
from gateway.kinds import DRILL
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from gateway.clock import Clock
    from gateway.control.messages import Request
    from gateway.control.rights import Caller
    from gateway.control.server import Answer
    from gateway.daemon.pipeline import Pipeline
    from gateway.engine import Episode
    from gateway.in_force import InForce
    from gateway.settings.canary import Canary, Drill

NAME: Final = "drill"
LOOK_EVERY: Final = 10.0
"""Real seconds between looks at most."""
OPEN_FOR: Final = 7200.0
"""Seconds from the hour of the drill within which it may begin: nobody is rung at night for one of the morning."""
AGAIN: Final = 60.0
"""Seconds after which it is asked for again where nothing came of it."""
LONGEST_REASON: Final = 200
OFF, WAITING, UNDER_WAY, PUT_OFF = "off", "waiting", "under_way", "put_off"

log = structlog.get_logger()


@dataclass(slots=True)
class DrillWatch:
    """Begins drills and ends them. Times are UTC epoch seconds.

    Attributes:
        pipeline: has them journaled and stepped.
        asked: when the last one was asked for; ``ended``: the last whose end was.
        is_put_off: it is due, and something critical is unresolved.
    """

    pipeline: Pipeline
    clock: Clock
    in_force: InForce
    asked: float = -math.inf
    ended: str = ""
    is_put_off: bool = field(default=False)

    def answers(self) -> dict[str, Answer]:
        """By request."""
        return {NAME: self._asked_for}

    async def run(self) -> None:
        """Look, for ever."""
        while True:
            with suppress(GatewayFault):
                await self.look()
            await asyncio.sleep(min(LOOK_EVERY, self.clock.real_seconds(AGAIN)))

    async def look(self) -> None:
        """End the one that is under way where it is time, or begin the month's."""
        now, canary = self.pipeline.intake.now(), self.in_force.configuration.canary
        going = self._under_way()
        if going is not None:
            self._end(going, 0.0 if canary is None else canary.drill.wait, now)
        elif canary is not None:
            await self._begin_if_due(canary, now)

    def figures(self, now: float) -> dict[str, str]:
        """For the status: how it stands, and when the next one is due by the calendar; empty: never by itself."""
        canary = self.in_force.configuration.canary
        if self._under_way() is not None:
            state = UNDER_WAY
        elif canary is None:
            state = OFF
        else:
            state = PUT_OFF if self.is_put_off else WAITING
        due = math.inf if canary is None else next_due(canary.drill, now, self._zone)
        return {"drill": state, "drill_due": (iso(due) or "") if math.isfinite(due) else ""}

    async def _asked_for(self, request: Request, caller: Caller) -> Reply:
        """A leader begins one now, and says why."""
        canary, reason = self.in_force.configuration.canary, printable(request.why)[:LONGEST_REASON]
        if canary is None:
            raise UserFault(phrase("drill_no_canary"))
        if not reason:
            raise UserFault(phrase("drill_no_reason"))
        if stands_in_the_way(self.pipeline.state.episodes.values()):
            raise UserFault(phrase("drill_stands_in_the_way"))
        self._begin(canary, self.pipeline.intake.now(), caller.number or caller.account, reason)
        return Reply(ok=True, data={"minutes": round(canary.drill.wait / 60)})

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.in_force.configuration.county.timezone)

    def _under_way(self) -> Episode | None:
        return next((one for one in self.pipeline.state.episodes.values() if one.kind == DRILL), None)

    async def _begin_if_due(self, canary: Canary, now: float) -> None:
        is_due = opened(canary.drill, now, self._zone) and not await self._was_this_month(canary, now)
        was_put_off = self.is_put_off
        self.is_put_off = is_due and is_overtaken(self.pipeline.state.episodes.values())
        if self.is_put_off and not was_put_off:
            log.info("the drill is put off: something critical is unresolved")
        if is_due and not self.is_put_off and now - self.asked >= AGAIN:
            self._begin(canary, now, "", "")

    async def _was_this_month(self, canary: Canary, now: float) -> bool:
        """Whether one has taken place since the month's was due, and was not called off."""
        first = first_due(canary.drill, now, self._zone)
        rows = await self.pipeline.writer.run(self.pipeline.store.episodes_between, first, math.inf)
        return any(one.kind == DRILL and "called_off" not in one.facts for one in rows)

    def _begin(self, canary: Canary, now: float, by: str, reason: str) -> None:
        self.asked = now
        self._say(TestAlarm(secrets.token_hex(6), canary.device, by, canary=True, drill=True, reason=reason))

    def _end(self, one: Episode, wait: float, now: float) -> None:
        is_overtaken_now = is_overtaken(self.pipeline.state.episodes.values())
        is_over = now - one.decided >= wait or self._all_answered(one)
        if (is_overtaken_now or is_over) and self.ended != one.id:
            self.ended = one.id
            self._say(TestAlarm(secrets.token_hex(6), one.device, ends=one.id, called_off=not is_over))

    def _all_answered(self, one: Episode) -> bool:
        """Whether everybody who was told has answered."""
        ladder = self.pipeline.state.ladders.get(one.id)
        return ladder is not None and bool(ladder.told) and set(ladder.told) <= {act.by for act in one.acts}

    def _say(self, test: TestAlarm) -> None:
        self.pipeline.intake.control(EntryKind.TEST, msgspec.json.encode(test))
        self.pipeline.wake()


def first_due(drill: Drill, now: float, zone: ZoneInfo) -> float:
    """When the drill of the local month of a time is due first, UTC epoch seconds; infinite: never by itself."""
    if not drill.day:
        return math.inf
    local = datetime.fromtimestamp(now, zone)
    return _at(local.replace(day=drill.day), drill.minute)


def opened(drill: Drill, now: float, zone: ZoneInfo) -> bool:
    """Whether it may begin: on its day of the month or a later one, within its hours."""
    first = first_due(drill, now, zone)
    return first <= now and 0.0 <= now - _at(datetime.fromtimestamp(now, zone), drill.minute) < OPEN_FOR


def next_due(drill: Drill, now: float, zone: ZoneInfo) -> float:
    """When it is due next by the calendar; infinite: never by itself."""
    first = first_due(drill, now, zone)
    if not math.isfinite(first) or first > now:
        return first
    next_month = datetime.fromtimestamp(now, zone).replace(day=1) + timedelta(days=32)
    return _at(next_month.replace(day=drill.day), drill.minute)


def _at(day: datetime, minute: int) -> float:
    return day.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0).timestamp()
