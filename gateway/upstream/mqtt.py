"""Alarms out by MQTT QoS 1, acts back. Nothing is dropped while the broker is away, nothing is sent twice.

A row is marked before it is handed to the wire, again when the broker has acknowledged it, and again when it comes
back: the gateway listens to its own topics with a persistent session. Only what came back is delivered; a broker may
acknowledge what it drops. After a crash a row that was handed over and not acknowledged is in doubt, and `settling.py`
says how doubt ends. The broker may forget what came back only once the row is marked, so that no crash can lose the
proof. A row that the broker refuses, or that ends the connection, time and again is set aside and said, and stops
nothing else.
"""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import aiomqtt
import structlog

from gateway.backoff import Backoff
from gateway.errors import GatewayFault
from gateway.mqtt.connection import PORTS, Connection
from gateway.upstream.life import Sign
from gateway.upstream.pace import Pace
from gateway.upstream.session import SILENT, WINDOW, Left, Session
from gateway.upstream.timing import RealTiming, pause
from gateway.upstream.troubles import Troubles

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from gateway.clock import Clock
    from gateway.journal.controls import Act
    from gateway.settings.model import Upstream
    from gateway.upstream.contract import Means
    from gateway.upstream.life import Life
    from gateway.upstream.rows import OwnRows
    from gateway.upstream.telemetry import Lane
    from gateway.upstream.timing import Timing
    from gateway.words.texts import Text

__all__ = ["PORTS", "MqttUpstream"]

LONGEST_WAIT = 30.0
LEAST_WAIT = 1.5
"""Seconds between connections: some brokers (NATS) leave a client that comes back within a second without an answer."""
LONGEST_NAME = 64
FAREWELL = 2.0
"""Real seconds that a stop waits for the last sign of life."""

log = structlog.get_logger()


@dataclass(slots=True)
class MqttUpstream:
    """One broker."""

    upstream: Upstream
    county: str
    rows: OwnRows
    clock: Clock
    life: Life
    on_act: Callable[[Act], Awaitable[str]]
    refuse: Callable[[str, bytes], None]
    lane: Lane | None = None
    """What goes there beside alarms."""
    timing: Timing = field(default_factory=RealTiming)
    connected: bool = False
    reconnects: int = 0
    pace: Pace = field(init=False)
    unanswered: int = 0
    """Signs of life in a row that the broker has not acknowledged."""
    troubles: Troubles = field(default_factory=Troubles)
    losses: list[list[int]] = field(default_factory=list)
    """What was in flight on connections that the broker ended, as long as it is in doubt."""
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    _silent: int = 0
    """Connections in a row on which nothing came back."""
    _session: Session | None = None
    """The one that is up."""
    _backoff: Backoff = field(default_factory=lambda: Backoff(longest=LONGEST_WAIT))

    def __post_init__(self) -> None:
        rate = self.upstream.delivery.per_second
        self.pace = Pace(rate, max(WINDOW, int(rate)))

    def notify(self) -> None:
        """Something new is owed."""
        self.wake.set()

    @property
    def base(self) -> str:
        """The county's topics begin so."""
        return f"bracelet/{self.county}"

    @property
    def alive(self) -> str:
        """The topic of signs of life."""
        return f"{self.base}/gateway/alive"

    @property
    def set_aside(self) -> Mapping[str, int]:
        """Rows that go out by command only, by reason."""
        return self.rows.set_aside

    @property
    def trouble(self) -> Text | None:
        """What a person should know, in words; None while all is well."""
        return self.troubles.said(self.set_aside)

    async def run(self) -> None:
        """Connect, settle doubts, deliver; again after every loss, until cancelled."""
        while True:
            try:
                await self._connect()
            except* (aiomqtt.MqttError, OSError, GatewayFault) as faults:
                fault = _innermost(faults)
                log.warning("broker away", upstream=self.upstream.name, fault=str(fault))
                self.troubles.note("upstream_away", cause=str(fault))
            finally:
                self.connected = False
            await pause(self.timing, max(LEAST_WAIT, self._backoff.next_wait()))

    async def resend(self) -> int:
        """Send again what is set aside; returns how many rows.

        Raises:
            OurFault: the store fails; nothing is changed.
        """
        rows = await self.rows.resend()
        self.wake.set()
        return rows

    async def farewell(self) -> None:
        """Say that we stop on purpose: the broker then has no reason to speak in our name."""
        if self._session is not None:
            with suppress(aiomqtt.MqttError, TimeoutError):
                async with asyncio.timeout(FAREWELL):
                    await self._session.farewell()

    async def _connect(self) -> None:
        """One connection, from beginning to end."""
        await self.rows.count()
        earlier = await self.rows.unsettled()
        patience = self.upstream.delivery
        connection = Connection(
            self.upstream.url, self.upstream.credential, identifier(self.county, self.upstream.name),
            connect_wait=patience.connect_wait, window=WINDOW, version=patience.mqtt_version,
            tls=self.upstream.tls,
        )  # fmt: skip
        connection.leave_word(self.alive, self.life.sign(Sign.LOST, patience.heartbeat)[1])
        async with connection:
            self._session = session = Session(self, connection, earlier)
            try:
                await session.run()
            finally:
                self._session = None
                self._note_loss(session, is_lost=connection.was_ended)
                await session.flush()

    def _note_loss(self, session: Session, *, is_lost: bool) -> None:
        """A broker that ends a connection may do so because of a row: those in flight are remembered, in order."""
        if not session.settling.doubtful:
            self.losses.clear()
        if is_lost and (flying := session.blamable()):
            self.losses.append(flying)

    # What a session tells

    def up(self) -> None:
        """Connected and subscribed, as far as the broker lets us."""
        self.connected = True
        self.reconnects += 1
        self.troubles.clear("upstream_away")
        log.info("broker connected", upstream=self.upstream.name)

    def proved(self) -> None:
        """The broker takes what we publish."""
        self._backoff.reset()

    def heard(self) -> None:
        """The broker returns what is ours."""
        self._silent = 0
        self.troubles.clear("upstream_silent")

    def silent(self) -> None:
        """The fence did not come back. Returns once that has happened so often that doubt has to end.

        Raises:
            Left: not yet: connect again.
        """
        self._silent += 1
        if self._silent < SILENT:
            raise Left("our own message did not come back")
        log.warning("broker does not return our own messages; sending again", upstream=self.upstream.name)
        self.troubles.note("upstream_silent", count=self._silent)

    def trouble_with(self, name: str, is_so: bool, **values: object) -> None:  # noqa: FBT001  its one word
        """Note a trouble, or that it is over."""
        if is_so:
            self.troubles.note(name, **values)
        else:
            self.troubles.clear(name)


def identifier(county: str, name: str) -> str:
    """Our client id at a broker: the same at every start, of letters and digits, and each its own."""
    plain = f"bracelet-gateway-{county}-{name}".encode().hex()
    if len(plain) <= LONGEST_NAME:
        return plain
    return plain[: LONGEST_NAME // 2] + hashlib.sha256(plain.encode()).hexdigest()[: LONGEST_NAME // 2]


def _innermost(faults: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first of the faults."""
    first = faults.exceptions[0]
    return (
        _innermost(cast("BaseExceptionGroup[BaseException]", first)) if isinstance(first, BaseExceptionGroup) else first
    )


def made(upstream: Upstream, means: Means) -> MqttUpstream:
    """A broker that is published to."""
    rows = means.rows(upstream)
    lane = means.lane(upstream.telemetry)
    return MqttUpstream(upstream, means.county, rows, means.clock, means.life, means.on_act, means.refuse, lane)
