"""Alarms out by MQTT QoS 1, acts back. Nothing is dropped while the broker is away, nothing is sent twice.

A row is marked before it is handed to the wire and again when the broker has confirmed it. After a crash a row that was
handed over but not confirmed is in doubt. The gateway therefore listens to its own topics with a persistent session: an
alarm that comes back had arrived. It lets the broker forget such a message only once the row is marked, so that no
crash can lose the proof. After reconnecting it publishes a fence, behind which a broker has nothing older to say; some
(NATS) repeat what an earlier connection was given only after a time-out, so a row still in doubt waits for that, while
newer ones go out. Where the broker returns nothing at all the doubt is settled towards sending: ids stay the same.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
import ssl
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiomqtt
import structlog

from gateway.errors import OurFault, PeerFault
from gateway.upstream.acts import verify
from gateway.upstream.backoff import Backoff

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gateway.clock import Clock
    from gateway.engine.controls import Act
    from gateway.settings.model import Upstream
    from gateway.store import Owed, StateStore
    from gateway.writer import Writer

WINDOW = 64
"""Publishes in flight."""
FENCE_WAIT = 45.0
"""Real seconds for the fence to come back; without it we connect again."""
REPEAT_WAIT = 35.0
"""Real seconds without a repetition until a broker has repeated what was never acknowledged to it (NATS: 30)."""
SILENT = 3
"""Connections in a row on which nothing came back before doubt is settled towards sending again."""
PORTS = {"mqtt": 1883, "mqtts": 8883}

log = structlog.get_logger()


@dataclass(slots=True)
class MqttUpstream:
    """One broker."""

    upstream: Upstream
    county: str
    store: StateStore
    writer: Writer
    clock: Clock
    on_act: Callable[[Act], Awaitable[str]]
    refuse: Callable[[str, bytes], None]
    connected: bool = False
    reconnects: int = 0
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _fence: asyncio.Event = field(default_factory=asyncio.Event)
    _mark: str = ""
    _doubtful: dict[str, int] = field(default_factory=dict)
    """Rows in doubt, by CloudEvents id; each leaves when it comes back, the rest when the wait is over."""
    _in_flight: dict[str, list[aiomqtt.Message]] = field(default_factory=dict)
    """What came back of the window that is under way: acknowledged to the broker once the rows are marked."""
    _backoff: Backoff = field(default_factory=lambda: Backoff(longest=30.0))
    _silent: int = 0
    """Connections in a row on which the fence did not come back."""
    _repeated: float = 0.0
    """Loop time of the last sign that the broker is still repeating."""

    def notify(self) -> None:
        """Something new is owed."""
        self._wake.set()

    @property
    def _base(self) -> str:
        return f"bracelet/{self.county}"

    async def run(self) -> None:
        """Connect, settle doubts, deliver; again after every loss, until cancelled."""
        while True:
            try:
                await self._session()
            except* (aiomqtt.MqttError, OSError, OurFault) as faults:
                fault = str(faults.exceptions[0])
                log.warning("broker away", upstream=self.upstream.name, fault=fault)
            finally:
                self.connected = False
            await asyncio.sleep(self._backoff.next_wait())

    def _client(self) -> aiomqtt.Client:
        url = urlsplit(self.upstream.url)
        credential = self.upstream.credential
        return aiomqtt.Client(
            url.hostname or "127.0.0.1",
            url.port or PORTS.get(url.scheme, 1883),
            identifier=f"bracelet-gateway-{self.county}-{self.upstream.name}".encode().hex()[:64],
            clean_session=False,
            username=credential.username or None,
            password=credential.password or None,
            tls_context=ssl.create_default_context() if url.scheme == "mqtts" else None,
            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
            keepalive=20,
            timeout=10,
        )

    async def _session(self) -> None:
        client = self._client()
        client.pending_calls_threshold = WINDOW  # a window in flight is meant, not worth a warning
        # An act is acknowledged to the broker only after its commit; paho would do so on arrival.
        client._client.manual_ack_set(True)  # noqa: SLF001, FBT003  aiomqtt 2.5 has no switch of its own
        self._doubtful = await self.writer.run(self.store.in_doubt, self.upstream.name)
        self._in_flight.clear()
        self._fence.clear()
        self._mark = uuid.uuid4().hex
        async with client:
            await client.subscribe(f"{self._base}/#", qos=1)
            async with asyncio.TaskGroup() as tasks:
                listening = tasks.create_task(self._listen(client))
                await self._settle(client)
                self.connected = True
                self.reconnects += 1
                self._backoff.reset()
                log.info("broker connected", upstream=self.upstream.name)
                delivering = tasks.create_task(self._deliver(client))
                tasks.create_task(self._give_up_waiting())
                await asyncio.wait((listening, delivering), return_when=asyncio.FIRST_COMPLETED)
                raise aiomqtt.MqttError("connection lost")

    async def _settle(self, client: aiomqtt.Client) -> None:
        """Find out which rows in doubt had arrived; those that may yet come back are left waiting."""
        if not self._doubtful:
            return
        await client.publish(f"{self._base}/gateway/fence", self._mark, qos=1)
        try:
            await asyncio.wait_for(self._fence.wait(), FENCE_WAIT)
        except TimeoutError:
            self._silent += 1
            if self._silent < SILENT:
                raise aiomqtt.MqttError("our own message did not come back") from None
            log.warning("broker does not return our own messages; sending again", upstream=self.upstream.name)
            self._doubtful.clear()
        self._silent = 0

    async def _give_up_waiting(self) -> None:
        """Rows that have not come back by now had never arrived: they are sent again."""
        loop = asyncio.get_running_loop()
        self._repeated = loop.time()
        while (left := self._repeated + REPEAT_WAIT - loop.time()) > 0:  # noqa: ASYNC110  it moves while we wait
            await asyncio.sleep(left)
        self._doubtful.clear()
        self._wake.set()

    async def _listen(self, client: aiomqtt.Client) -> None:
        """Own messages settle doubts; acts are journaled, then acknowledged to the broker."""
        async for message in client.messages:
            topic, payload = str(message.topic), message.payload
            if isinstance(payload, bytes):
                if topic == f"{self._base}/act" and self.upstream.accept_acts:
                    await self._act(payload)
                elif topic == f"{self._base}/gateway/fence" and payload == self._mark.encode():
                    self._fence.set()
                elif topic.startswith(f"{self._base}/alarm/") and await self._came_back(message, _event_id(payload)):
                    continue
            _forget(client, message)

    async def _came_back(self, message: aiomqtt.Message, identity: str) -> bool:
        """Note an alarm that the broker has; True while its row is not marked yet."""
        if identity in self._in_flight:
            self._in_flight[identity].append(message)
            return True
        sequence = self._doubtful.pop(identity, None)
        if sequence is not None:
            self._repeated = asyncio.get_running_loop().time()
            await self._mark_rows([sequence], delivered=True)
        return False

    async def _act(self, payload: bytes) -> None:
        try:
            act = verify(payload, self.upstream.credential.act_key, f"upstream {self.upstream.name}")
        except PeerFault as fault:
            self.refuse(fault.reason, payload)
            return
        await self.on_act(act)

    async def _deliver(self, client: aiomqtt.Client) -> None:
        """Send what is owed, in order, a window at a time; wait for more."""
        while True:
            self._wake.clear()
            owed = await self.writer.run(self.store.owed, self.upstream.name, WINDOW + len(self._doubtful))
            rows = [row for row in owed if row.id not in self._doubtful][:WINDOW]
            if not rows:
                await self._wake.wait()
                continue
            self._in_flight = {row.id: [] for row in rows}
            await self._mark_rows([row.seq for row in rows], delivered=False)
            await asyncio.gather(*(self._publish(client, row) for row in rows))
            await self._mark_rows([row.seq for row in rows], delivered=True)
            returned, self._in_flight = self._in_flight, {}
            for message in itertools.chain.from_iterable(returned.values()):
                _forget(client, message)

    async def _publish(self, client: aiomqtt.Client, row: Owed) -> None:
        await client.publish(f"{self._base}/alarm/{row.alarm}", row.body, qos=1)

    async def _mark_rows(self, sequences: list[int], *, delivered: bool) -> None:
        await self.writer.run(self.store.mark, self.upstream.name, sequences, self.clock.now(), delivered=delivered)


def _forget(client: aiomqtt.Client, message: aiomqtt.Message) -> None:
    """Acknowledge to the broker: it may forget the message now."""
    client._client.ack(message.mid, message.qos)  # noqa: SLF001  aiomqtt 2.5 has no call of its own


def _event_id(payload: bytes) -> str:
    """CloudEvents id of one of our own messages; empty for anything else on the topic."""
    try:
        return str(json.loads(payload)["id"])
    except (ValueError, KeyError, TypeError):
        return ""
