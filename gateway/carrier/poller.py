"""The asking: HTTP out to a carrier's location server, its answers into intake. The only shell of this room."""

from __future__ import annotations

import asyncio
import math
import random
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp
import structlog

from gateway.carrier.channel import visit_of
from gateway.carrier.quota import Quota
from gateway.carrier.schedule import Schedule
from gateway.engine import End
from gateway.errors import UserFault
from gateway.intake.batching import HIGH_MARK
from protocols.mlp.dialect import DIALECTS
from protocols.mlp.encoding import LARGEST
from protocols.mlp.reading import reading_of
from protocols.mlp.request import Client, Wish, locate
from protocols.mlp.results import OK, Advice, result_of
from protocols.mlp.session import Session
from protocols.session import Frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.carrier.schedule import Ask
    from gateway.carrier.subjects import Subjects
    from gateway.clock import Clock
    from gateway.engine import Command
    from gateway.intake.intake import Intake
    from gateway.intake.visit import Visit
    from gateway.settings.model import Carrier

MINUTE, DAY, HOUR = 60.0, 86400.0, 3600.0
WEAKER = 5
"""Factor on the wished accuracy after an attempt that failed on it."""
LONGEST_WAIT = 30.0
"""Real seconds between looks at the schedule, however long nothing is due."""
BUSY_WAIT = 0.05
"""Real seconds to wait while too much is under way, or waits for the writer."""
CHUNK = 65_536
GOOD = 200
NO_AUTHORITY = "nobody has the phone under an authority for phone checks now: it may not be located"

log = structlog.get_logger()


