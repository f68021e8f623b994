"""The canary: again and again a test alarm of a device that nobody wears, followed as far as every upstream.

Live alone: what it raises is journaled as TEST, so that a replay raises the same. While one has arrived nowhere no
other begins: a county whose one upstream is away for a day owes it one test alarm.
"""

from __future__ import annotations

import asyncio
import math
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec

from gateway.errors import GatewayFault
from gateway.journal.controls import TestAlarm
from gateway.journal.entries import EntryKind
from gateway.kinds import CANARY, TRIALS
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.clock import Clock
    from gateway.daemon.pipeline import Pipeline
    from gateway.in_force import InForce
    from gateway.settings.canary import Canary
    from gateway.store.outbox import Passage
    from gateway.text import Text

PATH: Final = "alarm path"
"""Its name in the health."""
PERIODS: Final = 3.0
"""Periods without a proof after which it is a trouble."""
LOOK_EVERY: Final = 10.0
"""Real seconds between looks at most; a tenth of a period where that is less."""
REMEMBERED: Final = 86_400.0
"""Seconds before a start in which proofs are looked for."""
FOLLOWED: Final = 12
"""Test alarms that are followed at once, the newest: one may be slower than a period at one upstream."""
OFF, BEGUN, PROVEN, LATE = "off", "begun", "proven", "late"
"""How the way of alarms stands: no canary; not proven yet; proven lately; not proven for too long."""


