"""Alarms posted to a platform by HTTPS, signed; the same bytes and the same id each time a message is sent.

A row is marked before it is posted, and again once the platform has answered that it has it. What has no answer goes
out again: the platform leaves out what it has by its id, so that nothing is lost and nothing counts twice. Several are
under way at once, of one alarm never more than one; :mod:`gateway.upstream.attempts` says what waits for what.
"""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import aiohttp
import structlog

from gateway.backoff import Backoff
from gateway.errors import GatewayFault, TransientFault
from gateway.signing import headers
from gateway.tls import Certificates
from gateway.upstream.attempts import AT_ONCE, LONGEST_WAIT, Attempts
from gateway.upstream.fates import Fate, fate_of
from gateway.upstream.life import Sign
from gateway.upstream.pace import Pace
from gateway.upstream.timing import RealTiming, pause, within
from gateway.upstream.troubles import Troubles

if TYPE_CHECKING:
    from collections.abc import Mapping
    from ssl import SSLContext

    from gateway.clock import Clock
    from gateway.settings.model import Upstream
    from gateway.store.outbox import Owed
    from gateway.upstream.contract import Means
    from gateway.upstream.life import Life
    from gateway.upstream.rows import OwnRows
    from gateway.upstream.telemetry import Lane
    from gateway.upstream.timing import Timing
    from gateway.words.texts import Text

FAREWELL: Final = 2.0
"""Real seconds that a stop waits for the last sign of life."""
OTHERS: Final = 2
"""Posts beside those of alarms."""

log = structlog.get_logger()


@dataclass(slots=True)
class Answer:
    """What a post has met: ``why`` in words, ``wait`` as the platform asked for, seconds."""

    fate: Fate
    status: int = 0
    why: str = ""
    wait: float = 0.0