@dataclass(slots=True)
class CarrierPoller:
    """One carrier.

    Attributes:
        ended: tells how a demanded locating ended (command id, end, text).
        reading: False while the store fails: what could not be kept is not asked for.
    """

    carrier: Carrier
    subjects: Subjects
    intake: Intake
    wake: Callable[[], None]
    clock: Clock
    ended: Callable[[str, End, str], object]
    reading: bool = True
    schedule: Schedule = field(init=False)
    _tls: ssl.SSLContext = field(init=False)
    _visits: dict[str, Visit] = field(default_factory=dict)
    _commands: dict[str, str] = field(default_factory=dict)
    _nudge: asyncio.Event = field(default_factory=asyncio.Event)
    _rebalanced: float = -math.inf

    def __post_init__(self) -> None:
        carrier = self.carrier
        quotas = (Quota(carrier.per_minute, MINUTE), Quota(carrier.per_day, DAY))
        jitter = random.Random(carrier.name)  # noqa: S311 - it spreads requests, it guards nothing
        self.schedule = Schedule(self._interval, quotas, jitter.random)
        self.schedule.begin(self.subjects.devices, self.intake.steady())
        try:
            self._tls = ssl.create_default_context(cafile=carrier.authorities_file or None)
        except OSError as fault:
            reason = f"ca_file {carrier.authorities_file} cannot be used: {fault.strerror or fault}"
            raise UserFault(f"carrier {carrier.name}: {reason}") from fault

    async def run(self) -> None:
        """Ask, for ever."""
        log.info("carrier", carrier=self.carrier.name, phones=len(self.subjects.devices), stretch=self.schedule.stretch)
        async with self._client() as client, asyncio.TaskGroup() as asking:
            while True:
                await self._turn(client, asking)

    def undertake(self, command: Command, identity: str) -> None:
        """A demanded locating: before all others, if the law allows it."""
        if self.subjects.interval(identity, self.intake.now()) is None:
            self.ended(command.id, End.REFUSED, NO_AUTHORITY)
        elif not self.schedule.demand(identity):
            self.ended(command.id, End.FAILED, self.schedule.halted or "the carrier does not locate this phone")
        else:
            self._commands[identity] = command.id
            self._nudge.set()

    def drop(self, identity: str) -> None:
        """A demand that is no more."""
        self._commands.pop(identity, None)
        self.schedule.forget(identity)

    @property
    def trouble(self) -> str:
        """Why phones are not located at present; empty while they are."""
        return self.schedule.halted or ("the carrier does not answer" if self.schedule.is_failing else "")

    def figures(self) -> dict[str, Any]:
        """For the status."""
        schedule = self.schedule
        return {
            "phones": len(self.subjects.devices), "asking": schedule.asking, "stretch": round(schedule.stretch, 2),
            "waits": round(max(0.0, schedule.paused_until - self.intake.steady()), 1), "halted": schedule.halted,
            "stopped": {self.subjects.devices[one]: str(advice) for one, advice in schedule.stopped.items()},
            "answers": {str(advice): count for advice, count in schedule.answers.items()},
        }  # fmt: skip

    def _interval(self, identity: str, _steady: float) -> float | None:
        """The law goes by the wall clock; turns and quotas are measured without its steps (``Intake.steady``)."""
        return self.subjects.interval(identity, self.intake.now())

    def _client(self) -> aiohttp.ClientSession:
        limit = aiohttp.ClientTimeout(total=self.carrier.timeout_seconds)
        connector = aiohttp.TCPConnector(limit=self.carrier.at_once, ssl=self._tls)
        return aiohttp.ClientSession(
            timeout=limit, connector=connector, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar(),
            headers={"Accept-Encoding": "identity", "Content-Type": "text/xml"},
        )  # fmt: skip

    async def _turn(self, client: aiohttp.ClientSession, asking: asyncio.TaskGroup) -> None:
        """Ask whoever is due, or wait until somebody is."""
        now = self.intake.steady()
        if now - self._rebalanced >= HOUR:
            self._rebalanced = now
            self.schedule.rebalance(now)
        if not self.reading or len(self.intake) >= HIGH_MARK or self.schedule.asking >= self.carrier.at_once:
            await self._wait(BUSY_WAIT)
        elif (ask := self.schedule.next_ask(now)) is not None:
            asking.create_task(self._ask(client, ask))
        else:
            await self._wait(min(LONGEST_WAIT, self.clock.real_seconds(self.schedule.next_at(now) - now)))

    async def _wait(self, seconds: float) -> None:
        """Until then, or until something happens."""
        with suppress(TimeoutError):
            async with asyncio.timeout(max(seconds, 0.001)):
                await self._nudge.wait()
        self._nudge.clear()

    async def _ask(self, client: aiohttp.ClientSession, ask: Ask) -> None:
        """One request and what comes of it."""
        try:
            advice = self._heard(ask.identity, await self._post(client, self._request(ask)))
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            self.intake.counts["carrier_unreachable"] += 1
            log.warning("carrier does not answer", carrier=self.carrier.name, fault=type(fault).__name__)
            advice = Advice.BACK_OFF
        except Exception:
            # An answer we fail at is one phone's turn, not the end of all of them.
            log.exception("carrier's answer not understood", carrier=self.carrier.name)
            self.intake.counts["carrier_trouble"] += 1
            advice = Advice.BACK_OFF
        self.schedule.answered(ask.identity, self.intake.steady(), advice)
        self._conclude(ask.identity, advice)
        self.wake()
        self._nudge.set()

    def _request(self, ask: Ask) -> bytes:
        carrier = self.carrier
        wish = Wish(carrier.accuracy_m * (WEAKER if ask.weaker else 1))
        client = Client(carrier.credential.username, carrier.credential.password)
        return locate([carrier.prefix + ask.identity], client, wish, DIALECTS[carrier.dialect])

    async def _post(self, client: aiohttp.ClientSession, body: bytes) -> bytes:
        """The answer's bytes, one more than the cap at most."""
        async with client.post(self.carrier.url, data=body, allow_redirects=False) as response:
            if response.status != GOOD:
                raise aiohttp.ClientResponseError(response.request_info, (), status=response.status)
            data = bytearray()
            while len(data) <= LARGEST and (chunk := await response.content.read(CHUNK)):
                data += chunk
        return bytes(data)

    def _heard(self, identity: str, data: bytes) -> Advice:
        """An answer into intake, and what it advises."""
        session = Session(reading_of(self.carrier.profile), (identity,))
        events = session.feed(data, self.intake.now())
        visit = self._visits.get(identity)
        if visit is None:
            visit = self._visits[identity] = visit_of(self.carrier, reading_of(self.carrier.profile), identity)
        self.intake.hear(visit, events)
        if session.odd_offsets:
            self.intake.counts["utc_offset_odd"] += session.odd_offsets
        advice = self._advice(session, identity, located=any(isinstance(event, Frame) for event in events))
        return self._noted(advice, identity, session.whole)

    def _advice(self, session: Session, identity: str, *, located: bool) -> Advice:
        if session.whole != OK:
            return result_of(session.whole).advice
        if identity in session.results:
            return result_of(session.results[identity]).advice
        self.intake.counts["phone_not_answered"] += 1
        # Nothing readable is the carrier's trouble; a position that cannot be used is this phone's.
        return Advice.WEAKER if located or session.positions else Advice.BACK_OFF

    def _noted(self, advice: Advice, identity: str, whole: int) -> Advice:
        """Count and say what an operator has to know."""
        if advice in (Advice.BACK_OFF, Advice.OURS):
            self.intake.counts["carrier_trouble"] += 1
        elif advice in (Advice.STOP, Advice.CONFIGURE):
            self.intake.counts["carrier_stopped"] += 1
            device, name = self.subjects.devices[identity], result_of(whole).name
            log.error("carrier locates no more", carrier=self.carrier.name, device=device, advice=str(advice))
            if whole != OK and advice is Advice.STOP:
                self.schedule.halt(f"the carrier answers {whole}, {name}: a question of contract or law")
        return advice

    def _conclude(self, identity: str, advice: Advice) -> None:
        """End the order that waited for this answer; one that met a busy carrier goes on until it expires."""
        command = self._commands.get(identity)
        if command is None or (advice is Advice.BACK_OFF and self.schedule.demand(identity)):
            return
        del self._commands[identity]
        self.ended(command, End.DONE if advice is Advice.DONE else End.FAILED, str(advice))