@dataclass(slots=True)
class CanaryWatch:
    """Raises test alarms of the county's canary, and sees how far they come. Times are UTC epoch seconds.

    Attributes:
        pipeline: has them journaled and stored.
        upstreams: names of those that serve.
        of: the canary that is followed, since ``begun``; another one, or none, begins anew.
        asked: when the last test alarm was asked for; ``awaited``: it is not stored yet.
        alarm, raised: the last one that is stored, and when it was raised.
        heard: when the device itself was seen to have spoken; ``spoken``: its last frame then.
        proven: by upstream, when a test alarm was last delivered there.
        under_way: ids of those that are followed, oldest first, the last one of all among them.
        held: by upstream, how far the oldest of those has come that has not arrived there.
        arrived: whether the last has, somewhere.
    """

    pipeline: Pipeline
    clock: Clock
    in_force: InForce
    upstreams: Callable[[], list[str]]
    of: Canary | None = None
    begun: float = math.nan
    asked: float = -math.inf
    awaited: bool = False
    raised: float = math.nan
    alarm: str = ""
    heard: float = math.nan
    spoken: str = ""
    proven: dict[str, float] = field(default_factory=dict)
    under_way: list[str] = field(default_factory=list)
    held: dict[str, Passage] = field(default_factory=dict)
    arrived: bool = True

    async def run(self) -> None:
        """Look, for ever."""
        while True:
            await self.look()
            period = LOOK_EVERY if self.of is None else self.clock.real_seconds(self.of.every / 10)
            await asyncio.sleep(min(LOOK_EVERY, period))

    async def look(self) -> None:
        """See how far the last has come, and have another one raised where it is time; what is wrong is noted."""
        now = self.pipeline.intake.now()
        if self.in_force.configuration.canary != self.of:
            self._begin(now)
        if self.of is not None:
            self._listen(self.of, now)
            with suppress(GatewayFault):
                await self._follow(self.of, now)
            if self._is_due(self.of, now):
                self._raise(self.of, now)
        self.pipeline.health.note(PATH, self.trouble(now))

    def trouble(self, now: float) -> Text | None:
        """What of the way is not proven for too long, and what holds it up; None: nothing."""
        where = [] if self.of is None else self._late(self.of, now)
        said = [self._said(name, now) for name in where]
        return said[0] if said else None

    def figures(self, now: float) -> dict[str, Any]:
        """For the status: ages in seconds at a receive time, empty where there has been none."""
        trouble, mine = self.trouble(now), self.of
        proofs = {name: _age(self.proven.get(name, math.nan), now) for name in self._ends()} if mine else {}
        is_proven = all(self._is_proven(name, now) for name in proofs)
        return {
            "state": OFF if mine is None else LATE if trouble else PROVEN if is_proven else BEGUN,
            "device": mine.device if mine else "", "every_seconds": mine.every if mine else "",
            "heard_seconds": _age(self.heard if mine else math.nan, now),
            "committed_seconds": _age(self.raised if mine else math.nan, now),
            "proven_seconds": proofs, "held_up": {"zh": trouble.zh, "en": trouble.en} if trouble else "",
        }  # fmt: skip

    def _begin(self, now: float) -> None:
        self.of, self.begun = self.in_force.configuration.canary, now
        self.asked, self.awaited, self.raised, self.alarm = -math.inf, False, math.nan, ""
        self.heard, self.spoken = math.nan, ""
        self.proven, self.under_way, self.held, self.arrived = {}, [], {}, True

    def _listen(self, canary: Canary, now: float) -> None:
        """Whether its device has spoken since the last look: of a device that nobody wears the engine knows nothing."""
        intake = self.pipeline.intake
        visit = intake.presence.newest.get(canary.device)
        spoken = self.spoken if visit is None else intake.frame_of(visit)
        if spoken != self.spoken:
            self.heard, self.spoken = now, spoken

    def _ends(self) -> list[str]:
        """Where alarms go: the upstreams; a county without one has its desk alone (an empty name)."""
        return self.upstreams() or [""]

    def _is_proven(self, name: str, now: float) -> bool:
        return self.of is not None and now - self.proven.get(name, -math.inf) <= PERIODS * self.of.every

    def _since(self, name: str) -> float:
        """Since when nothing has been proven: what was before a start is no proof, and no trouble."""
        return max(self.proven.get(name, self.begun), self.begun)

    def _late(self, canary: Canary, now: float) -> list[str]:
        return [name for name in self._ends() if now - self._since(name) > PERIODS * canary.every]

    def _said(self, name: str, now: float) -> Text:
        minutes, cause = int((now - self._since(name)) // 60), phrase(self._held_up(name))
        return phrase("path_late" if name else "path_late_desk", minutes=minutes, upstream=name, cause=cause)

    def _held_up(self, name: str) -> str:
        """Where the oldest test alarm stands that has not reached an upstream, as a key of the phrases."""
        passage = self.held.get(name)
        if passage is None or self.awaited:
            return "path_uncommitted"
        if passage.is_aside:
            return "path_aside"
        return "path_taken" if passage.is_taken else "path_handed" if passage.is_handed else "path_owed"

    def _is_due(self, canary: Canary, now: float) -> bool:
        """Whether another is to be raised: a period after the last, once that has arrived or seems to be lost."""
        if self.awaited:
            return now - self.asked >= PERIODS * canary.every
        return self.arrived and now - self.asked >= canary.every

    def _raise(self, canary: Canary, now: float) -> None:
        self.asked, self.awaited = now, True
        test = TestAlarm(secrets.token_hex(6), canary.device, canary=True)
        self.pipeline.intake.control(EntryKind.TEST, msgspec.json.encode(test))
        self.pipeline.wake()

    async def _follow(self, canary: Canary, now: float) -> None:
        """Look up the last test alarms that are stored, and how far they have come."""
        if self.awaited or not self.alarm:
            self.under_way += await self._stored(canary, now)
        self.held, self.under_way = {}, self.under_way[-FOLLOWED:]
        for alarm in tuple(self.under_way):
            rows = await self.pipeline.writer.run(self.pipeline.store.outbox.passages, alarm)
            self._note(alarm, [one for one in rows if one.upstream in self.upstreams()])

    def _note(self, alarm: str, rows: list[Passage]) -> None:
        """How far one has come; what has arrived everywhere is followed no more, but for the last."""
        missing = [one for one in rows if one.delivered is None]
        for one in rows:
            if one.delivered is not None:
                self.proven[one.upstream] = max(one.delivered, self.proven.get(one.upstream, one.delivered))
        for one in missing:
            self.held.setdefault(one.upstream, one)
        if alarm == self.alarm:
            self.arrived = len(missing) < len(rows) or not rows
        elif not missing:
            self.under_way.remove(alarm)

    async def _stored(self, canary: Canary, now: float) -> list[str]:
        """Test alarms of the canary after the one that is known, oldest first; the last is known from now on."""
        since = self.raised if self.alarm else now - REMEMBERED
        rows = await self.pipeline.writer.run(self.pipeline.store.episodes_between, since, math.inf)
        mine = [one for one in rows if one.kind in TRIALS and one.device == canary.device and CANARY in one.facts]
        found = [one for one in mine if one.id != self.alarm]
        if found:
            self.alarm, self.raised, self.awaited = found[-1].id, found[-1].decided, False
            self.asked = max(self.asked, self.raised)
            self.proven[""] = self.raised
        return [one.id for one in found]


def _age(at: float, now: float) -> float | str:
    """Seconds since a time; empty: there has been none."""
    return round(max(0.0, now - at), 1) if math.isfinite(at) else ""
