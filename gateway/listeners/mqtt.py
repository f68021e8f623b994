"""MQTT: devices publish their frames to ``bracelet/<id>/up`` of a broker and hear from us on ``bracelet/<id>/down``.

A publish is acknowledged to the broker only after the commit that holds its frames: with a persistent session the
broker keeps what came while we were away, or while the store failed. What can never be used is counted and acknowledged
too. What a device has retained comes again at each subscription of ours: what was taken before is counted, and not
taken twice.

The topic says who speaks: a frame of another device is refused, since topics are what a broker guards. Where a login
proves nothing the topic is as good as one: a device whose link to the broker holds does not know that we were away.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

import aiomqtt
import structlog

from gateway.backoff import Backoff
from gateway.errors import OurFault
from gateway.listeners.conversation import Conversation
from gateway.listeners.listening import Listening
from gateway.listeners.retained import Known
from gateway.listeners.secure import Secure
from gateway.mqtt.connection import REFUSED, Connection
from gateway.tls import client_context
from protocols.session import Identifying, Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gateway.intake.intake import Intake
    from gateway.intake.visit import Visit
    from gateway.mqtt.connection import Incoming
    from gateway.settings.model import Broker, Listener
    from gateway.words.texts import Text
    from protocols.session import Frame

TOPICS = "bracelet/+/up"
MAX_PAYLOAD = 65_536
"""Bytes of one publish: some dozens of the longest frames."""
MOST_WAITING = 4096
"""Publishes taken from the broker and not yet looked at. One more, and the connection is given up: the broker, which
has no acknowledgement of it, says it again."""
MOST_DOWN = 4096
"""Publishes to devices that may wait for the broker."""
WINDOW = 64
"""Publishes to devices in flight."""
LONGEST_WAIT = 30.0
CONNECT_WAIT = 10.0
PUBLISH_WAIT = 60.0
"""Real seconds for a connection, and for a publish or a subscription on it."""

log = structlog.get_logger()


class MqttListener(Listening):
    """One broker, a session a topic."""

    def __init__(self, listener: Listener, intake: Intake, wake: Callable[[], None]) -> None:
        super().__init__(listener, intake, wake)
        self.topics: dict[str, Topic] = {}
        self.authenticated: set[str] = set()
        """Identities that have: a session of ours is forgotten while a device is silent."""
        self.known = Known()
        self._client: Connection | None = None
        self.secure = _secure(listener, intake)
        self._down: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue(MOST_DOWN)
        self._outstanding: OrderedDict[int, bool] = OrderedDict()
        """Packet ids taken on this connection and not acknowledged yet, in order, and whether what they brought is
        durable: a broker may say such a one again meanwhile."""
        self._may_read = asyncio.Event()
        self._may_read.set()

    def remember(self, directory: Path) -> None:
        """Know the publishes that were taken before a restart."""
        self.known.load(directory / f"taken-{quote(self.listener.name, safe='')}.jsonl")

    async def start(self) -> None:
        """Connect as soon as the broker is there."""
        self.keep(self._keep_connected)
        self.keep(self.sweep)
        if self.secure is not None:
            self.keep(self.secure.watch)

    @property
    def complaint(self) -> Text | None:
        """What is wrong with the certificates: the connection that stands goes on."""
        return None if self.secure is None else self.secure.complaint

    def apply_reading(self) -> None:
        """Stop or go on taking publishes; the broker keeps what is not acknowledged."""
        if self.is_reading:
            self._may_read.set()
        else:
            self._may_read.clear()

    async def stop_listening(self) -> None:
        """Take no further publish; the connection stays until the last acknowledgements are out."""
        self._is_stopped = True
        self.apply_reading()

    def close(self) -> None:
        """Forget every topic and leave the broker."""
        super().close()
        for task in self._tasks:
            task.cancel()
        self.known.close()

    async def _keep_connected(self) -> None:
        backoff = Backoff(longest=LONGEST_WAIT)
        while True:
            try:
                await self._connected(backoff)
            except* (aiomqtt.MqttError, OSError, ValueError) as faults:
                self.note_trouble(_innermost(faults))
            finally:
                self._client = None
            await asyncio.sleep(backoff.next_wait())

    async def _connected(self, backoff: Backoff) -> None:
        """One connection to the broker, until it ends.

        Raises:
            MqttError, OSError: it could not be had, or is lost.
        """
        broker, context = self._broker(), None
        if self.secure is not None and (context := self.secure.context()) is None:
            raise aiomqtt.MqttError("the certificates cannot be used")
        client = Connection(
            broker.url, broker.credential, broker.client, connect_wait=CONNECT_WAIT, window=WINDOW, tls=context
        )
        async with client:
            code = await client.ask(TOPICS, PUBLISH_WAIT)
            if code >= REFUSED:
                raise aiomqtt.MqttError(f"the broker refuses the subscription to {TOPICS} (code 0x{code:02x})")
            self._client = client
            self._outstanding.clear()
            backoff.reset()
            self.note_trouble("")
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._listen(client))
                tasks.create_task(self._speak(client))

    def _broker(self) -> Broker:
        broker = self.listener.broker
        if broker is None:
            raise OurFault(f"listener {self.listener.name} has no broker")
        return broker

    async def _listen(self, client: Connection) -> None:
        """Publishes, one by one, while they may be taken."""
        while True:
            message = await client.receive()
            if client.waiting >= MOST_WAITING - 1:
                self.intake.counts["broker_too_fast"] += 1
                raise aiomqtt.MqttError("more came than could be taken")
            await self._may_read.wait()
            if message.mid in self._outstanding:
                self.intake.counts["publish_repeated"] += 1
                continue
            if message.qos:
                self._outstanding[message.mid] = False
            visit = self._judge(message)
            self.intake.when_durable(partial(self._forget, client, message.mid), visit)
            self.wake()

    def _judge(self, message: Incoming) -> Visit | None:
        """One publish, whatever it is: one that we fail at is counted and kept, and stops no other device's."""
        try:
            return self._heard(message)
        except Exception:
            log.exception("publish not understood", listener=self.listener.name, topic=message.topic[:200])
            self._refuse("message_fault", message)
            return None

    def _refuse(self, reason: str, message: Incoming) -> None:
        sample = message.payload[:MAX_PAYLOAD]
        self.intake.refusals.add(reason, self.intake.now(), self.listener.name, message.topic[:200], sample)

    def _heard(self, message: Incoming) -> Visit | None:
        """One publish into its topic's session; returns whose it is, None where nothing of it is taken."""
        name, payload = message.topic.removeprefix("bracelet/").removesuffix("/up"), message.payload
        if message.topic != f"bracelet/{name}/up" or "/" in name:
            self._refuse("topic_unexpected", message)
            return None
        if len(payload) > MAX_PAYLOAD:
            self._refuse("payload_too_large", message)
            return None
        if message.retained and self.known.holds(name, payload):
            self.intake.counts["publish_retained"] += 1
            self.known.add(name, payload, retained=True)
            return None
        topic = self.topics.get(name) or self._welcome(name)
        if topic is None:
            return None
        # The one longest silent stands first.
        self.conversations.pop(topic, None)
        self.conversations[topic] = None
        if topic.feed(payload, whole=True) > 0.0:
            self.intake.counts["rate_exceeded"] += 1
        if self.intake.hears(topic.visit):
            taken = partial(self.known.add, name, payload, retained=message.retained)
            self.intake.when_durable(taken, topic.visit)
        return topic.visit

    def _welcome(self, name: str) -> Topic | None:
        """A new topic; where there are too many, the one longest silent goes."""
        if len(self.conversations) >= self.listener.max_connections:
            self.intake.counts["peer_displaced"] += 1
            next(iter(self.conversations)).close()
        if not self.has_room(name):
            return None
        topic = Topic(self, name)
        self.topics[name] = topic
        self.join(topic)
        return topic

    def _forget(self, client: Connection, mid: int) -> None:
        """It is durable: acknowledge to the broker, in the order in which it sent (MQTT 3.1.1, 4.6).

        Not where that connection is gone: then the broker says the message again.
        """
        if client is not self._client:
            return
        if mid in self._outstanding:
            self._outstanding[mid] = True
        while self._outstanding and self._outstanding[next(iter(self._outstanding))]:
            first, _ = self._outstanding.popitem(last=False)
            client.acknowledge(first)

    def publish(self, name: str, data: bytes) -> None:
        """Something for a device. What finds no broker is dropped: nothing durable hangs on it."""
        if self._client is None or self._down.full():
            self.intake.counts["answer_undelivered"] += 1
        else:
            self._down.put_nowait((f"bracelet/{name}/down", data))

    async def _speak(self, client: Connection) -> None:
        """Publish what waits, in order, a window at a time."""
        while True:
            window = [await self._down.get()]
            while len(window) < WINDOW and not self._down.empty():
                window.append(self._down.get_nowait())
            try:
                async with asyncio.timeout(PUBLISH_WAIT):
                    await asyncio.gather(*(client.send(topic, data) for topic, data in window))
            except (aiomqtt.MqttError, TimeoutError):
                self.intake.counts["answer_undelivered"] += len(window)
                raise


