"""Alarms to whoever answers each message by itself: the same bytes and the same id each time one is sent.

A row is marked before it is sent, and again once the other end has answered that it has it. What has no answer goes out
again: the other end leaves out what it has by its id, so that nothing is lost and nothing counts twice. Several are
under way at once, of one alarm never more than one; :mod:`gateway.upstream.attempts` says what waits for what.
"""

from __future__ import annotations

import asyncio
import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Final

import structlog

from gateway.backoff import Backoff
from gateway.errors import GatewayFault
from gateway.upstream.attempts import AT_ONCE, LONGEST_WAIT, Attempts
from gateway.upstream.fates import Fate
from gateway.upstream.life import Sign
from gateway.upstream.pace import Pace
from gateway.upstream.timing import RealTiming, pause
from gateway.upstream.troubles import Troubles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractAsyncContextManager

    from gateway.clock import Clock
    from gateway.settings.model import Upstream
    from gateway.store.outbox import Owed
    from gateway.upstream.life import Life
    from gateway.upstream.rows import OwnRows
    from gateway.upstream.telemetry import Lane
    from gateway.upstream.timing import Timing
    from gateway.words.texts import Text

FAREWELL: Final = 2.0
"""Real seconds that a stop waits for the last sign of life."""
AWAY: Final = "upstream_away"

log = structlog.get_logger()


class Sort(Enum):
    """What a message is."""

    ALARM = "alarm"
    LIFE = "life"
    TELEMETRY = "telemetry"


@dataclass(frozen=True, slots=True)
class Message:
    """One message: what it is, its CloudEvents id, its bytes; of telemetry its kind."""

    sort: Sort
    id: str
    body: bytes
    kind: str = ""


@dataclass(slots=True)
class Answer:
    """What a message has met.

    Attributes:
        why: in words.
        wait: as the other end asks for, seconds.
        trouble: name of the phrase that tells people, with ``code`` and ``why`` as its cause; empty: none does.
    """

    fate: Fate
    why: str | Text = ""
    wait: float = 0.0
    trouble: str = AWAY
    code: int = 0