@dataclass(slots=True)
class WebhookUpstream:
    """One platform."""

    upstream: Upstream
    rows: OwnRows
    clock: Clock
    life: Life
    lane: Lane | None = None
    """What goes there beside alarms."""
    timing: Timing = field(default_factory=RealTiming)
    troubles: Troubles = field(default_factory=Troubles)
    attempts: Attempts = field(init=False)
    _pace: Pace = field(init=False)
    _certificates: Certificates = field(init=False)
    _client: aiohttp.ClientSession | None = None
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _is_quiet: asyncio.Event = field(default_factory=asyncio.Event)
    """No alarm waits or is under way, and the platform takes what it gets."""
    _backoff: Backoff = field(default_factory=lambda: Backoff(longest=LONGEST_WAIT))

    def __post_init__(self) -> None:
        delivery = self.upstream.delivery
        self.attempts = Attempts(delivery.tries)
        self._pace = Pace(delivery.per_second, max(AT_ONCE, int(delivery.per_second)))
        self._certificates = Certificates(self.upstream.tls)

    @property
    def connected(self) -> bool:
        """Whether the platform takes what it gets."""
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
        """Deliver until cancelled; again from what is on disk after a fault of the store."""
        while True:
            try:
                await self.rows.count()
                await self.rows.release_unsettled()
                await self._serve()
            except* GatewayFault as faults:
                log.warning("webhook waits for the store", upstream=self.upstream.name, fault=str(faults.exceptions[0]))
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
        if self._client is not None and self.connected:
            await self._post(*self.life.sign(Sign.STOPPED, self.upstream.delivery.heartbeat), FAREWELL)

    async def _serve(self) -> None:
        delivery = self.upstream.delivery
        limits = aiohttp.ClientTimeout(total=None, sock_connect=delivery.connect_wait)
        connector = aiohttp.TCPConnector(limit=AT_ONCE + OTHERS)
        async with aiohttp.ClientSession(
            timeout=limits, connector=connector, cookie_jar=aiohttp.DummyCookieJar()
        ) as self._client, asyncio.TaskGroup() as tasks:  # fmt: skip
            tasks.create_task(self._beat())
            if self.lane is not None:
                tasks.create_task(self._accompany(self.lane))
            await self._deliver(tasks)

    # Alarms

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
        answer = await self._post(row.id, row.body, self.upstream.delivery.publish_wait)
        await self.rows.note(self.attempts.land(row, answer.fate, self.timing.now(), answer.wait))
        self._tell(answer)
        self._wake.set()

    def _tell(self, answer: Answer) -> None:
        """What the last answers mean, for people."""
        if answer.fate is Fate.TAKEN:
            self.troubles.clear("upstream_away")
            self.troubles.clear("webhook_answered")
        elif answer.status:
            self.troubles.note("webhook_answered", code=answer.status)
        else:
            self.troubles.note("upstream_away", cause=answer.why)

    # Beside them

    async def _beat(self) -> None:
        """Signs of life, at intervals; whoever takes one is there."""
        every = self.upstream.delivery.heartbeat
        while True:
            began = self.timing.now()
            answer = await self._post(*self.life.sign(Sign.HEARTBEAT, every), every)
            if answer.fate is Fate.TAKEN:
                self.attempts.was_taken()
                self._wake.set()
            self._tell(answer)
            await pause(self.timing, max(0.0, began + every - self.timing.now()))

    async def _accompany(self, lane: Lane) -> None:
        """What goes there beside alarms, one message at a time while no alarm is to go."""
        while True:
            if (rest := lane.due(self.timing.now()) - self.timing.now()) > 0.0:
                await pause(self.timing, rest)
            await self._is_quiet.wait()
            if (batch := lane.next(self.timing.now())) is None:
                continue
            answer = await self._post(batch.id, batch.body, self.upstream.delivery.publish_wait)
            self._tell(answer)
            if answer.fate is Fate.TAKEN:
                lane.taken(batch)
            else:
                lane.failed()

    # The wire

    async def _post(self, identity: str, body: bytes, wait: float) -> Answer:
        """Post a message and see what comes of it; nothing that the other end does is an exception."""
        try:
            answer = await within(self.timing, wait, self._exchange(identity, body))
        except TransientFault as fault:
            answer = Answer(Fate.AWAY, why=str(fault))
        except aiohttp.ClientConnectorError as fault:
            answer = Answer(Fate.AWAY, why=str(fault))
        except aiohttp.ClientResponseError:
            answer = Answer(Fate.FAILED, why="no HTTP")  # its text repeats the address, in which a key may stand
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            answer = Answer(Fate.FAILED, why=str(fault) or type(fault).__name__)
        if answer.fate is not Fate.TAKEN:
            log.warning(
                "message not taken", upstream=self.upstream.name, message=identity, status=answer.status,
                fate=answer.fate.value, why=answer.why,
            )  # fmt: skip
        return answer

    async def _exchange(self, identity: str, body: bytes) -> Answer:
        """One request. What leads elsewhere is not followed, and of an answer its status alone is read."""
        credential = self.upstream.credential
        sent = headers(credential.sign_key, identity, body, self.clock.now())
        if credential.username:
            sent["Authorization"] = aiohttp.encode_basic_auth(
                credential.username, credential.password, encoding="utf-8"
            )
        assert self._client is not None  # noqa: S101  it is there while anything runs
        async with self._client.post(
            self.upstream.url, data=body, headers=sent, allow_redirects=False, ssl=self._tls()
        ) as response:  # fmt: skip
            asked = response.headers.get("Retry-After", "")
            wait = float(asked) if asked.isascii() and asked.isdigit() else 0.0
            return Answer(fate_of(response.status), response.status, f"HTTP {response.status}", wait)

    def _tls(self) -> SSLContext | bool:
        """By what the platform is known."""
        return self._certificates.context() if self.upstream.url.startswith("https://") else True


def made(upstream: Upstream, means: Means) -> WebhookUpstream:
    """A platform that is posted to."""
    rows = means.rows(upstream)
    return WebhookUpstream(upstream, rows, means.clock, means.life, means.lane(upstream.telemetry))