class Topic(Conversation):
    """One device's topic."""

    def __init__(self, owner: MqttListener, name: str) -> None:
        intake, protocol = owner.intake, owner.listener.protocol
        device = intake.directory.named(protocol, name)
        super().__init__(owner, name, f"bracelet/{name}", "" if device is None else device.identity)
        self.visit.authenticated = owner.authenticated
        if device is not None and isinstance(intake.families[protocol], Identifying):
            owner.authenticated.add(device.identity)
        self._listener = owner
        self._name = name

    def objection(self, frame: Frame) -> Refused | None:
        """The topic's id is the frame's identity, or the key of its device."""
        if self._name.lstrip("0") == frame.identity:
            return None
        device = self.owner.intake.directory.find(self.session.protocol, frame.identity)
        return None if device is not None and device.device == self._name else Refused("topic_mismatch", frame.raw)

    def write(self, data: bytes) -> None:
        """Down the device's other topic."""
        if data:
            self._listener.publish(self._name, data)

    def close(self) -> None:
        """Forget the session; what is still owed goes out."""
        if self._listener.topics.get(self._name) is self:
            del self._listener.topics[self._name]
        self.end()


def _secure(listener: Listener, intake: Intake) -> Secure | None:
    """The certificates by which a broker and we know each other; None: it is reached openly."""
    broker = listener.broker
    if broker is None or not broker.url.startswith("mqtts:"):
        return None
    return Secure(listener.name, broker.tls, intake.counts, client_context)


def _innermost(faults: BaseExceptionGroup[BaseException]) -> str:
    """What the first of the faults says."""
    first = faults.exceptions[0]
    return (
        _innermost(cast("BaseExceptionGroup[BaseException]", first))
        if isinstance(first, BaseExceptionGroup)
        else str(first)
    )