@dataclass(slots=True)
class AnsweredUpstream(ABC):
    """One receiver. How it is reached is a subclass's to say."""

    upstream: Upstream
    rows: OwnRows
    clock: Clock
    life: Life
    lane: Lane | None = None
    """What goes there beside alarms."""
    timing: Timing = field(default_factory=RealTiming)
    troubles: Troubles = field(default_factory=Troubles)
    attempts: Attempts = field(init=False)
    is_open: bool = False
    """Whether something can be sent at all."""
    _pace: Pace = field(init=False)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _is_quiet: asyncio.Event = field(default_factory=asyncio.Event)
    """No alarm waits or is under way, and the other end takes what it gets."""
    _backoff: Backoff = field(default_factory=lambda: Backoff(longest=LONGEST_WAIT))

    OVER: ClassVar[Mapping[Sort, tuple[str, ...]]] = {}
    """Names of the troubles that are over once such a message is taken."""

    def __post_init__(self) -> None:
        delivery = self.upstream.delivery
        self.attempts = Attempts(delivery.tries)
        self._pace = Pace(delivery.per_second, max(AT_ONCE, int(delivery.per_second)))

    @property
    def connected(self) -> bool:
        """Whether the other end takes what it gets."""
        return self.attempts.is_there

    @property
    def set_aside(self) -> Mapping[str, int]:
        """Rows that go out by command only, by reason."""
        return self.rows.set_aside

    @property
    def trouble(self) -> Text | None:
        """What a person should know, in words; None while all is well."""
        return self.troubles.said(self.set_aside)

    def notify(self) -> None:
        """Something new is owed."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver until cancelled; again from what is on disk after any fault of the store or the way there."""
        while True:
            try:
                await self.rows.count()
                await self._settle()
                await self._serve()
            except* GatewayFault as faults:
                log.warning("upstream begins anew", upstream=self.upstream.name, fault=str(faults.exceptions[0]))
            self.attempts = Attempts(self.upstream.delivery.tries)
            await pause(self.timing, self._backoff.next_wait())

    async def resend(self) -> int:
        """Send again what is set aside; returns how many rows.

        Raises:
            OurFault: the store fails; nothing is changed.
        """
        rows = await self.rows.resend()
        self._wake.set()
        return rows

    async def farewell(self) -> None:
        """Say that we stop on purpose."""
        if self.is_open and self.connected:
            await self._send(self._sign(Sign.STOPPED), FAREWELL)

    # What a subclass says

    @abstractmethod
    def _opened(self) -> AbstractAsyncContextManager[None]:
        """What is open while messages go there.

        Raises:
            GatewayFault: it cannot be opened now.
        """

    @abstractmethod
    async def _said(self, message: Message, wait: float) -> Answer:
        """Send a message and see what comes of it, ``wait`` seconds at most; nothing met there is an exception."""

    async def _settle(self) -> None:
        """What an earlier process or connection left in doubt goes out again."""
        await self.rows.release_unsettled()

    def _more(self) -> Iterable[Any]:
        """Coroutines that go on while it is open."""
        return ()

    # Alarms

    async def _serve(self) -> None:
        async with self._opened():
            self.is_open = True
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._beat())
                    if self.lane is not None:
                        tasks.create_task(self._accompany(self.lane))
                    for each in self._more():
                        tasks.create_task(each)
                    await self._deliver(tasks)
            finally:
                self.is_open = False

    async def _deliver(self, tasks: asyncio.TaskGroup) -> None:
        """What is owed, as much at once as may be; wait for more."""
        while True:
            self._wake.clear()
            now = self.timing.now()
            most = min(self.attempts.free(now), self._pace.allowed(now))
            rows = await self.rows.claim(most, self.attempts.blocked(now)) if most else []
            self._note_quiet(is_quiet=bool(most) and not rows)
            self.attempts.send(rows)
            self._pace.spend(len(rows))
            for row in rows:
                tasks.create_task(self._bring(row))
            if not rows:
                self._backoff.reset()
                wait = self._pace.wait() or math.inf
                await self.timing.wait(self._wake, min(wait, self.attempts.due(now) - now))

    def _note_quiet(self, *, is_quiet: bool) -> None:
        if is_quiet and self.attempts.is_idle and self.attempts.is_there:
            self._is_quiet.set()
        else:
            self._is_quiet.clear()

    async def _bring(self, row: Owed) -> None:
        answer = await self._send(Message(Sort.ALARM, row.id, row.body), self.upstream.delivery.publish_wait)
        await self.rows.note(self.attempts.land(row, answer.fate, self.timing.now(), answer.wait))
        self._wake.set()

    # Beside them

    async def _beat(self) -> None:
        """Signs of life, at intervals; whoever takes one is there."""
        every = self.upstream.delivery.heartbeat
        while True:
            began = self.timing.now()
            answer = await self._send(self._sign(Sign.HEARTBEAT), every)
            if answer.fate is Fate.TAKEN:
                self.attempts.was_taken()
                self._wake.set()
            await pause(self.timing, max(0.0, began + every - self.timing.now()))

    def _sign(self, what: Sign) -> Message:
        return Message(Sort.LIFE, *self.life.sign(what, self.upstream.delivery.heartbeat))

    async def _accompany(self, lane: Lane) -> None:
        """What goes there beside alarms, one message at a time while no alarm is to go."""
        while True:
            if (rest := lane.due(self.timing.now()) - self.timing.now()) > 0.0:
                await pause(self.timing, rest)
            await self._is_quiet.wait()
            if (batch := lane.next(self.timing.now())) is None:
                continue
            message = Message(Sort.TELEMETRY, batch.id, batch.body, batch.kind)
            answer = await self._send(message, self.upstream.delivery.publish_wait)
            if answer.fate is Fate.TAKEN:
                lane.taken(batch)
            else:
                lane.failed()

    # The wire

    async def _send(self, message: Message, wait: float) -> Answer:
        """Send it; what its answer means for people is told."""
        answer = await self._said(message, wait)
        if answer.fate is Fate.TAKEN:
            for name in self.OVER[message.sort]:
                self.troubles.clear(name)
            return answer
        log.warning(
            "message not taken", upstream=self.upstream.name, message=message.id, fate=answer.fate.value,
            code=answer.code, why=str(answer.why),
        )  # fmt: skip
        self.troubles.note(answer.trouble, cause=answer.why, code=answer.code)
        return answer
